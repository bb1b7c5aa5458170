"""What is too small is hidden, and no hidden count can be worked out from those that are shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingyu.rules.hiding import Hidden, hidden

Parents = dict[str, str | None]
# a city with two districts (one with two streets) and a department, as a tree of letters
CITY: Parents = {"c": None, "d": "c", "e": "c", "p": "c", "s": "d", "t": "d"}


@pytest.mark.parametrize(
    ("own", "gone_own", "gone_whole", "gone_all"),
    [
        ({}, "", "", False),
        ({"s": 5, "t": 9, "p": 30}, "", "", False),
        ({"s": 4, "t": 9, "p": 30}, "st", "st", False),
        ({"s": 4, "t": 9, "d": 7, "p": 30}, "sd", "s", False),
        ({"p": 4}, "p", "pc", True),
        ({"p": 4, "e": 50, "s": 60}, "pe", "pe", False),
        ({"p": 1, "e": 1, "s": 60}, "pes", "pesd", False),
        ({"p": 1, "e": 2, "s": 60}, "pe", "pe", False),
        ({"s": 1, "t": 3, "p": 30, "e": 40}, "stp", "stdp", False),
    ],
    ids=[
        "nothing counted", "nothing small", "the next smallest goes with it", "the unit's own may go with it",
        "all is small",
        "a neighbour goes with it", "two ones would be told by their sum", "one and two would not",
        "a small whole takes a neighbour with it",
    ],
)  # fmt: skip
def test_what_is_hidden(own: dict[str, int], gone_own: str, gone_whole: str, gone_all: bool) -> None:
    assert hidden(own, CITY) == Hidden(frozenset(gone_own), frozenset(gone_whole), gone_all)


@pytest.mark.parametrize(("least", "gone"), [(5, "st"), (4, ""), (1, "")])
def test_how_small_is_too_small_is_data(least: int, gone: str) -> None:
    assert hidden({"s": 4, "t": 9, "p": 30}, CITY, least=least).own == frozenset(gone)


# ---------------------------------------------------------------- no hidden count can be worked out


def wholes(own: Mapping[str, int], parents: Parents) -> dict[str, int]:
    """The counts with all below, and "" for everything."""
    found = dict.fromkeys(["", *parents], 0)
    for unit, count in own.items():
        above: str | None = unit
        while above is not None:
            found[above] += count
            above = parents[above]
        found[""] += count
    return found


def seen(own: Mapping[str, int], parents: Parents, gone: Hidden[str]) -> tuple[object, ...]:
    """All that a reader sees; what is hidden is at least one."""
    below = {parent for parent in parents.values() if parent}
    whole = wholes(own, parents)
    figures: list[int | None] = [None if unit in gone.own else own[unit] for unit in parents]
    figures += [None if unit in gone.whole else whole[unit] for unit in below]
    return (*figures, None if gone.all else whole[""])


def worlds(own: Mapping[str, int], parents: Parents, gone: Hidden[str], most: int) -> Iterator[dict[str, int]]:
    """Every city that would look the same, with counts up to ``most``."""
    shown = seen(own, parents, gone)
    choices = [range(1, most + 1) if unit in gone.own else [own[unit]] for unit in parents]
    for counts in product(*choices):
        world = dict(zip(parents, counts, strict=True))
        if seen(world, parents, gone) == shown:
            yield world


@st.composite
def cities(draw: st.DrawFn) -> tuple[dict[str, int], Parents]:
    """Up to five units in any tree, with small counts."""
    units = "abcde"[: draw(st.integers(1, 5))]
    parents: Parents = {}
    for place, unit in enumerate(units):
        above = draw(st.integers(-1, place - 1))
        parents[unit] = units[above] if above >= 0 else None
    return {unit: draw(st.integers(0, 6)) for unit in units}, parents


@settings(max_examples=300, deadline=None)
@given(cities())
def test_no_hidden_count_can_be_worked_out(city: tuple[dict[str, int], Parents]) -> None:
    own, parents = city
    gone = hidden(own, parents, least=4)
    same = list(worlds(own, parents, gone, most=8))
    assert own in same
    for unit in gone.own:
        assert len({world[unit] for world in same}) > 1, ("own", unit, gone)
    for unit in gone.whole:
        assert len({wholes(world, parents)[unit] for world in same}) > 1, ("whole", unit, gone)


@given(cities())
def test_what_is_small_is_hidden_and_nothing_is_not(city: tuple[dict[str, int], Parents]) -> None:
    own, parents = city
    gone, whole = hidden(own, parents, least=4), wholes(own, parents)
    assert {unit for unit in own if 0 < own[unit] < 4} <= gone.own <= {unit for unit in own if own[unit]}
    assert {unit for unit in parents if 0 < whole[unit] < 4} <= gone.whole <= {unit for unit in parents if whole[unit]}


@given(st.lists(st.integers(20, 60), min_size=3, max_size=30), st.integers(1, 4))
def test_one_small_count_takes_one_other_with_it(counts: list[int], small: int) -> None:
    own = {str(place): count for place, count in enumerate([small, *counts])}
    gone = hidden(own, dict.fromkeys(own))
    assert len(gone.own) == 2
    assert not gone.all
