"""What a switch tells is stored first, counts once, and makes the same call in any order."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from django.test import Client

from qingyu.hotline import operations, queries
from qingyu.hotline.adapters import simulator, webhook
from qingyu.hotline.models import Call, CallBack, CallEvent, Command, Switch
from qingyu.hotline.ports import Told
from qingyu.rules import telephone
from qingyu.rules.refusals import NotPermitted, NotValid
from tests.hotline import scenes
from tests.hotline.scenes import SECOND, told
from tests.people import MONDAY, City

pytestmark = pytest.mark.django_db


def by_hand(switch: Switch, events: Sequence[Told]) -> None:
    for one in events:
        operations.take_event(switch, one, at=one.at)


def in_any_order_and_twice(switch: Switch, events: Sequence[Told]) -> None:
    again = [*events, *events]
    Random(7).shuffle(again)
    for start in range(0, len(again), 5):
        operations.take_events(switch, again[start : start + 5], at=MONDAY + timedelta(hours=1))


def post(switch: Switch, body: bytes, *, path: str = "events", at: datetime | None = None, secret: str = "") -> Any:
    timestamp = int((at or datetime.now(UTC)).timestamp())
    headers = webhook.sign(secret or scenes.SECRET, switch=switch.code, body=body, timestamp=timestamp)
    return Client().post(
        f"/api/v1/switches/{switch.code}/{path}", data=body, content_type="application/json", headers=headers
    )


def over_http(switch: Switch, events: Sequence[Told]) -> None:
    for start in range(0, len(events), 3):
        assert post(switch, webhook.written(events[start : start + 3])).status_code == 202


@pytest.mark.parametrize("way", [by_hand, in_any_order_and_twice, over_http])
def test_conformance(city: City, way: Callable[[Switch, Sequence[Told]], None]) -> None:
    """Two agents, six callers, a queue of three: the same for every way by which events come."""
    switch = scenes.switch()
    scenes.seated(city, switch, "agent", "8001")
    way(switch, simulator.play(simulator.CONFORMANCE, begin=MONDAY))
    calls = {call.call_ref: call for call in Call.objects.order_by("call_ref")}
    assert {ref: call.outcome for ref, call in calls.items()} == {
        "c1": "answered", "c2": "answered", "c3": "answered", "c4": "answered", "c5": "missed", "c6": "missed",
    }  # fmt: skip
    assert [calls[ref].waited for ref in ("c1", "c2", "c3", "c4", "c5")] == [2, 2, 42, 52, 60]
    assert [calls[ref].rating for ref in ("c1", "c2", "c3")] == [5, 3, 0]
    assert {row.call.call_ref: row.why for row in CallBack.objects.select_related("call")} == {
        "c5": "timeout", "c6": "full",
    }  # fmt: skip
    assert calls["c1"].agent == city.staff["agent"]
    assert calls["c1"].clear_phone() == "+8619900000001"
    assert telephone.count(queries.folded(list(calls.values()))).answered_in_time == 2


def test_an_event_of_an_unknown_call_waits_until_the_call_is_known(city: City) -> None:
    switch = scenes.switch()
    operations.take_event(switch, told("agent.connected", after=5, agent="8001"), at=MONDAY + 5 * SECOND)
    assert Call.objects.get().state == "unknown"
    operations.take_event(switch, told("call.offered", caller=scenes.PHONE), at=MONDAY + 6 * SECOND)
    assert (Call.objects.get().state, Call.objects.get().outcome) == ("talking", "answered")


def test_what_was_stored_and_not_acted_on_is_taken_up_by_the_worker(city: City) -> None:
    switch = scenes.switch()
    CallEvent.objects.create(switch=switch, call_ref="a", type="call.offered", seq=1, at=MONDAY, recorded_at=MONDAY)
    assert operations.apply_stored(at=MONDAY + SECOND) == 1
    assert Call.objects.get().state == "offered"
    assert operations.apply_stored(at=MONDAY + SECOND) == 0


def test_numbers_stand_nowhere_in_clear(city: City) -> None:
    switch = scenes.switch()
    scenes.talking(switch)
    operations.take_event(switch, told("digits", after=3, step="id", digits="110105194912"), at=MONDAY + 3 * SECOND)
    rows = [str(row) for row in [*CallEvent.objects.values(), *Call.objects.values()]]
    assert not [row for row in rows if "9900001234" in row or "110105194912" in row]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"type": "call.sung"}, "event_unknown"),
        ({"v": 2}, "event_version_unknown"),
        ({"call_ref": ""}, "call_ref_missing"),
        ({"at": "2026-06-01T09:00:00"}, "time_without_zone"),
        ({"at": "2126-06-01T09:00:00+08:00"}, "in_the_future"),
        ({"at": "yesterday"}, "field_not_valid"),
        ({"seq": "1"}, "field_not_valid"),
        ({"data": []}, "field_not_valid"),
        ({"call_ref": "x" * 81}, "field_too_long"),
        ({"data": {"reason": "\0"}}, "field_not_valid"),
        ({"call_ref": 5}, "field_not_valid"),
    ],
)
def test_what_has_no_right_shape_is_refused_by_name(city: City, change: dict[str, Any], code: str) -> None:
    good = {"v": 1, "type": "call.offered", "call_ref": "a", "seq": 1, "at": "2026-06-01T09:00:00+08:00", "data": {}}
    answer = post(scenes.switch(), json.dumps(good | change).encode())
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert not CallEvent.objects.exists()


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b'{"events": 3}', b'{"events": [3]}'])
def test_what_cannot_be_read_is_refused(city: City, body: bytes) -> None:
    assert post(scenes.switch(), body).status_code == 422


def test_a_wrong_or_old_signature_opens_nothing(city: City) -> None:
    switch, body = scenes.switch(), webhook.written([told("call.offered")])
    assert post(switch, body, secret="another secret of good length").json()["code"] == "signature_wrong"
    old = datetime.now(UTC) - timedelta(minutes=6)
    assert post(switch, body, at=old).json()["code"] == "signature_old"
    unsigned = Client().post("/api/v1/switches/main/events", data=body, content_type="application/json")
    assert (unsigned.status_code, unsigned.json()["code"]) == (403, "signature_wrong")
    assert not CallEvent.objects.exists()


def test_nobody_learns_which_switches_there_are(city: City) -> None:
    with pytest.raises(NotPermitted, match="signature_wrong"):
        webhook.known_switch("none", {}, b"", at=MONDAY)


def test_too_many_events_at_once_are_refused(city: City) -> None:
    with pytest.raises(NotValid, match="too_many_events"):
        webhook.read_events(webhook.written([told("digits", seq=n) for n in range(201)]))


def test_an_event_takes_few_statements(city: City, django_assert_max_num_queries: Any) -> None:
    switch = scenes.switch()
    scenes.seated(city, switch)
    scenes.talking(switch)
    with django_assert_max_num_queries(16):
        operations.take_event(switch, told("recording.ready", after=9, uri="r/1.wav"), at=MONDAY + 9 * SECOND)


def test_a_switch_fetches_its_commands_until_it_says_they_are_done(city: City) -> None:
    switch = scenes.switch()
    scenes.seated(city, switch)
    Command.objects.update(until=datetime.now(UTC) + timedelta(hours=1))
    given = post(switch, b"{}", path="commands").json()["commands"]
    assert [one["name"] for one in given] == ["agent_login", "pause"]
    assert given == post(switch, b"{}", path="commands").json()["commands"]
    done = json.dumps({"done": [one["id"] for one in given]}).encode()
    assert post(switch, done, path="commands").json()["commands"] == []


def test_a_switch_that_went_down_says_so_and_comes_back(city: City) -> None:
    switch = scenes.switch()
    for type_, up in (("switch.down", False), ("switch.up", True)):
        after = 10 if up else 5
        operations.take_event(switch, told(type_, ref="", after=after), at=MONDAY + after * SECOND)
        switch.refresh_from_db()
        assert switch.up is up
