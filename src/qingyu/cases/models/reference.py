"""Policy as data: topics, routes, time limits, notices. Everything here is dated or versioned by the city."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from qingyu.people.models import Area, Unit


class Topic(models.Model):
    """What a case is about, in three levels. ``path`` holds the codes from level 1 down, /-separated."""

    code = models.CharField(max_length=120, unique=True)
    name = models.CharField(max_length=80)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=400)
    level = models.PositiveSmallIntegerField()
    anonymous = models.BooleanField(default=True, help_text="may be filed without a name")
    open = models.BooleanField(default=True, help_text="offered through Open311 and on the web")
    words = models.JSONField(default=list, blank=True)

    def __str__(self) -> str:
        return self.name


class Route(models.Model):
    """Cases of this topic in this area go to this unit, from a day to a day."""

    topic = models.ForeignKey(Topic, null=True, blank=True, on_delete=models.PROTECT)
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT)
    lead = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    assisting = models.JSONField(default=list, blank=True, help_text="codes of units")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["topic", "area"], name="route_by_topic_area")]


class TimeLimit(models.Model):
    """How long a step may take. A row without type or urgency holds for all that have no row of their own."""

    preset = models.CharField(max_length=40, db_index=True)
    city = models.CharField(max_length=60, help_text="where the figure comes from")
    source = models.CharField(max_length=300, blank=True)
    clock = models.CharField(max_length=12)
    type = models.CharField(max_length=12, blank=True)
    urgency = models.CharField(max_length=8, blank=True)
    door = models.CharField(max_length=12, blank=True, help_text="cases that came by this door only")
    amount = models.PositiveIntegerField()
    unit = models.CharField(max_length=12)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    verified = models.BooleanField(default=False)
    in_force = models.BooleanField(default=False, help_text="this preset is the one the city has chosen")


class Notice(models.Model):
    """Why a request is not taken up, or a step is taken: a code with the words that must be told."""

    class Group(models.TextChoices):
        REFUSE = "refuse"
        DIVERT = "divert"
        RETURN = "return"
        PAUSE = "pause"
        EXTENSION = "extension"
        OUTCOME = "outcome"
        CLOSE = "close"

    group = models.CharField(max_length=10, choices=Group.choices)
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=200, blank=True)
    law = models.CharField(max_length=200, blank=True)
    message = models.TextField(blank=True)
    message_en = models.TextField(blank=True)
    where_to = models.CharField(max_length=120, blank=True)
    needs_basis = models.BooleanField(default=False)
    active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["group", "code"], name="one_notice_each_code")]


class SavedAnswer(models.Model):
    """An answer that is given often."""

    title = models.CharField(max_length=120)
    text = models.TextField()
    topic = models.ForeignKey(Topic, null=True, blank=True, on_delete=models.SET_NULL)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.CASCADE)
    active = models.BooleanField(default=True)
