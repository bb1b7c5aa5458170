"""Derived and technical rows of the case line: suggestions, search, and the keys of repeated requests."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from qingyu.cases.models.case import Case


class Suggestion(models.Model):
    """What past cases say about a new one: the top three topics with their units, probability and words."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="suggestion")
    rows = models.JSONField(default=list)
    probability = models.FloatField(default=0.0)
    model = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()
    decided = models.BooleanField(default=False, help_text="sent, or left to a person")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["case"], name="suggestion_undecided", condition=models.Q(decided=False))
        ]


class DispatchSetting(models.Model):
    """When the house sends by itself; the newest row is in force. No threshold: never."""

    threshold = models.FloatField(null=True)
    share = models.FloatField(null=True, help_text="expected share, as shown when it was decided")
    accuracy = models.FloatField(null=True, help_text="expected accuracy, as shown when it was decided")
    model = models.CharField(max_length=64, blank=True)
    by = models.BigIntegerField(null=True)
    at = models.DateTimeField()


class SearchEntry(models.Model):
    """Scrubbed search terms of a case as the app makes them; the index over them belongs to the database."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="search_entry")
    terms = models.TextField()


class IdempotencyKey(models.Model):
    """A request that was answered: the same one again gets the same answer. Kept for 48 hours."""

    caller = models.CharField(max_length=80)
    route = models.CharField(max_length=120)
    key = models.CharField(max_length=120)
    digest = models.CharField(max_length=64, help_text="of the body")
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.BinaryField(default=bytes, help_text="sealed: it may hold a query code")
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["caller", "route", "key"], name="one_answer_each_key")]
