"""The test city with its middles, and a town of three points."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.people import City


@pytest.fixture
def town(city: City) -> City:
    """A station near by, a hall further off with all that is needed, a counter that is open on Sundays."""
    from tests.places import towns

    towns.place_city()
    towns.add(city, "station")
    towns.add(
        city, "hall", name="政务服务中心", kind="hall", lat=30.0, lon=115.0, hall="demo",
        offers=(towns.CARD, towns.HOUSE), features=frozenset({"step_free", "low_window", "hearing_loop"}),
    )  # fmt: skip
    towns.add(
        city, "bank", name="银行柜台", kind="bank", lat=30.03, lon=115.0, hours="1-7 09:00-16:00", features=frozenset()
    )
    return city
