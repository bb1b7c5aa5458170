"""``qingyu load KIND FILE``: messages, units, topics, routes, staff and what else a city brings along."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from qingyu.cases.operations import importing as bulk
from qingyu.desk.loading import answers, calendars, facilities, hall, items, messages, places, policy, reading
from qingyu.desk.loading import points as service_points
from qingyu.desk.loading.progress import Progress
from qingyu.desk.loading.reading import Line
from qingyu.desk.loading.report import Did, Rejected, Report, Source, each
from qingyu.desk.loading.staff import Hiring
from qingyu.people import keys, queries
from qingyu.rules.refusals import NotValid

KINDS: dict[str, Callable[[Line, Source], Did]] = {
    "areas": places.area,
    "units": places.unit,
    "topics": policy.topic,
    "routes": policy.route,
    "limits": policy.limit,
    "notices": policy.notice,
    "answers": answers.answer,
    "points": service_points.point,
    "population": service_points.cell,
}
REJECTED = 3
SHOWN = 20


def _keeping(code: str) -> facilities.Keeping:
    """What takes facilities; without the hall there is nothing to load."""
    try:
        return facilities.keeping(code)
    except NotValid:
        raise CommandError(f"no hall has the code {code}: name it with --hall", returncode=2) from None


class Command(BaseCommand):
    help = (
        "load messages, areas, units, topics, routes, staff, limits, notices, answers, items, points, population, "
        "a hall, facilities or a calendar"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=["messages", *KINDS, "staff", "calendar", "hall", "facilities", "items"])
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="machine output")
        parser.add_argument("--live", action="store_true", help="messages: as if just filed; only opened")
        parser.add_argument("--hall", default="hall", help="hall and facilities: code of the hall in addresses")
        parser.add_argument("--name", default="政务服务大厅", help="hall: its name")
        parser.add_argument("--source", default="", help="messages: name under which their ids are known")
        parser.add_argument("--fallback", default="", help="items: code of the unit that takes those of no other")
        parser.add_argument("--report", type=Path, help="items: a CSV file for what is wrong with each guide")

    def handle(self, *args: Any, **options: Any) -> None:
        kind, file = options["kind"], options["file"]
        if not file.is_file():
            raise CommandError(f"{file}: no such file", returncode=2)
        if kind == "messages":
            code = self._messages(file, options)
        elif kind == "items":
            code = self._items(file, options)
        else:
            code = self._reference(kind, Source(file, datetime.now(UTC)), options)
        if code:
            sys.exit(code)

    # Messages

    def _messages(self, file: Path, options: dict[str, Any]) -> int:
        keys.ensure_keys()
        progress = Progress(f"load {file.name}")
        outcome = messages.load(
            file, source=options["source"] or messages.source_of(file), at=datetime.now(UTC),
            how=bulk.load_live if options["live"] else bulk.load_answered,
            tell=lambda so_far: progress.tell(f"{so_far.rows} rows"),
        )  # fmt: skip
        progress.end()
        self._print_messages(outcome, options)
        return REJECTED if outcome.rejected else 0

    def _print_messages(self, outcome: messages.Outcome, options: dict[str, Any]) -> None:
        share = outcome.fallback / outcome.made if outcome.made else 0.0
        if options["json"]:
            found = {
                "rows": outcome.rows, "made": outcome.made, "known": outcome.known, "rejected": outcome.rejected,
                "fallback": outcome.fallback, "fallback_share": round(share, 4),
                "rejected_file": str(outcome.where) if outcome.where else None,
            }  # fmt: skip
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        self.stdout.write(f"{outcome.made} new, {outcome.known} known before, {outcome.rejected} rejected")
        if not options["live"]:
            self.stdout.write(f"{share:.1%} of the new ones had no route and went to the fallback unit")
        for rejected in outcome.first:
            self.stderr.write(str(rejected))
        if outcome.where:
            self.stderr.write(f"all rejected lines: {outcome.where}")

    # Service items

    def _items(self, file: Path, options: dict[str, Any]) -> int:
        progress = Progress(f"load {file.name}")
        outcome = items.load(
            file, fallback=options["fallback"], at=datetime.now(UTC), report=options["report"],
            tell=lambda so_far: progress.tell(f"{so_far.rows} items"),
        )  # fmt: skip
        progress.end()
        queries.forget()
        self._print_items(outcome, options)
        return REJECTED if outcome.rejected else 0

    def _print_items(self, outcome: items.Outcome, options: dict[str, Any]) -> None:
        faults = dict(sorted(outcome.faults.items()))
        if options["json"]:
            found = {
                "rows": outcome.rows, "made": outcome.made, "changed": outcome.changed, "same": outcome.same,
                "fallback": outcome.fallback, "rejected": [vars(one) for one in outcome.rejected],
                "faulty": outcome.faulty, "faults": faults, "report": str(options["report"] or "") or None,
            }  # fmt: skip
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        self.stdout.write(f"{outcome.made} new, {outcome.changed} changed, {outcome.same} as they were")
        self.stdout.write(f"{outcome.fallback} belong to no unit of the city by name and went to the fallback unit")
        self.stdout.write(f"{outcome.faulty} guides contradict themselves or lack something:")
        for name, count in faults.items():
            self.stdout.write(f"  {count:5} {name}")
        self._print_rejected(outcome.rejected)

    def _print_rejected(self, rejected: list[Rejected]) -> None:
        for one in rejected[:SHOWN]:
            self.stderr.write(str(one))
        if len(rejected) > SHOWN:
            self.stderr.write(f"... and {len(rejected) - SHOWN} more")

    # What stands before the first case

    def _reference(self, kind: str, source: Source, options: dict[str, Any]) -> int:
        hiring = Hiring()
        progress = Progress(f"load {source.path.name}")
        lines = progress.over(reading.lines(source.path))
        if kind == "calendar":
            report = calendars.load(lines, source)
        elif kind == "hall":
            building, offices = hall.building(lines, code=options["hall"], name=options["name"])
            report = each(offices, building.office)
        elif kind == "facilities":
            report = each(lines, _keeping(options["hall"]).row)
        else:
            act = hiring.person if kind == "staff" else KINDS[kind]
            report = each(lines, lambda line: act(line, source))
        progress.end()
        queries.forget()
        self._print(report, hiring, options)
        return REJECTED if report.rejected else 0

    def _print(self, report: Report, hiring: Hiring, options: dict[str, Any]) -> None:
        counts = {"made": report.made, "changed": report.changed, "same": report.same}
        if options["json"]:
            rejected = [vars(one) for one in report.rejected]
            found = {**counts, "rejected": rejected, "passwords": hiring.passwords}
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        self.stdout.write(f"{report.made} new, {report.changed} changed, {report.same} as they were")
        for username, password in hiring.passwords.items():
            self.stdout.write(f"{username}  {password}  (one-time password, told only now)")
        self._print_rejected(report.rejected)
