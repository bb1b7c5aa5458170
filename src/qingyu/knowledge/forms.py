"""What citizens ask and what staff write. What is missing or wrong the operations say; forms give it its place."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingyu.knowledge import ports
from qingyu.knowledge.operations import Draft
from qingyu.knowledge.operations.words import LONGEST, LONGEST_QUESTION, LONGEST_TITLE
from qingyu.people import queries as people
from qingyu.people.sending import Keyed

NOTHING = ("", "—")


def _day(label: Any, help_text: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    errors = {"invalid": _("Write the day as 2026-01-31.")}
    return forms.DateField(label=label, help_text=help_text, required=False, widget=widget, error_messages=errors)


class QuestionForm(Keyed):
    """A question that nobody has answered yet."""

    question = forms.CharField(
        label=_("Your question"), max_length=LONGEST_QUESTION, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Please write no name, phone or identity number: others will read the answer."),
    )  # fmt: skip
    topic = forms.ChoiceField(label=_("What it is about"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(code, name) for code, name in ports.desk().topics() if " / " not in name]
        self.fields["topic"].choices = [("", _("I do not know")), *choices]  # type: ignore[attr-defined]


class VersionForm(Keyed):
    """The words of a version and its days."""

    title = forms.CharField(
        label=_("Title"), max_length=LONGEST_TITLE, required=False, help_text=_("The question as people ask it.")
    )
    text = forms.CharField(
        label=_("Answer"), max_length=LONGEST, required=False, widget=forms.Textarea(attrs={"rows": 9}),
        help_text=_("Plain words: what to do, what to bring, where, how long it takes. Empty lines part paragraphs."),
    )  # fmt: skip
    effective_from = _day(_("Holds from"), _("Empty: from today on."))
    expires_on = _day(_("Holds until"), _("The last day on which it is shown. Empty: no end."))
    review_on = _day(_("Look at it again on"), _("Empty: in a year."))

    def draft(self) -> Draft:
        """What the operation takes."""
        data = self.cleaned_data
        return Draft(data["title"], data["text"], data["effective_from"], data["expires_on"])


class NewAnswerForm(VersionForm):
    """A new answer also has a topic."""

    topic = forms.ChoiceField(label=_("Topic"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].choices = [NOTHING, *ports.desk().topics()]  # type: ignore[attr-defined]


class ReasonForm(Keyed):
    """Why it is sent back or taken out."""

    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)


class GiveForm(Keyed):
    """The unit that should answer."""

    unit = forms.ChoiceField(label=_("Unit"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = [(str(unit.id), unit.name) for unit in people.units().values() if unit.active]
        self.fields["unit"].choices = [NOTHING, *units]  # type: ignore[attr-defined]
