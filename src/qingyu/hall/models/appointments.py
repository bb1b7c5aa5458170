"""What a hall plans to open, on which terms it takes appointments, and the appointments."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyu.hall.models.queue import Hall, Service, Ticket
from qingyu.rules.appointing import Opening, Terms


class PlannedOpening(models.Model):
    """So many windows work for a service between two times of each working day, as long as the row is in force."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="plan", db_index=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    starts = models.TimeField()
    ends = models.TimeField()
    windows = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["service", "valid_from", "starts"], name="one_opening_each_start"),
            models.CheckConstraint(
                condition=models.Q(starts__lt=models.F("ends")), name="opening_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.starts:%H:%M}"

    @property
    def opening(self) -> Opening:
        """As the rules see it."""
        return Opening(self.starts, self.ends, self.windows)


class AppointmentTerms(models.Model):
    """On which terms a hall takes appointments; dated. ``share``: percent of the plan, the rest is for walk-ins."""

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="terms", db_index=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    share = models.PositiveSmallIntegerField(default=40)
    slot_minutes = models.PositiveSmallIntegerField(default=30)
    ahead_days = models.PositiveSmallIntegerField(default=1)
    days = models.PositiveSmallIntegerField(default=5, help_text="working days")
    per_day = models.PositiveSmallIntegerField(default=1, help_text="appointments of one person on a day")
    cancel_hours = models.PositiveSmallIntegerField(default=2)
    grace_minutes = models.PositiveSmallIntegerField(default=15)
    missed_most = models.PositiveSmallIntegerField(default=3, help_text="0: nobody is ever barred")
    missed_days = models.PositiveSmallIntegerField(default=90)
    barred_days = models.PositiveSmallIntegerField(default=30)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hall", "valid_from"], name="one_terms_each_day"),
            models.CheckConstraint(condition=models.Q(share__lte=100), name="share_is_percent"),
            models.CheckConstraint(condition=models.Q(slot_minutes__gte=5), name="slots_are_five_minutes_or_more"),
        ]

    def __str__(self) -> str:
        return f"{self.hall} {self.valid_from}"

    @property
    def terms(self) -> Terms:
        """As the rules see them."""
        return Terms(
            self.share, self.slot_minutes, self.ahead_days, self.days, self.per_day, self.cancel_hours,
            self.grace_minutes, self.missed_most, self.missed_days, self.barred_days,
        )  # fmt: skip


class Appointment(models.Model):
    """A time at which a person is expected. Who they are lies sealed; ``code`` is what they show."""

    class State(models.TextChoices):
        BOOKED = "booked", _("appointment booked")
        CANCELLED = "cancelled", _("appointment cancelled")
        ARRIVED = "arrived", _("appointment arrived")
        MISSED = "missed", _("appointment missed")

    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="appointments", db_index=False)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+", db_index=False)
    code = models.CharField(max_length=8, unique=True)
    starts_at = models.DateTimeField()
    day = models.DateField(help_text="the city's day of starts_at")
    state = models.CharField(max_length=9, choices=State.choices, default=State.BOOKED)
    needs = models.CharField(max_length=60, blank=True)
    name = models.BinaryField(help_text="sealed")
    phone = models.BinaryField(help_text="sealed")
    phone_index = models.CharField(max_length=64)
    booked_at = models.DateTimeField()
    moved = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, help_text="cancelled, arrived or missed")
    late = models.BooleanField(default=False, help_text="came so late that it counted as a walk-in")
    ticket = models.OneToOneField(Ticket, null=True, on_delete=models.PROTECT, related_name="appointment")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["hall", "day", "starts_at"], name="appointment_day"),
            models.Index(fields=["phone_index", "day"], name="appointment_person"),
            models.Index(fields=["day"], name="appointment_booked", condition=models.Q(state="booked")),
        ]

    def __str__(self) -> str:
        return self.code
