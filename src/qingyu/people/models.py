"""Units as a tree, staff, roles as sets of permission codes, working calendars, and the record of every change."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _


class Area(models.Model):
    """A place in the tree city > district > street > community, by its division code."""

    class Level(models.TextChoices):
        CITY = "city", _("city")
        DISTRICT = "district", _("district")
        STREET = "street", _("street")
        COMMUNITY = "community", _("community")

    code = models.CharField(max_length=24, unique=True)
    name = models.CharField(max_length=80)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=200, db_index=True, help_text="codes from the city down, /-separated")
    level = models.CharField(max_length=12, choices=Level.choices)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    population = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class WorkingCalendar(models.Model):
    """Which days a unit works. ``closes_at`` empty: a limit ends at 24:00 of its last day."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    closes_at = models.TimeField(null=True, blank=True)
    opening = models.JSONField(default=list, blank=True, help_text="per weekday a list of [from, to]")
    version = models.PositiveIntegerField(default=1, help_text="counts changes; readers reload on a new one")

    def __str__(self) -> str:
        return self.name


class CalendarYear(models.Model):
    """A year whose official list of holidays is known. Days outside such years make deadlines provisional."""

    calendar = models.ForeignKey(WorkingCalendar, on_delete=models.CASCADE, related_name="years")
    year = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["calendar", "year"], name="one_calendar_year")]


class CalendarDay(models.Model):
    """A day that differs from Monday to Friday: a holiday, or a make-up working day."""

    calendar = models.ForeignKey(WorkingCalendar, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    works = models.BooleanField()
    name = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["calendar", "day"], name="one_calendar_day")]


class Unit(models.Model):
    """A body that may own a case. ``path`` holds the ids from the root down: ``/1/7/12/``."""

    class Kind(models.TextChoices):
        CITY = "city", _("city")
        CENTRE = "centre", _("centre")
        DEPARTMENT = "department", _("department")
        DISTRICT = "district", _("district")
        STREET = "street", _("street")
        COMMUNITY = "community", _("community")

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    short = models.CharField(max_length=40)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=200, db_index=True)
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT)
    calendar = models.ForeignKey(WorkingCalendar, null=True, blank=True, on_delete=models.PROTECT)
    fallback = models.BooleanField(default=False, help_text="takes what has no route in its area")
    phone = models.CharField(max_length=40, blank=True)
    duties = models.JSONField(default=list, blank=True)
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name


class Role(models.Model):
    """A set of permission codes and how far they reach."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=80, blank=True)
    scope = models.CharField(max_length=10, default="own")
    permissions = models.JSONField(default=list)

    def __str__(self) -> str:
        return self.name or self.code


class StaffManager(BaseUserManager["Staff"]):
    """Finds staff for sign-in; accounts are made by ``people.operations``."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> Staff:
        staff = self.model(username=username, **fields)
        staff.set_password(password)
        staff.save(using=self._db)
        return staff


class Staff(AbstractBaseUser):
    """A person who works here. ``rights`` is derived from the roles by ``operations``: one read tells all."""

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="staff")
    roles = models.ManyToManyField(Role, related_name="staff", blank=True)
    rights = models.JSONField(default=dict, blank=True)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    demo = models.BooleanField(default=False)
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar = ["name"]
    objects = StaffManager()

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name


class Deputy(models.Model):
    """Who stands in for whom, from when to when. A deputy sees and does what the absent person may."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="deputies")
    deputy = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="stands_in_for")
    starts = models.DateField()
    ends = models.DateField()
    reason = models.CharField(max_length=200)


class Token(models.Model):
    """A sign-in of the API: stored as a hash, 12 hours at most, 30 minutes idle."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    used_at = models.DateTimeField()


class AdminChange(models.Model):
    """Who changed what in units, staff, roles, routes, calendars and settings, and why."""

    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=60, help_text="the operation")
    subject = models.CharField(max_length=120, help_text="model:code")
    facts = models.JSONField(default=dict)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["subject", "id"], name="changes_of_a_subject")]


class FieldKey(models.Model):
    """The id and a check value of each key that seals columns; the keys themselves never stand here."""

    key_id = models.CharField(max_length=12, unique=True)
    check_value = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)
