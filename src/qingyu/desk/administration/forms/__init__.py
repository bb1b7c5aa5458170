"""The forms of the administrator. What a rule forbids the operation says; a form says only what is missing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingyu.cases.staff import options
from qingyu.cases.staff.doing import new_key
from qingyu.cases.staff.options import NOTHING, PlainSelect
from qingyu.people import queries
from qingyu.rules.refusals import Refusal

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Promise
else:
    from django.utils.functional import Promise

Words = str | Promise
CHOOSE = _("Choose one from the list.")
A_DAY = _("Write the day as 2026-01-31.")


def line(label: Words, missing: Words = "", help_text: Words = "", **more: Any) -> forms.CharField:
    """A field for one line; needed where ``missing`` says what is wrong without it."""
    errors = {"required": missing, "max_length": _("This is too long.")}
    given = {"max_length": 120, **more}
    return forms.CharField(label=label, help_text=help_text, required=bool(missing), error_messages=errors, **given)


def words(label: Words, missing: Words = "", help_text: Words = "", rows: int = 4, most: int = 4000) -> forms.CharField:
    """A field for several lines."""
    return line(label, missing, help_text, max_length=most, widget=forms.Textarea(attrs={"rows": rows}))


def choice(label: Words, missing: Words = "", help_text: Words = "") -> forms.ChoiceField:
    """A select whose choices the form fills in."""
    errors = {"required": missing or CHOOSE, "invalid_choice": CHOOSE}
    return forms.ChoiceField(
        label=label,
        help_text=help_text,
        required=bool(missing),
        error_messages=errors,
        widget=PlainSelect(filtered=False),
    )


def several(label: Words, missing: Words = "", help_text: Words = "") -> forms.MultipleChoiceField:
    """Boxes to tick."""
    errors = {"required": missing or CHOOSE, "invalid_choice": CHOOSE}
    return forms.MultipleChoiceField(
        label=label,
        help_text=help_text,
        required=bool(missing),
        error_messages=errors,
        widget=forms.CheckboxSelectMultiple,
    )


def day(label: Words, missing: Words = "", help_text: Words = "") -> forms.DateField:
    """A day of the city."""
    errors = {"required": missing or A_DAY, "invalid": A_DAY}
    return forms.DateField(
        label=label,
        help_text=help_text,
        required=bool(missing),
        error_messages=errors,
        input_formats=["%Y-%m-%d", "%Y/%m/%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


def tick(label: Words, help_text: Words = "") -> forms.BooleanField:
    """One box."""
    return forms.BooleanField(label=label, help_text=help_text, required=False)


class AdminForm(forms.Form):
    """What each carries: the last change it knew of, a key against doubles, and why it is done."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    reason = line(_("Reason"), _("Give a reason."), _("Stands in the record of changes."), max_length=300)
    reason_needed = True

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {})
        kwargs["initial"] = {"key": new_key(), **kwargs["initial"]}
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["reason"].required = self.reason_needed
        self.order_fields([name for name in self.fields if name != "reason"] + ["reason"])
        self.fill()

    def fill(self) -> None:
        """Sets the choices."""

    def choose(self, name: str, choices: Any) -> None:
        """Sets the choices of one field."""
        self.fields[name].choices = list(choices)  # type: ignore[attr-defined]

    def refused(self, refusal: Refusal, sentence: str) -> None:
        """Puts the words of a refusal where the person looks."""
        field = getattr(refusal, "field", "")
        self.add_error(field if field in self.fields else None, sentence)


class ReasonForm(AdminForm):
    """Only the reason."""


def unit_choices(*, none: Words = "") -> list[tuple[str, Words]]:
    """Every open unit by code, indented as the tree has it."""
    found: list[tuple[str, Words]] = [("", none or NOTHING[1])]
    for unit in queries.units().values():
        if unit.active:
            found.append((unit.code, "　" * (unit.path.count("/") - 2) + unit.name))
    return found


def topic_choices(none: Words) -> list[tuple[str, Words]]:
    """Every topic by code."""
    return [("", none), *options.topics()]


def area_choices(none: Words) -> list[tuple[str, Words]]:
    """Every area by code."""
    return [("", none), *options.areas()]
