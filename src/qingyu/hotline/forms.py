"""The agent's forms: what the caller says, and where the agent sits."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingyu.cases.staff.views.new import NewForm
from qingyu.hotline import queries
from qingyu.hotline.days import LONGEST_SPAN
from qingyu.rules.telephone import Figures, Rate, Result, Why

WHYS = {
    Why.ABANDONED: _("hung up while waiting"),
    Why.FULL: _("found the queue full"),
    Why.TIMEOUT: _("waited too long"),
    Why.ASKED: _("asked to be rung back"),
    Why.AFTER_HOURS: _("called out of hours"),
    Why.CUT_OFF: _("the line broke"),
}
RESULTS = {
    Result.ANSWERED: _("Reached"),
    Result.NO_ANSWER: _("Nobody answered"),
    Result.BUSY: _("Engaged"),
    Result.FAILED: _("Could not be rung"),
}
OUTCOMES = {
    "reached": _("Reached another way"),
    "not_needed": _("No call-back needed"),
}
PAUSES = {
    "rest": _("Rest"),
    "meal": _("Meal"),
    "training": _("Training"),
    "meeting": _("Meeting"),
    "consulting": _("Asking a colleague"),
}


class CallForm(NewForm):
    """What an agent writes down during a call; the channel is the telephone."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=0)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["channel"]
        self.fields["phone"].widget.attrs.pop("autofocus", None)
        for name in ("phone", "address"):
            self.fields[name].help_text = ""  # who answers the telephone knows; the form stays on one screen
        self.fields["text"].widget.attrs |= {
            "autofocus": True,
            "rows": 4,
            "data-key": "t",
            "data-key-label": _("Type what the caller says"),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["channel"] = "phone"
        return data


class SeatForm(forms.Form):
    """At which switch and extension the agent answers."""

    switch = forms.ChoiceField(label=_("Switch"))
    extension = forms.CharField(
        label=_("Extension"), max_length=40, help_text=_("The number of your telephone, such as 8001."),
        error_messages={"required": _("Say at which extension you answer.")},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["switch"].choices = [(one.code, one.name) for one in queries.switches()]  # type: ignore[attr-defined]
        self.fields["extension"].widget.attrs.update({"inputmode": "numeric", "autocomplete": "off"})


class SpanForm(forms.Form):
    """Which days; both inclusive."""

    since = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    until = forms.DateField(label=_("To"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        since, until = data.get("since"), data.get("until")
        if isinstance(since, date) and isinstance(until, date):
            if since > until:
                self.add_error("until", _("The first day lies after the last."))
            elif until - since > timedelta(days=LONGEST_SPAN):
                self.add_error("until", _("The span is too long: at most 366 days."))
        return data


def rows(figures: Figures) -> list[tuple[Any, Rate, Any]]:
    """The rates of answering with their names, and what each is a part of."""
    return [
        (_("Connected"), figures.connected, _("answered ÷ asked for a person")),
        (_("Within 15 seconds, of the answered"), figures.in_time_of_answered, _("answered within 15 s ÷ answered")),
        (
            _("Within 15 seconds, of the answered and of who gave up later"), figures.in_time_of_answered_and_late,
            _("answered within 15 s ÷ (answered + hung up after more than 15 s)"),
        ),
        (_("Abandoned"), figures.abandoned, _("hung up while waiting ÷ asked for a person")),
        (_("Lost"), figures.lost, _("not answered ÷ all calls, also those that ended before a person was asked for")),
        (_("Rung back"), figures.kept, _("a call reached them, or they called again ÷ owed a call-back")),
        (_("Rung back in time"), figures.kept_in_time, _("the same within 30 minutes ÷ owed a call-back")),
        (
            _("Rung back, or said to be"), figures.kept_or_said,
            _("rung back, and those whom somebody says to have reached without a call that tells of it ÷ owed"),
        ),
    ]  # fmt: skip
