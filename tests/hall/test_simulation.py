"""A day in a hall through the real operations: the same seed is the same day, nobody is called or counted twice."""

from __future__ import annotations

import json
from io import StringIO
from random import Random

import pytest
from django.core.management import CommandError, call_command

from qingyu.hall.models import Hall, Ticket
from tests.lives import open_one
from tests.people import MONDAY, City


def simulate(*more: str) -> dict[str, float]:
    out = StringIO()
    sizes = ("--visitors", "40", "--windows", "4", "--open", "2", "--door", "8", "--date", "2026-06-02")
    call_command("hall", "simulate", "--json", *sizes, *more, stdout=out)
    found: dict[str, float] = json.loads(out.getvalue())
    return found


def test_the_same_seed_is_the_same_day_without_doubles_and_without_a_trace(city: City) -> None:
    first, again, other = simulate(), simulate(), simulate("--seed", "7")
    assert first == again != other
    assert (first["visitors"], first["doubles"]) == (40, 0)
    assert first["served"] + first["left"] == 40
    assert first["median"] <= first["p90"]
    assert first["hit"] > 0.6
    assert not Hall.objects.exists()
    assert not Ticket.objects.exists()


def test_a_day_is_played_nowhere_where_people_are_real(city: City) -> None:
    open_one(city, Random(1), MONDAY)
    with pytest.raises(CommandError, match="demo city"):
        simulate()


def test_no_window_is_wrong_use(city: City) -> None:
    with pytest.raises(CommandError) as refused:
        simulate("--windows", "0")
    assert refused.value.returncode == 2
