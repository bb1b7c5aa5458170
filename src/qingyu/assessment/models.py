"""Facts that scores are made of, derived from the log and made anew at any time; and what was published of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from qingyu.cases.models import Case
from qingyu.people.models import Unit


def _by(day: str, whose: str, only: models.Q | None = None) -> models.Index:
    """Finds the facts of a unit, hall or item between two days; holds only those that have such a day."""
    has = models.Q(**{f"{day}__isnull": False})
    return models.Index(fields=[whose, day], name=f"fact_{whose}_{day}", condition=has & only if only else has)


class CaseFact(models.Model):
    """One round of one case, or one service about it that was rated, as far as it counts.

    The columns are those of ``folding.Fact``. Days are city days.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", db_index=False)
    round = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    type = models.CharField(max_length=12, blank=True)
    topic = models.CharField(max_length=120, blank=True)
    area = models.CharField(max_length=24, blank=True)
    channel = models.CharField(max_length=8, blank=True)
    imported = models.BooleanField(default=False)
    routed_on = models.DateField(null=True)
    due_on = models.DateField(null=True, help_text="handle clock of the unit")
    signed = models.CharField(max_length=8, blank=True)
    contacted = models.CharField(max_length=8, blank=True)
    answered = models.CharField(max_length=8, blank=True)
    excluded = models.CharField(max_length=12, blank=True)
    closed_on = models.DateField(null=True)
    redone = models.BooleanField(default=False)
    reached = models.BooleanField(default=False)
    denied = models.BooleanField(default=False, help_text="called, the person says that nobody got in touch")
    solved = models.CharField(max_length=8, blank=True)
    satisfied = models.CharField(max_length=20, blank=True)
    asked_on = models.DateField(null=True, help_text="last follow-up answer")
    level = models.CharField(max_length=20, blank=True)
    rated_on = models.DateField(null=True)
    returns = models.PositiveSmallIntegerField(default=0)
    pushes = models.PositiveSmallIntegerField(default=0)
    extensions = models.PositiveSmallIntegerField(default=0)
    receiver = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    opened_on = models.DateField(null=True)
    began = models.BigIntegerField(default=0, help_text="seconds since 1970, without the wait before it")
    lasted = models.BigIntegerField(null=True, help_text="seconds from filing to the answer that stands")
    at_once = models.BooleanField(default=False, help_text="settled at first contact")
    bounced = models.BooleanField(default=False, help_text="the unit wanted to pass it on and was overruled")
    hall = models.CharField(max_length=20, blank=True)
    window = models.CharField(max_length=20, blank=True)
    item = models.CharField(max_length=60, blank=True)
    waited = models.PositiveIntegerField(null=True, help_text="seconds")
    served = models.PositiveIntegerField(null=True, help_text="seconds")
    filed = models.CharField(max_length=8, blank=True, help_text="assisted or proxy")
    named = models.BigIntegerField(null=True, help_text="staff whom a letter names")
    bad_on = models.DateField(null=True)
    mended = models.BooleanField(default=False, help_text="the last word after a bad rating is not bad")
    silent_on = models.DateField(null=True, help_text="an owner's silence passed it to the deputy")
    service = models.CharField(max_length=50, blank=True, help_text="no round: a call, letter or stage that was rated")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "round", "service"], name="one_fact_each_round")
        ]
        indexes: ClassVar = [
            models.Index(fields=["unit", "due_on"], name="fact_of_unit"),
            *(_by(day, "unit") for day in ("closed_on", "asked_on", "rated_on", "bad_on", "silent_on")),
            _by("closed_on", "receiver"),
            *(_by(day, "hall", ~models.Q(hall="")) for day in ("opened_on", "closed_on", "asked_on", "rated_on")),
            _by("closed_on", "item", ~models.Q(item="")),
            _by("opened_on", "unit", ~models.Q(filed="") | models.Q(type="praise")),
        ]


class UnitDay(models.Model):
    """How many counted for a unit on a city day in one measure (``folding.Measure``). Rows of none do not stay."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    measure = models.CharField(max_length=28)
    count = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "unit", "measure"], name="one_count_each_measure")
        ]
        indexes: ClassVar = [models.Index(fields=["day"], name="unit_day_of_none", condition=models.Q(count=0))]


class SubjectDay(models.Model):
    """How many counted for a hall, a window or a service item on a city day in one measure (``folding.Visit``)."""

    subject = models.CharField(max_length=80)
    day = models.DateField()
    measure = models.CharField(max_length=28)
    count = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["day", "subject", "measure"], name="one_count_each_subject")
        ]
        indexes: ClassVar = [models.Index(fields=["day"], name="subject_day_of_none", condition=models.Q(count=0))]


class PublishedMonth(models.Model):
    """A month whose figures were first published at ``at``. Not derived: it is never made anew."""

    month = models.DateField(unique=True, help_text="its first day")
    at = models.DateTimeField()


class PublishedCount(models.Model):
    """What had been counted for a unit in a month when its figures were first published."""

    month = models.ForeignKey(PublishedMonth, on_delete=models.PROTECT, related_name="counts", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    measure = models.CharField(max_length=28)
    count = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["month", "unit", "measure"], name="one_published_count")
        ]
