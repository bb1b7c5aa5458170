"""All that the page of one case shows, read in few statements."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from qingyu.cases import labels, papers, policy, queries
from qingyu.cases.models import Attachment, Case, CaseClock, CaseText, Contact
from qingyu.cases.operations import identity
from qingyu.cases.queries import COLUMNS, Entry, Row, row_of
from qingyu.cases.staff import options, showing
from qingyu.cases.topics import full_name
from qingyu.people import queries as people
from qingyu.people.policy import Viewer

LATE, NEXT = "late", "now"
ICONS = {
    "opened": "inbox", "routed": "send", "accepted": "check", "auto_accepted": "check", "returned": "undo-2",
    "arbitrated": "shield-check", "contacted": "phone", "noted": "pencil", "asked": "circle-help", "replied": "user",
    "added": "plus", "extension_asked": "hourglass", "extension_decided": "hourglass", "answered": "message-square",
    "answered_at_once": "message-square", "reviewed": "shield-check", "closed": "circle-check", "redone": "refresh-cw",
    "reopened": "history", "urged": "bell", "pressed": "megaphone", "withdrawn": "x", "followed_up": "phone",
    "rated": "star", "archived": "archive", "warned": "hourglass", "overdue": "triangle-alert", "refused": "ban",
    "service_rated": "star",
    "diverted": "corner-up-left", "assigned": "users", "classified": "list-filter", "rescheduled": "calendar",
    "submitted": "inbox", "correction_asked": "circle-help", "correction_permitted": "shield-check",
    "corrected": "plus", "lapsed": "undo-2", "admitted": "check", "auto_admitted": "check", "not_admitted": "undo-2",
    "window_chosen": "corner-up-left", "window_taken": "users", "special_begun": "hourglass",
    "special_ended": "refresh-cw", "decided": "flag", "issued": "file-text", "deputy_called": "users",
    "supervisor_called": "megaphone",
}  # fmt: skip


@dataclass(frozen=True)
class ClockLine:
    """One clock in words."""

    kind: str
    unit: str
    round: int
    started_at: datetime
    due_at: datetime
    paused_at: datetime | None
    stopped_at: datetime | None
    provisional: bool
    result: str
    tone: str
    bar: showing.TimeLeft | None


def clock_lines(case: Case, *, at: datetime) -> list[ClockLine]:
    """Every clock of the case, those that run first; one statement."""
    rows = list(CaseClock.objects.filter(case=case))
    return [_clock_line(row, at) for row in sorted(rows, key=lambda row: (row.stop != "", row.due_at))]


def _clock_line(row: CaseClock, at: datetime) -> ClockLine:
    result, tone = _result(row, at)
    return ClockLine(
        kind=str(labels.CLOCKS.get(row.kind, row.kind)), unit=queries.unit_name(row.unit_id), round=row.round,
        started_at=row.started_at, due_at=row.due_at, paused_at=row.paused_at, stopped_at=row.stopped_at,
        provisional=row.provisional, result=result, tone=tone, bar=None if row.stop else showing.time_left(row, at=at),
    )  # fmt: skip


def _result(row: CaseClock, at: datetime) -> tuple[str, str]:
    if row.stop == "void":
        return _("does not count"), "off"
    if row.in_time is None:
        late = row.due_at <= at and not row.paused_at
        return (_("overdue"), "late") if late else (_("rests"), "wait") if row.paused_at else (_("running"), "work")
    if row.stop == "held":
        return (_("in time, under review"), "good") if row.in_time else (_("late, under review"), "late")
    return (_("in time"), "good") if row.in_time else (_("late"), "late")


def entries(timeline: list[Entry]) -> list[dict[str, Any]]:
    """The timeline as the page's part takes it, newest first: what staff want to know is what happened last."""
    shown = [_entry(entry) for entry in timeline]
    return shown[::-1]


def _entry(entry: Entry) -> dict[str, Any]:
    title = " · ".join(part for part in (entry.words, _detail(entry)) if part)
    return {
        "at": entry.at, "title": title, "text": "" if entry.kind == "opened" else entry.text, "who": entry.by,
        "icon": ICONS.get(entry.kind, ""), "kind": LATE if entry.kind == "overdue" else "done",
    }  # fmt: skip


def _detail(entry: Entry) -> str:
    facts = entry.facts
    detail = DETAILS.get(entry.kind)
    if detail:
        return detail(facts)
    return reason_name(str(facts["reason"])) if facts.get("reason") else ""


def reason_name(code: str) -> str:
    """The name of a reason by its code; the code itself where it has been given up."""
    return next((options.reason_name(n) for n in options.notices() if n.code == code), code)


def _units(facts: dict[str, Any]) -> str:
    lead = queries.unit_name(facts.get("unit"))
    others = [queries.unit_name(unit) for unit in facts.get("assisting", ())]
    return _("%(lead)s, with %(others)s") % {"lead": lead, "others": _(", ").join(others)} if others else lead


def _returned(facts: dict[str, Any]) -> str:
    proposed = queries.unit_name(facts.get("proposed"))
    wanted = _("to %(unit)s") % {"unit": proposed} if proposed else ""
    return _(", ").join(part for part in (reason_name(str(facts.get("reason", ""))), wanted) if part)


def _arbitrated(facts: dict[str, Any]) -> str:
    if not facts.get("upheld"):
        return _("not granted")
    unit = queries.unit_name(facts.get("unit"))
    return _("granted, to %(unit)s") % {"unit": unit} if unit else _("granted, back to dispatch")


def _classified(facts: dict[str, Any]) -> str:
    parts = [
        str(Case.Type(facts["type"]).label) if facts.get("type") else "",
        full_name(facts.get("topic", "")),
        queries.area_name(facts.get("area", "")),
        str(Case.Urgency(facts["urgency"]).label) if facts.get("urgency") else "",
    ]
    return _(", ").join(part for part in parts if part)


def _clock(facts: dict[str, Any]) -> str:
    return str(labels.CLOCKS.get(facts.get("clock", ""), ""))


def _contacted(facts: dict[str, Any]) -> str:
    known = {"phone": _("by phone"), "visit": _("in person"), "message": _("by message")}
    return known.get(facts.get("how", ""), "")


def _noted(facts: dict[str, Any]) -> str:
    if facts.get("contact") == "failed":
        return _("tried, not reached")
    return _("the person may read it") if facts.get("shown") else _("internal")


DETAILS = {
    "routed": _units, "returned": _returned, "arbitrated": _arbitrated, "classified": _classified, "warned": _clock,
    "overdue": _clock, "rescheduled": _clock, "contacted": _contacted, "noted": _noted,
}  # fmt: skip


@dataclass(frozen=True)
class Earlier:
    """Who wrote, masked, and what came from the same phone before."""

    contact: dict[str, str]
    cases: list[dict[str, Any]]


def earlier(viewer: Viewer, case: Case) -> Earlier:
    """The masked contact and up to ten earlier cases of the phone the viewer may see; two statements.

    Reports of wrongdoing and confidential cases are never among them, and beside one of these nothing is.
    """
    contact = Contact.objects.filter(case=case, role=Contact.Role.PERSON).first()
    if contact is None or identity.is_hidden(viewer, case):
        return Earlier({}, [])
    shown = {name: value for name, value in papers.masked(contact).items() if value}
    if papers.is_sealed(case) or not contact.phone_index:
        return Earlier(shown, [])
    rows = of_phone(policy.visible(viewer), contact.phone_index, but=case.pk)
    return Earlier(shown, [{**asdict(row), "state_label": labels.standing(row.state, row.stage)} for row in rows])


def of_phone(seen: Q, phone_index: str, *, but: int | None = None) -> list[Row]:
    """Up to ten cases of a phone among those seen, newest first; never reports of wrongdoing or confidential ones."""
    same = Q(contacts__phone_index=phone_index, contacts__role=Contact.Role.PERSON)
    found = Case.objects.filter(seen, same, confidential=False).exclude(type=Case.Type.REPORT).exclude(pk=but or 0)
    return [row_of(values) for values in found.order_by("-opened_at", "-id").values_list(*COLUMNS)[:10]]


def place_of(case: Case) -> str:
    """The place in the citizen's words; one statement."""
    row = CaseText.objects.filter(case=case, kind=CaseText.Kind.PLACE).order_by("-id").first()
    return papers.read_text(row) if row else ""


def read(viewer: Viewer, case: Case, *, at: datetime) -> dict[str, Any]:
    """The context of the page but for the forms; eight statements."""
    timeline = queries.timeline(case)
    who = earlier(viewer, case)
    return {
        "case": case,
        "title": papers.read_text(case.title) if case.title else "",
        "words": next((entry.text for entry in timeline if entry.kind == "opened"), ""),
        "additions": [entry for entry in timeline if entry.kind in ("added", "replied", "reopened") and entry.text],
        "place": place_of(case),
        "area": queries.area_name(case.area),
        "topic": full_name(case.topic),
        "owner": people.units().get(case.owner_id or 0),
        "assisting": [queries.unit_name(unit) for unit in case.assisting_ids],
        "handler": showing.staff_names([case.handler_id]).get(case.handler_id or 0, ""),
        "entries": entries(timeline),
        "timeline": timeline,
        "clocks": clock_lines(case, at=at),
        "contact": who.contact,
        "hidden": identity.is_hidden(viewer, case),
        "earlier": who.cases,
        "attachments": list(Attachment.objects.filter(case=case).order_by("id")),
        "flags": showing.flags(case),
        "state_label": labels.standing(case.state, case.stage),
    }


def marked(text: str, words: list[str]) -> SafeString:
    """The text as HTML with the words that spoke for a suggestion marked."""
    safe = str(escape(text))
    for word in sorted({str(escape(word)) for word in words if len(word) > 1}, key=len, reverse=True):
        safe = safe.replace(word, f"\x02{word}\x03")
    flat, depth = [], 0
    for sign in safe:
        depth += (sign == "\x02") - (sign == "\x03")
        if sign == "\x02":
            flat.append("<mark>" if depth == 1 else "")
        elif sign == "\x03":
            flat.append("</mark>" if depth == 0 else "")
        else:
            flat.append(sign)
    return mark_safe("".join(flat))  # noqa: S308  escaped above; only our own marks are added
