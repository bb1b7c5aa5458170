"""The one door by which something happens to a case.

``record`` locks the case, asks the pure rules whether and how, appends an event chained to the one before and folds
it into the case row and its clocks, in the caller's transaction. Then followers read. Nothing else writes these
rows. The row of the partition's head is locked last and held to the commit, so ids commit in order within a
partition and a reader of ``id > position`` misses nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from qingyu.cases import policy, rows
from qingyu.cases.actors import Actor
from qingyu.cases.models import Assistance, Case, CaseEvent, LogHead
from qingyu.cases.standing import (
    COLUMNS,
    SUMMARY,
    assistance_of,
    clock_row,
    clocks_of,
    columns_of,
    key_of,
    state_of,
    terms,
)  # fmt: skip
from qingyu.rules import clocks, ledger, lifecycle
from qingyu.rules.clocks import Clock
from qingyu.rules.lifecycle import CaseState, Kind
from qingyu.rules.refusals import NotAllowed


def record(case: Case, kind: Kind, *, by: Actor, at: datetime, **facts: Any) -> CaseEvent:
    """Something happened to ``case`` at ``at``. Returns the event; ``case`` is brought up to date in place.

    Must run in a transaction. Raises NotPermitted where ``by`` has no right to it and NotAllowed with a code where
    the rules forbid it; both are asked of the locked row, and nothing is written then.
    ``facts`` hold codes, ids and figures only, no floats, no text and no personal data.
    """
    lock(case)
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
    event = event_of(case, kind, by=by, at=at, facts={**facts, "clocks": changes} if changes else facts)
    _write_event(event)
    _fold(event, lifecycle.fold(before, kind, at, facts), clocks.fold(running, changes, at), changes)
    return event


def expect(case: Case, *, length: int) -> None:
    """NotAllowed("changed_meanwhile") unless the case still has ``length`` events: somebody else was quicker."""
    lock(case)
    if case.length != length:
        raise NotAllowed("changed_meanwhile", length=case.length)


def lock(case: Case) -> None:
    """Locks the case to the end of the transaction and brings ``case`` up to date: what is read now stays so."""
    fresh = rows.locked(Case, case.pk)
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


def event_of(case: Case, kind: Kind, *, by: Actor, at: datetime, facts: Mapping[str, Any]) -> CaseEvent:
    """The next event of the case, chained to the one before, as it will stand in the log; nothing is written."""
    body = _body(case, kind, by=by, at=at, facts=facts)
    return CaseEvent(
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


def _write_event(event: CaseEvent) -> None:
    assert transaction.get_connection().in_atomic_block, "record outside a transaction"
    end = _partition_end(event.partition)
    rows.insert([event])
    head = ledger.ledger_head(end.head, event.hash)
    rows.update(end, {"length": end.length + 1, "last_event": event.pk, "head": head})


def _partition_end(partition: int) -> LogHead:
    return rows.locked(LogHead, partition)


def _fold(event: CaseEvent, state: CaseState, after: dict[clocks.Key, Clock], changes: list[clocks.Change]) -> None:
    case = event.case
    _save_clocks(case, {key_of(change) for change in changes}, after)
    values = columns_of(state, after) | {"length": event.seq, "head": event.hash}
    changed = {name: value for name, value in values.items() if getattr(case, name) != value}
    rows.update(case, changed)
    if "assisting" in changed or ("state" in changed and case.assisting):
        Assistance.objects.filter(case=case).delete()
        Assistance.objects.bulk_create(assistance_of(case))


def _save_clocks(case: Case, keys: set[clocks.Key], after: dict[clocks.Key, Clock]) -> None:
    if not keys:
        return
    changed = [clock_row(case, after[key]) for key in sorted(keys)]
    rows.insert(changed, conflict=("case_id", "kind", "unit_id", "round"))
