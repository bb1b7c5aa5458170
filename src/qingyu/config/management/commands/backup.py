"""``qingyu backup FILE``: everything in one archive, while the service goes on."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from qingyu.config import backup


class Command(BaseCommand):
    help = "Save database, uploads, models and secret to FILE (tar.gz). The service may go on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a name that does not exist yet, such as qingyu-2026-11-21.tar.gz")
        parser.add_argument("--with-keys", action="store_true", help="put the keys of sealed columns inside as well")
        parser.add_argument("--json", action="store_true", help="machine output")

    def handle(self, *args: Any, **options: Any) -> None:
        saved = backup.save(options["file"], with_keys=options["with_keys"], at=datetime.now(UTC))
        if options["json"]:
            self.stdout.write(json.dumps(_figures(saved)))
            return
        count, size = len(saved.manifest.members), saved.bytes / 2**20
        self.stdout.write(f"{saved.path}: {count} files, {size:.1f} MiB, {saved.manifest.database}")
        self._say_about_keys(saved)

    def _say_about_keys(self, saved: backup.Saved) -> None:
        if saved.keys_left_at:
            self.stdout.write(f"The keys are NOT inside. They are in {saved.keys_left_at}: keep them in another place;")
            self.stdout.write("without them names, phones and confidential texts cannot be read again by anybody.")
        else:
            self.stdout.write("The keys are inside: whoever has this file can read everything. Keep it locked away.")
        if not saved.secret_inside:
            self.stdout.write("The secret key is not inside: it comes from QINGYU_SECRET_KEY; keep that too.")


def _figures(saved: backup.Saved) -> dict[str, Any]:
    return {
        "path": str(saved.path),
        "bytes": saved.bytes,
        "files": len(saved.manifest.members),
        "database": saved.manifest.database,
        "made_at": saved.manifest.made_at,
        "keys_left_at": saved.keys_left_at,
    }
