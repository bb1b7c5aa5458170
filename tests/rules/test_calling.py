"""Who is called next: tables for the plain cases, laws for all others, and the expected wait against a simulation."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyu.rules.calling import (
    ABSENCES,
    Counter,
    Fit,
    Need,
    Waiting,
    after_absence,
    behind,
    business_day,
    is_low,
    next_ticket,
    suits,
)

PLAIN, LOW = Counter(frozenset({1, 2})), Counter(frozenset({1, 2}), frozenset({Fit.LOW}))
AID = Counter(frozenset({1}), frozenset({Fit.HEARING_AID}))


def one(ticket: int, *needs: str, service: int = 1, place: int | None = None) -> Waiting:
    return Waiting(ticket, service, ticket if place is None else place, frozenset(needs))


@pytest.mark.parametrize(
    ("window", "passed", "line", "others", "expected"),
    [
        (PLAIN, False, [], [], None),
        (PLAIN, False, [one(1), one(2)], [], 1),
        (PLAIN, False, [one(1, service=3), one(2)], [], 2),  # nobody there knows service 3
        (PLAIN, False, [one(1), one(2, "elder")], [], 2),
        (PLAIN, True, [one(1), one(2, "elder")], [], 1),  # the call before passed somebody by
        (PLAIN, False, [one(1, "elder"), one(2, "disabled")], [], 1),  # equals: who came first
        (PLAIN, False, [one(1), one(2, "wheelchair")], [LOW], 1),  # the low window is for them
        (PLAIN, False, [one(1), one(2, "wheelchair")], [], 2),  # where there is none they do not wait for it
        (LOW, False, [one(1, "elder"), one(2, "wheelchair")], [PLAIN], 2),
        (LOW, True, [one(1), one(2, "wheelchair")], [PLAIN], 1),
        (PLAIN, False, [one(1), one(2, "hearing")], [AID], 1),
        (AID, False, [one(1, "elder"), one(2, "hearing")], [PLAIN], 2),
        (PLAIN, False, [one(2, service=2), one(1, "hearing", service=2)], [AID], 1),  # that one knows service 1 only
    ],
)
def test_who_is_called(
    window: Counter, passed: bool, line: list[Waiting], others: list[Counter], expected: int | None
) -> None:
    counter = Counter(window.services, window.fits, passed)
    choice = next_ticket(counter, line, others)
    assert (choice.ticket if choice else None) == expected


@pytest.mark.parametrize(
    ("height", "knee", "low"),
    [
        (700, (750, 650, 450), True), (850, (900, 700, 500), True), (699, (750, 650, 450), False),
        (851, (750, 650, 450), False), (800, (749, 650, 450), False), (800, (750, 649, 450), False),
        (800, (750, 650, 449), False), (0, (0, 0, 0), False),
    ],
)  # fmt: skip
def test_what_a_low_window_is(height: int, knee: tuple[int, int, int], low: bool) -> None:
    assert is_low(height, knee) is low


def test_who_does_not_come_goes_behind_three_and_is_void_the_third_time() -> None:
    line = [one(2), one(3), one(4), one(5), one(6, service=2)]
    assert after_absence(one(1), 1, line) == 5  # right behind the fourth, before the fifth
    assert after_absence(one(1), ABSENCES, line) is None
    assert after_absence(one(1), 1, []) == 1
    assert behind(line, at_least=0, service=2) == 7


@pytest.mark.parametrize(
    ("at", "end", "day"),
    [
        ("2026-06-01T00:30", "00:00", "2026-06-01"), ("2026-06-01T01:59", "02:00", "2026-05-31"),
        ("2026-06-01T02:00", "02:00", "2026-06-01"), ("2026-06-01T21:59", "22:00", "2026-06-01"),
        ("2026-06-01T22:00", "22:00", "2026-06-02"), ("2026-12-31T23:00", "22:00", "2027-01-01"),
    ],
)  # fmt: skip
def test_to_which_day_an_instant_belongs(at: str, end: str, day: str) -> None:
    assert business_day(datetime.fromisoformat(at), time.fromisoformat(end)) == date.fromisoformat(day)


# Laws -----------------------------------------------------------------------------------------------------------

needs = st.frozensets(st.sampled_from([str(need) for need in Need]), max_size=2)
lines = st.lists(st.tuples(st.integers(1, 3), st.integers(0, 50), needs), max_size=25).map(
    lambda rows: [Waiting(number, service, place, wants) for number, (service, place, wants) in enumerate(rows)]
)
counters = st.builds(
    Counter,
    services=st.frozensets(st.integers(1, 3), min_size=1),
    fits=st.frozensets(st.sampled_from([str(fit) for fit in Fit])),
    passed=st.booleans(),
)


@given(st.lists(counters, min_size=1, max_size=4), lines)
def test_all_are_called_once_and_only_to_windows_that_know_their_service(
    windows: list[Counter], line: list[Waiting]
) -> None:
    called: list[int] = []
    waiting, still, turn = list(line), 0, 0
    while still < len(windows):
        place = turn % len(windows)
        window, others = windows[place], windows[:place] + windows[place + 1 :]
        choice = next_ticket(window, waiting, others)
        turn += 1
        still = 0 if choice else still + 1
        if choice is None:
            continue
        found = next(one for one in waiting if one.ticket == choice.ticket)
        assert found.service in window.services
        called.append(choice.ticket)
        waiting.remove(found)
        windows[place] = Counter(window.services, window.fits, choice.passes)
    assert len(called) == len(set(called))
    served = frozenset[int]().union(*(window.services for window in windows))
    assert {one.ticket for one in line if one.service in served} == set(called)


@given(lines, st.integers(0, 24))
def test_nobody_starves_though_those_with_needs_keep_coming(line: list[Waiting], which: int) -> None:
    window = Counter(frozenset({1, 2, 3}))
    if not line:
        return
    wanted = sorted(line, key=lambda one: one.order)[which % len(line)]
    before = sum(1 for one in line if one.order < wanted.order)
    waiting = list(line)
    for number in range(2 * before + 2):
        choice = next_ticket(window, waiting, [])
        assert choice is not None
        if choice.ticket == wanted.ticket:
            return
        waiting = [one for one in waiting if one.ticket != choice.ticket]
        waiting.append(Waiting(1000 + number, 1, 1000 + number, frozenset({"elder"})))  # one more, each time
        window = Counter(window.services, window.fits, choice.passes)
    pytest.fail("not called within twice its place")


@given(lines, counters)
def test_who_needs_a_window_is_never_passed_by_who_came_later_and_needs_it_less(
    line: list[Waiting], window: Counter
) -> None:
    choice = next_ticket(window, line, [])
    if choice is None:
        return
    chosen = next(one for one in line if one.ticket == choice.ticket)
    here = [one for one in line if one.service in window.services and one.order < chosen.order]
    assert all(len(one.wants & window.fits) <= len(chosen.wants & window.fits) for one in here)


@given(lines, st.lists(counters, min_size=1, max_size=4))
def test_somebody_always_has_a_window_that_suits(line: list[Waiting], windows: list[Counter]) -> None:
    for one_ in line:
        able = [place for place, window in enumerate(windows) if one_.service in window.services]
        others = [[*windows[:place], *windows[place + 1 :]] for place in able]
        assert not able or any(suits(windows[place], one_, rest) for place, rest in zip(able, others, strict=True))
