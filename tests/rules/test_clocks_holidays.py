"""Clocks through the holidays of 2026, day by day, and through a year whose list is not published yet."""

from __future__ import annotations

import pytest

from qingyu.rules import clocks
from qingyu.rules.clocks import granted, recompute, rested
from qingyu.rules.hours import Deadline, Limit, Unit
from qingyu.rules.lifecycle import Kind
from tests.rules.stories import (
    CENTRE,
    CHINA,
    CHINA_WITH_2027,
    GENERAL,
    OFFICE,
    UNIT,
    URGENT,
    Story,
    Terms,
    instant,
    reads,
    standing,
)

BEFORE_SPRING = "02-13 09:00 opened; 02-13 10:00 routed; 02-13 11:00 accepted; "
BEFORE_FEAST = "09-28 09:00 opened; 09-28 10:00 routed; 09-28 11:00 accepted; "
BEFORE_AUTUMN = "09-30 09:00 opened; 09-30 10:00 routed; 09-30 11:00 accepted; "

GOLDEN = [
    # 春节: off from 02-15 to 02-23, worked on Saturday 02-14 and Saturday 02-28
    ("the make-up Saturday is a day to sign on", "02-13 09:00 opened; 02-13 10:00 routed", "sign", "runs, due 02-14"),
    ("five working days: 14, 24, 25, 26, 27", BEFORE_SPRING, "handle", "runs, due 02-27"),
    ("a question before the feast and a reply after it costs the 14th and the 24th",
     BEFORE_SPRING + "02-13 16:00 asked; 02-24 10:00 replied", "handle", "runs, due 03-02"),
    ("a reply in the feast costs the 14th alone", BEFORE_SPRING + "02-13 16:00 asked; 02-18 10:00 replied", "handle",
     "runs, due 02-28"),
    ("asked on the first day off, replied on the last: no working day has passed",
     BEFORE_SPRING + "02-15 10:00 asked; 02-23 10:00 replied", "handle", "runs, due 02-27"),
    ("a rest of five working days ends with 02-27", BEFORE_SPRING + "02-13 16:00 asked; 02-28 00:00:00 resumed",
     "handle", "runs, due 03-05"),
    ("an extension counts the make-up Saturday: 28, 2, 3, 4, 5",
     BEFORE_SPRING + "02-26 10:00 extension_asked; 02-26 11:00 extension_decided approved", "handle",
     "runs, due 03-05"),
    ("answered on the eve, reviewed after the feast", BEFORE_SPRING + "02-14 23:00 answered", "review",
     "runs, due 02-24"),
    ("and followed up by the 26th", BEFORE_SPRING + "02-14 10:00 answered; 02-14 11:00 reviewed passed", "followup",
     "runs, due 02-26"),
    ("routed in the feast: day 0 is a holiday", "02-18 09:00 opened; 02-18 10:00 routed", "handle", "runs, due 02-28"),
    # 清明, 劳动节, 端午
    ("routed on Friday before 清明", "04-03 09:00 opened; 04-03 10:00 routed", "sign", "runs, due 04-07"),
    ("routed before the first of May; 05-09 is worked", "04-30 09:00 opened; 04-30 10:00 routed", "handle",
     "runs, due 05-11"),
    ("routed before 端午", "06-18 09:00 opened; 06-18 10:00 routed", "handle", "runs, due 06-26"),
    # 中秋 09-25 to 09-27, 国庆 10-01 to 10-07, worked on Sunday 09-20 and Saturday 10-10
    ("between the feasts: 28, 29, 30, 8, 9", "09-24 09:00 opened; 09-24 10:00 routed", "handle", "runs, due 10-09"),
    ("the worked Sunday", "09-18 09:00 opened; 09-18 10:00 routed", "sign", "runs, due 09-20"),
    ("routed on the eve of 国庆: 8, 9, 10, 12, 13", BEFORE_AUTUMN, "handle", "runs, due 10-13"),
    ("a rest over all of 国庆 costs one day, the 8th", BEFORE_AUTUMN + "09-30 17:00 asked; 10-08 09:00 replied",
     "handle", "runs, due 10-14"),
    ("a rest that ends in 国庆 costs none", BEFORE_AUTUMN + "09-30 17:00 asked; 10-05 09:00 replied", "handle",
     "runs, due 10-13"),
    ("two rests around the worked Saturday",
     BEFORE_AUTUMN + "10-08 09:00 asked; 10-09 09:00 replied; 10-09 17:00 asked; 10-10 09:00 replied", "handle",
     "runs, due 10-15"),
    ("an extension of five: 14, 15, 16, 19, 20",
     BEFORE_AUTUMN + "10-13 23:00 extension_asked; 10-14 10:00 extension_decided approved", "handle",
     "runs, due 10-20"),
    ("taken up again on the first day of 国庆",
     BEFORE_FEAST + "09-29 10:00 answered; 09-29 11:00 reviewed passed; 10-01 10:00 redone", "handle",
     "runs, due 10-13"),
]  # fmt: skip


@pytest.mark.parametrize(("why", "life", "kind", "then"), GOLDEN)
def test_clocks_through_the_holidays_of_2026(why: str, life: str, kind: str, then: str) -> None:
    assert Story().tell(life).says(kind) == then


def test_urgent_clocks_do_not_know_a_feast() -> None:
    story = Story(Terms(URGENT)).tell("02-17 00:05 opened; 02-17 00:10 routed; 02-17 00:20 accepted")
    assert story.says("handle") == "runs, due 02-18 00:10"
    story.tell("02-17 01:00 asked; 02-17 09:30 replied")
    assert story.says("handle") == "runs, due 02-18 08:40"


# --- a year that is not published yet

GRANTED = "12-31 10:00 extension_asked; 12-31 11:00 extension_decided approved"
LATE_DECEMBER = "12-30 09:00 opened; 12-30 10:00 routed; 12-30 11:00 accepted; "


def test_a_date_in_a_year_without_a_list_is_provisional() -> None:
    story = Story().tell(LATE_DECEMBER)
    assert story.says("handle") == "runs, due 01-06?"
    assert story.says("sign") == "done in time, due 12-31"


ANEW = [
    ("", "01-06?", "01-07"),
    ("12-31 10:00 asked; 2027-01-04 10:00 replied", "01-08?", "01-08"),
    ("12-31 10:00 asked", "01-06?", "01-07"),
    (GRANTED, "01-13?", "01-14"),
    (GRANTED + "; 12-31 12:00 asked; 2027-01-04 10:00 replied", "01-15?", "01-15"),
    ("12-31 10:00 asked; 2027-01-09 10:00 resumed", "01-13?", "01-13"),
    ("12-31 10:00 answered; 12-31 11:00 reviewed back", "01-06?", "01-07"),
    ("12-29 23:00 asked; 12-31 10:00 replied", "01-07?", "01-08"),
]  # fmt: skip


@pytest.mark.parametrize(("then", "before", "after"), ANEW)
def test_once_the_list_is_known_the_date_is_counted_anew_from_all_that_happened(
    then: str, before: str, after: str
) -> None:
    """Known now: 1 to 3 January 2027 are holidays. What a rest costs is counted anew too."""
    story = Story().tell(LATE_DECEMBER + then)
    clock = story.clock("handle")
    due = recompute(story.history(clock.key), CHINA_WITH_2027)
    assert [reads(clock.due_at) + "?", reads(due.at)] == [before, after]
    assert not due.provisional
    assert recompute(story.history(clock.key), CHINA) == clock.due


def test_the_new_date_becomes_an_event_and_the_rest_goes_on() -> None:
    story = Story().tell(LATE_DECEMBER + "12-31 10:00 asked")
    clock = story.clock("handle")
    due = recompute(story.history(clock.key), CHINA_WITH_2027)
    story.terms = Terms(city=CHINA_WITH_2027)
    [change] = story.happen(
        Kind.RESCHEDULED, at=instant("12-31 12:00"), clock="handle", unit=UNIT, round=1, due=due.at, provisional=False
    )  # fmt: skip
    assert change == {
        "do": "move", "kind": "handle", "unit": UNIT, "round": 1, "due": instant("2027-01-07 23:59:59"),
        "warn": instant("2027-01-07 00:00"), "provisional": False,
    }  # fmt: skip
    assert story.says("handle") == "rests, due 01-07"


def test_a_list_may_also_bring_a_date_forward() -> None:
    """The only way in which a due date moves earlier: it had been said to be provisional."""
    story = Story().tell(LATE_DECEMBER + "12-31 10:00 rescheduled handle 12-31")
    assert story.says("handle") == "runs, due 12-31"


def test_a_clock_of_an_earlier_run_is_counted_by_its_own_changes() -> None:
    story = Story().tell(
        LATE_DECEMBER.replace("12-30 11:00 accepted; ", "12-30 12:00 returned; 12-30 13:00 arbitrated upheld; ")
        + "12-31 09:00 routed"
    )
    clock = story.clock("handle")
    assert standing(clock) == "runs, due 01-07?"
    assert reads(recompute(story.history(clock.key), CHINA_WITH_2027).at) == "01-08"


# --- the arithmetic itself

RESTED = [
    ("working days", "06-08", "06-04 10:00", "06-08 10:00", "5 working_day", "06-10"),
    ("calendar days roll over the weekend", "06-12", "06-11 10:00", "06-12 10:00", "7 calendar_day", "06-15"),
    ("hours to the second", "06-08", "06-04 10:00", "06-04 10:00:07", "24 hour", "06-09 00:00:06"),
    ("on the last second", "06-08", "06-08 23:59:59", "06-09 10:00", "5 working_day", "06-09"),
    ("a second later nothing moves", "06-08", "06-09 00:00:00", "06-11 10:00", "5 working_day", "06-08"),
    ("over before it began", "06-08", "06-04 10:00", "06-02 10:00", "5 working_day", "06-08"),
    ("Friday to Saturday leaves Monday", "06-12", "06-12 10:00", "06-13 10:00", "5 working_day", "06-15"),
    ("Friday to Sunday before a holiday", "06-18", "06-18 10:00", "06-21 10:00", "5 working_day", "06-22"),
]


@pytest.mark.parametrize(("why", "due", "began", "ended", "limit", "then"), RESTED)
def test_what_a_rest_adds(why: str, due: str, began: str, ended: str, limit: str, then: str) -> None:
    found = rested(
        Deadline(instant(f"{due} 23:59:59"), False),
        began=instant(began), ended=instant(ended), unit=Limit.parse(limit).unit, calendar=CHINA,
    )  # fmt: skip
    assert (reads(found.at), found.provisional) == (then, False)


@pytest.mark.parametrize(
    ("due", "began", "ended", "was", "then", "provisional"),
    [
        ("12-31", "12-31 10:00", "12-31 20:00", False, "12-31", False),
        ("12-31", "12-31 10:00", "2027-01-01 10:00", False, "01-01", True),
        ("12-31", "12-31 10:00", "2027-01-03 10:00", False, "01-04", True),
        ("06-12", "06-12 10:00", "06-13 10:00", True, "06-15", True),
    ],
)
def test_a_rest_into_a_year_without_a_list_is_provisional(
    due: str, began: str, ended: str, was: bool, then: str, provisional: bool
) -> None:
    found = rested(
        Deadline(instant(f"{due} 23:59:59"), was),
        began=instant(began), ended=instant(ended), unit=Unit.WORKING_DAY, calendar=CHINA,
    )  # fmt: skip
    assert (reads(found.at), found.provisional) == (then, provisional)


def test_after_close_of_business_one_day_is_left() -> None:
    found = rested(
        Deadline(instant("06-08 17:30"), False),
        began=instant("06-08 16:00"), ended=instant("06-08 20:00"), unit=Unit.WORKING_DAY, calendar=OFFICE,
    )  # fmt: skip
    assert reads(found.at) == "06-09 17:30"


@pytest.mark.parametrize(
    ("limit", "by", "total"),
    [
        ("5 working_day", "5 working_day", "10 working_day"),
        ("24 hour", "12 hour", "36 hour"),
        ("24 hour", "5 working_day", "5 working_day"),
        ("5 working_day", "24 hour", "24 hour"),
    ],
)
def test_what_is_granted_in_all(limit: str, by: str, total: str) -> None:
    assert str(granted(Limit.parse(limit), Limit.parse(by))) == total


def test_the_centre_has_its_own_calendar() -> None:
    assert Story(Terms(GENERAL)).tell("06-01 09:00 opened").clocks["dispatch", CENTRE, 1].calendar == "city"
    story = Story().tell("06-01 09:00 opened; 06-01 10:00 routed 9")
    assert story.clocks["handle", 9, 1].calendar == "office"
    assert clocks.ClockKind.HANDLE == "handle"
