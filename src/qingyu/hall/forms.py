"""What who runs a hall writes down ahead: the opening plan of a service, and the terms of appointments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingyu.hall.models import PlannedOpening
from qingyu.rules.appointing import Opening

ROWS = 4


def _day() -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    errors = {"required": _("Say from which day on."), "invalid": _("Write the day as 2026-01-31.")}
    return forms.DateField(label=_("From this day on"), widget=widget, error_messages=errors)


def _time(label: Any) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time", "class": "input w-m", "aria-label": label}, format="%H:%M")
    return forms.TimeField(label=label, required=False, widget=widget)


def _count(label: Any, *, least: int, most: int, wrong: Any) -> forms.IntegerField:
    errors = {"required": wrong, "invalid": wrong, "min_value": wrong, "max_value": wrong}
    return forms.IntegerField(label=label, min_value=least, max_value=most, error_messages=errors)


class PlanForm(forms.Form):
    """Up to four times of a day, each with so many windows; a row left empty is none."""

    since = _day()

    def __init__(self, *args: Any, planned: Sequence[PlannedOpening] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(ROWS):
            row = planned[number] if number < len(planned) else None
            self._add(number, row)

    def _add(self, number: int, row: PlannedOpening | None) -> None:
        fields: dict[str, forms.Field] = {
            "starts": _time(_("Begins")),
            "ends": _time(_("Ends")),
            "windows": forms.IntegerField(label=_("Windows"), required=False, min_value=0, max_value=999),
        }
        fields["windows"].widget.attrs.update({"class": "input w-s", "aria-label": _("Windows")})
        for name, field in fields.items():
            field.initial = getattr(row, name) if row else None
            self.fields[f"{name}{number}"] = field

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        """The three fields of each row."""
        return [[self[f"{name}{number}"] for name in ("starts", "ends", "windows")] for number in range(ROWS)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for number in range(ROWS):
            given = [data.get(f"{name}{number}") for name in ("starts", "ends", "windows")]
            if any(given) and None in given:
                self.add_error(
                    None, _("Fill in when it begins, when it ends and how many windows, or leave all empty.")
                )
                break
        return data

    @property
    def openings(self) -> list[Opening]:
        """The rows that were filled in."""
        data = self.cleaned_data
        return [
            Opening(data[f"starts{number}"], data[f"ends{number}"], data[f"windows{number}"])
            for number in range(ROWS)
            if data[f"starts{number}"]
        ]


class TermsForm(forms.Form):
    """How much may be booked, and in slots of which length."""

    since = _day()
    share = _count(
        _("Share that may be booked (%)"), least=0, most=100, wrong=_("Write a share from 0 to 100 percent.")
    )
    slot_minutes = _count(_("Minutes of a slot"), least=5, most=240, wrong=_("A slot lasts 5 to 240 minutes."))

    share.help_text = _("The rest stays for those who walk in; their number is never limited.")
