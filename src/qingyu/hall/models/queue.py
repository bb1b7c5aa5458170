"""Halls, what they offer, their windows, and the tickets by which people wait."""

from __future__ import annotations

import secrets
from datetime import time
from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from qingyu.cases.models import Case
from qingyu.people.models import Staff, Unit
from qingyu.rules.calling import Fit, is_low

CODE = RegexValidator(r"^[A-Za-z0-9-]{1,20}$")


def new_ticket() -> str:
    """96 random bits for an address that opens one ticket."""
    return secrets.token_urlsafe(12)


class Hall(models.Model):
    """A house where people are served in person. ``day`` is its business day, which never turns while it is open."""

    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=80)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="halls", db_index=False)
    day_end = models.TimeField(default=time(0, 0), help_text="when its business day ends, in the city's time")
    day = models.DateField(null=True, blank=True, help_text="the business day whose numbers are given out")
    seats = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Service(models.Model):
    """Something people come for, with the letter of its numbers. Mean and square of seconds from call to end."""

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="services", db_index=False)
    code = models.CharField(max_length=2, validators=[RegexValidator(r"^[A-Z]{1,2}$")])
    name = models.CharField(max_length=80)
    topic = models.CharField(max_length=120, blank=True, help_text="code of the topic of its cases")
    item = models.CharField(max_length=60, blank=True, help_text="code of the service item")
    typical = models.PositiveIntegerField(default=600, help_text="seconds a person is served, as long as nobody knows")
    counted = models.PositiveIntegerField(default=0, help_text="how many were served")
    mean = models.FloatField(default=0)
    square = models.FloatField(default=0, help_text="mean of the squares")
    order = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["hall", "code"], name="one_letter_each_service")]

    def __str__(self) -> str:
        return self.name


class Window(models.Model):
    """A place where a clerk serves. Measures in mm; 0 where nobody has measured."""

    class State(models.TextChoices):
        CLOSED = "closed", _("window closed")
        OPEN = "open", _("window open")
        PAUSED = "paused", _("window paused")

    class Direction(models.TextChoices):
        NONE = "", _("no arrow")
        LEFT = "left", _("to the left")
        AHEAD = "ahead", _("straight ahead")
        RIGHT = "right", _("to the right")

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="windows", db_index=False)
    code = models.CharField(max_length=20, validators=[CODE])
    label = models.CharField(max_length=20, help_text="what is printed above it")
    name = models.CharField(max_length=80, blank=True)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    services = models.ManyToManyField(Service, related_name="windows")
    direction = models.CharField(max_length=5, choices=Direction.choices, blank=True)
    height_mm = models.PositiveSmallIntegerField(default=0)
    knee_width_mm = models.PositiveSmallIntegerField(default=0)
    knee_height_mm = models.PositiveSmallIntegerField(default=0)
    knee_depth_mm = models.PositiveSmallIntegerField(default=0)
    hearing_aid = models.BooleanField(default=False)
    state = models.CharField(max_length=6, choices=State.choices, default=State.CLOSED)
    clerk = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    passed = models.BooleanField(default=False, help_text="its last call passed others by")
    acted_at = models.DateTimeField(null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["hall", "code"], name="one_code_each_window")]

    def __str__(self) -> str:
        return self.label

    @property
    def low(self) -> bool:
        """Whether a wheelchair user can work at it."""
        return is_low(self.height_mm, (self.knee_width_mm, self.knee_height_mm, self.knee_depth_mm))

    @property
    def fits(self) -> frozenset[str]:
        """What it offers to those who need it."""
        return frozenset({Fit.LOW} if self.low else ()) | frozenset({Fit.HEARING_AID} if self.hearing_aid else ())


class Ticket(models.Model):
    """How a person waits. ``ticket`` stands in addresses, ``number`` on paper and screens."""

    class State(models.TextChoices):
        WAITING = "waiting", _("ticket waiting")
        CALLED = "called", _("ticket called")
        SERVING = "serving", _("ticket at the window")
        FINISHED = "finished", _("ticket finished")
        VOID = "void", _("ticket void")
        LEFT = "left", _("ticket left")

    class Source(models.TextChoices):
        KIOSK = "kiosk", _("kiosk")
        PHONE = "phone", _("own phone")
        GUIDE = "guide", _("guide")

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="tickets", db_index=False)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    number = models.CharField(max_length=8)
    ticket = models.CharField(max_length=16, unique=True)
    needs = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=5, choices=Source.choices, default=Source.KIOSK)
    phone = models.BinaryField(default=bytes, help_text="sealed")
    phone_index = models.CharField(max_length=64, blank=True, help_text="by which equal phones are found")
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    place = models.BigIntegerField(help_text="where it stands in the line; smaller was there before")
    due = models.BigIntegerField(null=True, help_text="of an appointment: from when on it goes before, as place")
    calls = models.PositiveSmallIntegerField(default=0)
    absences = models.PositiveSmallIntegerField(default=0)
    transfers = models.PositiveSmallIntegerField(default=0)
    issued_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True, help_text="to the window where it is")
    rung_at = models.DateTimeField(null=True, help_text="called or recalled the last time")
    began_at = models.DateTimeField(null=True, help_text="when the person stood at the window")
    finished_at = models.DateTimeField(null=True)
    window = models.ForeignKey(Window, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hall", "day", "number"], name="one_number_each_day"),
            models.UniqueConstraint(
                fields=["window"], name="one_ticket_at_a_window", condition=models.Q(state__in=["called", "serving"])
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["phone_index"], name="ticket_phone", condition=~models.Q(phone_index="")),
            models.Index(fields=["hall", "service", "place"], name="ticket_waiting",
                         condition=models.Q(state="waiting")),
            models.Index(fields=["hall", "rung_at"], name="ticket_called",
                         condition=models.Q(state__in=["called", "serving"])),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    @property
    def need_set(self) -> frozenset[str]:
        return frozenset(filter(None, self.needs.split(",")))

    @property
    def mark(self) -> str:
        """Names the ticket on pages of staff: what opens it stays with its person, who rates by it."""
        return salted_hmac("qingyu.ticket", self.ticket).hexdigest()[:16]


class TicketCounter(models.Model):
    """The last number of a service on a day."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["service", "day"], name="one_counter_each_day")]


class BoardVersion(models.Model):
    """Counts what changed in a hall. Its row is the hall's lock: every change holds it to the commit."""

    hall = models.OneToOneField(Hall, on_delete=models.CASCADE, primary_key=True, related_name="board")
    version = models.BigIntegerField(default=0)
