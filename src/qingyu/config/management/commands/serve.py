"""``qingyu serve``: the web server."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from qingyu.config import serving


class Command(BaseCommand):
    help = "Serve pages and API until stopped. --host ADDRESS, --port NUMBER, --data-dir FOLDER"
    requires_system_checks = ()  # they take a second; `qingyu check` runs them

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--allow-demo", action="store_true", help="serve demo accounts on a public address")

    def handle(self, *args: Any, **options: Any) -> None:
        serving.prepare()
        serving.prepare_web(allow_demo=options["allow_demo"])
        serving.serve()
