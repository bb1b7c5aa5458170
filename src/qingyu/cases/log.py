"""The one door by which something happens to a case.

``record`` locks the case, asks the pure rules whether and how, appends an event chained to the one before and folds
it into the case row and its clocks, in the caller's transaction. Then followers read. Nothing else writes these
rows. The row of the partition's head is locked last and held to the commit, so ids commit in order within a
partition and a reader of ``id > position`` misses nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from qingyu.cases import policy
from qingyu.cases.actors import Actor
from qingyu.cases.limits import CaseTerms, HistoryTerms
from qingyu.cases.models import Case, CaseClock, CaseEvent, LogHead
from qingyu.rules import clocks, ledger, lifecycle
from qingyu.rules.clocks import Clock
from qingyu.rules.lifecycle import CaseState, Kind
from qingyu.rules.refusals import NotAllowed

CLOCK_FIELDS = tuple(field.name for field in fields(Clock))
STATE_FIELDS = tuple(field.name for field in fields(CaseState))
UNIT_FIELDS = {
    "centre": "centre_id",
    "owner": "owner_id",
    "lead": "lead_id",
    "handler": "handler_id",
    "title": "title_id",
}
COLUMNS = tuple(UNIT_FIELDS.get(name, name) for name in STATE_FIELDS)
SUMMARY = ("due_at", "provisional", "next_due_at", "next_clock")


def record(case: Case, kind: Kind, *, by: Actor, at: datetime, **facts: Any) -> CaseEvent:
    """Something happened to ``case`` at ``at``. Returns the event; ``case`` is brought up to date in place.

    Must run in a transaction. Raises NotPermitted where ``by`` has no right to it and NotAllowed with a code where
    the rules forbid it; both are asked of the locked row, and nothing is written then.
    ``facts`` hold codes, ids and figures only, no floats, no text and no personal data.
    """
    _lock(case)
    if case.opened_at and at < case.opened_at:
        raise NotAllowed("before_opening", opened_at=case.opened_at)
    return _append(case, kind, by=by, at=at, facts=facts, running=clocks_of(case))


def begin(case: Case, *, by: Actor, at: datetime, **facts: Any) -> CaseEvent:
    """The first event of a case whose row has just been inserted in this transaction: nothing to lock or read."""
    return _append(case, Kind.OPENED, by=by, at=at, facts=facts, running={})


def _append(
    case: Case, kind: Kind, *, by: Actor, at: datetime, facts: dict[str, Any], running: clocks.Clocks
) -> CaseEvent:
    policy.require(by, kind, case)
    before = state_of(case)
    lifecycle.require(before, kind)
    changes = clocks.decide(kind, at=at, facts=facts, case=before, clocks=running, terms=terms(case, facts, at))
    body = _body(case, kind, by=by, at=at, facts={**facts, "clocks": changes} if changes else facts)
    event = _write_event(case, kind, by=by, at=at, body=body)
    _fold(case, lifecycle.fold(before, kind, at, facts), clocks.fold(running, changes, at), changes)
    return event


def terms(case: Case, facts: Mapping[str, Any], at: datetime) -> CaseTerms:
    """The limits that hold for the case as the event leaves it (an opening brings its own type and urgency)."""
    day = at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    kind_of_terms = HistoryTerms if case.imported else CaseTerms
    return kind_of_terms(facts.get("type", case.type), facts.get("urgency", case.urgency), day)


def state_of(case: Case) -> CaseState:
    """The case row as the rules see it."""
    values = {name: getattr(case, column) for name, column in zip(STATE_FIELDS, COLUMNS, strict=True)}
    values["state"] = lifecycle.State(case.state)
    values["assisting"] = case.assisting_ids
    values["centre"], values["owner"] = case.centre_id or 0, case.owner_id or 0
    return CaseState(**values)


def clocks_of(case: Case) -> dict[clocks.Key, Clock]:
    """The clocks of the case as the rules see them; one statement."""
    rows = CaseClock.objects.filter(case=case)
    found = [clock_of(row) for row in rows]
    return {clock.key: clock for clock in found}


def clock_of(row: CaseClock) -> Clock:
    """One clock row in the form of the rules."""
    values = {name: getattr(row, "unit_id" if name == "unit" else name) for name in CLOCK_FIELDS}
    return Clock(**values)


def expect(case: Case, *, length: int) -> None:
    """NotAllowed("changed_meanwhile") unless the case still has ``length`` events: somebody else was quicker."""
    _lock(case)
    if case.length != length:
        raise NotAllowed("changed_meanwhile", length=case.length)


def _lock(case: Case) -> None:
    fresh = Case.objects.select_for_update().get(pk=case.pk)
    for name in (*COLUMNS, *SUMMARY, "length", "head", "imported"):
        setattr(case, name, getattr(fresh, name))


def _body(case: Case, kind: Kind, *, by: Actor, at: datetime, facts: Mapping[str, Any]) -> str:
    return ledger.canonical(
        {
            "case": case.uuid,
            "seq": case.length + 1,
            "kind": str(kind),
            "at": at,
            "recorded_at": datetime.now(UTC),
            "by": {"kind": str(by.kind), "staff": by.staff_id, "unit": by.unit_id},
            "imported": case.imported,
            "facts": facts,
        }
    )


def _write_event(case: Case, kind: Kind, *, by: Actor, at: datetime, body: str) -> CaseEvent:
    assert transaction.get_connection().in_atomic_block, "record outside a transaction"
    end = _partition_end(case.partition)
    event = CaseEvent(
        case=case,
        seq=case.length + 1,
        partition=case.partition,
        kind=str(kind),
        at=at,
        recorded_at=datetime.fromisoformat(json.loads(body)["recorded_at"]),
        by_kind=str(by.kind),
        by_staff=by.staff_id,
        imported=case.imported,
        body=body,
        hash=ledger.event_hash(body, case.head or ledger.GENESIS),
    )
    event.save(force_insert=True)
    LogHead.objects.filter(pk=case.partition).update(
        length=end.length + 1, last_event=event.pk, head=ledger.ledger_head(end.head, event.hash)
    )
    case.length, case.head = event.seq, event.hash
    return event


def _partition_end(partition: int) -> LogHead:
    return LogHead.objects.select_for_update().get(pk=partition)


def _fold(case: Case, state: CaseState, after: dict[clocks.Key, Clock], changes: list[clocks.Change]) -> None:
    _save_clocks(case, {tuple_key(change) for change in changes}, after)
    values = columns_of(state, after) | {"length": case.length, "head": case.head}
    Case.objects.filter(pk=case.pk).update(**values)
    for name, value in values.items():
        setattr(case, name, value)


def tuple_key(change: Mapping[str, Any]) -> clocks.Key:
    """The key of the clock a change is about."""
    return (change["kind"], change["unit"], change["round"])


def columns_of(state: CaseState, running: clocks.Clocks) -> dict[str, Any]:
    """The column values of a case row that has this state and these clocks."""
    values = {column: getattr(state, name) for name, column in zip(STATE_FIELDS, COLUMNS, strict=True)}
    values["state"] = str(state.state)
    values["assisting"] = f",{','.join(map(str, state.assisting))}," if state.assisting else ""
    promised, first = clocks.promise(state, running), clocks.next_due(running)
    values["due_at"] = promised.due_at if promised else None
    values["provisional"] = bool(promised and promised.provisional)
    values["next_due_at"] = first.due_at if first else None
    values["next_clock"] = first.kind if first else ""
    return values


def _save_clocks(case: Case, keys: set[clocks.Key], after: dict[clocks.Key, Clock]) -> None:
    if not keys:
        return
    rows = [clock_row(case, after[key]) for key in sorted(keys)]
    CaseClock.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["case", "kind", "unit", "round"],
        update_fields=[name for name in CLOCK_FIELDS if name not in ("kind", "unit", "round")],
    )


def clock_row(case: Case, clock: Clock) -> CaseClock:
    """The row that stands for a clock."""
    values = asdict(clock)
    values["unit_id"] = values.pop("unit")
    return CaseClock(case=case, imported=case.imported, **values)


def replay(case: Case) -> tuple[CaseState, dict[clocks.Key, Clock]]:
    """State and clocks made anew from the events alone; equal to the rows unless somebody altered them."""
    state, running = CaseState(), dict[clocks.Key, Clock]()
    for event in CaseEvent.objects.filter(case=case).order_by("seq"):
        at, facts = datetime.fromisoformat(event.content["at"]), event.facts
        state = lifecycle.fold(state, Kind(event.kind), at, facts)
        running = clocks.fold(running, clocks.from_facts(facts.get("clocks", ())), at)
    return state, running
