"""A case as the rules see it: rows turned into plain values and back. Reads only; ``cases.log`` writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from qingyu.cases import rows
from qingyu.cases.limits import CaseTerms, HistoryTerms
from qingyu.cases.models import Assistance, Case, CaseClock, CaseEvent
from qingyu.rules import clocks, lifecycle
from qingyu.rules.clocks import Clock
from qingyu.rules.lifecycle import CaseState, Kind

CLOCK_FIELDS = tuple(field.name for field in fields(Clock))
STATE_FIELDS = tuple(field.name for field in fields(CaseState))
IDS = {name: f"{name}_id" for name in ("centre", "owner", "lead", "handler", "title")}
COLUMNS = tuple(IDS.get(name, name) for name in STATE_FIELDS)
SUMMARY = ("of_open", "due_at", "provisional", "next_due_at", "next_clock")


def terms(case: Case, facts: Mapping[str, Any], at: datetime) -> CaseTerms:
    """The limits that hold for the case as the event leaves it (an opening brings its own type and urgency)."""
    day = at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    kind_of_terms = HistoryTerms if case.imported else CaseTerms
    door = case.door or lifecycle.door_of(facts)
    return kind_of_terms(facts.get("type", case.type), facts.get("urgency", case.urgency), day, door)


def state_of(case: Case) -> CaseState:
    """The case row as the rules see it."""
    values = {name: getattr(case, column) for name, column in zip(STATE_FIELDS, COLUMNS, strict=True)}
    values["state"] = lifecycle.State(case.state)
    values["assisting"] = case.assisting_ids
    values["centre"], values["owner"] = case.centre_id or 0, case.owner_id or 0
    return CaseState(**values)


def clocks_of(case: Case) -> dict[clocks.Key, Clock]:
    """The clocks of the case as the rules see them; one statement."""
    found = [clock_of(row) for row in rows.find(CaseClock, "case_id", case.pk)]
    return {clock.key: clock for clock in found}


def clock_of(row: CaseClock) -> Clock:
    """One clock row in the form of the rules."""
    values = {name: getattr(row, "unit_id" if name == "unit" else name) for name in CLOCK_FIELDS}
    return Clock(**values)


def key_of(change: Mapping[str, Any]) -> clocks.Key:
    """The key of the clock a change is about."""
    return (change["kind"], change["unit"], change["round"])


def columns_of(state: CaseState, running: clocks.Clocks) -> dict[str, Any]:
    """The column values of a case row that has this state and these clocks."""
    values = {column: getattr(state, name) for name, column in zip(STATE_FIELDS, COLUMNS, strict=True)}
    values["state"] = str(state.state)
    values["of_open"] = state.state in lifecycle.OPEN
    values["assisting"] = f",{','.join(map(str, state.assisting))}," if state.assisting else ""
    promised, first = clocks.promise(state, running), clocks.next_due(running)
    values["due_at"] = promised.due_at if promised else None
    values["provisional"] = bool(promised and promised.provisional)
    # While its clock rests a case stands in the baskets by the instant at which the rest ends at the latest.
    rest = min((clock.pause_until for clock in running.values() if clock.pause_until and not clock.stop), default=None)
    values["next_due_at"] = first.due_at if first else rest
    values["next_clock"] = first.kind if first else clocks.ClockKind.HANDLE.value if rest else ""
    return values


def clock_row(case: Case, clock: Clock) -> CaseClock:
    """The row that stands for a clock."""
    values = {"unit_id" if name == "unit" else name: getattr(clock, name) for name in CLOCK_FIELDS}
    return CaseClock(case=case, imported=case.imported, **values)


def assistance_of(case: Case) -> list[Assistance]:
    """The rows that stand for the assisting units of a case."""
    return [Assistance(case=case, unit_id=unit, of_open=case.of_open) for unit in case.assisting_ids]


def replay(case: Case) -> tuple[CaseState, dict[clocks.Key, Clock]]:
    """State and clocks made anew from the events alone; equal to the rows unless somebody altered them."""
    state, running = CaseState(), dict[clocks.Key, Clock]()
    for event in rows.find(CaseEvent, "case_id", case.pk, order="seq"):
        at, facts = datetime.fromisoformat(event.content["at"]), event.facts
        state = lifecycle.fold(state, Kind(event.kind), at, facts)
        running = clocks.fold(running, clocks.from_facts(facts.get("clocks", ())), at)
    return state, running
