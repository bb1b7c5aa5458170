"""What staff may do to an application: one row each, beside the acts of all cases."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingyu.applications import answering, operations, queries
from qingyu.applications.wording import PROCEDURES
from qingyu.cases.staff.acts import Act
from qingyu.cases.staff.forms import ActForm, line, one_of, words
from qingyu.rules.lifecycle import Kind

WAYS = (("online", _("online, with its code")), ("window", _("at the window")), ("post", _("by post")))


class CorrectionForm(ActForm):
    missing = words(
        _("All that is missing"),
        _("Everything at once: a second notice needs a supervisor. Say what is wrong and what a right one looks like."),
        rows=5,
    )
    fields_asked = forms.MultipleChoiceField(
        label=_("To be handed in anew"), required=False, widget=forms.CheckboxSelectMultiple
    )  # fmt: skip

    def fill(self) -> None:
        application = queries.of_case(self.case)
        declared = answering.fields_of(application.form, application.version) if application else ()
        self._choices("fields_asked", [(one.name, one.label) for one in declared])

    def arguments(self) -> dict[str, Any]:
        return {"missing": self.cleaned_data["missing"], "fields": self.cleaned_data["fields_asked"]}


class ReasonForm(ActForm):
    reason = words(_("Reason"), _("The person reads it word for word: what the law demands and where to turn."))


class PermitForm(ActForm):
    reason = words(_("Why a second notice is needed"), _("Stands in the record; the person does not read it."), rows=2)


class SpecialForm(ActForm):
    procedure = one_of(_("Which procedure"), list(PROCEDURES.items()))
    days = forms.IntegerField(label=_("Working days it will take"), min_value=1, max_value=400, initial=20)
    reason = words(_("What it is needed for"), _("The person reads it."), rows=2)


class SpecialEndForm(ActForm):
    outcome = words(_("What came of it"), _("The person may read it. May stay empty."), rows=2)


class GrantForm(ActForm):
    reason = words(_("A word to the person"), _("May stay empty."), rows=2)

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "granted": True}


class RefuseForm(ReasonForm):
    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "granted": False}


class IssueForm(ActForm):
    how = one_of(_("How it is handed over"), WAYS)


class WindowForm(ActForm):
    missing = words(_("What the person must bring"), _("The person reads it."), rows=3)


class ReceivedForm(ActForm):
    text = line(_("What was brought or seen"), _("For example: original of the household book seen, copy taken."))


ACTS = (
    Act("admit", (Kind.ADMITTED,), _("Take up"), "q", "check", ActForm, operations.admit,
        _("The promised days begin to count tomorrow. You become the handler.")),
    Act("ask_correction", (Kind.CORRECTION_ASKED,), _("Correction notice"), "x", "circle-help", CorrectionForm,
        operations.ask_correction, _("Once, and all of it. Time rests until the person has corrected it.")),
    Act("correct", (Kind.CORRECTED,), _("Received at the window"), "n", "plus", ReceivedForm, operations.correct,
        _("The check goes on with what was brought.")),
    Act("decide", (Kind.DECIDED,), _("Grant"), "d", "circle-check", GrantForm, operations.decide,
        _("The person sees it now. It cannot be undone; the result follows.")),
    Act("refuse_application", (Kind.DECIDED,), _("Not grant"), "u", "ban", RefuseForm, operations.decide,
        _("The person sees the reason now. It cannot be undone."), final=True),
    Act("issue", (Kind.ISSUED,), _("Hand over the result"), "k", "file-text", IssueForm, operations.issue,
        _("The person gets a code by which anybody can see that it is genuine. It cannot be undone.")),
    Act("begin_special", (Kind.SPECIAL_BEGUN,), _("Begin a special procedure"), "s", "hourglass", SpecialForm,
        operations.begin_special, _("Its days do not count. The person is told which and how long."), page=True),
    Act("end_special", (Kind.SPECIAL_ENDED,), _("End the special procedure"), "s", "refresh-cw", SpecialEndForm,
        operations.end_special, _("The limits go on where they stood.")),
    Act("choose_window", (Kind.WINDOW_CHOSEN,), _("Finish at a window"), "v", "corner-up-left", WindowForm,
        operations.choose_window, _("Same number, nothing filled in again. Time rests until the person has come.")),
    Act("permit_correction", (Kind.CORRECTION_PERMITTED,), _("Permit a second notice"), "p", "shield-check", PermitForm,
        operations.permit_correction, _("The unit can then ask once more.")),
    Act("not_admit", (Kind.NOT_ADMITTED,), _("Not take up"), "t", "undo-2", ReasonForm, operations.not_admit,
        _("The application ends and the person is told why."), final=True),
)  # fmt: skip
