"""``qingyu up``: web and worker together."""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from qingyu.config import serving
from qingyu.config.supervising import Supervisor
from qingyu.rules.refusals import Refusal


class Command(BaseCommand):
    help = "Start web and worker; ctrl-C stops both."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", help="address to listen on (QINGYU_HOST)")
        parser.add_argument("--port", help="port to listen on (QINGYU_PORT)")
        parser.add_argument("--allow-demo", action="store_true", help="serve demo accounts on a public address")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            serving.prepare()
            serving.refuse_demo_in_public(allow=options["allow_demo"])
        except Refusal as refusal:
            raise CommandError(f"{refusal.code}: {refusal.facts}") from None
        self._greet()
        allow = ["--allow-demo"] if options["allow_demo"] else []
        Supervisor(["serve", *allow], ["worker"]).run()

    def _greet(self) -> None:
        self.stdout.write(f"晴雨 Qingyu: http://{settings.HOST}:{settings.PORT}/   staff: /desk/   (ctrl-C stops)")
        logins = Path(settings.DATA_DIR) / "demo-logins.json"
        if logins.is_file():
            for role, login in sorted(json.loads(logins.read_text(encoding="utf-8")).items()):
                self.stdout.write(f"  {role:<14} {login['username']:<14} {login['password']}")
        self.stdout.flush()
        os.environ.setdefault("PYTHONUNBUFFERED", "1")
