"""What is typed off a letter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingyu.cases import attachments
from qingyu.cases.citizen.forms import LEVELS
from qingyu.cases.citizen.uploads import FilesField
from qingyu.cases.models import Case
from qingyu.cases.operations import Person
from qingyu.cases.staff import options
from qingyu.cases.staff.forms import choice, line, words
from qingyu.cases.staff.options import NOTHING
from qingyu.desk.letters.entering import Letter
from qingyu.hall.models import Window
from qingyu.rules.refusals import NotValid

TYPES = ("praise", "complaint", "suggestion", "help", "consultation", "other")


class LetterForm(forms.Form):
    """What does not fit together the operation says. ``kept`` are tokens of photos that came before a refusal."""

    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    files = FilesField(  # type: ignore[assignment]
        label=_("Photo of the letter"), help_text=_("All pages; up to 5 photos."), required=False
    )
    received = forms.DateField(
        label=_("Came on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The time limits run from this day."),
    )  # fmt: skip
    type = forms.ChoiceField(label=_("What it is"), widget=forms.RadioSelect)
    text = words(_("What it says"), _("In the person's own words; the whole letter, if it is short."), rows=6)
    name = line(_("Who wrote it"), max_length=60)
    phone = line(_("Phone"), max_length=40)
    address = line(_("Address for the reply"))
    unit = choice(_("About the unit"))
    window = choice(_("About the window"))
    staff = line(_("About this member of staff"), _("The name as the letter gives it."), max_length=60)
    level = choice(_("Rating on the letter"), _("Only where the person marked or wrote one."), filtered=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: dict[str, Any] = {
            "type": [(name, Case.Type(name).label) for name in TYPES],
            "unit": [NOTHING, *options.units()],
            "window": [NOTHING, *_windows()],
            "level": [NOTHING, *((str(code), label) for code, (label, _icon) in LEVELS.items())],
        }
        for name, choices in chosen.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        self.kept = _still_there(self.data.getlist("kept") if hasattr(self.data, "getlist") else [])

    def letter(self) -> Letter:
        """What was typed, as the operation takes it."""
        data = self.cleaned_data
        person = Person(name=data["name"], phone=data["phone"], address=data["address"])
        return Letter(
            text=data["text"], type=data["type"], received=data["received"], photos=self.photos(), person=person,
            unit=int(data["unit"]) if data["unit"] else None, window=data["window"], staff=data["staff"],
            level=data["level"],
        )  # fmt: skip

    def photos(self) -> list[attachments.Held]:
        """Those that came now and those kept from before."""
        return [*self.kept, *self.cleaned_data.get("files", [])]


def _windows() -> list[tuple[str, str]]:
    rows = Window.objects.filter(hall__active=True).select_related("hall").order_by("hall_id", "order", "id")
    return [(f"{one.hall.code}/{one.code}", f"{one.hall.name} · {one.label} {one.name}".strip()) for one in rows]


def _still_there(tokens: list[str]) -> list[attachments.Held]:
    found = []
    for token in tokens[:5]:
        try:
            found.append(attachments.of_token(token))
        except NotValid:
            continue  # swept away after a day: the form asks for a photo again
    return found
