"""Several writers at once, for real: a follower that reads beside them misses no event and sees each case in order."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable

import pytest
from django.db import connection, connections

from qingyu.cases import actors, following, operations
from qingyu.cases.following import Follower
from qingyu.cases.models import Case, CaseEvent, LogHead, Position
from qingyu.rules.refusals import NotAllowed
from tests.people import MONDAY, build_city

WRITERS, CASES_EACH = 6, 12


class Witness(Follower):
    """Remembers what it was given, in the order in which it was given it."""

    name = "witness"

    def __init__(self) -> None:
        self.seen: dict[int, list[int]] = defaultdict(list)

    def follow(self, events: object) -> None:
        for event in events:  # type: ignore[attr-defined]
            self.seen[event.case_id].append(event.seq)


def in_thread(work: Callable[[], None]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)
def test_a_follower_beside_six_writers_misses_nothing_and_reads_in_order(event_guard: None) -> None:
    city = build_city()
    witness, writing = Witness(), threading.Event()
    following.ensure_positions([witness])

    def write() -> None:
        for number in range(CASES_EACH):
            filing = operations.Filing(text=f"第{number}件", channel="web")
            case = operations.open_case(filing, by=actors.CITIZEN, at=MONDAY).case
            operations.route(case, unit=city.unit("urban"), by=actors.SYSTEM, at=MONDAY)
            operations.accept(case, by=city.actor("handler"), at=MONDAY)

    def read() -> None:
        while not writing.is_set() or _behind():
            for partition in range(16):
                following._follow_partition(witness, partition, at=MONDAY, limit=3)

    reader = in_thread(read)
    writers = [in_thread(write) for _ in range(WRITERS)]
    for writer in writers:
        writer.join(120)
    writing.set()
    reader.join(120)
    assert Case.objects.count() == WRITERS * CASES_EACH
    assert sum(map(len, witness.seen.values())) == CaseEvent.objects.count() == WRITERS * CASES_EACH * 3
    assert all(seen == [1, 2, 3] for seen in witness.seen.values())


def _behind() -> bool:
    heads = dict(LogHead.objects.values_list("partition", "last_event"))
    return any(row.event < heads[row.partition] for row in Position.objects.filter(follower="witness"))


@pytest.mark.django_db(transaction=True)
def test_two_people_accepting_at_once_leave_one_acceptance(event_guard: None) -> None:
    city = build_city()
    case = operations.open_case(operations.Filing(text="同时", channel="web"), by=actors.CITIZEN, at=MONDAY).case
    operations.route(case, unit=city.unit("urban"), by=actors.SYSTEM, at=MONDAY)
    refused: list[str] = []

    def accept(name: str) -> Callable[[], None]:
        def run() -> None:
            try:
                operations.accept(Case.objects.get(pk=case.pk), by=city.actor(name), at=MONDAY)
            except NotAllowed as refusal:
                refused.append(refusal.code)

        return run

    for thread in [in_thread(accept("handler")), in_thread(accept("second_handler"))]:
        thread.join(60)
    assert refused == ["not_in_this_state"]
    assert CaseEvent.objects.filter(case=case, kind="accepted").count() == 1
    connection.close()
