"""``qingyu serve``: the web server, and the process that tells screens what has changed."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection

from qingyu.config import serving
from qingyu.config.supervising import Supervisor


class Command(BaseCommand):
    help = "Serve pages, API and events until stopped. --host ADDRESS, --port NUMBER, --data-dir FOLDER"
    requires_system_checks = ()  # they take a second; `qingyu check` runs them

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--allow-demo", action="store_true", help="serve demo accounts on a public address")
        parser.add_argument("--alone", action="store_true", help="without events: `qingyu events` runs elsewhere")

    def handle(self, *args: Any, **options: Any) -> None:
        serving.prepare()
        serving.prepare_web(allow_demo=options["allow_demo"])
        if options["alone"]:
            serving.serve()
            return
        serving.require_port(settings.HOST, settings.EVENTS_PORT)
        connection.close()
        Supervisor(serving.web(allow_demo=options["allow_demo"]), ["events"]).run()
