"""Forms about routes and time limits."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingyu.cases.models import Case
from qingyu.desk.administration import labels
from qingyu.desk.administration.forms import (
    CHOOSE,
    AdminForm,
    area_choices,
    choice,
    day,
    line,
    topic_choices,
    unit_choices,
)

ANY_TOPIC, ANY_AREA = _("every topic"), _("the whole city")


class RouteForm(AdminForm):
    """Topic and area, the units, and the days."""

    topic = choice(_("Topic"))
    area = choice(_("Area"))
    lead = choice(_("Lead unit"), _("Choose the lead unit."))
    assisting = forms.MultipleChoiceField(
        label=_("Assisting units"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
        help_text=_("Hold Ctrl to choose several."),
        error_messages={"invalid_choice": CHOOSE},
    )
    valid_from = day(_("First day"), _("Write the first day."))
    valid_to = day(_("Last day"), help_text=_("Empty: until it is ended."))

    def fill(self) -> None:
        units = unit_choices()
        self.choose("topic", topic_choices(ANY_TOPIC))
        self.choose("area", area_choices(ANY_AREA))
        self.choose("lead", units)
        self.choose("assisting", units[1:])
        self.fields["valid_from"].initial = self.today


class EndForm(AdminForm):
    """The last day of a route."""

    last_day = day(_("Last day"), _("Write the last day."), _("Yesterday ends it at once."))

    def fill(self) -> None:
        self.fields["last_day"].initial = self.today


class TryForm(forms.Form):
    """Who gets a case of this topic in this area on this day?"""

    topic = choice(_("Topic"))
    area = choice(_("Area"))
    on = day(_("Day"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "try-%s", "prefix": "try", **kwargs})
        self.fields["topic"].choices = topic_choices(_("no topic"))  # type: ignore[attr-defined]
        self.fields["area"].choices = area_choices(_("no area"))  # type: ignore[attr-defined]
        self.fields["on"].initial = today


class StartsForm(AdminForm):
    """From which day on."""

    starts = day(_("From this day on"), _("Write the first day."))

    def fill(self) -> None:
        self.fields["starts"].initial = self.today


class LimitForm(StartsForm):
    """The city's own limit for a step."""

    clock = choice(_("Step"), _("Choose the step."))
    type = choice(_("Type"))
    urgency = choice(_("Urgency"))
    door = choice(_("Came by"))
    amount = forms.IntegerField(
        label=_("Amount"),
        min_value=1,
        error_messages={
            "required": _("Write a whole number."),
            "invalid": _("Write a whole number."),
            "min_value": _("A time limit must be more than nothing."),
        },
    )
    unit = choice(_("Counted in"), _("Choose what it is counted in."))
    source = line(
        _("Source"),
        "",
        _("The rule or decision it comes from; without one it is marked as not checked."),
        max_length=300,
    )
    field_order = ["clock", "type", "urgency", "door", "amount", "unit", "starts", "source", "reason"]

    def fill(self) -> None:
        super().fill()
        self.choose("clock", [("", "—"), *labels.CLOCKS.items()])
        self.choose("type", [("", _("every type")), *Case.Type.choices])
        self.choose("urgency", [("", _("every urgency")), *Case.Urgency.choices])
        self.choose("door", [("", _("every way")), *labels.DOORS.items()])
        self.choose("unit", labels.AMOUNTS.items())


class SourceForm(AdminForm):
    """What the figure was held against."""

    source = line(_("Source"), _("Name the source."), _("The text that was read, with its article."), max_length=300)
