"""``qingyu worker``: followers and scheduled tasks."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from qingyu.config import serving
from qingyu.config.working import Worker


class Command(BaseCommand):
    help = "Read the log and do what time demands, until stopped. --data-dir FOLDER"
    requires_system_checks = ()  # they take a second; `qingyu check` runs them

    def handle(self, *args: Any, **options: Any) -> None:
        serving.prepare()
        Worker().run()
