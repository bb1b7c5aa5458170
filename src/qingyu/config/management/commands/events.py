"""``qingyu events``: the process that tells screens what has changed."""

from __future__ import annotations

import os
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection

from qingyu.config import serving


class Command(BaseCommand):
    help = "Send the changes of halls to their screens until stopped; on QINGYU_EVENTS_PORT"
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        from granian import Granian
        from granian.constants import Interfaces

        serving.require_port(settings.HOST, settings.EVENTS_PORT)
        connection.close()
        os.environ["QINGYU_EVENTING"] = str(os.getpid())
        Granian(
            "qingyu.config.eventing:application", address=settings.HOST, port=settings.EVENTS_PORT,
            interface=Interfaces.ASGI, workers=1, backlog=2048, respawn_failed_workers=True, workers_kill_timeout=2,
            log_enabled=True, log_level="warning",  # type: ignore[arg-type]
        ).serve()  # fmt: skip
