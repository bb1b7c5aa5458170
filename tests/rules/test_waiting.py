"""How long one will wait: laws that always hold, and four of five against windows that really vary."""

from __future__ import annotations

import heapq
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyu.rules.calling import Counter, Waiting
from qingyu.rules.waiting import Pace, Range, Stand, expected_wait

PACES = {1: Pace(600, 400), 2: Pace(1200, 800)}
ME = Waiting(999, 1, 999)


def stands(windows: int, *, busy: int | None = 1, services: frozenset[int] = frozenset({1})) -> list[Stand]:
    return [Stand(Counter(services), busy) for _ in range(windows)]


def people(number: int, *needs: str) -> list[Waiting]:
    return [Waiting(ticket, 1, ticket, frozenset(needs)) for ticket in range(1, number + 1)]


def wait(found: Range | None) -> Range:
    assert found is not None
    return found


def test_nobody_knows_where_no_window_of_the_service_is_open() -> None:
    assert expected_wait(stands(3, services=frozenset({2})), people(2), ME, PACES) is None
    assert expected_wait([], [], ME, PACES) is None


def test_a_free_window_calls_at_once() -> None:
    assert wait(expected_wait(stands(1, busy=None), [], ME, PACES)).minutes == (0, 2)


def test_minutes_are_rounded_outwards() -> None:
    assert Range(61, 119).minutes == (1, 2)


@given(st.integers(0, 40), st.integers(1, 12))
def test_more_people_before_are_a_longer_wait_and_more_windows_a_shorter_one(ahead: int, windows: int) -> None:
    here = wait(expected_wait(stands(windows), people(ahead), ME, PACES))
    assert 0 <= here.low < here.high
    assert wait(expected_wait(stands(windows), people(ahead + 1), ME, PACES)).high >= here.high
    assert wait(expected_wait(stands(windows + 1), people(ahead), ME, PACES)).high <= here.high + 1


def test_who_has_precedence_waits_less_and_is_passed_by_nobody_who_comes_later() -> None:
    elder = Waiting(999, 1, 999, frozenset({"elder"}))
    assert wait(expected_wait(stands(2), people(10), elder, PACES)).high < (
        wait(expected_wait(stands(2), people(10), ME, PACES)).low
    )


def test_people_of_another_service_count_with_their_own_time_where_windows_are_shared() -> None:
    both = stands(2, services=frozenset({1, 2}))
    others = [Waiting(ticket, 2, ticket) for ticket in range(1, 7)]
    shared, alone = expected_wait(both, others, ME, PACES), expected_wait(stands(2), others, ME, PACES)
    assert wait(shared).low > wait(alone).high


def test_who_stands_later_in_the_line_does_not_count() -> None:
    later = [Waiting(2000, 1, 2000)]
    assert expected_wait(stands(2), [*people(3), *later], ME, PACES) == expected_wait(stands(2), people(3), ME, PACES)


@pytest.mark.parametrize(("ahead", "windows"), [(3, 1), (6, 2), (12, 4), (25, 10)])
def test_about_four_of_five_find_it_true(ahead: int, windows: int) -> None:
    told, rng = wait(expected_wait(stands(windows), people(ahead), ME, PACES)), random.Random(1)
    waits = [_lived(ahead, windows, rng) for _ in range(400)]
    inside = sum(told.low <= waited <= told.high for waited in waits) / len(waits)
    assert 0.7 <= inside <= 0.99


def _lived(ahead: int, windows: int, rng: random.Random) -> float:
    """A wait behind ``ahead`` others: gamma service times, windows found in the middle of theirs."""
    shape, scale = (600 / 400) ** 2, 400**2 / 600

    def rest() -> float:
        return max(rng.gammavariate(shape, scale) for _ in range(2)) * rng.random()

    free = [rest() for _ in range(windows)]
    heapq.heapify(free)
    for _ in range(ahead):
        heapq.heapreplace(free, free[0] + rng.gammavariate(shape, scale) + 20)
    return free[0]
