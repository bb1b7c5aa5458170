"""Calls that are played: a street of callers by the simulator, and the calls of a real centre replayed."""

from __future__ import annotations

import gzip
import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from qingyu.hotline import queries
from qingyu.hotline.adapters import simulator
from qingyu.hotline.models import Call, CallBack, CallEvent
from qingyu.rules import telephone
from tests.hotline import scenes
from tests.people import MONDAY, City

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MIDNIGHT = MONDAY - timedelta(hours=9)
HEAD = (
    "vru+line,call_id,priority,type,date,vru_entry,vru_exit,vru_time,q_start,q_exit,q_time,outcome,"
    "ser_start,ser_exit,ser_time,server"
)
NONE = "0:00:00,0:00:00,0"
# Of our own making, in the shape of the published file: one of each kind, and one of another day.
LINES = [
    f"AA1,1,0,PS,08-01,9:00:00,9:00:10,10,{NONE},AGENT,9:00:10,9:02:10,120,ANA",
    "AA1,2,0,PS,08-01,9:01:00,9:01:10,10,9:01:10,9:01:40,30,AGENT,9:01:40,9:03:40,120,BEN",
    f"AA1,3,0,PS,08-01,9:02:00,9:02:10,10,9:02:10,9:02:40,30,HANG,{NONE},NO_SERVER",
    f"AA1,4,0,PS,08-01,9:03:00,9:03:10,10,9:03:10,9:03:15,5,HANG,{NONE},NO_SERVER",
    f"AA1,5,0,PS,08-01,9:04:00,9:04:10,10,{NONE},HANG,{NONE},NO_SERVER",
    f"AA1,6,0,PS,08-01,9:05:00,9:05:01,1,{NONE},PHANTOM,{NONE},NO_SERVER",
    "AA1,8,0,PS,08-01,23:58:00,23:58:10,10,23:58:10,23:59:10,60,AGENT,23:59:10,0:04:10,300,ANA",
    "AA1,9,0,PS,08-01,23:59:50,23:59:50,0,23:59:50,0:01:50,120,AGENT,0:01:49,0:01:52,3,BEN",
    f"AA1,10,0,PS,08-01,23:59:51,23:59:55,4,23:59:55,0:00:25,30,HANG,{NONE},NO_SERVER",
    f"AA1,11,0,PS,08-01,8:48:53,8:49:02,9,8:49:02,8:53:47,285,AGENT,{NONE},ANA",
    f"AA1,7,0,PS,08-02,9:00:00,9:00:10,10,{NONE},AGENT,9:00:10,9:02:10,120,ANA",
]
WANTED = {
    "offered": 9, "requested": 8, "answered": 5, "answered_in_time": 1, "answered_short": 2, "abandoned": 3,
    "abandoned_late": 2, "missed": 0, "before_queue": 1, "phantom": 1,
}  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "calls.csv.gz"
    path.write_bytes(gzip.compress("\n".join([HEAD, *LINES, ""]).encode()))
    return path


def run(*arguments: str) -> dict[str, Any]:
    out = StringIO()
    call_command("telephone", *arguments, "--json", stdout=out)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def test_replayed_calls_count_as_the_file_says(city: City, file: Path) -> None:
    found = run("replay", str(file), "--day", "08-01", "--as", "2026-06-01")
    assert found == {"calls": 10, **WANTED}
    calls = list(Call.objects.all())
    assert len(calls) == 10
    assert telephone.count(queries.folded(calls)) == telephone.Counts(**WANTED, owed=3)
    counted = queries.counts(city.viewer("supervisor"), since=MIDNIGHT, until=MIDNIGHT + DAY)
    assert counted == telephone.Counts(**WANTED)  # nobody is rung back for history
    assert not CallBack.objects.exists()


@pytest.mark.parametrize("speed", ["0", "1000000"])
def test_a_call_across_midnight_is_one_call_of_its_evening(city: City, file: Path, speed: str) -> None:
    run("replay", str(file), "--day", "08-01", "--as", "2026-06-01", "--speed", speed)
    for call in Call.objects.exclude(outcome="phantom"):
        times = [at for at in (call.offered_at, call.joined_at, call.connected_at, call.ended_at) if at]
        assert times == sorted(times), call.call_ref
    night = Call.objects.filter(talked=300).get()
    assert (night.ended_at - night.offered_at).total_seconds() == 370  # type: ignore[operator]
    if speed == "0":
        days = queries.by_day(city.viewer("supervisor"), since=MIDNIGHT - DAY, until=MIDNIGHT + 3 * DAY)
        assert [(str(one.day), one.counts.offered) for one in days] == [("2026-06-01", 9)]


def test_the_same_day_replayed_twice_is_the_same_day(city: City, file: Path) -> None:
    run("replay", str(file), "--day", "08-01", "--as", "2026-06-01")
    before = CallEvent.objects.count()
    run("replay", str(file), "--day", "08-01", "--as", "2026-06-01")
    assert CallEvent.objects.count() == before


def test_a_simulated_street_adds_up(city: City) -> None:
    found = run("simulate", "--callers", "12", "--every", "10")
    assert found["calls"] == 12
    assert found["answered"] + found["abandoned"] + found["missed"] == 12


def test_a_scene_can_be_played_again(city: City) -> None:
    scene = simulator.street(9, agents=("1", "2"))
    assert simulator.play(scene, begin=MONDAY) == simulator.play(scene, begin=MONDAY)


def test_a_switch_is_set_up_once_and_its_secret_shown_once(city: City) -> None:
    made = run("switch", "vendor")
    assert len(made["secret"]) > 30
    assert queries.switch_of("vendor").clear_secret() == made["secret"]
    assert scenes.SECRET not in str(made)
