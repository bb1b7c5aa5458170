"""What a follow-up caller reads: the calls to make, and all that is needed for one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from qingyu.cases import papers
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
    """Three statements, each of which stops counting at 999."""
    plans = _mine(viewer, at)
    now = plans.filter(next_try__lte=at)
    parts = (now, now.filter(due_at__lt=at), plans.filter(next_try__gt=at))
    return Counts(*(part.order_by().values("pk")[:MOST].count() for part in parts))


def waiting(viewer: Viewer, *, at: datetime) -> list[Line]:
    """The next 50 calls, those due first at the top; later tries after those of now. Two statements."""
    plans = _mine(viewer, at).select_related("case__title", "claimed_by")
    now = list(plans.filter(next_try__lte=at).order_by("due_at", "id")[:PAGE])
    later = list(plans.filter(next_try__gt=at).order_by("next_try", "id")[: PAGE - len(now)])
    return [_line(plan, viewer, at) for plan in now + later]


def _line(plan: FollowUpPlan, viewer: Viewer, at: datetime) -> Line:
    case, taken = plan.case, _taken(plan, at)
    return Line(
        number=case.number, title=papers.read_text(case.title) if case.title else "", unit=unit_name(case.owner_id),
        due_at=plan.due_at, next_try=plan.next_try, attempts=plan.attempts, outcome=plan.outcome, round=plan.round,
        late=plan.due_at < at, taken_by=taken.name if taken else "", mine=bool(taken and taken.pk == viewer.staff_id),
    )  # fmt: skip


def _taken(plan: FollowUpPlan, at: datetime) -> Staff | None:
    """Who has taken the call, while it is theirs."""
    return plan.claimed_by if plan.claimed_until and plan.claimed_until >= at else None


def held(viewer: Viewer, *, at: datetime) -> str:
    """The number of the case whose call the viewer has taken; empty for none."""
    plans = FollowUpPlan.objects.filter(WAITING, claimed_by=viewer.staff_id, claimed_until__gte=at)
    return plans.order_by("id").values_list("case__number", flat=True).first() or ""


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
    left = PendingAct.objects.filter(state=PendingAct.State.REFUSED, what=PendingAct.What.REDO)
    acts = left.filter(whose_case(viewer))
    return list(acts.order_by("-id").values_list("case__number", flat=True)[:PAGE])
