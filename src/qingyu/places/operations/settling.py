"""Where people live, cell by cell, from a census or a grid."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from qingyu.people.models import Area
from qingyu.places.models import PopulationCell
from qingyu.places.operations import holding
from qingyu.rules.coverage import Box, Datum, checked
from qingyu.rules.refusals import NotValid

MOST = 10_000_000


@dataclass(frozen=True)
class Settled:
    """One cell. ``elderly`` None: not counted. ``source`` says whose figures they are, and of when."""

    code: str
    lat: float
    lon: float
    people: int
    source: str
    elderly: int | None = None
    area: Area | None = None
    rural: bool = False
    datum: str = "wgs84"


@transaction.atomic
def settle(cell: Settled, *, box: Box | None) -> str:
    """Makes the cell or changes it: ``made``, ``changed`` or ``same``. It is no act of a person, so it has no rights.
    ``box`` is around the city.

    NotValid: field_missing, field_too_long, people_not_valid, elderly_not_valid, datum_unknown, and those of
    ``rules.coverage.checked``.
    """
    values = _values(cell, box)
    found = PopulationCell.objects.filter(code=cell.code).first()
    if found and all(getattr(found, name) == value for name, value in values.items()):
        return "same"
    row = found or PopulationCell(code=cell.code)
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    holding.mark()
    return "changed" if found else "made"


def _values(cell: Settled, box: Box | None) -> dict[str, object]:
    holding.required(cell.code, "code", longest=40)
    if not 0 <= cell.people <= MOST:
        raise NotValid("people_not_valid", field="people")
    if cell.elderly is not None and not 0 <= cell.elderly <= cell.people:
        raise NotValid("elderly_not_valid", field="elderly")
    if cell.datum not in ("wgs84", "gcj02", "bd09"):
        raise NotValid("datum_unknown", field="datum")
    spot = checked(cell.lat, cell.lon, datum=Datum(cell.datum), box=box)
    return {
        "lat": round(spot.lat, 6), "lon": round(spot.lon, 6), "people": cell.people, "elderly": cell.elderly,
        "area_id": cell.area.pk if cell.area else None, "rural": cell.rural,
        "source": holding.required(cell.source, "source", longest=200),
    }  # fmt: skip
