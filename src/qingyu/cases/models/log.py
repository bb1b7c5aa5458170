"""The log: events of cases, never altered; the head of each partition; how far each follower has read."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any, ClassVar

from django.db import models

from qingyu.cases.models.case import Case

PARTITIONS = 16


class CaseEvent(models.Model):
    """Something that happened. ``body`` is the canonical text that is hashed; the columns repeat parts of it.

    ``at`` is when it happened, ``recorded_at`` when it was written down. Database triggers refuse update and delete.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events", db_index=False)
    seq = models.PositiveIntegerField()
    partition = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by_kind = models.CharField(max_length=8)
    by_staff = models.BigIntegerField(null=True)
    imported = models.BooleanField(default=False)
    body = models.TextField()
    hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "seq"], name="one_event_each_seq")]
        indexes: ClassVar = [models.Index(fields=["partition", "id"], name="event_in_partition")]

    @cached_property
    def content(self) -> dict[str, Any]:
        """The body as it was hashed: case, seq, kind, at, recorded_at, by, facts."""
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def facts(self) -> dict[str, Any]:
        """Codes, ids and figures of the event; never personal data or free text."""
        found: dict[str, Any] = self.content["facts"]
        return found


class LogHead(models.Model):
    """The end of one partition of the log. Its row is the partition's lock: taken last, held to the commit."""

    partition = models.PositiveSmallIntegerField(primary_key=True)
    length = models.BigIntegerField(default=0)
    last_event = models.BigIntegerField(default=0)
    head = models.CharField(max_length=64)


class Position(models.Model):
    """How far a follower has read in one partition, and what went wrong last."""

    follower = models.CharField(max_length=60)
    partition = models.PositiveSmallIntegerField()
    event = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["follower", "partition"], name="one_position_each_partition")
        ]
