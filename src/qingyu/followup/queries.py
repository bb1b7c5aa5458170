"""What a follow-up caller reads: the calls to make, and all that is needed for one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from qingyu.cases import papers
from qingyu.cases.kept import SOME_INSTANT, Kept, counted, kept
from qingyu.cases.models import Case, CaseEvent, CaseText
from qingyu.cases.operations import identity
from qingyu.cases.queries import unit_name
from qingyu.cases.sight import whose_case
from qingyu.followup.models import FollowUpPlan, PendingAct
from qingyu.people import queries as people
from qingyu.people.models import Staff
from qingyu.people.policy import Viewer
from qingyu.rules.rating import FOLLOW_UP_ATTEMPTS

PAGE = 50
MOST = 999
WAITING = Q(state=FollowUpPlan.State.WAITING)


@dataclass(frozen=True)
class Counts:
    """How many calls wait, counted to 999: to be made now, of those past their limit, and to be tried later."""

    now: int
    late: int
    later: int


@dataclass(frozen=True)
class Line:
    """One call in the list."""

    number: str
    title: str
    unit: str
    due_at: datetime
    next_try: datetime
    attempts: int
    outcome: str
    round: int
    late: bool
    taken_by: str
    mine: bool


@dataclass(frozen=True)
class Attempt:
    """A call that was made about the case before."""

    at: datetime
    outcome: str
    who: str
    comment: str


@dataclass(frozen=True)
class CallSheet:
    """All that the caller needs on one page. ``person`` is masked, and empty where it is ``hidden`` from the viewer or
    none was left; ``held`` says that the call is the viewer's, ``early`` that the next try is still to come.
    """

    case: Case
    plan: FollowUpPlan | None
    title: str
    words: str
    answer: str
    unit: str
    person: dict[str, str]
    hidden: bool
    attempts: list[Attempt]
    held: bool
    early: bool
    taken_by: str
    left: int


def _mine(viewer: Viewer, at: datetime) -> QuerySet[FollowUpPlan]:
    """Calls in the viewer's sight, without those just written down whose attempt is not yet counted."""
    viewer.require("case.followup")
    plans = FollowUpPlan.objects.filter(WAITING, whose_case(viewer))
    return plans.exclude(claimed_by__isnull=True, claimed_until__gte=at)


def counts(viewer: Viewer, *, at: datetime) -> Counts:
    """One statement, which stops counting each at 999."""
    return Counts(*_kept_counts(viewer, connection.vendor).read(at)[0])


@lru_cache(maxsize=256)
def _kept_counts(viewer: Viewer, vendor: str) -> Kept:
    plans = _mine(viewer, SOME_INSTANT)
    now = plans.filter(next_try__lte=SOME_INSTANT)
    return counted((now, now.filter(due_at__lt=SOME_INSTANT), plans.filter(next_try__gt=SOME_INSTANT)), MOST)


COLUMNS = (
    "case__number", "case__title__body", "case__title__sealed", "case__title__uuid", "case__owner_id", "due_at",
    "next_try", "attempts", "outcome", "round", "claimed_until", "claimed_by_id", "claimed_by__name",
)  # fmt: skip


def waiting(viewer: Viewer, *, at: datetime) -> list[Line]:
    """The next 50 calls, those due first at the top; later tries after those of now. Two statements."""
    found = _kept_now(viewer, connection.vendor).read(at)
    if len(found) < PAGE:
        found += _kept_later(viewer, connection.vendor).read(at)[: PAGE - len(found)]
    return [_line(values, viewer, at) for values in found]


@lru_cache(maxsize=256)
def _kept_now(viewer: Viewer, vendor: str) -> Kept:
    plans = _mine(viewer, SOME_INSTANT).filter(next_try__lte=SOME_INSTANT)
    return kept(plans.order_by("due_at", "id").values_list(*COLUMNS)[:PAGE])


@lru_cache(maxsize=256)
def _kept_later(viewer: Viewer, vendor: str) -> Kept:
    plans = _mine(viewer, SOME_INSTANT).filter(next_try__gt=SOME_INSTANT)
    return kept(plans.order_by("next_try", "id").values_list(*COLUMNS)[:PAGE])


def _line(values: tuple[Any, ...], viewer: Viewer, at: datetime) -> Line:
    number, body, sealed, uuid, owner, due_at, next_try, attempts, outcome, number_of, until, taker, name = values
    taken = bool(until and until >= at and taker)
    return Line(
        number, papers.words_of(body, sealed, uuid), unit_name(owner), due_at, next_try, attempts, outcome, number_of,
        late=due_at < at, taken_by=name if taken else "", mine=taken and taker == viewer.staff_id,
    )  # fmt: skip


def _taken(plan: FollowUpPlan, at: datetime) -> Staff | None:
    """Who has taken the call, while it is theirs."""
    return plan.claimed_by if plan.claimed_until and plan.claimed_until >= at else None


def held(viewer: Viewer, *, at: datetime) -> str:
    """The number of the case whose call the viewer has taken; empty for none."""
    found = _kept_held(viewer.staff_id, connection.vendor).read(at)
    return str(found[0][0]) if found else ""


@lru_cache(maxsize=256)
def _kept_held(staff_id: int, vendor: str) -> Kept:
    plans = FollowUpPlan.objects.filter(WAITING, claimed_by=staff_id, claimed_until__gte=SOME_INSTANT)
    return kept(plans.order_by("id").values_list("case__number")[:1])


def sheet(case: Case, *, viewer: Viewer, at: datetime) -> CallSheet:
    """One call; five statements."""
    plan = FollowUpPlan.objects.select_related("claimed_by").filter(case=case).order_by("-round").first()
    texts = {text.pk: text for text in CaseText.objects.filter(case=case).order_by("pk")}
    taken = _taken(plan, at) if plan else None
    attempts = _attempts(case, texts)
    return CallSheet(
        case=case, plan=plan if plan and plan.state == FollowUpPlan.State.WAITING else None,
        title=papers.read_text(texts[case.title_id]) if case.title_id in texts else "",
        words=_last(texts, CaseText.Kind.TEXT), answer=_last(texts, CaseText.Kind.ANSWER),
        unit=_unit(case), person=identity.masked_for(viewer, case),
        hidden=identity.is_hidden(viewer, case) and not case.anonymous, attempts=attempts,
        early=bool(plan and at < plan.next_try),
        held=bool(taken and taken.pk == viewer.staff_id), taken_by=taken.name if taken else "",
        left=max(0, FOLLOW_UP_ATTEMPTS - (plan.attempts if plan else 0)),
    )  # fmt: skip


def _last(texts: dict[int, CaseText], kind: str) -> str:
    found = [text for text in texts.values() if text.kind == kind]
    return papers.read_text(found[-1]) if found else ""


def _unit(case: Case) -> str:
    unit = people.units().get(case.lead_id or case.owner_id or 0)
    return unit.name if unit else ""


def _attempts(case: Case, texts: dict[int, CaseText]) -> list[Attempt]:
    events = list(CaseEvent.objects.filter(case=case, kind="followed_up").order_by("seq"))
    ids = {event.by_staff for event in events if event.by_staff}
    names = dict(Staff.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}
    return [
        Attempt(event.at, event.facts["outcome"], names.get(event.by_staff or 0, ""), _comment(event, texts))
        for event in events
    ]


def _comment(event: CaseEvent, texts: dict[int, CaseText]) -> str:
    text = texts.get(event.facts.get("text") or 0)
    return papers.read_text(text) if text else ""


def left_to_a_person(viewer: Viewer) -> list[str]:
    """Numbers of cases where a bad rating came too late to be redone by itself; 50 at most."""
    return [number for (number,) in _kept_left(viewer, connection.vendor).read()]


@lru_cache(maxsize=256)
def _kept_left(viewer: Viewer, vendor: str) -> Kept:
    left = PendingAct.objects.filter(state=PendingAct.State.REFUSED, what=PendingAct.What.REDO)
    return kept(left.filter(whose_case(viewer)).order_by("-id").values_list("case__number")[:PAGE])
