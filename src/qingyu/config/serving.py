"""Starting the web server: checks first, then Granian with as many workers as the database can use."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import socket
import sys
import threading
import time
from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection

from qingyu.cases.dispatch import suggesting
from qingyu.config import parents
from qingyu.notify import channels
from qingyu.people.keys import ensure_keys
from qingyu.people.models import Staff
from qingyu.rules.refusals import NotAllowed

LOOPBACK = ("127.0.0.1", "::1", "localhost")
LOCK_SECONDS = 5
"""How long a page waits for another writer of SQLite before it answers 503: one thread serves, others wait behind."""
LOOK_AGAIN = 2.0
REFUSED_FOR_GOOD = ("authentication failed", "no password supplied", "does not exist", "pg_hba", "unable to open")


def prepare() -> None:
    """Refuses to start on a database that is not migrated or whose keys are missing.

    NotAllowed("not_migrated" | "made_by_newer" | "data_dir_readonly" | "channel_unknown" |
    "database_refuses"), KeyTrouble("key_missing" | "key_wrong"). A database that is away is waited for.
    """
    require_writable()
    require_channels()
    wait_for_database()
    require_migrated()
    ensure_keys()


def require_writable() -> None:
    """NotAllowed("data_dir_readonly") where uploads and the heartbeat could not be written."""
    if not os.access(settings.DATA_DIR, os.W_OK | os.X_OK):
        raise NotAllowed("data_dir_readonly", path=settings.DATA_DIR)


def require_channels() -> None:
    """NotAllowed("channel_unknown") where messages could not go out: told now, not at the first message."""
    for name in ("email", "sms"):
        try:
            channels.make(name).close()
        except channels.UnknownChannel as trouble:
            raise NotAllowed("channel_unknown", words=trouble) from None


def wait_for_database() -> None:
    """Returns once the database answers; says that it waits. NotAllowed("database_refuses") where waiting is no use."""
    told = False
    while True:
        try:
            connection.ensure_connection()
        except OperationalError as error:
            words = " ".join(str(error).split())
            if any(part in words for part in REFUSED_FOR_GOOD):
                raise NotAllowed("database_refuses", words=words) from None
            if not told:
                sys.stderr.write(f"qingyu: the database does not answer ({words}); waiting for it\n")
            told = True
            time.sleep(LOOK_AGAIN)
        else:
            return


def require_migrated() -> None:
    """NotAllowed("not_migrated") where a migration waits, ("made_by_newer") where the database is ahead of us."""
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotAllowed("not_migrated", run="qingyu migrate")
    require_known(executor.loader.applied_migrations, set(executor.loader.disk_migrations))


def require_known(applied: object, on_disk: set[tuple[str, str]]) -> None:
    """NotAllowed("made_by_newer") where our apps have migrations applied that this program does not hold."""
    ours = {app for app, _name in on_disk}
    ahead = sorted(f"{app}.{name}" for app, name in applied if app in ours and (app, name) not in on_disk)  # type: ignore[attr-defined]
    if ahead:
        raise NotAllowed("made_by_newer", migrations=", ".join(ahead))


def prepare_web(*, allow_demo: bool) -> None:
    """What serving needs besides: its address, no demo accounts in public, static files.

    NotAllowed("demo_on_public_host" | "one_worker_on_sqlite" | "port_in_use" | "address_unknown" | "port_forbidden").
    """
    if connection.vendor == "sqlite" and settings.WORKERS > 1:
        raise NotAllowed("one_worker_on_sqlite", workers=settings.WORKERS)
    if not allow_demo:
        refuse_demo_in_public()
    require_port(settings.HOST, settings.PORT)
    collect_static()


def refuse_demo_in_public() -> None:
    """Demo accounts have passwords in a file: with them only loopback is served unless the operator insists."""
    if settings.HOST not in LOOPBACK and Staff.objects.filter(demo=True, is_active=True).exists():
        raise NotAllowed("demo_on_public_host", host=settings.HOST)


def require_port(host: str, port: int, *, patience: float = 3.0) -> None:
    """NotAllowed where we could not listen there; a server that is just ending is given a moment.

    Granian shares its port on purpose (SO_REUSEPORT), so without this a second server would take half the requests.
    """
    until = time.monotonic() + patience
    while (trouble := _listening_fails(host, port)) == "port_in_use" and time.monotonic() < until:
        time.sleep(0.1)
    if trouble:
        raise NotAllowed(trouble, host=host, port=port)


def _listening_fails(host: str, port: int) -> str:
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except PermissionError:
        return "port_forbidden"
    except OSError as error:
        return "port_in_use" if error.errno == errno.EADDRINUSE else "address_unknown"
    return ""


def collect_static() -> None:
    """Copies styles and scripts with hashed names into the data directory, only when they have changed."""
    stamp = Path(settings.STATIC_ROOT) / ".stamp"
    wanted = _static_digest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    call_command("collectstatic", interactive=False, clear=False, verbosity=0, stdout=io.StringIO())
    stamp.write_text(wanted)


def _static_digest() -> str:
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = os.stat(storage.path(name))
            digest.update(f"{name}:{status.st_mtime_ns}:{status.st_size}\n".encode())
    return digest.hexdigest()


def web(*, allow_demo: bool) -> list[str]:
    """The command of the web server alone, as a supervisor keeps it going beside the event process."""
    return ["serve", "--alone", *(["--allow-demo"] if allow_demo else [])]


def serve() -> None:
    """Serves pages and API until SIGTERM or SIGINT. SQLite has one writer, so one worker with one thread."""
    from granian import Granian
    from granian.constants import Interfaces

    import_module(settings.ROOT_URLCONF)  # once here, so that workers begin (and begin again) at once
    sqlite = connection.vendor == "sqlite"
    connection.close()
    os.environ["QINGYU_SERVING"] = str(os.getpid())
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


def begin_serving() -> None:
    """In each web worker, before its first request: end with the main process, and be short with a locked database."""
    parents.end_with(int(os.environ["QINGYU_SERVING"]))
    if connection.vendor == "sqlite":
        connection.close()
        connection.settings_dict["OPTIONS"]["timeout"] = LOCK_SECONDS
    threading.Thread(target=suggesting.learner, daemon=True).start()  # numpy and the model, before somebody waits
