"""Rounds and opening hours: due by the hall's own hours, late ones told once, loaded from a file."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from qingyu.hall.facilities import queries
from qingyu.hall.facilities.tasks import tell_late_rounds
from qingyu.hall.models import Facility, OpeningHours, Round, RoundPlan
from qingyu.hall.operations import rounds
from qingyu.hall.operations.facilities import Seen
from qingyu.notify.models import Delivery
from qingyu.people import queries as remembered
from qingyu.rules.facilities import FacilityKind, FacilityState, Standard, Trouble, standard_on, state_after
from qingyu.rules.refusals import NotValid
from tests.hall.places import SINCE, Place, build_place
from tests.people import City

MINUTE = timedelta(minutes=1)
DUE = datetime(2026, 6, 1, 0, 50, tzinfo=UTC)  # Monday, ten minutes before nine in the city


@pytest.fixture
def place(city: City) -> Place:
    return build_place(city)


def test_a_round_is_due_before_the_doors_open(place: Place) -> None:
    due = queries.rounds_on(place.hall, date(2026, 6, 1))
    assert [(one.time, one.due_at) for one in due] == [("opening", DUE), ("closing", DUE.replace(hour=9, minute=30))]


def test_no_round_on_a_day_off(place: Place) -> None:
    days = {"a Saturday": date(2026, 6, 6), "a holiday": date(2026, 6, 19), "a worked Saturday": date(2026, 5, 9)}
    assert [len(queries.rounds_on(place.hall, day)) for day in days.values()] == [0, 0, 2]


def test_a_hall_open_on_saturdays_is_closed_on_the_saturday_of_a_holiday(place: Place) -> None:
    hours = {"opens": time(9), "closes": time(12), "valid_from": date(2020, 1, 1)}
    rounds.place_hours(place.hall, weekday=5, **hours)
    usual, dragon_boat = date(2026, 6, 6), date(2026, 6, 20)
    assert [len(queries.rounds_on(place.hall, day)) for day in (usual, dragon_boat)] == [2, 0]


def test_a_late_round_is_told_to_the_manager_once(place: Place, city: City) -> None:
    place.hall.unit = city.units["east"]
    place.hall.save()
    remembered.forget()
    assert tell_late_rounds(at=DUE - MINUTE) == 0
    assert tell_late_rounds(at=DUE + MINUTE) == 1
    assert tell_late_rounds(at=DUE + 2 * MINUTE) == 0
    told = Delivery.objects.get(event_code="round_late")
    assert told.audience == "staff:hall_manager"
    assert Round.objects.get().late_at == DUE + MINUTE


def test_a_round_that_was_done_in_time_is_no_alarm(place: Place, city: City) -> None:
    for one in queries.facilities_of(place.hall):
        rounds.tick(place.hall, one, time="opening", said="in_order", by=city.actor("clerk"), at=DUE - MINUTE)
    assert Round.objects.get().done_at == DUE - MINUTE
    assert tell_late_rounds(at=DUE + MINUTE) == 0


def test_a_plan_from_a_later_day_leaves_the_days_before_as_they_were(place: Place) -> None:
    rounds.place_plan(place.hall, time="opening", minutes=-30, valid_from=date(2026, 7, 1))
    before, after = (queries.rounds_on(place.hall, day)[0].due_at for day in (date(2026, 6, 30), date(2026, 7, 1)))
    assert (before, after) == (DUE.replace(day=30), datetime(2026, 7, 1, 0, 30, tzinfo=UTC))


def test_a_count_that_is_none_is_refused(place: Place, city: City) -> None:
    for count in (-1, 10_000):
        with pytest.raises(NotValid, match="count_not_valid"):
            rounds.tick(
                place.hall, place.fresh("seats"), time="opening", said="in_order", by=city.actor("clerk"), at=DUE,
                seen=Seen(count=count),
            )  # fmt: skip


@pytest.mark.parametrize("before", list(FacilityState))
@pytest.mark.parametrize("trouble", list(Trouble))
def test_a_trouble_never_makes_a_thing_better(before: FacilityState, trouble: Trouble) -> None:
    after = state_after(trouble, before)
    assert after is not FacilityState.IN_ORDER
    if trouble in (Trouble.DIRTY, Trouble.OTHER) and before is not FacilityState.IN_ORDER:
        assert after is before


def test_of_two_standards_the_one_that_began_last_holds() -> None:
    old = Standard(FacilityKind.AED, 1, "old", valid_from=date(2020, 1, 1))
    new = Standard(FacilityKind.AED, 2, "new", valid_from=date(2026, 1, 1))
    assert standard_on(FacilityKind.AED, date(2025, 12, 31), rows=(old, new)) == old
    assert standard_on(FacilityKind.AED, date(2026, 1, 1), rows=(old, new)) == new
    assert standard_on(FacilityKind.RAMP, date(2026, 1, 1), rows=(old, new)) is None


# Loading ---------------------------------------------------------------------------------------------------------

HEAD = (
    "code", "kind", "name", "place", "window", "wanted", "person", "deputy", "weekdays", "opens", "closes", "time",
    "minutes", "valid_from",
)  # fmt: skip


def written(folder: Path, *rows: dict[str, str]) -> Path:
    path = folder / "facilities.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEAD, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


GOOD = [
    {"code": "new-glasses", "kind": "glasses", "place": "服务台", "wanted": "6", "person": "clerk"},
    {"code": "new-stool", "kind": "stool", "window": "2", "person": "clerk", "deputy": "second_handler"},
    {"kind": "hours", "weekdays": "6", "opens": "9:00", "closes": "13:00", "valid_from": str(SINCE)},
    {"kind": "round", "time": "midday", "minutes": "60", "valid_from": str(SINCE)},
]


def test_a_file_is_loaded_once(place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, *GOOD)
    for told in ("4 new", "0 new, 0 changed, 4 as they were"):
        call_command("load", "facilities", str(path), hall="demo")
        assert told in capsys.readouterr().out
    assert Facility.objects.filter(code__startswith="new-").count() == 2
    assert (OpeningHours.objects.count(), RoundPlan.objects.count()) == (6, 3)


PERSON, SINCE_2026 = {"code": "x", "kind": "stool", "person": "clerk"}, {"valid_from": "2026-01-01"}
HOURS = {"kind": "hours", "weekdays": "1", "opens": "9:00", "closes": "17:00"} | SINCE_2026
BAD = [
    (PERSON | {"kind": "throne"}, "kind_of_facility_unknown"), (PERSON | {"person": "nobody"}, "handler_unknown"),
    ({"code": "x", "kind": "stool"}, "field_missing"), (PERSON | {"person": "caller"}, "person_of_centre"),
    (PERSON | {"window": "99"}, "window_unknown"), (PERSON | {"wanted": "some"}, "not_a_whole_number"),
    (PERSON | {"code": "凳子 一"}, "field_not_valid"), (HOURS | {"weekdays": "8"}, "field_not_valid"),
    (HOURS | {"opens": "late"}, "time_not_readable"), (HOURS | {"opens": "18:00"}, "opening_not_valid"),
    ({"kind": "round", "time": "teatime", "minutes": "1"} | SINCE_2026, "round_unknown"),
    ({"kind": "round", "time": "opening", "minutes": "soon"} | SINCE_2026, "not_a_whole_number"),
]  # fmt: skip


def test_what_is_wrong_in_a_line_is_told_and_the_rest_is_loaded(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("load", "facilities", str(written(tmp_path, *[row for row, _reason in BAD], *GOOD)), hall="demo")
    assert ended.value.code == 3
    told = capsys.readouterr().err.splitlines()
    assert len(told) == len(BAD)
    for line, (_row, reason) in zip(told, BAD, strict=True):
        assert reason in line
    assert Facility.objects.filter(code="new-stool").exists()


def test_a_hall_that_is_none_is_a_wrong_use(place: Place, tmp_path: Path) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("load", "facilities", str(written(tmp_path, *GOOD)), hall="nowhere")
    assert refused.value.returncode == 2
