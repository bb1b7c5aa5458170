"""``qingyu restore FILE``: brings an installation back into a fresh data directory and database."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import get_commands
from django.core.management.base import BaseCommand, CommandError

from qingyu.config.backup import restoring
from qingyu.people import sealing


class Command(BaseCommand):
    help = "Restore a backup into an installation that holds nothing yet, then verify the log."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="what `qingyu backup` wrote")

    def handle(self, *args: Any, **options: Any) -> None:
        found = restoring.restore(options["file"])
        made, program = found.manifest.made_at, found.manifest.program
        self.stdout.write(f"Restored the backup of {made} (Qingyu {program}): database and {found.files} files.")
        self.stdout.flush()
        if restoring.run("migrate", "--verbosity", "0"):
            raise CommandError("the restored database could not be brought up to date; see above")
        if "verify" in get_commands() and restoring.run("verify"):
            raise CommandError("the restored log does not verify; see above")
        self._say_about_keys(found.keys_missing)

    def _say_about_keys(self, missing: list[str]) -> None:
        if missing:
            names = ", ".join(missing)
            self.stdout.write(f"The keys {names} are missing: put the file field-keys that you kept to")
            self.stdout.write(f"{sealing.key_file()} (mode 0600) before you start; without them it refuses.")
