"""``qingyu check``: what is in force and what is unsafe. Exit code 1 where something must be mended."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand

from qingyu.config import checking


class Command(BaseCommand):
    help = "Print every option in force with its source, and what is unsafe or not ready. Changes nothing."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="machine output")

    def handle(self, *args: Any, **options: Any) -> None:
        in_force, found = checking.in_force(), checking.findings(datetime.now(UTC))
        must = [finding for finding in found if finding.level == checking.ERROR]
        if options["json"]:
            shown = {"options": [asdict(o) for o in in_force], "findings": [asdict(f) for f in found], "ok": not must}
            self.stdout.write(json.dumps(shown, ensure_ascii=False))
        else:
            self._print(in_force, found)
        if must:
            sys.exit(1)

    def _print(self, in_force: list[Any], found: list[checking.Finding]) -> None:
        for option in in_force:
            self.stdout.write(f"QINGYU_{option.name:<18} {option.value or '-':<40} {option.source}")
        self.stdout.write("")
        for finding in found:
            self.stdout.write(f"{finding.level:<8} {finding.code}: {finding.words}")
        if not found:
            self.stdout.write("Nothing to mend.")
