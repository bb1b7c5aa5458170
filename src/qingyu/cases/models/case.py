"""A case and its clocks. Both rows are written by the fold in ``cases.log`` alone, from the events of the case."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyu.people.models import Staff, Unit

# In lists: a column of its own, since SQLite matches no partial index where states are parameters within IN.
IS_OPEN = models.Q(of_open=True)


class Case(models.Model):
    """One request of one person. ``owner`` is always a unit; ``due_at`` is the promise to the citizen."""

    class Type(models.TextChoices):
        CONSULTATION = "consultation", _("question")
        HELP = "help", _("help")
        COMPLAINT = "complaint", _("complaint")
        REPORT = "report", _("report of wrongdoing")
        SUGGESTION = "suggestion", _("suggestion")
        PRAISE = "praise", _("praise")
        OTHER = "other", _("other")

    class Channel(models.TextChoices):
        PHONE = "phone", _("hotline")
        WEB = "web", _("web")
        APP = "app", _("app")
        WINDOW = "window", _("window")
        LETTER = "letter", _("letter")
        VISIT = "visit", _("visit")
        SOCIAL = "social", _("social media")
        OPEN311 = "open311", _("Open311")
        UNIT = "unit", _("unit")

    class Urgency(models.TextChoices):
        GENERAL = "general", _("general")
        URGENT = "urgent", _("urgent")
        CRITICAL = "critical", _("critical")

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        RECEIVED = "received", _("received")
        DISPATCHED = "dispatched", _("sent to the unit")
        ACCEPTED = "accepted", _("accepted")
        HANDLING = "handling", _("being handled")
        WAITING = "waiting", _("waiting for the citizen")
        ANSWERED = "answered", _("answered, under review")
        CLOSED = "closed", _("closed")
        ARCHIVED = "archived", _("archived")
        REFUSED = "refused", _("not taken up")
        WITHDRAWN = "withdrawn", _("withdrawn")
        MERGED = "merged", _("joined to another")

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=14, unique=True)

    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    of_open = models.BooleanField(default=False, help_text="the state is an open one")
    type = models.CharField(max_length=12, choices=Type.choices, blank=True)
    topic = models.CharField(max_length=120, blank=True, help_text="code of the topic")
    area = models.CharField(max_length=24, blank=True, help_text="code of the area")
    channel = models.CharField(max_length=8, choices=Channel.choices, blank=True)
    urgency = models.CharField(max_length=8, choices=Urgency.choices, default=Urgency.GENERAL)
    confidential = models.BooleanField(default=False)
    anonymous = models.BooleanField(default=False)
    imported = models.BooleanField(default=False)
    door = models.CharField(max_length=12, blank=True, help_text="listening or facility: a door with limits of its own")
    title = models.ForeignKey("CaseText", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    lat = models.FloatField(null=True, blank=True, help_text="of the place, rounded to 4 digits")
    lon = models.FloatField(null=True, blank=True)

    centre = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False, null=True)
    owner = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="owned", db_index=False, null=True)
    lead = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    assisting = models.CharField(max_length=200, blank=True, help_text="ids of units as ,3,17,")
    handler = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    round = models.PositiveSmallIntegerField(default=1)
    disputed = models.BooleanField(default=False)
    designated = models.BooleanField(default=False, help_text="the lead unit may not return it")
    extension_pending = models.BooleanField(default=False)
    returns = models.PositiveSmallIntegerField(default=0)
    redos = models.PositiveSmallIntegerField(default=0)
    reopens = models.PositiveSmallIntegerField(default=0)
    urges = models.PositiveSmallIntegerField(default=0)
    extensions = models.PositiveSmallIntegerField(default=0)

    opened_at = models.DateTimeField(null=True)
    routed_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    contacted_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)

    due_at = models.DateTimeField(null=True, help_text="of the handle clock of the lead unit")
    provisional = models.BooleanField(default=False)
    next_due_at = models.DateTimeField(null=True, help_text="of the running clock that falls due first")
    next_clock = models.CharField(max_length=10, blank=True)

    item = models.CharField(max_length=60, blank=True, help_text="code of the service item")
    stage = models.CharField(max_length=12, blank=True, help_text="of an application")
    corrections = models.PositiveSmallIntegerField(default=0)
    permits = models.PositiveSmallIntegerField(default=0, help_text="of further corrections")

    length = models.PositiveIntegerField(default=0, help_text="events so far")
    head = models.CharField(max_length=64, blank=True, help_text="hash of the last event")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state="draft") | models.Q(owner__isnull=False), name="case_has_an_owner"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["owner", "next_due_at", "id"], name="case_basket",
                condition=IS_OPEN,
            ),
            models.Index(fields=["next_due_at", "id"], name="case_all_baskets",
                condition=IS_OPEN,
            ),
            models.Index(
                fields=["next_due_at", "id"],
                name="case_stuck",
                condition=IS_OPEN
                & (models.Q(returns__gt=0) | models.Q(urges__gt=0) | models.Q(redos__gt=0)),
            ),
            # Few among many open cases: without these their baskets would be looked for in all.
            models.Index(
                fields=["owner", "next_due_at", "id"], name="case_disputed",
                condition=models.Q(disputed=True),
            ),
            models.Index(
                fields=["owner", "next_due_at", "id"], name="case_extension",
                condition=models.Q(extension_pending=True),
            ),
            models.Index(fields=["topic", "next_due_at", "id"], name="case_topic_open", condition=IS_OPEN),
            models.Index(fields=["area", "next_due_at", "id"], name="case_area_open", condition=IS_OPEN),
            models.Index(fields=["handler", "next_due_at", "id"], name="case_handler_open", condition=IS_OPEN),
            models.Index(fields=["state", "next_due_at", "id"], name="case_by_state"),
            models.Index(fields=["owner", "state", "next_due_at", "id"], name="case_owner_state"),
            models.Index(fields=["topic", "state", "-opened_at", "-id"], name="case_topic_state"),
            models.Index(fields=["state", "-opened_at", "-id"], name="case_state_newest"),
            models.Index(fields=["owner", "state", "-opened_at", "-id"], name="case_by_owner"),
            models.Index(fields=["type", "-opened_at", "-id"], name="case_type_newest"),
            models.Index(fields=["type", "state", "-opened_at", "-id"], name="case_type_state"),
            models.Index(fields=["-opened_at", "-id"], name="case_newest"),
            models.Index(fields=["owner", "-opened_at"], name="case_owner_newest"),
            models.Index(fields=["topic", "-opened_at"], name="case_topic_newest"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    @property
    def assisting_ids(self) -> tuple[int, ...]:
        """The assisting units."""
        return tuple(int(unit) for unit in self.assisting.split(",") if unit)

    @property
    def partition(self) -> int:
        """The part of the log this case belongs to."""
        return int(self.pk) % 16


class Assistance(models.Model):
    """A unit that assists the lead unit of a case: ``Case.assisting`` as rows, for lists. Written by the fold alone."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    of_open = models.BooleanField(default=True, help_text="the case is open")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "unit"], name="one_row_each_assisting_unit")]
        indexes: ClassVar = [
            models.Index(fields=["unit", "case"], name="assistance_of_unit"),
            models.Index(fields=["unit", "case"], name="assistance_open", condition=models.Q(of_open=True)),
        ]


class CaseClock(models.Model):
    """One clock of a case as ``rules.clocks`` knows it; key (case, kind, unit, round)."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clocks", db_index=False)
    kind = models.CharField(max_length=10)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    round = models.PositiveSmallIntegerField(default=1)
    started_at = models.DateTimeField()
    limit = models.CharField(max_length=24)
    calendar = models.CharField(max_length=50)
    due_at = models.DateTimeField()
    warn_at = models.DateTimeField()
    provisional = models.BooleanField(default=False)
    paused_at = models.DateTimeField(null=True)
    pause_until = models.DateTimeField(null=True)
    pause_reason = models.CharField(max_length=40, blank=True)
    pauses = models.PositiveSmallIntegerField(default=0)
    extensions = models.PositiveSmallIntegerField(default=0)
    stop = models.CharField(max_length=6, blank=True)
    stopped_at = models.DateTimeField(null=True)
    in_time = models.BooleanField(null=True)
    warned_at = models.DateTimeField(null=True)
    overdue_at = models.DateTimeField(null=True)
    imported = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "kind", "unit", "round"], name="one_clock_each")
        ]
        # Time passing is found through these: only running clocks stand in them, so they stay small for ever.
        indexes: ClassVar = [
            models.Index(fields=["warn_at"], name="clock_to_warn",
                condition=models.Q(stop="", paused_at__isnull=True, warned_at__isnull=True, imported=False),
            ),
            models.Index(fields=["due_at"], name="clock_to_mark",
                condition=models.Q(stop="", paused_at__isnull=True, overdue_at__isnull=True, imported=False),
            ),
            models.Index(fields=["pause_until"], name="clock_to_resume", condition=models.Q(paused_at__isnull=False)),
            models.Index(fields=["case"], name="clock_provisional", condition=models.Q(provisional=True, stop="")),
        ]  # fmt: skip
