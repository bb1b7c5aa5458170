"""``qingyu open311 key [NAME]`` makes a key, ``revoke NAME`` ends it, ``list`` shows who holds one."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand

from qingyu.cases.models import ApiKey
from qingyu.cases.open311 import keys


class Command(BaseCommand):
    help = "Keys of partners who file through Open311"

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        key = acts.add_parser("key", help="make a key and show it once")
        key.add_argument("name", nargs="?", default="partner", help="who holds it")
        revoke = acts.add_parser("revoke", help="end all keys of a holder")
        revoke.add_argument("name")
        listing = acts.add_parser("list", help="who holds a key")
        for part in (key, revoke, listing):
            part.add_argument("--json", action="store_true", help="for machines")

    def handle(self, *args: Any, act: str, json: bool, **options: Any) -> None:
        acts = {"key": self.make, "revoke": self.end, "list": self.holders}
        self.show(acts[act](options.get("name", "")), json)

    def make(self, name: str) -> list[dict[str, Any]]:
        return [{"name": name, "api_key": keys.make(name, at=datetime.now(UTC))}]

    def end(self, name: str) -> list[dict[str, Any]]:
        return [{"name": name, "ended": keys.revoke(name, at=datetime.now(UTC))}]

    def holders(self, name: str) -> list[dict[str, Any]]:
        rows = ApiKey.objects.order_by("created_at").values("name", "created_at", "revoked_at")
        return [{key: str(value or "") for key, value in row.items()} for row in rows]

    def show(self, rows: list[dict[str, Any]], as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
            return
        for row in rows:
            self.stdout.write("  ".join(str(value) for value in row.values()))
