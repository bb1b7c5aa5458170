"""A day in a hall, played through the real operations: who waits how long, and whether the estimates were true.

Time is an argument of every operation, so a day passes as fast as the database can follow. The house is one of its own;
unless it is to be kept, nothing of it stays. Everything follows from the seed.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from math import log, sqrt
from random import Random
from zoneinfo import ZoneInfo

from django.conf import settings

from qingyu.cases.actors import CITIZEN, SYSTEM
from qingyu.hall import operations, queries
from qingyu.hall.models import Hall, Service, Ticket, Window
from qingyu.people import queries as people
from qingyu.people.models import Unit

OPENS, LAST, HOURS = time(9), 7.5, 8
"""Doors open at nine; the last person comes seven and a half hours later; eight hours of work."""
SHAPE = (1.3, 1.5, 1.3, 1.0, 0.7, 0.4, 0.5, 0.8, 1.2, 1.3, 1.1, 1.0, 0.9, 0.7, 0.4)
"""How many come in each half hour, in parts of the mean: a morning peak, a quiet noon, an afternoon peak."""
SERVICES = (("A", 6, 30), ("B", 9, 22), ("C", 12, 18), ("D", 18, 12), ("E", 25, 10), ("F", 14, 8))
"""Letter, minutes a person is served, share of the people in percent."""
VARIATION = 0.7
NEEDS = (("elder", 0.18), ("pregnant", 0.02), ("wheelchair", 0.01), ("hearing", 0.01), ("disabled", 0.01))
ABSENT, SENT_ON, CHEERFUL = 0.06, 0.02, 0.5
"""Shares: who does not come when called, who is sent on to another service, of clerks who press finish-and-next."""
LOW = {"height_mm": 780, "knee_width_mm": 800, "knee_height_mm": 680, "knee_depth_mm": 480}


@dataclass(frozen=True)
class Outcome:
    """Waits in minutes. ``hit``: share of those called whose wait lay in the range they were told; 0 to 1."""

    visitors: int
    served: int
    left: int
    mean: float
    median: float
    p90: float
    over_10: float
    hit: float
    early: float
    late: float
    told: int
    unknown: int
    range_mean: float
    called: int
    absences: int
    doubles: int


@dataclass
class Person:
    """Somebody with a ticket: when they took it and what they were told, in minutes."""

    came: datetime
    told: dict[str, int] | None
    waited: float | None = None


@dataclass
class Day:
    """One day. ``tell`` hears of each moment before it happens (a slow play waits there)."""

    hall: Hall
    services: dict[str, Service]
    windows: list[Window]
    skills: dict[int, frozenset[str]]
    rng: Random
    tell: Callable[[datetime], None] = lambda at: None
    people: dict[int, Person] = field(default_factory=dict)
    numbers: Counter[str] = field(default_factory=Counter)
    calls: Counter[int] = field(default_factory=Counter)
    ended: Counter[int] = field(default_factory=Counter)
    again: Counter[int] = field(default_factory=Counter)
    idle: dict[int, Window] = field(default_factory=dict)
    agenda: list[tuple[datetime, int, Callable[[datetime], None]]] = field(default_factory=list)
    order: count[int] = field(default_factory=count)

    def plan(self, at: datetime, act: Callable[[datetime], None]) -> None:
        heapq.heappush(self.agenda, (at, next(self.order), act))

    def run(self) -> None:
        while self.agenda:
            at, _, act = heapq.heappop(self.agenda)
            self.tell(at)
            act(at)

    # What happens

    def arrive(self, at: datetime) -> None:
        letter = self.rng.choices([one[0] for one in SERVICES], [one[2] for one in SERVICES])[0]
        needs = [need for need, share in NEEDS if self.rng.random() < share]
        ticket = operations.issue(self.services[letter], by=CITIZEN, at=at, needs=needs)
        self.people[ticket.pk] = Person(at, queries.outlook(ticket).minutes)
        self.numbers[ticket.number] += 1
        for window in list(self.idle.values()):
            if letter in self.skills[window.pk] and not self.calls[ticket.pk]:
                self.press_next(window, at)

    def press_next(self, window: Window, at: datetime) -> None:
        self.idle.pop(window.pk, None)
        self._stands(window, operations.call_next(window, by=SYSTEM, at=at), at)

    def _stands(self, window: Window, ticket: Ticket | None, at: datetime) -> None:
        if ticket is None:
            self.idle[window.pk] = window
            return
        self.calls[ticket.pk] += 1
        person = self.people[ticket.pk]
        if person.waited is None:
            person.waited = (at - person.came).total_seconds() / 60
        if self.rng.random() < ABSENT:
            self.plan(at + timedelta(seconds=45), lambda at: self.recall(window, at))
        else:
            self.plan(at + timedelta(seconds=self.rng.uniform(10, 50)), lambda at: self.begin(window, ticket, at))

    def recall(self, window: Window, at: datetime) -> None:
        operations.recall(window, by=SYSTEM, at=at)
        self.plan(at + timedelta(seconds=45), lambda at: self.no_show(window, at))

    def no_show(self, window: Window, at: datetime) -> None:
        ticket = operations.no_show(window, by=SYSTEM, at=at)
        self.again[ticket.pk] += 1
        if ticket.state == Ticket.State.VOID:
            self.ended[ticket.pk] += 1
        self.press_next(window, at)

    def begin(self, window: Window, ticket: Ticket, at: datetime) -> None:
        operations.begin(window, by=SYSTEM, at=at)
        mean = next(minutes for letter, minutes, _ in SERVICES if letter == ticket.service.code) * 60
        seconds = self.rng.lognormvariate(log(mean) - log(1 + VARIATION**2) / 2, sqrt(log(1 + VARIATION**2)))
        self.plan(at + timedelta(seconds=max(30, seconds)), lambda at: self.end(window, ticket, at))

    def end(self, window: Window, ticket: Ticket, at: datetime) -> None:
        if self.rng.random() < SENT_ON and not ticket.transfers:
            to = self.rng.choice([one for one in self.services.values() if one.pk != ticket.service_id])
            operations.transfer(window, to=to, by=SYSTEM, at=at)
            self.again[ticket.pk] += 1
            self.plan(at, lambda at: self.press_next(window, at))
            return
        self.ended[ticket.pk] += 1
        if self.rng.random() < CHEERFUL:
            self._stands(window, operations.finish_and_next(window, by=SYSTEM, at=at)[1], at)
            return
        operations.finish(window, by=SYSTEM, at=at)
        self.plan(at + timedelta(seconds=self.rng.uniform(5, 30)), lambda at: self.press_next(window, at))

    def close(self, at: datetime) -> None:
        """The doors are shut; each window closes once nobody waits for it."""
        open_ones = list(self.idle.values())
        for window in open_ones:
            del self.idle[window.pk]
            operations.close_window(window, by=SYSTEM, at=at)
        if len(self.closed) < len(self.windows) and self.agenda:
            self.plan(at + timedelta(minutes=5), self.close)

    @property
    def closed(self) -> list[Window]:
        return [window for window in self.windows if window.state == Window.State.CLOSED]

    def outcome(self) -> Outcome:
        """The day in figures."""
        waits = sorted(one.waited for one in self.people.values() if one.waited is not None)
        told = [(one.told, one.waited) for one in self.people.values() if one.told and one.waited is not None]
        hits = sum(1 for words, waited in told if words["low"] <= waited <= words["high"])
        served = Ticket.objects.filter(hall=self.hall, state="finished").count()
        return Outcome(
            visitors=len(self.people), served=served, left=len(self.people) - served,
            mean=_mean(waits), median=_part(waits, 0.5), p90=_part(waits, 0.9),
            over_10=_mean([float(waited > 10) for waited in waits]), hit=round(hits / len(told), 4) if told else 0.0,
            early=_mean([float(waited < words["low"]) for words, waited in told]),
            late=_mean([float(waited > words["high"]) for words, waited in told]),
            told=len(told), unknown=sum(1 for one in self.people.values() if one.told is None),
            range_mean=_mean([float(words["high"] - words["low"]) for words, _ in told]),
            called=sum(self.calls.values()), absences=sum(self.again.values()), doubles=self.doubles(),
        )  # fmt: skip

    def doubles(self) -> int:
        """Numbers given twice, calls beyond the first that nothing explains, tickets that ended twice."""
        numbers = sum(times - 1 for times in self.numbers.values())
        calls = sum(max(0, times - 1 - self.again[ticket]) for ticket, times in self.calls.items())
        return numbers + calls + sum(times - 1 for times in self.ended.values())


def _mean(values: list[float]) -> float:
    return round(sum(values) / len(values), 3) if values else 0.0


def _part(values: list[float], share: float) -> float:
    return round(values[min(len(values) - 1, int(len(values) * share))], 2) if values else 0.0


def build(*, code: str, seed: int, windows: int) -> Day:
    """A hall with six services and so many windows, every fifth of them low, all closed."""
    hall, _ = operations.place_hall(code=code, name="模拟大厅", unit=_unit(), day=None)
    services = {
        letter: operations.place_service(hall, code=letter, name=f"模拟{letter}", typical=minutes * 60, order=place)[0]
        for place, (letter, minutes, _share) in enumerate(SERVICES)
    }
    known = [_known(list(services.values()), number) for number in range(windows)]
    placed = [_window(hall, known[number], number) for number in range(windows)]
    skills = {window.pk: frozenset(one.code for one in known[number]) for number, window in enumerate(placed)}
    return Day(hall, services, placed, skills, Random(seed))


def _known(services: list[Service], number: int) -> list[Service]:
    """Windows know two services, every third all of them."""
    return services if number % 3 == 0 else [services[number % 6], services[(number + 1) % 6]]


def _window(hall: Hall, known: list[Service], number: int) -> Window:
    low = {**LOW, "hearing_aid": number % 10 == 0} if number % 5 == 0 else {}
    return operations.place_window(
        hall, code=str(number + 1), label=f"{number + 1}号", services=known, order=number, **low
    )[0]


def _unit() -> Unit:
    return Unit.objects.get(pk=people.centre().id)


def play(day: Day, *, on: date, visitors: int, at_the_door: int, working: int) -> Outcome:
    """The day from the opening to the last person, ``working`` windows being open; figures of it."""
    opening = datetime.combine(on, OPENS, tzinfo=ZoneInfo(settings.TIME_ZONE)).astimezone(ZoneInfo("UTC"))
    for window in day.windows[:working]:
        operations.open_window(window, by=SYSTEM, at=opening)
        day.idle[window.pk] = window
    for _ in range(min(at_the_door, visitors)):
        day.plan(opening + timedelta(seconds=day.rng.uniform(0, 120)), day.arrive)
    for half in day.rng.choices(range(len(SHAPE)), SHAPE, k=max(0, visitors - at_the_door)):
        day.plan(opening + timedelta(minutes=30 * (half + day.rng.random())), day.arrive)
    day.plan(opening + timedelta(hours=LAST, minutes=1), day.close)
    day.run()
    return day.outcome()
