"""``qingyu verify``: whether the log is as it was written."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from dataclasses import asdict
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from qingyu.cases import verifying

SHOWN = 20


def city_date(text: str) -> date:
    """A date as 2026-01-31."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"not a date like 2026-01-31: {text}") from None


class Command(BaseCommand):
    help = "check the hash chain of every case, the columns, the texts and the heads of the log"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", type=city_date, help="only cases with something recorded since this date")
        parser.add_argument("--json", action="store_true", help="machine output")

    def handle(self, *args: Any, **options: Any) -> None:
        found = verifying.verify(since=options["since"])
        if options["json"]:
            self.stdout.write(json.dumps(asdict(found), ensure_ascii=False))
        else:
            self._print(found)
        if found.troubles:
            sys.exit(1)

    def _print(self, found: verifying.Findings) -> None:
        self.stdout.write(f"{found.cases} cases, {found.events} events, {found.texts} texts")
        for trouble in found.troubles[:SHOWN]:
            self.stdout.write(str(trouble))
        if len(found.troubles) > SHOWN:
            self.stdout.write(f"... and {len(found.troubles) - SHOWN} more")
        if not found.troubles:
            self.stdout.write("all as it was written")
