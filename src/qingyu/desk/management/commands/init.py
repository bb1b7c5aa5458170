"""``qingyu init``: the first administrator and what a city needs before its first request."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from qingyu.desk.loading import beginning


class Command(BaseCommand):
    help = "make the first administrator (one-time password), roles, calendar, time limits and notices"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--username", default="administrator")
        parser.add_argument("--name", default="管理员")
        parser.add_argument("--json", action="store_true", help="machine output")

    def handle(self, *args: Any, **options: Any) -> None:
        password = beginning.begin(
            username=options["username"], name=options["name"], city=settings.CITY, at=datetime.now(UTC)
        )
        if options["json"]:
            self.stdout.write(json.dumps({"username": options["username"], "password": password}))
            return
        self.stdout.write(f"{options['username']}  {password}")
        self.stdout.write("This one-time password is told only now; it must be changed at the first sign-in.")
