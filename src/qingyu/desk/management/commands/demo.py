"""``qingyu demo city``: an invented city to look at. ``qingyu demo crew``: people who work through what is there."""

from __future__ import annotations

import json
import sys
import time
from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from qingyu.desk.demo import city, logins


class Command(BaseCommand):
    help = "city: build the demo city and print its logins; crew: play staff on the cases that are there"

    def add_arguments(self, parser: ArgumentParser) -> None:
        kinds = parser.add_subparsers(dest="what", required=True)
        build = kinds.add_parser("city", help="build the demo city")
        build.add_argument("--requests", type=int, help="only so many of its three hundred requests, at least 1")
        crew = kinds.add_parser("crew", help="play staff on whatever is loaded")
        crew.add_argument("--days", type=int, default=30, help="how many days back the crew begins (default 30)")
        for one in (build, crew):
            one.add_argument("--seed", type=int, default=1)
            one.add_argument("--json", action="store_true", help="machine output")

    def handle(self, *args: Any, **options: Any) -> None:
        (self._city if options["what"] == "city" else self._crew)(options)

    def _city(self, options: dict[str, Any]) -> None:
        if city.is_there():
            self.stderr.write("The demo city is there already.")
            self._print(logins.read(), options)
            return
        started = time.monotonic()
        if options["requests"] is not None and options["requests"] < 1:
            raise CommandError("--requests: at least 1", returncode=2)
        found = city.build(
            at=datetime.now(UTC), seed=options["seed"], requests=options["requests"],
            tell=lambda text: self._tell(text, started),
        )  # fmt: skip
        self._print(found, options)

    def _tell(self, text: str, started: float) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"{time.monotonic() - started:5.1f} s  {text}")

    def _print(self, found: dict[str, logins.Login], options: dict[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        for role, login in found.items():
            self.stdout.write(f"{role:<14} {login['username']:<14} {login['password']}")
        self.stdout.write(f"kept in {logins.path()}")

    def _crew(self, options: dict[str, Any]) -> None:
        from qingyu.desk.demo import crew

        done = crew.work(at=datetime.now(UTC), days=options["days"], seed=options["seed"])
        self.stdout.write(json.dumps(done) if options["json"] else "  ".join(f"{k} {v}" for k, v in done.items()))
