"""Everything that staff may do to a case: one row each, from the key on the keyboard to the operation behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qingyu.cases import operations
from qingyu.cases.actors import Actor
from qingyu.cases.models import Case, Suggestion
from qingyu.cases.operations import seen
from qingyu.cases.ports import case_parts
from qingyu.cases.staff import forms, options
from qingyu.people.policy import Viewer
from qingyu.rules.lifecycle import Kind

Words = str | Promise
Operation = Callable[..., object]


@dataclass(frozen=True)
class Act:
    """One operation as people see it.

    ``kinds``: the events it may become; it is offered when one of them is allowed. ``after``: what follows, and
    whether it can be undone. ``page``: its form is long and opens on a page of its own. ``final``: cannot be undone.
    """

    name: str
    kinds: tuple[Kind, ...]
    label: Words
    key: str
    icon: str
    form: type[forms.ActForm]
    operation: Operation
    after: Words
    page: bool = False
    final: bool = False

    def do(self, case: Case, form: forms.ActForm, *, by: Actor, at: datetime) -> None:
        """Calls the operation with what the form holds."""
        self.operation(case, by=by, at=at, **form.arguments())

    @property
    def plain(self) -> bool:
        """Whether there is nothing to fill in: a button is enough."""
        return self.form is forms.ActForm


def route(
    case: Case, *, by: Actor, at: datetime, unit: int = 0, assisting: tuple[int, ...] = (), comment: str = "",
    pick: int | None = None,
) -> None:  # fmt: skip
    """Sends the case to a unit, or by suggestion number ``pick`` (from 1), whose topic the case then gets."""
    row = picked(case, pick) if pick else None
    if row is None:
        operations.route(case, unit=unit, assisting=assisting, comment=comment, by=by, at=at)
        return
    if row["topic"] and row["topic"] != case.topic:
        operations.classify(case, topic=row["topic"], by=by, at=at)
    others = tuple(row.get("assisting", ()))
    operations.route(case, unit=row["unit"], assisting=others, why="suggestion", comment=comment, by=by, at=at)


def picked(case: Case, pick: int) -> dict[str, Any] | None:
    """The suggestion with that number; None where there is none."""
    rows = suggested(case)
    return rows[pick - 1] if 0 < pick <= len(rows) else None


def suggested(case: Case) -> list[dict[str, Any]]:
    """The three suggestions for a case; before they are made, what the dispatch table says for its topic."""
    from qingyu.cases.dispatch import suggesting

    found = Suggestion.objects.filter(case=case).first()
    rows: list[dict[str, Any]] = found.rows[:3] if found else []
    return rows or [suggesting.row_for(case, case.topic, 0.0, ())]


def in_words(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Suggestions with their reasons in words."""
    return [{**row, "sure": _sure(row), "why_words": options.WHY_THIS_UNIT.get(row["why"], "")} for row in rows]


def _sure(row: dict[str, Any]) -> dict[str, Any] | None:
    percent = round(100 * float(row["probability"]))
    if not row["topic"] or not percent:
        return None
    named = float(row["probability"]) >= 1 and not row["words"]
    label = _("named by the person who filed it") if named else _("%(n)s %% sure") % {"n": min(percent, 99)}
    return {"kind": "good" if percent >= 80 else "calm" if percent >= 50 else "wait", "label": label}


ACTS = (
    Act("arbitrate", (Kind.ARBITRATED,), _("Decide the return"), "c", "shield-check", forms.ArbitrateForm,
        operations.arbitrate,
        _("Both units are told. It cannot be undone; the unit may not return it for the same reason.")),
    Act("accept", (Kind.ACCEPTED,), _("Accept"), "q", "check", forms.ActForm, operations.accept,
        _("You become the handler; somebody else can be named later.")),
    Act("decide_extension", (Kind.EXTENSION_DECIDED,), _("Decide the extension"), "h", "hourglass",
        forms.DecideExtensionForm, operations.decide_extension,
        _("Granted, the due date moves at once. It cannot be undone. The second in a round takes a supervisor.")),
    Act("review", (Kind.REVIEWED,), _("Review the answer"), "s", "shield-check", forms.ReviewForm, operations.review,
        _("Passed, the case closes and a follow-up call is planned. "
          "Sent back, the clock runs on as if never stopped.")),
    Act("route", (Kind.ROUTED,), _("Send to a unit"), "p", "send", forms.RouteForm, route,
        _("The unit must accept or return it in time. A wrong unit returns it; you then decide.")),
    Act("answer", (Kind.ANSWERED,), _("Answer"), "d", "message-square", forms.AnswerForm, operations.answer,
        _("The centre reviews it; the person reads it after that. Until then it can be sent back to you.")),
    Act("contact", (Kind.CONTACTED,), _("Note a contact"), "l", "phone", forms.ContactForm, operations.contact,
        _("The first contact stops its clock. Notes stay in the record.")),
    Act("add", (Kind.ADDED, Kind.REPLIED), _("Add for the person"), "n", "plus", forms.TextForm, operations.add,
        _("Stands in the record as the person's own words.")),
    Act("answer_at_once", (Kind.ANSWERED_AT_ONCE,), _("Answer at once"), "a", "message-square", forms.AnswerForm,
        operations.answer_at_once, _("The case closes and the person reads the answer now. New facts can reopen it.")),
    Act("divert", (Kind.DIVERTED,), _("Divert"), "v", "corner-up-left", forms.DivertForm, operations.divert,
        _("The case ends and the person is told where to turn. New facts can reopen it."), page=True),
    Act("refuse", (Kind.REFUSED,), _("Not take up"), "u", "ban", forms.RefuseForm, operations.refuse,
        _("The case ends and the person is told why. New facts can reopen it."), page=True),
    Act("ask", (Kind.ASKED,), _("Ask the person"), "x", "circle-help", forms.AskForm, operations.ask,
        _("The handle clock rests until the reply; from the third question on it runs.")),
    Act("return_", (Kind.RETURNED,), _("Return"), "t", "undo-2", forms.ReturnForm, operations.return_,
        _("The centre decides. The person's time limit runs on.")),
    Act("extend", (Kind.EXTENSION_ASKED,), _("Ask for more time"), "y", "calendar", forms.ExtendForm, operations.extend,
        _("Somebody else decides. Until then the due date stays.")),
    Act("note", (Kind.NOTED,), _("Note"), "b", "pencil", forms.NoteForm, operations.note,
        _("Notes stay in the record and cannot be taken out.")),
    Act("assign", (Kind.ASSIGNED,), _("Give to a colleague"), "z", "users", forms.AssignForm, operations.assign,
        _("Can be changed at any time."), page=True),
    Act("press", (Kind.PRESSED,), _("Press the unit"), "m", "megaphone", forms.CommentForm, operations.press,
        _("Counts as a push; the unit and the person see it.")),
    Act("classify", (Kind.CLASSIFIED,), _("Correct type or topic"), "f", "list-filter", forms.ClassifyForm,
        operations.classify, _("Running clocks keep their limits. Can be corrected again."), page=True),
    Act("redo", (Kind.REDONE,), _("Do it again"), "r", "refresh-cw", forms.RedoForm, operations.redo,
        _("The same unit begins anew with the full limit. It is counted and cannot be undone.")),
    Act("reopen", (Kind.REOPENED,), _("Reopen"), "o", "history", forms.TextForm, operations.reopen,
        _("For new facts only. It is counted.")),
    Act("archive", (Kind.ARCHIVED,), _("Archive"), "g", "archive", forms.ActForm, operations.archive,
        _("Once the person has been asked, or the time for it is over. Only new facts can reopen it.")),
    Act("urge", (Kind.URGED,), _("Urge for the person"), "i", "bell", forms.CommentForm, operations.urge,
        _("Once a day. The unit and its supervisor see it.")),
    Act("close", (Kind.CLOSED,), _("End without an answer"), "e", "circle", forms.CloseForm, operations.close,
        _("The person is told why. New facts can reopen it."), final=True),
    Act("withdraw", (Kind.WITHDRAWN,), _("Withdraw for the person"), "w", "x", forms.CommentForm, operations.withdraw,
        _("The case ends and counts for nobody. It cannot be undone."), final=True),
)  # fmt: skip


@cache
def every() -> tuple[Act, ...]:
    """These and what other apps add for cases of their own."""
    return ACTS + tuple(act for part in case_parts() for act in part.acts())


def by_name(name: str) -> Act | None:
    """The act with that name; None where there is none."""
    return next((act for act in every() if act.name == name), None)


MAIN = frozenset({"arbitrate", "accept", "decide_extension", "review", "route", "contact", "answer", "admit",
                  "decide", "issue"})  # fmt: skip


def offered(viewer: Viewer, case: Case) -> list[Act]:
    """What this person may do to this case now, what is most likely wanted first."""
    allowed = seen.actions(viewer, case)
    found = [act for act in every() if allowed.intersection(act.kinds)]
    if case.stage:  # what only an application knows, before what may be done to every case
        return sorted(found, key=lambda act: act in ACTS)
    if case.contacted_at or Kind.CONTACTED not in allowed:
        return found
    return sorted(found, key=lambda act: act.name != "contact")
