"""``qingyu assess --month YYYY-MM``: the rates of every unit in one month."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from qingyu.assessment import periods, queries
from qingyu.assessment.queries import Reading, UnitReading

HEAD = ("unit", "counts", "response", "resolution", "satisfaction", "points", "band")


class Command(BaseCommand):
    help = "Print the rates of every unit in one month; figures of too few cases are left out."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--month", required=True, help="YYYY-MM, days of the city")
        parser.add_argument("--unit", default="", help="code of a unit: it and all below it")
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        period = periods.month(options["month"])
        today = datetime.now(UTC).astimezone(ZoneInfo(settings.TIME_ZONE)).date()
        found = queries.barometer(start=period.start, end=period.end, today=today, unit=options["unit"])
        write = _as_json if options["json"] else _as_table
        self.stdout.write(write(found))


def _as_json(found: queries.Barometer) -> str:
    published = found.published_at and found.published_at.isoformat()
    head = {"from": found.start.isoformat(), "to": found.end.isoformat(), "published_at": published}
    units = [_plain(unit) for unit in found.units]
    found_whole = {"whole": _plain(found.whole), "units": units, "no_data": found.silent}
    return json.dumps(head | found_whole, ensure_ascii=False, indent=1)


def _plain(unit: UnitReading) -> dict[str, Any]:
    rates = {reading.code: _figures(reading) for reading in unit.readings.values()}
    points, head = None if unit.points is None else float(unit.points), unit.head
    whose = {"unit": head.code, "name": head.name, "scope": head.scope}
    return whose | {"points": points, "band": unit.band, "weather": unit.weather} | rates


def _figures(reading: Reading) -> dict[str, Any]:
    numbers = {
        "percent": reading.percent, "numerator": reading.numerator, "denominator": reading.denominator,
        "low": reading.low, "high": reading.high, "before_exclusions": reading.before,
    }  # fmt: skip
    plain = {name: None if value is None else float(value) for name, value in numbers.items()}
    first = None if reading.first is None else _figures(reading.first)
    return {"certainty": str(reading.certainty), "excluded": reading.excluded, "first_published": first} | plain


def _as_table(found: queries.Barometer) -> str:
    rows = [HEAD, *(_row(unit) for unit in [found.whole, *found.units])]
    lines = ["\t".join(row) for row in rows]
    silent = [f"no data: {', '.join(found.silent)}"] if found.silent else []
    return "\n".join([f"{found.start} .. {found.end}", *lines, *silent])


def _row(unit: UnitReading) -> tuple[str, ...]:
    cells = (_cell(unit.readings[code]) for code in queries.INDICATORS)
    return (
        unit.head.name or "all",
        unit.head.scope,
        *cells,
        str(unit.points if unit.points is not None else "-"),
        unit.band,
    )


def _cell(reading: Reading) -> str:
    if not reading.shown:
        return "-" if reading.certainty == "no_data" else "(hidden)"
    first = f" first {reading.first.percent}%" if reading.first else ""
    return f"{reading.percent}% {reading.numerator}/{reading.denominator} [{reading.low}..{reading.high}]{first}"
