"""What events do to plans, ratings and pending acts: read once for a batch, changed in memory, written at its end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from qingyu.cases.models import Case, CaseEvent, Contact
from qingyu.followup import timing
from qingyu.followup.models import FollowUpPlan, Mention, PendingAct, Rating
from qingyu.rules import rating
from qingyu.rules.rating import Answer, Level, Outcome, Solved

KINDS = frozenset(
    {
        "opened", "reviewed", "closed", "answered_at_once", "redone", "reopened", "archived", "rescheduled",
        "followed_up", "rated", "service_rated", "issued",
    }
)  # fmt: skip
State = FollowUpPlan.State


class Desk:
    """The plans and acts of the cases of one batch."""

    def __init__(self, events: Sequence[CaseEvent]) -> None:
        cases = {event.case_id for event in events}
        self.plans: dict[int, list[FollowUpPlan]] = {}
        for plan in _locked(FollowUpPlan, cases).order_by("case_id", "round"):
            self.plans.setdefault(plan.case_id, []).append(plan)
        self.acts: dict[int, list[PendingAct]] = {}
        for act in _locked(PendingAct, cases).order_by("id"):
            self.acts.setdefault(act.case_id, []).append(act)
        self.phones = set(_with_phone(events))
        self.owners = _owners(events)
        self.ratings: list[Rating] = []
        self.mentions: list[Mention] = []

    def plan_of(self, case: int) -> FollowUpPlan | None:
        """The plan of the present round."""
        return self.plans[case][-1] if case in self.plans else None

    def save(self) -> None:
        """Writes what is new and what may have changed; at most six statements."""
        plans = [plan for found in self.plans.values() for plan in found]
        acts = [act for found in self.acts.values() for act in found]
        _save(FollowUpPlan, plans, ["state", "due_at", "next_try", "attempts", "outcome", "outcome_at", "claimed_by",
                                    "claimed_until", "ended_at"])  # fmt: skip
        _save(PendingAct, acts, ["state"])
        Rating.objects.bulk_create(self.ratings, ignore_conflicts=True)
        Mention.objects.bulk_create(self.mentions, ignore_conflicts=True)


def _owners(events: Iterable[CaseEvent]) -> dict[int, int | None]:
    """Which unit has each case that was rated."""
    rated = [event.case_id for event in events if event.kind in ("rated", "service_rated")]
    return dict(Case.objects.filter(pk__in=rated).values_list("pk", "owner_id")) if rated else {}


def _locked(model: Any, cases: set[int]) -> Any:
    """Held until the batch is written: a caller may take a call at the same moment."""
    return model.objects.select_for_update().filter(case_id__in=cases)


def _save(model: Any, rows: Iterable[Any], columns: list[str]) -> None:
    rows = list(rows)
    model.objects.bulk_create([row for row in rows if row.pk is None], ignore_conflicts=True)
    model.objects.bulk_update([row for row in rows if row.pk is not None and row.touched], columns)


def _with_phone(events: Iterable[CaseEvent]) -> Iterator[int]:
    closing = [event.case_id for event in events if any(_starts(change) for change in _changes(event))]
    found = Contact.objects.filter(case_id__in=closing, role=Contact.Role.PERSON).exclude(phone_index="")
    yield from found.values_list("case_id", flat=True)


def _changes(event: CaseEvent) -> list[dict[str, Any]]:
    """What the event does to the follow-up clock."""
    return [change for change in event.facts.get("clocks", ()) if change["kind"] == "followup"]


def _starts(change: dict[str, Any]) -> bool:
    return bool(change["do"] == "start")


def apply(desk: Desk, event: CaseEvent) -> None:
    """One event. A follow-up clock that starts is a call to make; the case that goes on or is archived ends it."""
    if event.kind in ENDS:
        _ended(desk, event)
    for change in _changes(event):
        TURNS.get(change["do"], _no_turn)(desk, event, change)
    if event.kind == "followed_up":
        _followed_up(desk, event)
    elif event.kind == "rated":
        _rated(desk, event)
    elif event.kind == "service_rated":
        _service_rated(desk, event)
    elif event.kind == "opened" and event.facts.get("staff"):
        desk.mentions.append(_mention(event))


ENDS = frozenset({"redone", "reopened", "archived"})


# Plans ----------------------------------------------------------------------------------------------------------


def _planned(desk: Desk, event: CaseEvent, change: dict[str, Any]) -> None:
    state = State.WAITING if event.case_id in desk.phones else State.NOT_REACHABLE
    plan = FollowUpPlan(
        case_id=event.case_id, round=change["round"], state=state, due_at=datetime.fromisoformat(change["due"]),
        next_try=event.at, planned_at=event.at,
    )  # fmt: skip
    plan.touched = True
    desk.plans.setdefault(event.case_id, []).append(plan)


def _moved(desk: Desk, event: CaseEvent, change: dict[str, Any]) -> None:
    plan = desk.plan_of(event.case_id)
    if plan:
        plan.due_at, plan.touched = datetime.fromisoformat(change["due"]), True


def _ended(desk: Desk, event: CaseEvent) -> None:
    """Taken up again, or archived: nobody needs to call, and what was pending has been done or is void."""
    plan = desk.plan_of(event.case_id)
    if plan and plan.ended_at is None:
        plan.state = State.OVER if plan.state == State.WAITING else plan.state
        plan.ended_at, plan.claimed_by_id, plan.claimed_until, plan.touched = event.at, None, None, True
    for act in desk.acts.get(event.case_id, []):
        if act.state == PendingAct.State.WAITING:
            act.state, act.touched = PendingAct.State.DONE, True


def _no_turn(desk: Desk, event: CaseEvent, change: dict[str, Any]) -> None:
    """A warning, the mark of being overdue and the stop of the clock change no plan."""


TURNS: dict[str, Callable[[Desk, CaseEvent, dict[str, Any]], None]] = {"start": _planned, "move": _moved}

# Answers --------------------------------------------------------------------------------------------------------


def answer_of(facts: dict[str, Any]) -> Answer:
    """The answer that stands in the facts of a ``followed_up`` event."""
    return Answer(
        outcome=Outcome(facts["outcome"]),
        contacted=facts.get("contacted"),
        solved=Solved(facts["solved"]) if facts.get("solved") else None,
        satisfied=Level(facts["satisfied"]) if facts.get("satisfied") else None,
    )


def _followed_up(desk: Desk, event: CaseEvent) -> None:
    answer, plan = answer_of(event.facts), desk.plan_of(event.case_id)
    if plan is None:
        return
    plan.attempts = event.facts.get("attempt", plan.attempts + 1)
    plan.outcome, plan.outcome_at = answer.outcome.value, event.at
    plan.claimed_by_id, plan.claimed_until, plan.touched = None, None, True
    if again(answer.outcome, attempts=plan.attempts):
        plan.next_try = next_try(event.at, attempts=plan.attempts)
        return
    plan.state = State.DONE if answer.outcome is Outcome.COMPLETED else State.GIVEN_UP
    what, why = consequence(answer)
    _pend(desk, event, plan.round, what, why)


def again(outcome: Outcome, *, attempts: int) -> bool:
    """Whether to call once more after ``attempts`` calls of which the last ended so; all before were not answered."""
    return rating.calls_again([outcome] * attempts)


def next_try(at: datetime, *, attempts: int) -> datetime:
    """When to try again after a call at that instant that nobody took, by the city's clock."""
    return timing.next_try(at, attempts=attempts, zone=ZoneInfo(settings.TIME_ZONE))


def consequence(answer: Answer) -> tuple[str, str]:
    """What the last call means for the case: redo or archive, and why."""
    if rating.demands_redo(answer):
        return PendingAct.What.REDO, "unsolved" if answer.solved is Solved.NO else "dissatisfied"
    reached = answer.outcome is Outcome.COMPLETED
    return PendingAct.What.ARCHIVE, "followed_up" if reached else "not_reached"


def _rated(desk: Desk, event: CaseEvent) -> None:
    plan = desk.plan_of(event.case_id)
    round_ = plan.round if plan else 1
    desk.ratings.append(_rating(event, round_, desk.owners.get(event.case_id)))
    known = [act for act in desk.acts.get(event.case_id, []) if act.round == round_ and act.what == "redo"]
    if plan and not known and _is_poor(event):
        _pend(desk, event, round_, PendingAct.What.REDO, "bad_rating")


def _service_rated(desk: Desk, event: CaseEvent) -> None:
    """The matter itself goes its way; a poor service opens a case of its own, which is rated again at its end."""
    plan = desk.plan_of(event.case_id)
    round_ = plan.round if plan else 1
    desk.ratings.append(_rating(event, round_, desk.owners.get(event.case_id)))
    if _is_poor(event):
        _pend(desk, event, round_, PendingAct.What.MEND, "bad_service")


def _rating(event: CaseEvent, round_: int, unit: int | None) -> Rating:
    facts = event.facts
    return Rating(
        case_id=event.case_id, round=round_, occasion=facts.get("occasion", 1), service=facts.get("service", ""),
        unit_id=unit, level=facts["level"], channel=facts["channel"], comment=facts.get("text"), at=event.at,
        source_event=event.pk,
    )  # fmt: skip


def _is_poor(event: CaseEvent) -> bool:
    """A bad rating that a person gave (差评)."""
    return rating.counts(event.facts["channel"]) and rating.demands_rectification(Level(event.facts["level"]))


def _mention(event: CaseEvent) -> Mention:
    facts = event.facts
    return Mention(
        case_id=event.case_id, staff_id=facts["staff"], type=facts["type"], at=event.at, source_event=event.pk
    )


def _pend(desk: Desk, event: CaseEvent, round_: int, what: str, why: str) -> None:
    act = PendingAct(cause=event.pk, case_id=event.case_id, round=round_, what=what, why=why, at=event.at)
    act.touched = True
    desk.acts.setdefault(event.case_id, []).append(act)
