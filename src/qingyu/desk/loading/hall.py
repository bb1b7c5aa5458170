"""Halls with their windows from a file: a list of offices, each with groups of windows.

An office is ``{office, address?, windows: [{name, business, number: [...]}]}``. A group becomes a service with a letter
of its own; each number a window. Where a printed number stands twice in the hall, the office's short code goes before
it in the window's code; the label stays what is printed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from string import ascii_uppercase

from qingyu.desk.loading.reading import Line
from qingyu.desk.loading.report import Did
from qingyu.hall import operations
from qingyu.hall.models import Hall, Service, Window
from qingyu.people.models import Unit
from qingyu.rules.refusals import NotValid

LETTERS = [letter for letter in ascii_uppercase if letter not in "IO"]  # those look like 1 and 0
ALL = "综合业务"


@dataclass
class Building:
    """Takes the offices one after the other; numbers that repeat must be known before the first."""

    hall: Hall
    repeated: frozenset[str]
    letters: list[str] = field(default_factory=lambda: [*LETTERS, *(a + b for a in LETTERS for b in LETTERS)])

    def office(self, line: Line) -> Did:
        """NotValid("field_missing" | "field_not_valid") names the field."""
        name, groups = line.text("office"), line.values.get("windows")
        if not isinstance(groups, list) or not all(isinstance(group, dict) for group in groups):
            raise NotValid("field_not_valid", field="windows")
        unit = Unit.objects.filter(name=name).first() or Unit.objects.filter(short=name).first()
        short = unit.code if unit and len(unit.code) <= 8 else f"K{line.number}"
        did = [self._group(Line(line.number, group), name, short, unit) for group in groups]
        return Did.MADE if Did.MADE in did else Did.SAME

    def _group(self, line: Line, office: str, short: str, unit: Unit | None) -> Did:
        name, business = line.text("name"), line.text("business", ALL)
        words = name if business == ALL else f"{name}（{business}）"
        service, made = self._service(f"{office} {words}"[:80])
        for label in line.parts("number"):
            code = f"{short}-{label}" if label in self.repeated else label
            _, new = operations.place_window(
                self.hall, code=code, label=label, name=name, services=[service], unit=unit,
                order=Window.objects.filter(hall=self.hall).count(),
            )  # fmt: skip
            made = made or new
        return Did.MADE if made else Did.SAME

    def _service(self, name: str) -> tuple[Service, bool]:
        known = Service.objects.filter(hall=self.hall, name=name).first()
        if known:
            return known, False
        taken = set(Service.objects.filter(hall=self.hall).values_list("code", flat=True))
        letter = next(letter for letter in self.letters if letter not in taken)
        return operations.place_service(self.hall, code=letter, name=name, order=len(taken))


def building(lines: Iterable[Line], *, code: str, name: str) -> tuple[Building, list[Line]]:
    """What takes the lines, and the lines. NotValid("unit_unknown") before there is any unit."""
    found = list(lines)
    numbers = Counter(
        str(number)
        for line in found
        for group in line.values.get("windows") or ()
        if isinstance(group, dict)
        for number in group.get("number") or ()
    )
    unit = Unit.objects.order_by("id").filter(kind=Unit.Kind.CENTRE).first() or Unit.objects.order_by("id").first()
    if unit is None:
        raise NotValid("unit_unknown", field="unit")
    known = Hall.objects.filter(code=code).select_related("unit").first()
    hall, _ = operations.place_hall(code=code, name=name, unit=known.unit if known else unit)
    return Building(hall, frozenset(label for label, times in numbers.items() if times > 1)), found
