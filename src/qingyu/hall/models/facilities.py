"""What a hall keeps ready for people, what happened to each thing, and the rounds by which somebody looks."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qingyu.cases.models import Attachment, Case
from qingyu.hall.models.queue import Hall, Window
from qingyu.people.models import Staff


class OpeningHours(models.Model):
    """When a hall is open on a weekday (0 is Monday), from a day to a day. Holidays are the calendar's business."""

    hall = models.ForeignKey(Hall, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hall", "weekday", "opens", "valid_from"], name="one_row_each_opening"),
            models.CheckConstraint(condition=models.Q(weekday__lt=7), name="weekday_of_a_week"),
        ]


class Facility(models.Model):
    """One thing, or a number of like things, at one place of a hall. ``code`` stands under its QR code.

    ``person`` answers for it, ``deputy`` where they are away. ``fault`` is the open one, if any.
    """

    class Kind(models.TextChoices):
        SEATS = "seats", pgettext_lazy("facility", "seats")
        STOOL = "stool", pgettext_lazy("facility", "stool")
        LOW_COUNTER = "low_counter", pgettext_lazy("facility", "low counter")
        RAMP = "ramp", pgettext_lazy("facility", "ramp")
        WHEELCHAIR = "wheelchair", pgettext_lazy("facility", "wheelchair")
        TOILET = "toilet", pgettext_lazy("facility", "accessible toilet")
        HEARING_LOOP = "hearing_loop", pgettext_lazy("facility", "hearing loop")
        GLASSES = "glasses", pgettext_lazy("facility", "reading glasses")
        AED = "aed", pgettext_lazy("facility", "AED")
        NURSING_ROOM = "nursing_room", pgettext_lazy("facility", "nursing room")
        WATER = "water", pgettext_lazy("facility", "drinking water")
        CHARGER = "charger", pgettext_lazy("facility", "phone charger")
        PRINTER = "printer", pgettext_lazy("facility", "printer")
        KIOSK = "kiosk", pgettext_lazy("facility", "kiosk")
        WRITING_DESK = "writing_desk", pgettext_lazy("facility", "writing desk")
        LISTENING = "listening", pgettext_lazy("facility", "listening window")
        OTHER = "other", pgettext_lazy("facility", "other facility")

    class State(models.TextChoices):
        IN_ORDER = "in_order", pgettext_lazy("facility", "in order")
        REPORTED = "reported", pgettext_lazy("facility", "reported")
        MISSING = "missing", pgettext_lazy("facility", "missing")
        BROKEN = "broken", pgettext_lazy("facility", "broken")
        OUT_OF_USE = "out_of_use", pgettext_lazy("facility", "out of use")

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="facilities", db_index=False)
    window = models.ForeignKey(Window, null=True, blank=True, on_delete=models.PROTECT, related_name="facilities")
    code = models.SlugField(max_length=40, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=80, blank=True, help_text="where the kind alone says too little")
    place = models.CharField(max_length=80, blank=True, help_text="where it is, if not at a window")
    wanted = models.PositiveSmallIntegerField(default=1)
    counted = models.PositiveSmallIntegerField(null=True, blank=True, help_text="how many were there the last time")
    state = models.CharField(max_length=10, choices=State.choices, default=State.IN_ORDER)
    state_at = models.DateTimeField(null=True, blank=True)
    person = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_index=False)
    deputy = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    fault = models.ForeignKey("FacilityFault", null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    order = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["hall", "order", "id"], name="facility_of_hall")]

    def __str__(self) -> str:
        return self.name or str(self.get_kind_display())

    @property
    def where(self) -> str:
        """The window or the place; empty where neither is named."""
        return self.window.label if self.window else self.place

    @property
    def several(self) -> bool:
        """Whether it is counted."""
        return self.wanted > 1


class FacilityFault(models.Model):
    """Something is wrong with a facility, from its first report until it is in order. ``case`` has owner and clock."""

    class Trouble(models.TextChoices):
        MISSING = "missing", pgettext_lazy("facility", "missing")
        BROKEN = "broken", pgettext_lazy("facility", "broken")
        DIRTY = "dirty", pgettext_lazy("facility", "dirty")
        OTHER = "other", pgettext_lazy("facility", "something else")

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="faults")
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    trouble = models.CharField(max_length=8, choices=Trouble.choices)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reports = models.PositiveIntegerField(default=1, help_text="how many people have said so")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["facility"], name="one_open_fault", condition=models.Q(ended_at__isnull=True)
            )
        ]


class FaultReport(models.Model):
    """Somebody who wants to be told when a fault that others had reported before is gone. The phone is sealed."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4)
    fault = models.ForeignKey(FacilityFault, on_delete=models.PROTECT, related_name="told")
    phone = models.BinaryField(default=bytes, help_text="sealed; empty once they were told")
    language = models.CharField(max_length=10, blank=True)
    at = models.DateTimeField()


class RoundPlan(models.Model):
    """By when a round must be done, from a day to a day: ``minutes`` after its time of day, before it if negative."""

    class Time(models.TextChoices):
        OPENING = "opening", _("opening round")
        MIDDAY = "midday", _("midday round")
        CLOSING = "closing", _("closing round")

    hall = models.ForeignKey(Hall, on_delete=models.CASCADE, related_name="round_plans")
    time = models.CharField(max_length=8, choices=Time.choices)
    minutes = models.SmallIntegerField(default=0)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hall", "time", "valid_from"], name="one_plan_each_hall_time")
        ]


class Round(models.Model):
    """One round of a hall: on a day, at a time of day. ``late_at``: the manager was told that it had not been done."""

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="rounds", db_index=False)
    day = models.DateField()
    time = models.CharField(max_length=8, choices=RoundPlan.Time.choices)
    due_at = models.DateTimeField(null=True)
    began_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    late_at = models.DateTimeField(null=True)
    staff = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["hall", "day", "time"], name="one_round_each_time")]


class FacilityEvent(models.Model):
    """What happened to a facility: who saw it when in which state. Never altered, never deleted."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="events", db_index=False)
    at = models.DateTimeField()
    by_kind = models.CharField(max_length=8)
    by_staff = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    said = models.CharField(max_length=10, help_text="the state that was seen, or the trouble that was told of")
    state = models.CharField(max_length=10, choices=Facility.State.choices, help_text="afterwards")
    count = models.PositiveSmallIntegerField(null=True)
    note = models.CharField(max_length=200, blank=True)
    round = models.ForeignKey(Round, null=True, on_delete=models.PROTECT, related_name="seen")
    fault = models.ForeignKey(FacilityFault, null=True, on_delete=models.PROTECT, related_name="events")
    photo = models.ForeignKey(Attachment, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["facility", "-id"], name="events_of_facility")]


class Heard(models.Model):
    """A matter of the listening desk as it is counted. Derived from the log: see ``followers.Listening``."""

    class Cause(models.TextChoices):
        MATERIAL = "material", _("a material that cannot be had")
        PASSED_AROUND = "passed_around", _("sent from one to the other")
        SYSTEM_DOWN = "system_down", _("the system was down")
        RULE_UNCLEAR = "rule_unclear", _("the rule is unclear")
        NOT_TAKEN = "not_taken", _("not taken, without a reason")
        TOO_SLOW = "too_slow", _("it took too long")
        ATTITUDE = "attitude", _("how people were treated")
        OTHER = "other", _("another cause")

    class Ending(models.TextChoices):
        OPEN = "", _("still open")
        CHANGED = "changed", _("something was changed")
        NO = "no", _("a no with its legal reason")
        WITHDRAWN = "withdrawn", _("taken back by the person")

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="+")
    hall = models.CharField(max_length=20)
    window = models.CharField(max_length=20, blank=True)
    cause = models.CharField(max_length=16, choices=Cause.choices)
    item = models.CharField(max_length=60, blank=True)
    unit = models.BigIntegerField(null=True, help_text="the unit concerned, once it has the case")
    day = models.DateField()
    said = models.CharField(max_length=8, blank=True, help_text="how the answer ends that waits for its review")
    ending = models.CharField(max_length=9, choices=Ending.choices, blank=True)
    ended_on = models.DateField(null=True)
    late = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["hall", "day"], name="heard_by_day")]
