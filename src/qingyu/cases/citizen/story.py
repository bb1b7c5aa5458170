"""A case told to its citizen: where it is, who has it, until when, what happened, what they can do now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qingyu.cases import attachments, queries
from qingyu.cases.models import Attachment, Case
from qingyu.cases.operations.citizen import URGE_EVERY_HOURS
from qingyu.cases.ports import Part, case_parts
from qingyu.cases.queries import Entry, PublicView

ICONS = {
    "opened": "inbox", "routed": "send", "accepted": "check", "auto_accepted": "check", "returned": "corner-up-left",
    "arbitrated": "handshake", "contacted": "phone", "noted": "message-square", "asked": "circle-help",
    "replied": "message-square", "resumed": "refresh-cw", "added": "paperclip", "extension_decided": "calendar",
    "answered": "pencil", "reviewed": "circle-check", "answered_at_once": "circle-check", "refused": "ban",
    "diverted": "corner-up-left", "closed": "flag", "redone": "refresh-cw", "reopened": "refresh-cw", "urged": "bell",
    "pressed": "megaphone", "withdrawn": "undo-2", "followed_up": "phone", "rated": "star", "archived": "archive",
    "overdue": "triangle-alert", "rescheduled": "calendar", "service_rated": "star",
    "submitted": "send", "correction_asked": "circle-help",
    "corrected": "paperclip", "lapsed": "undo-2", "admitted": "check", "auto_admitted": "check", "not_admitted": "ban",
    "window_chosen": "building-2", "window_taken": "users", "special_begun": "hourglass", "special_ended": "refresh-cw",
    "decided": "flag", "issued": "circle-check", "deputy_called": "users", "supervisor_called": "megaphone",
}  # fmt: skip
WHERE: dict[str, Any] = {
    "received": gettext_lazy("We have it and decide which unit is responsible."),
    "dispatched": gettext_lazy("The unit has it and must accept it."),
    "accepted": gettext_lazy("The unit has accepted it."),
    "handling": gettext_lazy("The unit is working on it."),
    "waiting": gettext_lazy("It waits for your reply."),
    "answered": gettext_lazy("The unit has answered; we are checking the answer."),
    "closed": gettext_lazy("It has been answered."),
    "archived": gettext_lazy("It has ended and is kept in the archive."),
    "refused": gettext_lazy("We cannot take it up; the reason stands below."),
    "withdrawn": gettext_lazy("You have withdrawn it. Nobody works on it any more."),
    "merged": gettext_lazy("It is handled together with another request."),
}
# The same for an application, by its stage.
STAGES: dict[str, Any] = {
    "precheck": gettext_lazy("The unit checks whether everything is there."),
    "correcting": gettext_lazy("Something is missing; it waits for you."),
    "at_window": gettext_lazy("It waits for you at a window."),
    "handling": gettext_lazy("It has been taken up; the unit decides."),
    "special": gettext_lazy("A special procedure is under way."),
    "decided": gettext_lazy("It has been decided; the result is being made."),
    "issued": gettext_lazy("The result has been handed over."),
    "not_admitted": gettext_lazy("It was not taken up; the reason stands below."),
    "lapsed": gettext_lazy("What was missing did not come in time. You can apply anew at any moment."),
}
DUE = {
    "": gettext_lazy("Answer by"), "precheck": gettext_lazy("Taken up or not, by"),
    "handling": gettext_lazy("Decision by"), "decided": gettext_lazy("Result by"),
}  # fmt: skip
# What a citizen may do -> which event must be allowed. A reply is an addition to a question.
DOINGS = {
    "add": ("added", "replied"), "urge": ("urged",), "withdraw": ("withdrawn",), "rate": ("rated",),
    "reopen": ("reopened",),
}  # fmt: skip


@dataclass(frozen=True)
class File:
    """A file of the citizen, to be fetched again."""

    id: str
    name: str
    size: int


@dataclass(frozen=True)
class Told:
    """All that the tracking page shows. ``main`` is the act that is asked for now; ``others`` are the rest."""

    view: PublicView
    where: str
    due_words: str
    parts: list[Part]
    sorting_until: datetime | None
    steps: list[dict[str, Any]]
    back_and_forth: str
    files: list[File]
    main: str
    others: list[str]
    urged_at: datetime | None


def tell(case: Case, *, at: datetime) -> Told:
    """The case as its citizen sees it at ``at``. Four statements, one more where it was refused."""
    view = queries.public_view(case, at=at)
    doings = can_do(view)
    urged = _urged(view, at)
    main = "add" if case.state == "waiting" else "rate" if "rate" in doings else ""
    return Told(
        view=view, where=_where(case), files=[] if case.stage else _files(case), main=main, urged_at=urged,
        due_words=str(DUE.get(case.stage, "")), parts=_parts(case, at),
        sorting_until=case.next_due_at if case.next_clock == "dispatch" else None, steps=_steps(view, case.stage),
        back_and_forth=_back_and_forth(case.returns),
        others=[doing for doing in doings if doing != main and not (doing == "urge" and (urged or main == "add"))],
    )  # fmt: skip


def _where(case: Case) -> str:
    ended = case.state == Case.State.WITHDRAWN and case.stage != "lapsed"
    words = STAGES.get(case.stage) if case.stage and not ended and case.state != Case.State.ARCHIVED else None
    return str(words or WHERE.get(case.state, ""))


def _parts(case: Case, at: datetime) -> list[Part]:
    """What other apps add for cases of their own."""
    return [part for one in case_parts() if (part := one.for_citizen(case, at=at))]


def can_do(view: PublicView) -> list[str]:
    """Names of DOINGS that the rules allow now; rating only while it is the person's turn."""
    doings = [doing for doing, kinds in DOINGS.items() if view.may & set(kinds)]
    return [doing for doing in doings if doing != "rate" or _may_rate(view.entries)]


def _may_rate(entries: list[Entry]) -> bool:
    turns = [entry.kind for entry in entries if entry.kind in ("rated", "redone", "reopened")]
    return turns.count("rated") < 2 and (not turns or turns[-1] != "rated")


def _urged(view: PublicView, at: datetime) -> datetime | None:
    times = [entry.at for entry in view.entries if entry.kind == "urged"]
    fresh = times and at - times[-1] < timedelta(hours=URGE_EVERY_HOURS)
    return times[-1] if fresh else None


def _steps(view: PublicView, stage: str) -> list[dict[str, Any]]:
    rows = [_step(entry) for entry in view.entries]
    if rows and rows[-1]["kind"] == "done" and view.state not in ("archived", "withdrawn", "merged", "refused"):
        rows[-1]["kind"] = "now"
    if view.due_at and not view.overdue:
        words = _("The answer is due") if view.state != "answered" else _("You will see the answer")
        words = str(DUE[stage]) if stage else words
        rows.append({"at": view.due_at, "title": words, "kind": "next", "icon": "calendar"})
    return rows


def _step(entry: Entry) -> dict[str, Any]:
    where = _("Where to turn: %(where)s") % {"where": entry.where_to} if entry.where_to else ""
    return {
        "at": entry.at, "title": entry.words, "text": "\n".join(part for part in (entry.text, where) if part),
        "icon": ICONS.get(entry.kind, "check"), "kind": "late" if entry.kind == "overdue" else "done",
    }  # fmt: skip


def _back_and_forth(returns: int) -> str:
    if not returns:
        return ""
    text = ngettext(
        "It went back and forth between offices %(n)d time. Your time limit ran on meanwhile.",
        "It went back and forth between offices %(n)d times. Your time limit ran on meanwhile.",
        returns,
    )
    return text % {"n": returns}


def _files(case: Case) -> list[File]:
    rows = Attachment.objects.filter(case=case, by_citizen=True).order_by("pk")
    return [File(str(row.uuid), attachments.name_of(row), row.size) for row in rows]
