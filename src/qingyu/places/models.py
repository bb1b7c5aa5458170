"""Service points, when they are open, what they offer, and where people live."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from qingyu.people.models import Area, Staff, Unit
from qingyu.rules.coverage import Spot


class Point(models.Model):
    """A place where somebody is served in person. Coordinates are WGS-84; ``hall`` is the code of its hall, if any.

    ``features`` are codes of ``Feature`` parted by commas. An inactive point is shown to nobody.
    """

    class Kind(models.TextChoices):
        HALL = "hall", _("service hall")
        STATION = "station", _("community station")
        BANK = "bank", _("bank counter")
        POST = "post", _("post office")
        KIOSK = "kiosk", _("self-service machine")

    class Feature(models.TextChoices):
        STEP_FREE = "step_free", _("step-free entrance")
        LOW_WINDOW = "low_window", _("low window")
        HEARING_LOOP = "hearing_loop", _("hearing loop")
        TOILET = "toilet", _("accessible toilet")
        PARKING = "parking", _("accessible parking")

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    address = models.CharField(max_length=160)
    lat = models.FloatField()
    lon = models.FloatField()
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    hall = models.CharField(max_length=20, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    way = models.CharField(max_length=300, blank=True, help_text="how to go there, in plain words")
    features = models.CharField(max_length=120, blank=True)
    keeps_holidays = models.BooleanField(default=True, help_text="closed on public holidays, open on make-up days")
    active = models.BooleanField(default=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["name", "id"], name="points_by_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def spot(self) -> Spot:
        return Spot(self.lat, self.lon)

    @property
    def feature_set(self) -> frozenset[str]:
        return frozenset(filter(None, self.features.split(",")))


class Opening(models.Model):
    """One time of opening on a weekday (0 Monday), from a day to a day. A break lies between two of them."""

    point = models.ForeignKey(Point, on_delete=models.CASCADE, related_name="openings")
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField(help_text="00:00 is the end of the day")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="weekday_of_a_point", condition=models.Q(weekday__lte=6)),
            models.UniqueConstraint(fields=["point", "valid_from", "weekday", "opens"], name="one_opening_each_time"),
        ]


class Closure(models.Model):
    """A point is closed for a time, for a reason that people are told. ``ends`` empty: until further notice."""

    point = models.ForeignKey(Point, on_delete=models.CASCADE, related_name="closures")
    starts = models.DateTimeField()
    ends = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    lifted_at = models.DateTimeField(null=True, help_text="taken back before it ended")


class PointOffer(models.Model):
    """What a point does for a service item, by the item's code; ``minutes`` is how long one is at the counter."""

    class How(models.TextChoices):
        WHOLE = "whole", _("done here from beginning to end")
        HAND_IN = "hand_in", _("papers are handed in here only")

    point = models.ForeignKey(Point, on_delete=models.CASCADE, related_name="offers")
    item = models.CharField(max_length=60, db_index=True)
    title = models.CharField(max_length=120)
    how = models.CharField(max_length=8, choices=How.choices, default=How.WHOLE)
    minutes = models.PositiveSmallIntegerField(default=15)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["point", "item"], name="one_offer_each_item")]


class PopulationCell(models.Model):
    """How many people live around a spot. ``elderly`` (60 and over) is empty where the source does not tell."""

    code = models.CharField(max_length=40, unique=True)
    lat = models.FloatField()
    lon = models.FloatField()
    people = models.PositiveIntegerField()
    elderly = models.PositiveIntegerField(null=True)
    area = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    rural = models.BooleanField(default=False)
    source = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="elderly_are_people",
                condition=models.Q(elderly__isnull=True) | models.Q(elderly__lte=models.F("people")),
            )
        ]


class Stamp(models.Model):
    """Changes with every write here, so that what a process remembers is never older than the tables. One row."""

    mark = models.CharField(max_length=32)
