"""How long it takes to make all facts anew from the log: one line of JSON for each database.

    python -m bench.facts [--events 1000000] [--database sqlite|postgresql]

The log is filled in bulk: a few hundred cases live through the real operations, then their events are copied under
new cases in the order in which a city's cases mingle. Filling is not measured; reading, folding and writing are.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

TARGET_SECONDS_A_MILLION = 60
TEMPLATES = 120
CHUNK = 20_000
MINGLED = 40_000  # how many events of others come between the first and the last of a case, about


def main() -> int:
    """Runs each database in a process of its own, since settings are read once."""
    arguments = _arguments()
    if arguments.database:
        measure(arguments.database, arguments.events)
        return 0
    commands = [[sys.executable, "-m", "bench.facts", "--database", name, "--events", str(arguments.events)]
                for name in ("sqlite", "postgresql")]  # fmt: skip
    return max(subprocess.run(command).returncode for command in commands)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"))
    return parser.parse_args()


def measure(database: str, events: int) -> None:
    """Fills a database of its own, makes the facts anew, prints the figure."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="qingyu-bench-"))
        _configure(database, Path(folder), stack)
        number = fill(events)
        seconds, cpu = rebuild()
        _print(database, number, seconds, cpu)


def _configure(database: str, folder: Path, stack: ExitStack) -> None:
    os.environ.update({"DJANGO_SETTINGS_MODULE": "qingyu.config.settings", "QINGYU_DATA_DIR": str(folder)})
    os.environ["QINGYU_DATABASE_URL"] = f"sqlite:///{folder}/qingyu.sqlite3"
    if database == "postgresql":
        from tools.postgres import DURABLE, cluster

        os.environ["QINGYU_DATABASE_URL"] = stack.enter_context(cluster(settings=DURABLE)).create("facts")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


# Filling --------------------------------------------------------------------------------------------------------


def fill(events: int) -> int:
    """Copies template lives until the log holds ``events`` events; how many there are."""
    from qingyu.cases.models import LogHead

    lives = templates()
    rows = mingled(lives, events, random.Random(1))
    number, ends = 0, dict[int, int]()
    while chunk := list(islice(rows, CHUNK)):
        number += _insert(chunk, ends)
        if number % 200_000 < CHUNK:
            print(f"bench: {number} events", file=sys.stderr, flush=True)
    for partition, last in ends.items():
        LogHead.objects.filter(pk=partition).update(last_event=last)
    return number


def templates() -> list[list[tuple[str, datetime, str]]]:
    """Kind, instant and body of each event of a few hundred cases that lived through the real operations."""
    from django.db import transaction

    from qingyu.cases.models import CaseEvent
    from tests.lives import live
    from tests.people import build_city

    with transaction.atomic():
        city = build_city()
        cases = [live(city, seed, steps=16) for seed in range(TEMPLATES)]
    found: dict[int, list[tuple[str, datetime, str]]] = {case.pk: [] for case in cases}
    for event in CaseEvent.objects.order_by("case_id", "seq"):
        found[event.case_id].append((event.kind, event.at, event.body))
    return list(found.values())


def mingled(
    lives: list[list[tuple[str, datetime, str]]], events: int, rng: random.Random
) -> Iterator[tuple[int, int, str, datetime, str]]:
    """Case, seq, kind, instant and body of each event, the cases mingled as in a city."""
    import heapq

    waiting: list[tuple[float, int, int]] = []
    case, number = 1_000_000, 0
    while number < events:
        while not waiting or case - 1_000_000 < number / 8 + 100:
            heapq.heappush(waiting, (number + rng.random(), case, 0))
            case += 1
        place, which, step = heapq.heappop(waiting)
        life = lives[which % len(lives)]
        yield (which, step + 1, *life[step])
        number += 1
        if step + 1 < len(life):
            heapq.heappush(waiting, (max(place, number) + rng.expovariate(len(life) / MINGLED), which, step + 1))


def _insert(chunk: list[tuple[int, int, str, datetime, str]], ends: dict[int, int]) -> int:
    from django.db import transaction

    from qingyu.cases.models import Case, CaseEvent

    now = datetime.now(UTC)
    first = [
        Case(pk=case, number=str(case), state="draft", opened_at=at) for case, seq, _kind, at, _b in chunk if seq == 1
    ]
    rows = [
        CaseEvent(case_id=case, seq=seq, partition=case % 16, kind=kind, at=at, recorded_at=now, by_kind="system",
                  body=body, hash="0" * 64)
        for case, seq, kind, at, body in chunk
    ]  # fmt: skip
    with transaction.atomic():
        Case.objects.bulk_create(first)
        for row in CaseEvent.objects.bulk_create(rows):
            ends[row.partition] = row.pk
    return len(rows)


# Measuring ------------------------------------------------------------------------------------------------------


def rebuild() -> tuple[float, float]:
    """Seconds by the clock and of this process's CPU for starting again and reading the whole log."""
    from django.conf import settings

    from qingyu.cases import following

    settings.FOLLOWERS = ["qingyu.assessment.followers.Facts"]
    at = datetime.now(UTC)
    following.ensure_positions(following.followers())
    start, cpu = time.monotonic(), time.process_time()
    following.start_again("facts")
    while following.catch_up(at=at, limit=1_000):
        pass
    return time.monotonic() - start, time.process_time() - cpu


def _print(database: str, events: int, seconds: float, cpu: float) -> None:
    from qingyu.assessment.models import CaseFact, UnitDay

    a_million = seconds * 1_000_000 / events
    detail = (
        f"{events} events, {CaseFact.objects.count()} rounds, {UnitDay.objects.count()} counts; {seconds:.1f} s, "
        f"{cpu:.1f} s CPU of the follower, one process; value is for a million events"
    )
    figure = {"name": "facts.rebuild_1m", "value": round(a_million, 1), "unit": "s", "target": TARGET_SECONDS_A_MILLION}
    ok = a_million <= TARGET_SECONDS_A_MILLION
    print(json.dumps(figure | {"ok": ok, "database": database, "detail": detail}), flush=True)


if __name__ == "__main__":
    sys.exit(main())
