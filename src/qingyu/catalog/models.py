"""Service items with their dated guides, the papers to bring, the forms to fill in, and what was done to them.

Fields follow the implementation list of GB/T 39046-2020, table 4; the codes its annex A.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qingyu.people.models import Staff, Unit

ENDLESS = date(9999, 12, 31)


class DayKind(models.TextChoices):
    """How the days of a limit are counted; empty where the guide does not say."""

    WORKING = "working", _("working days")
    CALENDAR = "calendar", _("calendar days")


class Item(models.Model):
    """One thing that a person can have done. ``name`` and what else can change with time stands in its versions.

    Dates are days of the city. The row keeps what lists and doors need; ``name`` is that of the newest version.
    """

    class Kind(models.TextChoices):
        """GB/T 39046-2020 annex A: types of items."""

        POWER = "00", _("administrative power")
        LICENCE = "01", _("licence")
        PENALTY = "02", _("penalty")
        FORCE = "03", _("coercive measure")
        LEVY = "04", _("levy")
        BENEFIT = "05", _("benefit")
        INSPECTION = "06", _("inspection")
        CONFIRMATION = "07", _("confirmation")
        REWARD = "08", _("reward")
        RULING = "09", _("ruling")
        OTHER = "10", _("other administrative power")
        SERVICE = "20", _("public service")

    class Subject(models.TextChoices):
        NATURAL = "natural", _("for people")
        LEGAL = "legal", _("for organisations")
        BOTH = "both", _("for people and organisations")

    class State(models.TextChoices):
        PLANNED = "planned", _("not yet in force")
        IN_FORCE = "in_force", _("in force")
        SUSPENDED = "suspended", _("suspended")
        WITHDRAWN = "withdrawn", _("no longer offered")

    code = models.SlugField(max_length=50, unique=True, help_text="implementation code, or the city's own")
    name = models.CharField(max_length=200)
    aliases = models.JSONField(default=list, blank=True, help_text="other names by which people ask")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="items")
    department = models.CharField(max_length=120, blank=True, help_text="as the source names it, if not the unit")
    owner = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="items_owned")
    deputy = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="items_deputised")
    kind = models.CharField(max_length=2, choices=Kind.choices, default=Kind.SERVICE)
    level = models.CharField(max_length=1, blank=True, help_text="1 state, 2 province, 3 city to 6 village")
    subject = models.CharField(max_length=8, choices=Subject.choices, default=Subject.NATURAL)
    objects_served = models.CharField(max_length=6, blank=True, help_text="GB/T 39046: digits 1 to 6, e.g. 124")
    suspended_from = models.DateField(null=True, blank=True)
    suspended_to = models.DateField(null=True, blank=True, help_text="last day; empty: until it is resumed")
    withdrawn_on = models.DateField(null=True, blank=True, help_text="first day on which it is offered no more")
    state_reason = models.CharField(max_length=300, blank=True, help_text="why it is suspended or withdrawn")
    reviewed_on = models.DateField(null=True, blank=True, help_text="when its owner last said that the guide holds")
    review_due_on = models.DateField()
    newest = models.PositiveSmallIntegerField(default=0, help_text="number of the newest version")
    steps_taken = models.PositiveIntegerField(default=0, help_text="a form remembers what it showed")
    source = models.CharField(max_length=60, blank=True, help_text="the file it was loaded from")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["unit", "name"], name="item_of_unit"),
            models.Index(fields=["review_due_on"], name="item_to_review", condition=Q(withdrawn_on=None)),
        ]

    def __str__(self) -> str:
        return self.name

    def state_on(self, day: date) -> str:
        """One of ``Item.State`` by the dates of the row alone; whether a version holds that day is asked elsewhere."""
        if self.withdrawn_on and self.withdrawn_on <= day:
            return self.State.WITHDRAWN
        if self.suspended_from and self.suspended_from <= day <= (self.suspended_to or ENDLESS):
            return self.State.SUSPENDED
        return self.State.IN_FORCE


class ItemTheme(models.Model):
    """A theme under which an item is listed, in the words of the city."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="themes")
    theme = models.CharField(max_length=60, db_index=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["item", "theme"], name="one_item_theme")]


class ItemVersion(models.Model):
    """The guide of an item from a day to a day, both inclusive. Never changed: only followed by a new one.

    ``valid_to`` empty: no end. It is set when a later version takes over; one that a later version replaces before
    its first day ends the day before it begins and is never in force. No other column changes.
    ``special`` lists {name, days, basis}: procedures whose days do not count (rules-cn 5.4; 行政许可法 45).
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    name = models.CharField(max_length=200)
    # who can, and how it goes
    conditions = models.TextField(blank=True)
    steps = models.TextField(blank=True, help_text="one line a step")
    result_name = models.CharField(max_length=200, blank=True)
    result_kind = models.CharField(max_length=60, blank=True)
    basis = models.TextField(blank=True, help_text="the law behind it")
    quantity_limit = models.CharField(max_length=300, blank=True)
    co_units = models.CharField(max_length=300, blank=True, help_text="others who take part")
    intermediary = models.CharField(max_length=300, blank=True)
    questions = models.JSONField(default=list, blank=True, help_text="[{question, answer}] in order")
    # how long
    legal_days = models.PositiveSmallIntegerField(null=True, blank=True)
    legal_day_kind = models.CharField(max_length=8, choices=DayKind.choices, blank=True)
    promised_days = models.PositiveSmallIntegerField(null=True, blank=True, help_text="0: while the person waits")
    promised_day_kind = models.CharField(max_length=8, choices=DayKind.choices, blank=True)
    special = models.JSONField(default=list, blank=True)
    # what it costs, and how often one has to come
    charged = models.BooleanField(null=True, help_text="empty: the guide does not say")
    fee = models.CharField(max_length=500, blank=True, help_text="how much, and who pays less")
    fee_basis = models.CharField(max_length=500, blank=True)
    visits = models.PositiveSmallIntegerField(null=True, blank=True)
    visits_reason = models.CharField(max_length=300, blank=True)
    # where, when and by which door
    where = models.TextField(blank=True)
    hours = models.TextField(blank=True)
    at_window = models.BooleanField(default=True)
    online = models.BooleanField(default=False)
    online_address = models.CharField(max_length=500, blank=True)
    by_post = models.BooleanField(default=False)
    scope = models.CharField(max_length=200, blank=True, help_text="where else it can be handed in")
    phone = models.CharField(max_length=400, blank=True, help_text="who answers questions")
    complaint_phone = models.CharField(max_length=120, blank=True)
    # who wrote it
    author = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["item", "number"], name="one_item_version_each_number"),
        ]
        indexes: ClassVar = [models.Index(fields=["item", "valid_from"], name="item_version_from")]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"


class Material(models.Model):
    """One paper that a version asks for. ``needed_if`` empty: always. ``code`` is unique in its version."""

    class Kind(models.TextChoices):
        ORIGINAL = "original", _("original")
        COPY = "copy", _("copy")
        BOTH = "both", _("original and copy")

    class Source(models.TextChoices):
        APPLICANT = "applicant", _("you have it")
        GOVERNMENT = "government", _("another unit issues it")
        SHARED = "shared", _("we look it up ourselves")
        FORM = "form", _("a form of ours")
        OTHER = "other", _("from elsewhere")

    version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="materials")
    place = models.PositiveSmallIntegerField(help_text="its order in the list")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=8, choices=Kind.choices, blank=True)
    originals = models.PositiveSmallIntegerField(default=0)
    copies = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(max_length=10, choices=Source.choices, blank=True)
    issuer = models.CharField(max_length=120, blank=True)
    electronic = models.BooleanField(default=False, help_text="a photo or file is accepted")
    needed_if = models.CharField(max_length=300, blank=True)
    sample = models.CharField(max_length=500, blank=True, help_text="what a right one looks like")
    note = models.CharField(max_length=500, blank=True)
    basis = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["place"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["version", "code"], name="one_material_each_code")]

    def __str__(self) -> str:
        return self.name


class Form(models.Model):
    """A form that belongs to an item, by a code of its own; what it asks stands in its versions."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="forms")
    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    newest = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.name


class FormVersion(models.Model):
    """The declared fields from a day to a day, as ``rules.forms`` reads them. Never changed but for ``valid_to``."""

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    fields = models.JSONField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    author = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["form", "number"], name="one_form_version_each_number")
        ]


class ItemStep(models.Model):
    """What was done to an item, by whom and why. Rows are only added."""

    class What(models.TextChoices):
        ADDED = "added", _("added")
        VERSION = "version", _("guide changed")
        FORM = "form", _("form changed")
        REVIEWED = "reviewed", _("guide confirmed")
        ASSIGNED = "assigned", _("given to an owner")
        SUSPENDED = "suspended", _("suspended")
        RESUMED = "resumed", _("resumed")
        WITHDRAWN = "withdrawn", _("no longer offered")

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="steps")
    version = models.PositiveSmallIntegerField(default=0)
    what = models.CharField(max_length=10, choices=What.choices)
    by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)
    facts = models.JSONField(default=dict, blank=True)


class ItemEntry(models.Model):
    """When a version is shown, to whom, and by which terms it is found; the index belongs to the database."""

    version = models.OneToOneField(ItemVersion, on_delete=models.PROTECT, primary_key=True, related_name="entry")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="entries")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=8)
    shown_from = models.DateField()
    shown_to = models.DateField(help_text="9999-12-31: no end")
    name_terms = models.TextField()
    text_terms = models.TextField()
    theme_terms = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["shown_to"], name="item_entry_ending")]
