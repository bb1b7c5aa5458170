"""Applications through the rules alone: what counts, what rests, who is called, what a changed form keeps."""

from __future__ import annotations

import json
import random
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from qingyu.rules import applications, clocks, ledger, lifecycle
from qingyu.rules.applications import Procedure, agreed, carried, check_proxy, silence_on, silent_at
from qingyu.rules.clocks import Clock, ClockKind, from_facts, promise
from qingyu.rules.forms import Field
from qingyu.rules.forms import Kind as Answer
from qingyu.rules.hours import Calendar, Limit
from qingyu.rules.lifecycle import STAGES, CaseState, Kind, Stage
from qingyu.rules.refusals import NotAllowed, NotValid
from tests.rules.stories import CENTRE, CHINA, CITY, GENERAL, UNIT, Terms, instant, reads

OWN = GENERAL | {
    "accept": "5 working_day", "correct": "15 working_day", "prolong": "10 working_day", "issue": "10 working_day",
}  # fmt: skip
FACTS: dict[Kind, dict[str, Any]] = {
    Kind.OPENED: {"owner": CENTRE, "type": "other", "channel": "web", "item": "card"},
    Kind.SUBMITTED: {"unit": UNIT},
    Kind.ADMITTED: {"promised": "10 working_day", "legal": "20 working_day"},
    Kind.AUTO_ADMITTED: {"promised": "10 working_day", "legal": "20 working_day"},
    Kind.SPECIAL_BEGUN: {"procedure": "expert_review", "expected": "20 working_day"},
    Kind.DECIDED: {"granted": True},
    Kind.EXTENSION_DECIDED: {"approved": True},
    Kind.WINDOW_TAKEN: {"unit": 9},
}


class Life:
    """One application and its clocks."""

    def __init__(self) -> None:
        self.case, self.clocks, self.log = CaseState(), dict[clocks.Key, Clock](), list[tuple[datetime, Kind, str]]()

    def happen(self, kind: Kind, at: datetime, **facts: Any) -> Life:
        given = FACTS.get(kind, {}) | facts
        lifecycle.require(self.case, kind)
        changes = clocks.decide(kind, at=at, facts=given, case=self.case, clocks=self.clocks, terms=Terms(OWN))
        self.clocks = clocks.fold(self.clocks, changes, at)
        self.case = lifecycle.fold(self.case, kind, at, given)
        self.log.append((at, kind, ledger.canonical({**given, "clocks": changes})))
        return self

    def tell(self, lines: str) -> Life:
        for line in lines.splitlines():
            day, time, kind = line.split()
            self.happen(Kind(kind), instant(f"{day} {time}"))
        return self

    def says(self, kind: str) -> str:
        clock = self.clocks[kind, UNIT, 1]
        return f"{reads(clock.due_at)}{' rests' if clock.paused_at else ''}{' ' + clock.stop if clock.stop else ''}"


SENT = "06-01 09:00 opened\n06-01 09:00 submitted\n"
TOLD = SENT + "06-03 10:00 correction_asked\n"
TAKEN = SENT + "06-02 10:00 admitted\n"
BEFORE_NATIONAL_DAY = "09-28 09:00 opened\n09-28 09:00 submitted\n"

TABLE = [
    ("taken up or not within five working days", SENT, {"accept": "06-08"}),
    ("over the long holiday", BEFORE_NATIONAL_DAY, {"accept": "10-10"}),
    ("the person has fifteen", TOLD, {"accept": "06-08 rests", "correct": "06-25"}),
    ("what rested is given back", TOLD + "06-10 10:00 corrected\n", {"accept": "06-15", "correct": "06-25 done"}),
    ("corrected the same day", TOLD + "06-03 16:00 corrected\n", {"accept": "06-08"}),
    ("the promise and the law run side by side", TAKEN, {"accept": "06-08 done", "handle": "06-16", "legal": "07-01"}),
    ("silence counts from the first day", SENT + "06-09 00:00 auto_admitted\n", {"handle": "06-15", "legal": "06-30"}),
    ("silence after a correction counts from the correction",
     TOLD + "06-10 10:00 corrected\n06-16 00:00 auto_admitted\n", {"handle": "06-25", "legal": "07-09"}),
    ("experts stop both", TAKEN + "06-08 10:00 special_begun\n",
     {"handle": "06-16 rests", "legal": "07-01 rests", "special": "07-07"}),
    ("and both go on", TAKEN + "06-08 10:00 special_begun\n06-15 10:00 special_ended\n",
     {"handle": "06-24", "legal": "07-08", "special": "07-07 done"}),
    ("ten days more, of both", TAKEN + "06-05 10:00 extension_asked\n06-08 10:00 extension_decided\n",
     {"handle": "07-01", "legal": "07-15"}),
    ("decided: ten days for the result", TAKEN + "06-05 10:00 decided\n", {"handle": "06-16 done", "issue": "06-22"}),
    ("a window is the person's turn", SENT + "06-02 10:00 window_chosen\n", {"accept": "06-08 rests",
     "correct": "06-24"}),
    ("what lapsed counts for nobody", TOLD + "06-26 00:00 lapsed\n", {"accept": "06-08 void", "correct": "06-25 done"}),
]  # fmt: skip


@pytest.mark.parametrize(("why", "lines", "says"), TABLE)
def test_what_is_due_when(why: str, lines: str, says: dict[str, str]) -> None:
    life = Life().tell(lines)
    assert {kind: life.says(kind) for kind in says} == says


REFUSED = [
    ("told on the sixth day", SENT + "06-09 10:00 correction_asked", "correction_too_late"),
    ("silence on the fifth day", SENT + "06-08 23:00 auto_admitted", "too_early"),
    ("silence while the person corrects", TOLD + "06-20 10:00 auto_admitted", "not_in_this_state"),
    ("lapsed on the last day", TOLD + "06-25 23:00 lapsed", "too_early"),
    ("a second notice", TOLD + "06-10 10:00 corrected\n06-11 10:00 correction_asked", "correction_asked_already"),
    ("extended too late", TAKEN + "06-17 10:00 extension_asked", "extension_too_late"),
    ("extended while experts look", TAKEN + "06-08 10:00 special_begun\n06-09 10:00 extension_asked",
     "not_at_this_stage"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "lines", "code"), REFUSED)
def test_what_the_clocks_forbid(why: str, lines: str, code: str) -> None:
    *before, last = lines.splitlines()
    life = Life().tell("\n".join(before))
    with pytest.raises(NotAllowed) as refusal:
        life.tell(last)
    assert refusal.value.code == code


def test_the_date_a_person_is_told_goes_from_stage_to_stage() -> None:
    life = Life().tell(SENT)
    told = [reads(promise(life.case, life.clocks).due_at)]  # type: ignore[union-attr]
    for line in ("06-02 10:00 admitted", "06-05 10:00 decided"):
        life.tell(line)
        told.append(reads(promise(life.case, life.clocks).due_at))  # type: ignore[union-attr]
    assert told == ["06-08", "06-16", "06-22"]


GAPS = [timedelta(minutes=number) for number in (1, 60, 400, 1500, 4500, 11000)]


def lived(seed: int) -> Life:
    """A lawful life of an application, in any order the rules allow."""
    chance, at = random.Random(seed), instant(random.Random(seed).choice(["06-01 09:00", "09-28 16:00", "02-12 11:00"]))
    life = Life().happen(Kind.OPENED, at).happen(Kind.SUBMITTED, at)
    mine = [*sorted(STAGES), Kind.EXTENSION_ASKED, Kind.EXTENSION_DECIDED, Kind.WITHDRAWN]
    for _ in range(chance.randrange(2, 14)):
        at += chance.choice(GAPS)
        kinds = [kind for kind in mine if kind in lifecycle.allowed(life.case) and kind is not Kind.WITHDRAWN]
        kinds += [Kind.WITHDRAWN] if chance.random() < 0.05 and Kind.WITHDRAWN in lifecycle.allowed(life.case) else []
        if not kinds:
            break
        try:
            life.happen(chance.choice(kinds), at)
        except NotAllowed:
            continue
    return life


often = settings(max_examples=80, deadline=None, database=None, derandomize=True)


@often
@given(some.integers(0, 10**9))
def test_any_life_is_told_again_by_its_log_alone(seed: int) -> None:
    life = lived(seed)
    case, running = CaseState(), dict[clocks.Key, Clock]()
    for at, kind, stored in life.log:
        facts = json.loads(stored)
        case = lifecycle.fold(case, kind, at, facts)
        running = clocks.fold(running, from_facts(facts["clocks"]), at)
    assert (case, running) == (life.case, life.clocks)


RUNS = {
    "precheck": {"accept"}, "correcting": {"correct"}, "at_window": {"correct"}, "handling": {"handle", "legal"},
    "special": {"special"}, "decided": {"issue"}, "issued": {"followup"},
}  # fmt: skip


@often
@given(some.integers(0, 10**9))
def test_at_each_stage_exactly_its_own_clocks_run(seed: int) -> None:
    life = lived(seed)
    running = {clock.kind for clock in life.clocks.values() if clock.running}
    ended = life.case.state in lifecycle.ENDED and life.case.stage != Stage.ISSUED
    assert running == (set() if ended else RUNS[life.case.stage])


@often
@given(some.integers(0, 10**9))
def test_the_promise_never_ends_after_the_law_and_no_date_moves_back(seed: int) -> None:
    life, due = lived(seed), dict[clocks.Key, datetime]()
    running = dict[clocks.Key, Clock]()
    for at, _kind, stored in life.log:
        changes = from_facts(json.loads(stored)["clocks"])
        running = clocks.fold(running, changes, at)
        begun = {(one["kind"], one["unit"], one["round"]) for one in changes if one["do"] == "start"}
        for key, clock in running.items():
            assert key in begun or clock.due_at >= due.get(key, clock.due_at)
            due[key] = clock.due_at
    handle, legal = (running.get((kind.value, UNIT, 1)) for kind in (ClockKind.HANDLE, ClockKind.LEGAL))
    assert handle is None or legal is None or handle.due_at <= legal.due_at
    assert life.case.corrections <= life.case.permits + 1
    assert life.case.extensions <= 1


# --- limits, silence, forms, proxies

LIMITS = [
    ("a promise below the law", "5 working_day", "20 working_day", False, ("5 working_day", "20 working_day")),
    ("only the law", "", "30 working_day", False, ("30 working_day", "30 working_day")),
    ("neither", "", "", False, ("20 working_day", "20 working_day")),
    ("while the person waits", "", "20 working_day", True, ("1 working_day", "20 working_day")),
]


@pytest.mark.parametrize(("why", "promised", "legal", "at_once", "then"), LIMITS)
def test_what_an_applicant_is_promised(
    why: str, promised: str, legal: str, at_once: bool, then: tuple[str, str]
) -> None:
    first, outer = (Limit.parse(text) if text else None for text in (promised, legal))
    found = agreed(promised=first, legal=outer, at_once=at_once)
    assert (str(found.promised), str(found.legal)) == then


OFFICE_HOURS = Calendar("hall", CITY, CHINA.days, CHINA.published, opening=tuple(
    ((datetime(2026, 1, 1, 9).time(), datetime(2026, 1, 1, 12).time()),
     (datetime(2026, 1, 1, 13).time(), datetime(2026, 1, 1, 18).time())) if day < 5 else () for day in range(7)
))  # fmt: skip
SILENT = [
    ("a whole office day", OFFICE_HOURS, "06-01 09:00", "06-01 18:00"),
    ("from the middle of one to the middle of the next", OFFICE_HOURS, "06-01 15:00", "06-02 15:00"),
    ("over the weekend", OFFICE_HOURS, "06-05 15:00", "06-08 15:00"),
    ("sent on a Sunday", OFFICE_HOURS, "06-07 20:00", "06-08 18:00"),
    ("without hours: one working day", CHINA, "06-01 10:00", "06-02 10:00"),
    ("without hours, over the weekend", CHINA, "06-05 10:00", "06-08 10:00"),
]


@pytest.mark.parametrize(("why", "calendar", "since", "then"), SILENT)
def test_when_the_deputy_is_called(why: str, calendar: Calendar, since: str, then: str) -> None:
    assert reads(silent_at(instant(since), timedelta(hours=8), calendar)) == then


def test_silence_is_policy_with_days() -> None:
    later = applications.Silence("later", timedelta(hours=4), timedelta(hours=4), date(2027, 1, 1))
    rows = (*applications.SILENCES, later)
    assert silence_on(date(2026, 6, 1), rows=rows).deputy == timedelta(hours=8)
    assert silence_on(date(2027, 6, 1), rows=rows) is later


def text(name: str, **more: Any) -> Field:
    return Field(name, name, Answer.TEXT, **more)


CARRIES = [
    ("nothing changed", [text("a")], [text("a")], {"a": "1"}, {"a": "1"}, ()),
    ("a new field", [text("a")], [text("a"), text("b")], {"a": "1"}, {"a": "1"}, ("b",)),
    ("a field is gone", [text("a"), text("b")], [text("a")], {"a": "1", "b": "2"}, {"a": "1"}, ()),
    ("another kind", [text("a")], [Field("a", "a", Answer.DATE)], {"a": "1"}, {}, ("a",)),
    ("other words", [text("a")], [Field("a", "说明", Answer.TEXT)], {"a": "1"}, {"a": "1"}, ("a",)),
    ("needed now", [text("a")], [text("a", required=True)], {}, {}, ("a",)),
]


@pytest.mark.parametrize(("why", "before", "after", "said", "kept", "asked"), CARRIES)
def test_what_a_changed_form_keeps_and_asks(
    why: str, before: list[Field], after: list[Field], said: dict[str, object], kept: dict[str, object],
    asked: tuple[str, ...],
) -> None:  # fmt: skip
    found = carried(before, after, said)
    assert (found.answers, found.asked) == (kept, asked)


PROXIES = [
    ("family", "李麦", "138", 1, None), ("family", "李麦", "138", 0, "authority_missing"),
    ("guardian", "李麦", "138", 0, None), ("family", " ", "138", 1, "proxy_name_missing"),
    ("family", "李麦", "", 1, "proxy_phone_missing"), ("cousin", "李麦", "138", 1, "proxy_unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "name", "phone", "papers", "code"), PROXIES)
def test_who_may_act_for_somebody(kind: str, name: str, phone: str, papers: int, code: str | None) -> None:
    if code is None:
        check_proxy(kind, name=name, phone=phone, papers=papers)
        return
    with pytest.raises(NotValid) as refusal:
        check_proxy(kind, name=name, phone=phone, papers=papers)
    assert refusal.value.code == code


def test_special_procedures_are_those_of_the_law() -> None:
    assert len(Procedure) == 8
