"""How a call went: its end, and the three questions (联系, 解决, 满意)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingyu.cases.operations.words import LONGEST
from qingyu.followup.operations import Call
from qingyu.rules.rating import Channel, Level, Outcome, Solved

OUTCOMES = {
    Outcome.COMPLETED: _("Spoke with the person"),
    Outcome.NO_ANSWER: _("Nobody answered"),
    Outcome.REFUSED: _("Did not want to talk"),
    Outcome.NUMBER_INVALID: _("The number does not exist"),
    Outcome.ASKED_NOT_TO: _("Asked not to be called"),
}
CONTACTED = {"yes": _("Yes"), "no": _("No")}
SOLVED = {Solved.YES: _("Solved"), Solved.PARTLY: _("Partly solved"), Solved.NO: _("Not solved")}
LEVELS = {
    Level.VERY_SATISFIED: _("Very satisfied"),
    Level.SATISFIED: _("Satisfied"),
    Level.BASICALLY_SATISFIED: _("Basically satisfied"),
    Level.DISSATISFIED: _("Dissatisfied"),
    Level.VERY_DISSATISFIED: _("Very dissatisfied"),
}

SERVICES = {"call": _("about a telephone call"), "ticket": _("about a visit"), "stage": _("about the service so far")}
THROUGH = {
    Channel.WEB: _("by the link"), Channel.SMS: _("by text message"), Channel.PHONE: _("by telephone"),
    Channel.QR_CODE: _("by QR code"), Channel.HALL_TABLET: _("on the tablet of the window"),
    Channel.PAPER: _("on paper"),
    Channel.HALL_TERMINAL: _("in the hall"), Channel.MOBILE: _("by app"), "letter": _("by letter"),
}  # fmt: skip


class RadioSelect(forms.RadioSelect):
    """Choices that one key each presses. The shared parts know it by its name."""

    def __init__(self, keys: str) -> None:
        super().__init__()
        self.keys = keys

    def create_option(self, name: str, value: Any, label: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, label, *args, **kwargs)
        option["attrs"] |= {"data-key": self.keys[int(option["index"])], "data-key-label": str(label)}
        return option


def _choices(label: Any, names: Mapping[Any, Any], keys: str, help_text: Any = "") -> forms.ChoiceField:
    choices = [(str(code), name) for code, name in names.items()]
    return forms.ChoiceField(
        label=label, choices=choices, widget=RadioSelect(keys), required=False, help_text=help_text
    )


class CallForm(forms.Form):
    """What is missing or does not fit together the operation says; the form gives the words their place."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    outcome = _choices(_("How did the call end?"), OUTCOMES, "12345")
    contacted = _choices(_("1. Did the unit get in touch with you?"), CONTACTED, "qw")
    solved = _choices(_("2. Is the matter solved?"), SOLVED, "ert")
    satisfied = _choices(_("3. How satisfied are you with the way it was handled?"), LEVELS, "67890")
    comment = forms.CharField(
        label=_("What the person said"), required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 3})
    )

    def call(self) -> Call:
        """What the operation takes. Answers count only where there was a conversation."""
        data = self.cleaned_data
        if data["outcome"] != Outcome.COMPLETED:
            return Call(outcome=data["outcome"], comment=data["comment"])
        contacted = {"yes": True, "no": False}.get(data["contacted"])
        return Call(data["outcome"], contacted, data["solved"], data["satisfied"], data["comment"])
