"""The demo city has points that people find, one closed today, and people who live in no circle."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest

from qingyu.desk.demo import city, hall
from qingyu.desk.demo import points as service_points
from qingyu.people import keys
from qingyu.people import queries as people
from qingyu.places import city as town
from qingyu.places import queries
from qingyu.places.models import Point, PopulationCell
from qingyu.places.queries import Ask
from qingyu.rules.coverage import Spot
from tests import guards
from tests.rows import Kept

AT = datetime(2026, 6, 10, 2, 0, tzinfo=UTC)  # Wednesday 10:00
CENTRE = Spot(30.0, 115.0)


def _build() -> None:
    city.set_up(at=AT)
    hall.build(rng=Random(1), at=AT)
    service_points.build(rng=Random("1:points"), at=AT)


_kept = Kept(_build)


@pytest.fixture
def built(db: None) -> None:
    guards.stand()
    people.forget()
    keys.ensure_keys()
    _kept.lay()
    people.forget()


def test_twelve_points_two_hundred_cells(built: None) -> None:
    assert (Point.objects.count(), PopulationCell.objects.count()) == (12, 192)
    found = queries.coverage(circle="commerce", day=AT.date()).covered
    assert 0.2 < (found.all.share or 0) < 0.3
    near = queries.nearby(Ask(CENTRE, AT, AT, "social-card"))
    hall_there = next(one for one in near.near if one.place.code == "city-hall")
    assert hall_there.metres < near.near[0].metres  # nearer, but people wait there
    assert hall_there.queue is not None
    assert hall_there.queue.waiting > 0
    closed = queries.standing(queries.point("wenmo"), at=AT)
    assert "粉刷" in closed.reason
    assert closed.opens == datetime(2026, 6, 11, 1, 0, tzinfo=UTC)
    assert town.located("我住在柳荫社区附近") is not None
