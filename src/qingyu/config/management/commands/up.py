"""``qingyu up``: web, worker and events together."""

from __future__ import annotations

import io
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from qingyu.config import serving
from qingyu.config.supervising import Supervisor
from qingyu.people.models import Unit
from qingyu.rules.refusals import NotAllowed


class Command(BaseCommand):
    help = "Start web, worker and events; ctrl-C stops all. --host ADDRESS, --port NUMBER, --data-dir FOLDER"
    requires_system_checks = ()  # they take a second; `qingyu check` runs them

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--allow-demo", action="store_true", help="serve demo accounts on a public address")
        parser.add_argument("--migrate", action="store_true", help="bring the database up to date first")
        parser.add_argument("--demo", action="store_true", help="and fill a new database with the demo city")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["migrate"]:
            self._migrate(demo=options["demo"])
        serving.prepare()
        serving.prepare_web(allow_demo=options["allow_demo"])
        connection.close()
        self._greet()
        serving.require_port(settings.HOST, settings.EVENTS_PORT)
        Supervisor(serving.web(allow_demo=options["allow_demo"]), ["worker"], ["events"]).run()

    def _migrate(self, *, demo: bool) -> None:
        serving.wait_for_database()
        try:
            serving.require_migrated()
        except NotAllowed as refusal:
            if refusal.code != "not_migrated":
                raise
            self.stdout.write("Bringing the database up to date")
            call_command("migrate", verbosity=0)
        if demo and not Unit.objects.exists():
            self.stdout.write("Building the demo city")
            call_command("demo", "city", stdout=io.StringIO())

    def _greet(self) -> None:
        self.stdout.write(f"晴雨 Qingyu: {settings.PUBLIC_URL}/   staff: {settings.PUBLIC_URL}/desk/   (ctrl-C stops)")
        if logins_file().is_file():
            for role, login in sorted(json.loads(logins_file().read_text(encoding="utf-8")).items()):
                code = f"  second factor {login['otp_secret']}" if login.get("otp_secret") else ""
                self.stdout.write(f"  {role:<14} {login['username']:<14} {login['password']}{code}")
        self.stdout.flush()


def logins_file() -> Path:
    """Where the demo city leaves its accounts."""
    return Path(settings.DATA_DIR) / "demo-logins.json"
