"""The forms of the staff door, one for each operation. What is missing or wrong the operation says, not the form:
fields only give the words their place, and their names are the names of the operation's arguments.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qingyu.cases.models import Case, Notice
from qingyu.cases.operations.words import LONGEST
from qingyu.cases.staff import options
from qingyu.cases.staff.options import NOTHING, PlainSelect
from qingyu.people.policy import Viewer
from qingyu.rules.listening import Ending
from qingyu.rules.refusals import NotValid


def words(label: Any, help_text: Any = "", rows: int = 4) -> forms.CharField:
    """A field for several lines."""
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=LONGEST, widget=area)


def line(label: Any, help_text: Any = "", **more: Any) -> forms.CharField:
    """A field for one line."""
    return forms.CharField(label=label, help_text=help_text, required=False, **{"max_length": 300, **more})


def choice(label: Any, help_text: Any = "", *, filtered: bool = True) -> forms.ChoiceField:
    """A select whose choices the form fills in."""
    return forms.ChoiceField(label=label, help_text=help_text, required=False, widget=PlainSelect(filtered=filtered))


def one_of(label: Any, choices: Any) -> forms.ChoiceField:
    """A few choices side by side."""
    return forms.ChoiceField(label=label, choices=choices, required=False, widget=forms.RadioSelect)


class ActForm(forms.Form):
    """What every form about a case carries: how long its log was when it was shown, and a key against doubles."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    notice_group = ""

    def __init__(self, *args: Any, case: Case, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case, self.viewer = case, viewer
        self.fill()

    def fill(self) -> None:
        """Sets the choices that depend on the case."""
        if self.notice_group:
            self.notices = options.reasons(self.notice_group)
            self._choices("reason", [(n.code, options.reason_name(n)) for n in self.notices])

    def _choices(self, field: str, choices: Sequence[tuple[str, str | Promise]]) -> None:
        self.fields[field].choices = choices  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        """What the operation is called with."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("seen", "key")}

    def own_fields(self) -> list[forms.BoundField]:
        """The fields that people fill in."""
        return [field for field in self.visible_fields() if field.name != "reason" or not self.notice_group]

    def refused(self, refusal: NotValid, sentence: str) -> None:
        """Puts the words of a refusal where the person looks."""
        field = refusal.field if refusal.field in self.fields else None
        self.add_error(field, sentence)


class ClassifyForm(ActForm):
    type = choice(_("Type"), filtered=False)
    topic = choice(_("Topic"))
    area = choice(_("Area"))
    urgency = choice(_("Urgency"), filtered=False)

    def fill(self) -> None:
        self._choices("type", Case.Type.choices)
        self._choices("topic", [NOTHING, *options.topics()])
        self._choices("area", [NOTHING, *options.areas()])
        self._choices("urgency", Case.Urgency.choices)
        for name in ("type", "topic", "area", "urgency"):
            self.fields[name].initial = getattr(self.case, name)


class AnswerForm(ActForm):
    answer = words(_("Answer"), _("Say what was done, by whom and when. The person reads it word for word."), rows=7)
    ending = one_of(
        _("How it ended"), [(Ending.CHANGED, _("Changed: the answer says what")),
                            (Ending.NO, _("No: for the legal reason below"))],
    )  # fmt: skip
    legal_basis = line(_("Legal reason"), _("Only for a no: law and article."))

    def fill(self) -> None:
        if self.case.door != "listening":
            del self.fields["ending"], self.fields["legal_basis"]

    def saved(self) -> list[Any]:
        """Saved answers that fit."""
        return options.answers_for(self.case)


class ReasonForm(ActForm):
    reason = one_of(_("Reason"), [])


class RefuseForm(ReasonForm):
    notice_group = Notice.Group.REFUSE
    comment = words(_("What else the person should know"), _("Stands below the words above."), rows=3)


class DivertForm(RefuseForm):
    notice_group = Notice.Group.DIVERT


class RouteForm(ActForm):
    unit = choice(_("Lead unit"))
    assisting = forms.MultipleChoiceField(label=_("Assisting units"), required=False, widget=forms.SelectMultiple)
    comment = line(_("Word to the unit"), _("The person does not see it."))
    pick = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def fill(self) -> None:
        units = options.units()
        self._choices("unit", [NOTHING, *units])
        self._choices("assisting", units)

    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        assisting = tuple(int(unit) for unit in data["assisting"])
        named = {"comment": data["comment"], "pick": data["pick"]}
        return {"unit": int(data["unit"] or 0), "assisting": assisting, **named}


class AssignForm(ActForm):
    handler = choice(_("Handler"), filtered=False)

    def fill(self) -> None:
        people = options.colleagues({unit for unit in (self.case.owner_id, self.case.lead_id) if unit})
        self._choices("handler", [NOTHING, *people])
        self.fields["handler"].initial = self.case.handler_id or ""

    def arguments(self) -> dict[str, Any]:
        return {"handler": int(self.cleaned_data["handler"] or 0)}


class ReturnForm(ReasonForm):
    notice_group = Notice.Group.RETURN
    comment = words(_("Why it is not yours"), rows=3)
    legal_basis = line(_("Legal basis"), _("The article that gives the duty to somebody else."))
    propose = choice(_("Unit that should have it"))

    def fill(self) -> None:
        super().fill()
        self._choices("propose", [NOTHING, *options.units()])

    def arguments(self) -> dict[str, Any]:
        data = super().arguments()
        return {**data, "propose": int(data["propose"]) if data["propose"] else None}


class ArbitrateForm(ActForm):
    decision = one_of(
        _("Decision"), [("keep", _("Not granted: the unit must take it")), ("back", _("Granted: back to dispatch")),
                        ("on", _("Granted: on to another unit"))],
    )  # fmt: skip
    unit = choice(_("Other unit"), _("Only where it goes on to another unit."))
    reason = words(_("Why"), _("Both sides read it."), rows=3)

    def fill(self) -> None:
        self._choices("unit", [NOTHING, *options.units()])

    def clean_decision(self) -> str:
        if not self.cleaned_data["decision"]:
            raise forms.ValidationError(_("Choose a decision."))
        return str(self.cleaned_data["decision"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("decision") == "on" and not data.get("unit"):
            self.add_error("unit", _("Choose the unit it goes to."))
        return data

    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        unit = int(data["unit"]) if data["decision"] == "on" else None
        return {"upheld": data["decision"] != "keep", "unit": unit, "reason": data["reason"]}


class ContactForm(ActForm):
    how = one_of(
        _("How"), [("phone", _("by phone")), ("visit", _("in person")), ("message", _("by message")),
                   ("failed", _("tried, not reached"))],
    )  # fmt: skip
    comment = words(_("What was said"), rows=3)


class NoteForm(ActForm):
    text = words(_("Note"), rows=3)
    shown = forms.BooleanField(label=_("The person may read it"), required=False)


class AskForm(ReasonForm):
    notice_group = Notice.Group.PAUSE
    question = words(
        _("Question to the person"),
        _("Time rests until the reply, five working days at most; from the third question on it runs."),
        rows=3,
    )


class ExtendForm(ReasonForm):
    notice_group = Notice.Group.EXTENSION
    comment = words(_("Why more time is needed"), rows=3)


class DecideExtensionForm(ActForm):
    decision = one_of(_("Decision"), [("yes", _("Grant it")), ("no", _("Deny it"))])
    comment = words(_("Word to the unit"), _("If granted, the person reads it too."), rows=3)

    def clean_decision(self) -> str:
        if not self.cleaned_data["decision"]:
            raise forms.ValidationError(_("Choose a decision."))
        return str(self.cleaned_data["decision"])

    def arguments(self) -> dict[str, Any]:
        return {"approved": self.cleaned_data["decision"] == "yes", "comment": self.cleaned_data["comment"]}


class ReviewForm(ActForm):
    decision = one_of(_("Decision"), [("pass", _("Pass it: the person reads the answer")), ("back", _("Send it back"))])
    comment = words(_("Word to the unit"), _("Needed when it is sent back."), rows=3)

    clean_decision = DecideExtensionForm.clean_decision

    def arguments(self) -> dict[str, Any]:
        return {"passed": self.cleaned_data["decision"] == "pass", "comment": self.cleaned_data["comment"]}


class CloseForm(ReasonForm):
    notice_group = Notice.Group.CLOSE
    comment = words(_("What the person is told"), rows=3)


class RedoForm(ActForm):
    why = one_of(_("Why"), [("unsolved", _("not solved")), ("unsatisfied", _("not content"))])
    comment = words(_("What is still to do"), rows=3)

    def clean_why(self) -> str:
        if not self.cleaned_data["why"]:
            raise forms.ValidationError(_("Choose a reason."))
        return str(self.cleaned_data["why"])


class TextForm(ActForm):
    text = words(_("What is new"), rows=3)


class CommentForm(ActForm):
    comment = words(_("Comment"), rows=3)
