"""Answers with their dated versions, what was done to them, whether they helped, and what nobody could answer."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyu.people.models import Staff, Unit


class Answer(models.Model):
    """One question that people ask, with the unit that owns the answer. ``topic`` is a code or empty."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        IN_FORCE = "in_force", _("in force")
        WITHDRAWN = "withdrawn", _("taken out")

    code = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=120, help_text="of the newest version")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    topic = models.CharField(max_length=120, blank=True, db_index=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    review_on = models.DateField(help_text="the owner looks at it again on this day at the latest")
    newest = models.PositiveSmallIntegerField(default=0, help_text="number of the newest version")
    waiting = models.BooleanField(default=False, help_text="the newest version waits for its review")
    steps_taken = models.PositiveIntegerField(default=0, help_text="a form remembers what it showed")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["unit", "state", "code"], name="answer_of_unit"),
            models.Index(fields=["review_on"], name="answer_to_look_at", condition=models.Q(state="in_force")),
            models.Index(fields=["id"], name="answer_waiting", condition=models.Q(waiting=True)),
        ]

    def __str__(self) -> str:
        return self.title


class AnswerVersion(models.Model):
    """The words, from a day to a day (days of the city, both inclusive). Never changed: only followed by a new one."""

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    text = models.TextField()
    effective_from = models.DateField()
    expires_on = models.DateField(null=True, help_text="the last day on which it is shown")
    author = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["answer", "number"], name="one_version_each_number")]


class AnswerStep(models.Model):
    """What was done to an answer, by whom and why. Rows are only added."""

    class What(models.TextChoices):
        WRITTEN = "written", _("written")
        IN_FORCE = "in_force", _("put in force")
        SENT_BACK = "sent_back", _("sent back")
        WITHDRAWN = "withdrawn", _("taken out")
        LOOKED_AT = "looked_at", _("looked at again")

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="steps")
    version = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=10, choices=What.choices)
    by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)


class AnswerEntry(models.Model):
    """When a version that has passed its review is shown, and its search terms; the index belongs to the database."""

    version = models.OneToOneField(AnswerVersion, on_delete=models.PROTECT, primary_key=True, related_name="entry")
    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="entries")
    shown_from = models.DateField()
    shown_to = models.DateField(help_text="9999-12-31: no end")
    title_terms = models.TextField()
    text_terms = models.TextField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["shown_to"], name="answer_ending")]


class Helped(models.Model):
    """How many said on a day that a version helped, and how many that it did not; nothing of who they were."""

    version = models.ForeignKey(AnswerVersion, on_delete=models.PROTECT, related_name="helped", db_index=False)
    day = models.DateField()
    yes = models.PositiveIntegerField(default=0)
    no = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["version", "day"], name="one_count_each_day")]


class Unanswered(models.Model):
    """A question that nobody could answer, without phones and identity numbers; the unit it was given to, until when.

    The same question asked again counts on the open one.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ANSWERED = "answered", _("answered by the unit")

    reference = models.UUIDField(default=uuid.uuid4, unique=True)
    text = models.CharField(max_length=500)
    digest = models.CharField(max_length=64, help_text="of its terms: equal questions are one")
    topic = models.CharField(max_length=120, blank=True)
    asked = models.PositiveIntegerField(default=1)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    provisional = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    answered_at = models.DateTimeField(null=True)
    in_time = models.BooleanField(null=True)
    answer = models.ForeignKey(Answer, null=True, on_delete=models.PROTECT, related_name="questions")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["digest"], name="one_open_question", condition=models.Q(state="open"))
        ]
        indexes: ClassVar = [
            models.Index(fields=["unit", "due_at"], name="question_open", condition=models.Q(state="open"))
        ]


class StaleCount(models.Model):
    """How many answers of a unit stood in force on a day, and how many of them need their owner."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField(db_index=True)
    in_force = models.PositiveIntegerField(default=0)
    expiring = models.PositiveIntegerField(default=0, help_text="last shown within 30 days, nothing follows")
    expired = models.PositiveIntegerField(default=0, help_text="in force, yet no version is shown any more")
    past_review = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["unit", "day"], name="one_stale_count_each_day")]
