"""Facts that scores are made of, derived from the log and made anew at any time; and what was published of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from qingyu.cases.models import Case
from qingyu.people.models import Unit


class CaseFact(models.Model):
    """One round of one case, as far as it counts; the columns are those of ``folding.Fact``. Days are city days."""

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

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "round"], name="one_fact_each_round")]
        indexes: ClassVar = [models.Index(fields=["unit", "due_on"], name="fact_of_unit")]


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
