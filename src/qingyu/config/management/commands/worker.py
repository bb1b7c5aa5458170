"""``qingyu worker``: followers and scheduled tasks."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from qingyu.config import serving
from qingyu.config.working import Worker
from qingyu.people.keys import ensure_keys


class Command(BaseCommand):
    help = "Read the log and do what time demands, until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        serving.require_migrated()
        ensure_keys()
        Worker().run()
