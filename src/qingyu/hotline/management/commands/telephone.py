"""``qingyu telephone switch CODE`` sets a switch up; ``simulate`` plays calls; ``replay FILE`` plays real ones."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand

from qingyu.hotline import operations, queries, replaying
from qingyu.hotline.adapters import simulator
from qingyu.hotline.models import AgentState, Call, Switch
from qingyu.hotline.ports import Told
from qingyu.rules import telephone
from qingyu.rules.refusals import NotValid

BATCH = 200
OF_CALL_BACKS = ("owed", "kept", "kept_in_time", "kept_by_word")


class Command(BaseCommand):
    help = "Telephone switches: set up, simulate, replay"

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        switch = acts.add_parser("switch", help="set up a switch that sends signed events; shows its secret once")
        switch.add_argument("code")
        switch.add_argument("--name", default="")
        simulate = acts.add_parser("simulate", help="play calls at the agents who are at the telephone")
        simulate.add_argument("--callers", type=int, default=6)
        simulate.add_argument("--every", type=int, default=20, help="seconds between two callers")
        simulate.add_argument("--conformance", action="store_true", help="the scene every adapter must get right")
        replay = acts.add_parser("replay", help="play one day of a call file (.csv or .csv.gz)")
        replay.add_argument("file", type=Path)
        replay.add_argument("--day", required=True, help="the day in the file, such as 08-01")
        replay.add_argument("--as", dest="as_day", required=True, help="the city day it is played as: 2026-06-01")
        replay.add_argument("--seed", type=int, default=1)
        for part in (simulate, replay):
            part.add_argument("--speed", type=float, default=0, help="so many times as fast as life; 0: at once")
        for part in (switch, simulate, replay):
            part.add_argument("--json", action="store_true", help="for machines")

    def handle(self, *args: Any, act: str, **options: Any) -> None:
        acts: dict[str, Callable[..., dict[str, Any]]] = {
            "switch": self.switch, "simulate": self.simulate, "replay": self.replay,
        }  # fmt: skip
        found = acts[act](**options)
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        for name, value in found.items():
            self.stdout.write(f"{name}: {value}")

    def switch(self, code: str, name: str, **_: Any) -> dict[str, Any]:
        secret = operations.new_secret()
        operations.add_switch(code=code, name=name, kind=Switch.Kind.WEBHOOK, secret=secret, at=datetime.now(UTC))
        return {"switch": code, "secret": secret, "events": f"{settings.PUBLIC_URL}/api/v1/switches/{code}/events"}

    def simulate(self, callers: int, every: int, conformance: bool, speed: float, **_: Any) -> dict[str, Any]:
        at = datetime.now(UTC)
        switch = _switch(Switch.Kind.SIMULATOR, at=at)
        present = AgentState.objects.filter(switch=switch, state=AgentState.State.READY)
        agents = list(present.values_list("extension", flat=True)) or ["8001", "8002"]
        scene = simulator.CONFORMANCE if conformance else simulator.street(callers, agents=agents, every=every)
        told = simulator.play(scene, begin=at)
        if not speed:
            told = simulator.play(scene, begin=at - (told[-1].at - at))
        told = [_named(one, f"{at:%H%M%S}") for one in told]
        _play(switch, told, speed=speed)
        return _summary(switch, since=told[0].at)

    def replay(self, file: Path, day: str, as_day: str, seed: int, speed: float, **_: Any) -> dict[str, Any]:
        try:
            played = date.fromisoformat(as_day)
        except ValueError:
            raise NotValid("not_a_date", field="as") from None
        zone = ZoneInfo(settings.TIME_ZONE)
        calls = list(replaying.read(file, replaying.Day(day, played, zone, seed)))
        told = sorted((one for call in calls for one in call), key=lambda one: one.at)
        if speed:
            shift = datetime.now(UTC) - told[0].at if told else None
            told = [_moved(one, shift) for one in told]
        else:
            told = [one for call in calls for one in call]  # a call at a time: each is folded once
        _play(_switch(Switch.Kind.REPLAY, at=datetime.now(UTC)), told, speed=speed)
        return {"calls": len(calls), **_figures(calls)}


def _moved(one: Told, shift: Any) -> Told:
    return Told(one.type, one.call_ref, one.seq, one.at + shift, one.leg, one.data)


def _named(one: Told, run: str) -> Told:
    """Calls of two runs are not the same calls."""
    return Told(one.type, f"{run}-{one.call_ref}", one.seq, one.at, one.leg, one.data)


def _switch(kind: Switch.Kind, *, at: datetime) -> Switch:
    found = Switch.objects.filter(kind=kind).first()
    secret = operations.new_secret()
    return found or operations.add_switch(code=str(kind), name=str(kind.label), kind=kind, secret=secret, at=at)


def _play(switch: Switch, told: list[Told], *, speed: float) -> None:
    """Tells the events: at once in batches, or each when its time has come."""
    if not speed:
        for start in range(0, len(told), BATCH):
            at = max(datetime.now(UTC), *(one.at for one in told[start : start + BATCH]))
            operations.take_events(switch, told[start : start + BATCH], at=at)
        return
    begun, first = time.monotonic(), told[0].at if told else None
    for one in told:
        assert first is not None
        left = (one.at - first).total_seconds() / speed - (time.monotonic() - begun)
        if left > 0:
            time.sleep(left)
        operations.take_event(switch, one, at=max(one.at, datetime.now(UTC)))


def _summary(switch: Switch, *, since: datetime) -> dict[str, Any]:
    calls = list(Call.objects.filter(switch=switch, outbound=False, offered_at__gte=since))
    return {"switch": switch.code, "calls": len(calls), **asdict(telephone.count(queries.folded(calls)))}


def _figures(calls: Iterable[list[Told]]) -> dict[str, Any]:
    """What the events of the file amount to, counted by the rules alone; nobody is owed a call-back for history."""
    folded = [telephone.fold(telephone.Event(e.type, e.seq, e.at, e.data) for e in call) for call in calls]
    return {name: n for name, n in asdict(telephone.count(folded)).items() if name not in OF_CALL_BACKS}
