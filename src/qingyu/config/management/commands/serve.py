"""``qingyu serve``: the web server."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from qingyu.config import serving
from qingyu.rules.refusals import Refusal


class Command(BaseCommand):
    help = "Serve pages and API until stopped."

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
        os.environ["QINGYU_SERVING"] = "1"
        serving.serve()
