"""A case told in lines ("06-01 10:00 routed"), through the rules alone: what its clocks then say."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from qingyu.rules import clocks, ledger, lifecycle
from qingyu.rules.clocks import Clock, ClockKind, Key
from qingyu.rules.hours import Calendar, Limit
from qingyu.rules.lifecycle import CaseState, Kind

CITY = ZoneInfo("Asia/Shanghai")
OFF = [("01-01", 3), ("02-15", 9), ("04-04", 3), ("05-01", 5), ("06-19", 3), ("09-25", 3), ("10-01", 7)]
MADE_UP = ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]
DAYS = {date.fromisoformat(f"2026-{day}"): True for day in MADE_UP} | {
    date.fromisoformat(f"2026-{first}") + timedelta(days=number): False
    for first, length in OFF
    for number in range(length)
}
NEW_YEAR_2027 = {date(2027, 1, 1): False, date(2027, 1, 2): False, date(2027, 1, 3): False}
CHINA = Calendar("city", CITY, DAYS, frozenset({2026}))
CHINA_WITH_2027 = Calendar("city", CITY, DAYS | NEW_YEAR_2027, frozenset({2026, 2027}))
OFFICE = Calendar("office", CITY, DAYS, frozenset({2026}), closes_at=time(17, 30))

CENTRE, UNIT, OTHER, OFFICE_UNIT = 1, 7, 8, 9
GENERAL = {
    "dispatch": "4 hour", "sign": "1 working_day", "contact": "1 working_day", "handle": "5 working_day",
    "review": "1 working_day", "followup": "3 working_day", "extend": "5 working_day", "ask_pause": "5 working_day",
}  # fmt: skip
URGENT = GENERAL | {"dispatch": "15 minute", "sign": "15 minute", "contact": "30 minute", "handle": "24 hour"}

# Lives that many stories begin with
OPENED = "06-01 09:00 opened\n"
ROUTED = OPENED + "06-01 10:00 routed\n"
ACCEPTED = ROUTED + "06-01 11:00 accepted\n"
CONTACTED = ACCEPTED + "06-01 12:00 contacted\n"
ANSWERED = CONTACTED + "06-03 10:00 answered\n"
CLOSED = ANSWERED + "06-03 15:00 reviewed passed\n"
CALLED = CLOSED + "06-04 10:00 followed_up completed 1\n"
ASKED = CONTACTED + "06-04 10:00 asked\n"
RETURNED = ROUTED + "06-01 15:00 returned\n"


@dataclass(frozen=True)
class Terms:
    """The policy of one case: limits by name, and two calendars."""

    limits: Mapping[str, str] = field(default_factory=lambda: GENERAL)
    city: Calendar = CHINA

    def limit(self, name: str) -> Limit | None:
        return Limit.parse(self.limits[name]) if name in self.limits else None

    def calendar(self, unit: int) -> Calendar:
        return OFFICE if unit == OFFICE_UNIT else self.city


def instant(text: str) -> datetime:
    """A reading of the city's clock: "02-13 10:00" is of 2026, "2027-01-05 10:00" is not."""
    return datetime.fromisoformat(text if text[4] == "-" else f"2026-{text}").replace(tzinfo=CITY).astimezone(UTC)


def reads(at: datetime) -> str:
    """Month, day and minute; seconds only where a day does not end."""
    local = at.astimezone(CITY)
    if local.time() == time(23, 59, 59):
        return f"{local:%m-%d}"
    return f"{local:%m-%d %H:%M:%S}".removesuffix(":00")


@dataclass
class Story:
    """A case and its clocks after the lines told so far."""

    terms: Terms = field(default_factory=Terms)
    case: CaseState = field(default_factory=CaseState)
    clocks: dict[Key, Clock] = field(default_factory=dict)
    events: list[tuple[Kind, datetime, str]] = field(default_factory=list)

    def tell(self, lines: str) -> Story:
        """Lines apart by ";" or line ends: "06-01 10:00 routed 8", "06-02 09:00 reviewed back"."""
        for line in lines.replace(";", "\n").splitlines():
            words = line.split()
            if words:
                at, kind = instant(f"{words[0]} {words[1]}"), Kind(words[2])
                self.happen(kind, at=at, **facts_of(kind, words[3:], self.case))
        return self

    def happen(self, kind: Kind, *, at: datetime, **facts: Any) -> list[clocks.Change]:
        """One event as the log records it."""
        lifecycle.require(self.case, kind)
        changes = clocks.decide(
            kind, at=at, facts=facts, case=self.case, clocks=self.clocks, terms=self.terms
        )  # fmt: skip
        self.events.append((kind, at, ledger.canonical(facts | {"clocks": changes})))
        self.clocks = clocks.fold(self.clocks, changes, at)
        self.case = lifecycle.fold(self.case, kind, at, facts)
        return changes

    def replayed(self) -> tuple[CaseState, dict[Key, Clock]]:
        """The case made anew from the stored text of its events."""
        case, running = CaseState(), dict[Key, Clock]()
        for kind, at, text in self.events:
            facts = json.loads(text)
            case = lifecycle.fold(case, kind, at, facts)
            running = clocks.fold(running, clocks.from_facts(facts["clocks"]), at)
        return case, running

    def history(self, key: Key) -> list[tuple[datetime, clocks.Change]]:
        """The changes of one clock since it was last started."""
        found: list[tuple[datetime, clocks.Change]] = []
        for _, at, text in self.events:
            for change in clocks.from_facts(json.loads(text)["clocks"]):
                if (change["kind"], change["unit"], change["round"]) == key:
                    found = [] if change["do"] == "start" else found
                    found.append((at, change))
        return found

    def clock(self, kind: str, *, unit: int | None = None, round_: int | None = None) -> Clock:
        """The clock of that kind of the present owner and round, unless told otherwise."""
        return self.clocks[(kind, unit or owner_of(kind, self.case), round_ or self.case.round)]

    def says(self, kind: str, *, unit: int | None = None, round_: int | None = None) -> str:
        """How that clock stands: "runs, due 06-08", "held in time, due 06-08", "void"."""
        return standing(self.clock(kind, unit=unit, round_=round_))


def standing(clock: Clock) -> str:
    if clock.stop == "void":
        return "void"
    due = f"due {reads(clock.due_at)}" + ("?" if clock.provisional else "")
    if clock.paused_at:
        return f"rests, {due}"
    if clock.in_time is None:
        return f"runs, {due}"
    return f"{clock.stop} {'in time' if clock.in_time else 'late'}, {due}"


def owner_of(kind: str, case: CaseState) -> int:
    of_the_lead = kind in (ClockKind.SIGN, ClockKind.CONTACT, ClockKind.HANDLE)
    return case.lead or UNIT if of_the_lead else CENTRE


ALWAYS = {Kind.ASKED: {"reason": "details_needed"}}
"""Facts that are the same whatever the words."""


def facts_of(kind: Kind, words: list[str], case: CaseState) -> dict[str, Any]:
    """The facts that the words after a kind stand for."""
    match kind:
        case Kind.OPENED:
            return {"owner": CENTRE, "type": "help", "channel": "web", "anonymous": "anonymous" in words}
        case Kind.ROUTED:
            return {"unit": int(words[0]) if words else UNIT}
        case Kind.ARBITRATED:
            return {"upheld": words[0] == "upheld"} | ({"unit": int(words[1])} if words[1:] else {})
        case Kind.EXTENSION_DECIDED:
            return {"approved": words[0] == "approved"}
        case Kind.FOLLOWED_UP:
            return {"outcome": words[0], "attempt": int(words[1])} if words else {"outcome": "completed", "attempt": 1}
        case Kind.REVIEWED:
            return {"passed": words[0] == "passed"}
        case Kind.WARNED | Kind.OVERDUE | Kind.RESCHEDULED:
            named = {"clock": words[0], "unit": owner_of(words[0], case), "round": case.round}
            return named | ({"due": instant(words[1] + " 23:59:59"), "provisional": False} if words[1:] else {})
    return ALWAYS.get(kind, {})
