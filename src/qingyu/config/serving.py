"""Starting the web server: checks first, then Granian with as many workers as the database can use."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from qingyu.people.keys import ensure_keys
from qingyu.people.models import Staff
from qingyu.rules.refusals import NotAllowed

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def prepare() -> None:
    """Refuses to start on a database that is not migrated or whose keys are missing; makes static files ready.

    NotAllowed("not_migrated" | "demo_on_public_host"), KeyTrouble("key_missing" | "key_wrong").
    """
    require_migrated()
    ensure_keys()
    collect_static()


def require_migrated() -> None:
    """NotAllowed("not_migrated") where a migration is waiting; ``qingyu migrate`` runs them."""
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotAllowed("not_migrated", run="qingyu migrate")


def refuse_demo_in_public(*, allow: bool) -> None:
    """Demo accounts have passwords in a file: with them only loopback is served unless the operator insists."""
    if settings.HOST in LOOPBACK or allow:
        return
    if Staff.objects.filter(demo=True, is_active=True).exists():
        raise NotAllowed("demo_on_public_host", host=settings.HOST, insist="--allow-demo")


def collect_static() -> None:
    """Copies styles and scripts with hashed names into the data directory, only when they have changed."""
    stamp = Path(settings.STATIC_ROOT) / ".stamp"
    wanted = _static_digest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    call_command("collectstatic", interactive=False, clear=False, verbosity=0, stdout=io.StringIO())
    stamp.write_text(wanted)


def _static_digest() -> str:
    digest = hashlib.sha256()
    for folder in settings.STATICFILES_DIRS:
        for file in sorted(Path(folder).rglob("*")):
            if file.is_file():
                digest.update(f"{file}:{file.stat().st_mtime_ns}:{file.stat().st_size}".encode())
    return digest.hexdigest()


def serve() -> None:
    """Serves pages and API until SIGTERM or SIGINT. SQLite has one writer, so one worker with one thread."""
    from granian import Granian
    from granian.constants import Interfaces

    sqlite = connection.vendor == "sqlite"
    connection.close()
    Granian(
        "qingyu.config.wsgi:application",
        address=settings.HOST,
        port=settings.PORT,
        interface=Interfaces.WSGI,
        workers=settings.WORKERS,
        blocking_threads=1 if sqlite else 2,
        backlog=2048,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
        log_enabled=True,
        log_level="warning",  # type: ignore[arg-type]
    ).serve()
