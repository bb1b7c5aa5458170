"""Forms about units."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingyu.desk.administration.forms import AdminForm, area_choices, choice, day, line, tick, unit_choices
from qingyu.people import queries
from qingyu.people.models import Area, Unit, WorkingCalendar


class UnitForm(AdminForm):
    """A unit as it is, or is to be."""

    reason_needed = False
    name = line(_("What it is called"), _("Write what it is called."))
    short = line(_("Short name"), "", _("For lists; the name itself where empty."), max_length=40)
    kind = choice(_("Kind"), _("Choose the kind."))
    parent = choice(_("Belongs to"), help_text=_("Choose another to move the unit with all below it."))
    area = choice(_("Area"), help_text=_("Where it is responsible."))
    calendar = choice(_("Working calendar"), help_text=_("By it the time limits of the unit run."))
    phone = line(_("Phone"), "", max_length=40)
    fallback = tick(_("Takes what has no route"), _("In its own area; the city needs at least one."))

    def fill(self) -> None:
        self.choose("kind", Unit.Kind.choices)
        self.choose("parent", unit_choices(none=_("nothing: it stands at the top")))
        self.choose("area", area_choices(_("no area of its own")))
        rows = WorkingCalendar.objects.order_by("pk").values_list("code", "name")
        self.choose("calendar", [("", _("the calendar of the city")), *rows])

    def details(self) -> dict[str, Any]:
        """The arguments of ``place_unit`` but for the code."""
        data = self.cleaned_data
        return {
            "name": data["name"],
            "short": data["short"],
            "kind": data["kind"],
            "phone": data["phone"],
            "fallback": data["fallback"],
            "reason": data["reason"],
            "parent": Unit.objects.filter(code=data["parent"]).first() if data["parent"] else None,
            "area": Area.objects.filter(code=data["area"]).first() if data["area"] else None,
            "calendar": WorkingCalendar.objects.filter(code=data["calendar"] or "city").first(),
        }


class NewUnitForm(UnitForm):
    """A new unit also has a code."""

    code = forms.SlugField(
        label=_("Code"),
        max_length=50,
        help_text=_("Letters, figures and - _ only; it stays for ever."),
        error_messages={"required": _("Write the code."), "invalid": _("Letters, figures and - _ only.")},
    )
    field_order = ["name", "code", "short", "kind", "parent", "area", "calendar", "phone", "fallback", "reason"]

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if Unit.objects.filter(code=code).exists():
            raise forms.ValidationError(_("There is a unit with this code already."))
        return code


class SuccessorForm(AdminForm):
    """Who stands in all routes of a unit from a day on."""

    to = choice(_("Unit that takes its routes"), _("Choose the unit."))
    starts = day(_("From this day on"), _("Write the first day."))

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        self.unit = unit
        super().__init__(*args, **kwargs)

    def fill(self) -> None:
        self.choose("to", [row for row in unit_choices() if row[0] != self.unit.code])
        self.fields["starts"].initial = self.today
        nearest = queries.units().get(self.unit.parent_id or 0)
        self.fields["to"].initial = nearest.code if nearest else ""
