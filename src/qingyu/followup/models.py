"""Calls to be made after an answer, what citizens rated, and what must still become an event."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyu.cases.models import Case
from qingyu.people.models import Staff, Unit


class FollowUpPlan(models.Model):
    """One call to make about one round of a case. ``next_try`` is when, ``due_at`` by when at the latest."""

    class State(models.TextChoices):
        WAITING = "waiting", _("call to make")
        DONE = "done", _("asked")
        GIVEN_UP = "given_up", _("given up")
        NOT_REACHABLE = "not_reachable", _("not reachable")
        OVER = "over", _("no longer needed")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="follow_ups", db_index=False)
    round = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=14, choices=State.choices, default=State.WAITING)
    due_at = models.DateTimeField()
    next_try = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=16, blank=True, help_text="of the last attempt")
    outcome_at = models.DateTimeField(null=True)
    claimed_by = models.ForeignKey(Staff, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    claimed_until = models.DateTimeField(null=True)
    planned_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="taken up again, or archived")
    touched = False  # changed in memory since it was read; no column

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "round"], name="one_plan_each_round")]
        indexes: ClassVar = [
            models.Index(fields=["next_try", "id"], name="plan_to_call", condition=models.Q(state="waiting")),
            models.Index(fields=["due_at"], name="plan_due", condition=models.Q(state="waiting")),
            models.Index(fields=["due_at"], name="plan_to_archive",
                condition=models.Q(state="not_reachable", ended_at__isnull=True),
            ),
            models.Index(fields=["claimed_by"], name="plan_claimed", condition=models.Q(claimed_by__isnull=False)),
        ]  # fmt: skip


class Rating(models.Model):
    """What a person said, one row for each ``rated`` or ``service_rated`` event. ``level`` is a name, never a digit.

    ``service`` names the call, visit or stage that was rated, and is empty where the outcome of the case was.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="ratings", db_index=False)
    round = models.PositiveSmallIntegerField()
    occasion = models.PositiveSmallIntegerField(default=1, help_text="1, or 2 after the matter was taken up again")
    service = models.CharField(max_length=50, blank=True)
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+", db_index=False,
                             help_text="that had the case then")  # fmt: skip
    level = models.CharField(max_length=20)
    channel = models.CharField(max_length=16)
    comment = models.BigIntegerField(null=True, help_text="id of a text of the case")
    at = models.DateTimeField()
    source_event = models.BigIntegerField(unique=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["case"], name="rating_of_case"),
            models.Index(fields=["-at"], name="rating_newest"),
            models.Index(fields=["unit", "-at"], name="rating_of_unit"),
            models.Index(fields=["-at"], name="rating_poor_newest",
                condition=models.Q(level__in=["dissatisfied", "very_dissatisfied"]),
            ),
        ]  # fmt: skip


class Mention(models.Model):
    """A member of staff whom a letter or a call names; ``type`` of the request says in praise or in complaint."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="mentions", db_index=False)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+", db_index=False)
    type = models.CharField(max_length=12)
    at = models.DateTimeField()
    source_event = models.BigIntegerField(unique=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["staff", "-at"], name="mention_of_staff")]


class PendingAct(models.Model):
    """Something that must become an event of a case, because of an event: a task does it, once for each cause."""

    class What(models.TextChoices):
        REDO = "redo", _("do again")
        ARCHIVE = "archive", _("archive")
        MEND = "mend", _("put right")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        DONE = "done", _("done")
        REFUSED = "refused", _("left to a person")

    cause = models.BigIntegerField(unique=True, help_text="id of the event")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", db_index=False)
    round = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=8, choices=What.choices)
    why = models.CharField(max_length=20)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    code = models.CharField(max_length=40, blank=True, help_text="why it was refused")
    at = models.DateTimeField()
    touched = False  # changed in memory since it was read; no column

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["id"], name="act_waiting", condition=models.Q(state="waiting")),
            models.Index(fields=["id"], name="act_left_to_a_person", condition=models.Q(state="refused")),
            models.Index(fields=["case"], name="act_of_case"),
        ]
