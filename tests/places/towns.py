"""A few points around the test city, and people around them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from qingyu.people import queries as people
from qingyu.people.models import Area
from qingyu.places import city, operations
from qingyu.places.models import Point
from qingyu.places.operations import Draft, OfferIn, Settled
from tests.people import City

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
NOON = datetime(2026, 6, 1, 2, 0, tzinfo=UTC)  # Monday 10:00 in the city
HOURS = "1-5 09:00-12:00,13:30-17:00"
CARD, HOUSE = OfferIn("social-card", "社会保障卡补领", "whole", 10), OfferIn("property", "不动产登记", "whole", 30)


def draft(built: City, **more: Any) -> Draft:
    values = {
        "name": "柳荫社区便民服务站", "kind": "station", "address": "东湖区柳荫路12号", "lat": 30.01, "lon": 115.01,
        "unit": built.unit("east"), "phone": "0990-555-0001", "features": frozenset({"step_free"}),
    }  # fmt: skip
    return Draft(**values | more)


def place_city() -> None:
    """The areas of the test city get their middles."""
    for code, lat, lon in (
        ("990100000000", 30.0, 115.0),
        ("990102000000", 30.01, 115.0),
        ("990102001000", 30.02, 115.0),
    ):
        Area.objects.filter(code=code).update(lat=lat, lon=lon)
    people.forget()


def add(built: City, code: str, *, hours: str = HOURS, offers: tuple[OfferIn, ...] = (CARD,), **more: Any) -> Point:
    made = operations.add(draft(built, **more), code=code, by=None, at=BEGAN)
    operations.set_hours(made, hours, by=None, at=BEGAN)
    operations.set_offers(made, offers, by=None, at=BEGAN)
    return made


def settle(code: str, lat: float, lon: float, number: int, **more: Any) -> None:
    operations.settle(Settled(code, lat, lon, number, "test", **more), box=city.box())


def over(names: str | tuple[str, ...], rows: Sequence[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Runs a test for each row of a table in one and the same city; a failure names its row."""
    given = (names,) if isinstance(names, str) else names

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        def whole(**fixtures: Any) -> None:
            for row in rows:
                values = (row,) if isinstance(names, str) else row
                try:
                    test(**fixtures, **dict(zip(given, values, strict=True)))
                except BaseException as error:
                    error.add_note(f"row: {row}")
                    raise

        known = inspect.signature(test)
        left = [value for name, value in known.parameters.items() if name not in given]
        whole.__signature__ = known.replace(parameters=left)  # type: ignore[attr-defined]
        whole.__name__, whole.__doc__ = test.__name__, test.__doc__
        return whole

    return decorate
