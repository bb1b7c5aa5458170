"""``qingyu hall simulate``: a day in a hall through the real operations, in figures."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from qingyu.cases.models import Case
from qingyu.hall import simulation
from qingyu.hall.models import Hall
from qingyu.people import keys, queries
from qingyu.people.models import Staff

WORDS = """{visitors} people, {served} served, {left} left or did not come
waited: mean {mean:.1f} min, half below {median:.1f}, nine of ten below {p90:.1f}, over 10 min {over_10:.1%}
told a range: {told}, true for {hit:.1%} ({early:.1%} sooner, {late:.1%} later), {range_mean:.0f} min wide on average
no window open, told nothing: {unknown}
called {called} times, {absences} did not come or were sent on; doubles {doubles}"""


class Command(BaseCommand):
    help = "simulate: a day in a demo city's hall through the real operations; nothing of it stays unless --keep"

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        act = acts.add_parser("simulate")
        act.add_argument("--visitors", type=int, default=455)
        act.add_argument("--door", type=int, default=25, help="how many stand at the door at opening")
        act.add_argument("--windows", type=int, default=22)
        act.add_argument("--open", type=int, default=13, help="how many of the windows work that day")
        act.add_argument("--seed", type=int, default=1)
        act.add_argument("--date", type=date.fromisoformat, default=None, help="the day that is played; default today")
        act.add_argument("--keep", action="store_true", help="the hall `simulated` stays and is seen")
        act.add_argument(
            "--speed", type=float, default=0, help="with --keep: so many times as fast as life; 0: at once"
        )
        act.add_argument("--json", action="store_true", help="machine output")

    def handle(self, *args: Any, **options: Any) -> None:
        if min(options["visitors"], options["door"], options["windows"] - 1, options["open"] - 1, options["speed"]) < 0:
            raise CommandError("visitors, door and speed are not below 0, windows and open not below 1", returncode=2)
        if Case.objects.exists() and not Staff.objects.filter(demo=True).exists():
            words = "a day is played in a demo city only: it holds up all who write, and its people would count as real"
            raise CommandError(words, returncode=2)
        keys.ensure_keys()
        outcome = self._kept(options) if options["keep"] else self._forgotten(options)
        queries.forget()
        found = asdict(outcome)
        self.stdout.write(json.dumps(found) if options["json"] else WORDS.format(**found))
        if outcome.doubles:
            raise CommandError("something doubled", returncode=1)

    def _kept(self, options: dict[str, Any]) -> simulation.Outcome:
        code = "simulated" if not Hall.objects.filter(code="simulated").exists() else f"sim-{options['seed']}"
        if Hall.objects.filter(code=code).exists():
            raise CommandError(f"the hall {code} is there already; take another seed", returncode=2)
        return self._played(code, options, pace=options["speed"])

    def _forgotten(self, options: dict[str, Any]) -> simulation.Outcome:
        with transaction.atomic():
            outcome = self._played("simulating", options, pace=0)
            transaction.set_rollback(True)
        return outcome

    def _played(self, code: str, options: dict[str, Any], *, pace: float) -> simulation.Outcome:
        on = options["date"] or queries.city_day(datetime.now(UTC))
        day = simulation.build(code=code, seed=options["seed"], windows=options["windows"])
        if pace:
            day.tell = _slowly(pace)
        sizes = {"visitors": options["visitors"], "at_the_door": options["door"], "working": options["open"]}
        return simulation.play(day, on=on, **sizes)


def _slowly(pace: float) -> Callable[[datetime], None]:
    last: list[datetime] = []

    def tell(at: datetime) -> None:
        if last:
            time.sleep(max(0.0, (at - last[0]).total_seconds() / pace))
        last[:] = [at]

    return tell
