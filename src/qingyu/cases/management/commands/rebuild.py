"""``qingyu rebuild NAME|all``: drops what a follower has derived and derives it again from the first event."""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from qingyu.cases import following
from qingyu.cases.models import LogHead, Position
from qingyu.rules.refusals import NotAllowed

OFTEN, SELDOM = 0.5, 60.0


class Command(BaseCommand):
    help = "derive a follower's rows again from the log; all: every follower that may"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help=f"all, or one of: {', '.join(following.rebuildable())}")

    def handle(self, *args: Any, **options: Any) -> None:
        names = following.rebuildable() if options["name"] == "all" else [options["name"]]
        following.ensure_positions(following.followers())
        for name in names:
            self._start(name)
        self._read(names)

    def _start(self, name: str) -> None:
        try:
            following.start_again(name)
        except NotAllowed as refusal:
            raise CommandError(f"{name}: {refusal.code}", returncode=2) from None

    def _read(self, names: list[str]) -> None:
        last = time.monotonic()
        read = 0
        while behind := self._behind(names):
            found = following.catch_up(at=datetime.now(UTC), limit=10)
            read += found
            self._refuse_if_stuck(names)
            if not found:
                time.sleep(0.2)  # a worker holds the position: it does the work
            if time.monotonic() - last > (OFTEN if sys.stderr.isatty() else SELDOM):
                last = time.monotonic()
                self.stderr.write(f"rebuild: {behind} partitions to go")
        self.stdout.write(f"rebuilt {', '.join(names)}")

    def _behind(self, names: list[str]) -> int:
        """In how many partitions the followers have not reached the end of the log."""
        ends = dict(LogHead.objects.values_list("partition", "last_event"))
        rows = Position.objects.filter(follower__in=names).values_list("partition", "event")
        return sum(1 for partition, event in rows if event < ends.get(partition, 0))

    def _refuse_if_stuck(self, names: list[str]) -> None:
        stuck = Position.objects.filter(follower__in=names, failures__gt=3).first()
        if stuck:
            raise CommandError(f"{stuck.follower} stopped in partition {stuck.partition}: {stuck.error}", returncode=1)
