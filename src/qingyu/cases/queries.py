"""Every read of cases worth a name; each takes the person who asks. Lists cost the same at any number of cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from qingyu.cases import labels, papers, policy, rows, sight, trees
from qingyu.cases.models import Case, CaseEvent, CaseText, Notice
from qingyu.cases.models.case import IS_OPEN
from qingyu.cases.operations.opening import is_query_code
from qingyu.cases.sight import Narrowing
from qingyu.cases.standing import state_of
from qingyu.cases.topics import by_code, full_name
from qingyu.people import queries as people
from qingyu.people.policy import Viewer
from qingyu.rules import identifiers, lifecycle
from qingyu.rules.lifecycle import OPEN_STATES
from qingyu.rules.refusals import NotPermitted, NotValid

RESTING = ("correcting", "at_window", "special")  # stages of an application at which no date of the unit runs
PAGE = 50
LAST_PAGE = 200


class NoSuchCase(Exception):
    """There is none of that number, or the person who asks may not know that there is."""


# One case -------------------------------------------------------------------------------------------------------


def case_for(viewer: Viewer, number: str) -> Case:
    """The case if the viewer may see it; NoSuchCase otherwise, so that existence is not told."""
    case = _by_number(number)
    if not policy.may_read(viewer, case):
        raise NoSuchCase(number)
    return case


def case_of_citizen(number: str, code: str) -> Case:
    """The case if the query code opens it; NotPermitted("code_wrong") for a wrong number as for a wrong code."""
    try:
        case = _by_number(number)
        if is_query_code(case, code):
            return case
    except (NoSuchCase, NotValid):
        pass
    raise NotPermitted("code_wrong")


def _by_number(number: str) -> Case:
    try:
        found = rows.find(Case, "number", identifiers.check_case_number(number))
    except NotValid:
        found = []
    if not found:
        raise NoSuchCase(number)
    return found[0]


# Lists ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """What a list should hold. ``basket`` is a name of BASKETS; the rest narrows it, ``numbers`` to these cases.
    ``topic`` and ``area`` mean all below them too. ``page`` from 1 to 200.
    """

    basket: str = ""
    state: str = ""
    owner: int | None = None
    handlers: tuple[int, ...] = ()
    topic: str = ""
    area: str = ""
    type: str = ""
    due_before: datetime | None = None
    numbers: tuple[str, ...] | None = None
    page: int = 1


@dataclass(frozen=True)
class Row:
    """One line of a list."""

    number: str
    title: str
    state: str
    type: str
    topic: str
    area: str
    owner: str
    owner_id: int
    handler_id: int | None
    urgency: str
    opened_at: datetime
    due_at: datetime | None
    next_due_at: datetime | None
    next_clock: str
    provisional: bool
    disputed: bool
    redos: int
    urges: int
    stage: str
    pk: int


@dataclass(frozen=True)
class ListPage:
    """Up to 50 rows by time left, and whether there are more. No total: counting a million rows costs."""

    rows: list[Row] = field(default_factory=list)
    page: int = 1
    more: bool = False


# Beside ``closed`` all hold open cases only.
BASKETS: dict[str, Q] = {
    "received": Q(state="received"),
    "disputed": Q(disputed=True),
    "review": Q(state="answered"),
    "extension": Q(extension_pending=True),
    "new": Q(state="dispatched"),
    "working": IS_OPEN & Q(state__in=["accepted", "handling", "waiting"]),
    "open": IS_OPEN,
    "closed": Q(state="closed"),
}

COLUMNS = (
    "number", "title__body", "title__sealed", "title__uuid", "state", "type", "topic", "area", "owner_id", "handler_id",
    "urgency", "opened_at", "due_at", "next_due_at", "next_clock", "provisional", "disputed", "redos", "urges", "stage",
    "id",
)  # fmt: skip


def desk_list(viewer: Viewer, wanted: Wanted) -> ListPage:
    """One page of what the viewer may see of it, first due first; what has ended newest first. One statement."""
    page = min(max(wanted.page, 1), LAST_PAGE)
    found = list(page_of(viewer, wanted).values_list(*COLUMNS))
    return ListPage([row_of(values) for values in found[:PAGE]], page, len(found) > PAGE)


def page_of(viewer: Viewer, wanted: Wanted) -> QuerySet[Case]:
    """The query behind one page of a list, with one row more than the page holds where there are more."""
    start = (min(max(wanted.page, 1), LAST_PAGE) - 1) * PAGE
    return filtered(viewer, wanted, most=start + PAGE + 1)[start : start + PAGE + 1]


def filtered(viewer: Viewer, wanted: Wanted, *, most: int) -> QuerySet[Case]:
    """The query behind a list, of which no more than ``most`` rows may be taken; exports use it too."""
    return sight.first(viewer, _narrowing(wanted), most)


def _narrowing(wanted: Wanted) -> Narrowing:
    given = {
        "state": wanted.state, "owner_id": wanted.owner, "handler_id__in": wanted.handlers,
        "topic__in": wanted.topic and trees.topics_from(wanted.topic), "type": wanted.type,
        "area__in": wanted.area and trees.areas_from(wanted.area), "next_due_at__lt": wanted.due_before,
    }  # fmt: skip
    condition = BASKETS.get(wanted.basket, Q())
    condition &= Q(**{name: value for name, value in given.items() if value not in (None, "", ())})
    if wanted.numbers is not None:
        condition &= Q(number__in=wanted.numbers)
    if wanted.basket not in ("", "closed") or wanted.state in OPEN_STATES:
        return sight.open_cases(condition)
    return Narrowing(condition, sight.BY_TIME_LEFT if wanted.due_before else sight.NEWEST, of_open=False)


def row_of(values: tuple[Any, ...]) -> Row:
    """One line of a list from the values of COLUMNS."""
    number, body, sealed, uuid, state, type_, topic, area, owner_id, *rest = values
    title = papers.words_of(body, sealed, uuid)
    return Row(number, title, state, type_, topic_name(topic), area_name(area), unit_name(owner_id), owner_id, *rest)


def basket_counts(viewer: Viewer, names: tuple[str, ...], *, at: datetime, most: int = 999) -> dict[str, int]:
    """How many cases lie in each basket, counted to ``most`` and no further, so that it costs the same at any size.
    ``names`` are those of BASKETS, and ``mine`` and ``late``. One statement: each is a subquery with a limit.
    """
    if not names:
        return {}
    text, values = _kept_counting(viewer, names, most, connection.vendor)
    now = _prepared(at)
    return _counted(names, text, [now if value == SOME_DAY else value for value in values], most)


def counts_of(viewer: Viewer, wanted: Mapping[str, Narrowing], *, most: int = 999) -> dict[str, int]:
    """The same for lists of the caller's own, by name; one statement."""
    return _counted(tuple(wanted), *sight.counting(viewer, wanted, most), most) if wanted else {}


SOME_DAY = "some day"  # stands for the instant that is asked for in a statement that is kept


@lru_cache(maxsize=512)
def _kept_counting(viewer: Viewer, names: tuple[str, ...], most: int, vendor: str) -> tuple[str, list[Any]]:
    """The statement for these rights and baskets; making it costs more than running it, so it is kept."""
    sentinel = datetime(1970, 1, 1, tzinfo=UTC)
    own = {"mine": IS_OPEN & Q(handler_id__in=viewer.staff_ids), "late": IS_OPEN & Q(next_due_at__lt=sentinel)}
    wanted = {name: sight.open_cases({**BASKETS, **own}[name]) for name in names}
    text, values = sight.counting(viewer, wanted, most)
    stand_in = _prepared(sentinel)
    return text, [SOME_DAY if value in (stand_in, sentinel) else value for value in values]


def _counted(names: tuple[str, ...], text: str, values: list[Any], most: int) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return {name: min(found, most) for name, found in zip(names, cursor.fetchone(), strict=True)}


def _prepared(at: datetime) -> object:
    return Case._meta.get_field("next_due_at").get_db_prep_value(at, connection)


def unit_name(unit_id: int | None) -> str:
    """The short name of a unit; empty for none."""
    unit = people.units().get(unit_id or 0)
    return unit.short if unit else ""


def topic_name(code: str) -> str:
    """The name of a topic; empty where there is none yet."""
    topic = by_code().get(code)
    return topic.name if topic else ""


def area_name(code: str) -> str:
    """The name of an area; empty where none is known."""
    area = people.areas().get(code)
    return area.name if area else ""


# What happened --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """One thing that happened, in words. ``text`` is what was said, ``law`` and ``where_to`` come from a notice."""

    at: datetime
    kind: str
    words: str
    text: str = ""
    by: str = ""
    where_to: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def timeline(case: Case, *, staff_names: dict[int, str] | None = None) -> list[Entry]:
    """All events for staff, newest last. Two statements, and one for names where none are given."""
    events, texts = _events(case), _texts(case)
    names = _staff_names(events) if staff_names is None else staff_names
    return [_staff_entry(event, texts, names) for event in events]


def _staff_entry(event: CaseEvent, texts: dict[int, CaseText], names: dict[int, str]) -> Entry:
    facts = event.facts
    unit = unit_name(event.content["by"]["unit"])
    person = names.get(event.by_staff or 0, "")
    by = " ".join(part for part in (unit, person) if part)
    return Entry(
        at=event.at, kind=event.kind, words=str(labels.words(event.kind, facts).label), by=by,
        text=_text_of(facts, texts), facts=facts,
    )  # fmt: skip


def _staff_names(events: list[CaseEvent]) -> dict[int, str]:
    from qingyu.people.models import Staff

    ids = {event.by_staff for event in events if event.by_staff}
    return dict(Staff.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


def _events(case: Case) -> list[CaseEvent]:
    return rows.find(CaseEvent, "case_id", case.pk, order="seq")


def _texts(case: Case) -> dict[int, CaseText]:
    return {text.pk: text for text in rows.find(CaseText, "case_id", case.pk)}


def _text_of(facts: dict[str, Any], texts: dict[int, CaseText]) -> str:
    row = texts.get(facts.get("text") or 0)
    return papers.read_text(row) if row else ""


# What the citizen sees ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PublicView:
    """All that the citizen's page and the public API show of a case."""

    number: str
    state: str
    title: str
    text: str
    owner: str
    owner_phone: str
    opened_at: datetime
    due_at: datetime | None
    provisional: bool
    overdue: bool
    returns: int
    topic: str
    question: str
    answer: str
    entries: list[Entry]
    may: frozenset[str]


def public_view(case: Case, *, at: datetime) -> PublicView:
    """The case in plain words; three statements with the case itself."""
    events, texts = _events(case), _texts(case)
    entries = [entry for event in events if (entry := _citizen_entry(event, texts))]
    owner = people.units().get(case.owner_id or 0)
    due_at = case.due_at if case.state in OPEN_STATES and case.stage not in RESTING else None
    return PublicView(
        number=case.number,
        state=case.state,
        title=papers.read_text(texts[case.title_id]) if case.title_id in texts else "",
        text=_latest(texts, CaseText.Kind.TEXT),
        owner=owner.name if owner else "",
        owner_phone=owner.phone if owner else "",
        opened_at=case.opened_at or at,
        due_at=due_at,
        provisional=case.provisional,
        overdue=bool(due_at and due_at < at and not case.answered_at),
        returns=case.returns,
        topic=full_name(case.topic),
        question=_latest(texts, CaseText.Kind.QUESTION) if case.state == Case.State.WAITING else "",
        answer=_answer(events, texts) if case.closed_at else "",
        entries=entries,
        may=_citizen_may(case),
    )


def _citizen_entry(event: CaseEvent, texts: dict[int, CaseText]) -> Entry | None:
    facts = event.facts
    row = texts.get(facts.get("text") or 0)
    text = papers.read_text(row) if row and row.shown and event.kind != "opened" else ""
    words = str(labels.words(event.kind, facts).citizen)
    if event.kind == "noted" and text:
        words = str(labels.EVENTS[lifecycle.Kind.NOTED].label)
    if not words:
        return None
    message, where_to = _notice(event.kind, facts)
    unit = unit_name(facts.get("unit") if event.kind == "routed" else event.content["by"]["unit"] or facts.get("unit"))
    return Entry(
        at=event.at, kind=event.kind, words=words % {"unit": unit or "—"} if "%(" in words else words,
        text="\n".join(part for part in (message, text) if part), where_to=where_to,
    )  # fmt: skip


def _notice(kind: str, facts: dict[str, Any]) -> tuple[str, str]:
    groups = {"refused": "refuse", "diverted": "divert"}
    if kind not in groups:
        return "", ""
    notice = Notice.objects.filter(group=groups[kind], code=facts.get("reason", "")).first()
    if notice is None:
        return "", ""
    english = (get_language() or "").startswith("en") and notice.message_en
    return notice.message_en if english else notice.message, notice.where_to


def _latest(texts: dict[int, CaseText], kind: str) -> str:
    found = [text for text in texts.values() if text.kind == kind]
    return papers.read_text(max(found, key=lambda text: text.pk)) if found else ""


def passed_answers(events: Sequence[CaseEvent]) -> list[int]:
    """Ids of the texts of those answers a citizen may read, in order: given at once, or passed in review."""
    passed, waiting = [], 0
    for event in sorted(events, key=lambda event: event.seq):
        if event.kind == lifecycle.Kind.ANSWERED_AT_ONCE:
            passed.append(event.facts["text"])
        elif event.kind == lifecycle.Kind.ANSWERED:
            waiting = event.facts["text"]
        elif event.kind == lifecycle.Kind.REVIEWED and event.facts["passed"] and waiting:
            passed.append(waiting)
    return passed


def _answer(events: list[CaseEvent], texts: dict[int, CaseText]) -> str:
    shown = [texts[text] for text in passed_answers(events) if text in texts]
    return papers.read_text(shown[-1]) if shown else ""


def _citizen_may(case: Case) -> frozenset[str]:
    allowed = {str(kind) for kind in lifecycle.allowed(state_of(case))}
    return frozenset(allowed & {str(kind) for kind in policy.OF_THE_CITIZEN})
