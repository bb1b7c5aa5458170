"""A PostgreSQL cluster of its own for tests and benches: in a temporary folder, on a socket, gone afterwards.

    with cluster() as postgres:
        url = postgres.create("one")

PostgreSQL refuses to run as root, so root starts it as the user ``postgres`` (or ``nobody``).
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.system import postgres_folder

DURABLE: Mapping[str, str] = {"max_connections": "200", "shared_buffers": "256MB"}
FAST: Mapping[str, str] = {**DURABLE, "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
START_SECONDS = 30


class NoPostgres(RuntimeError):
    """PostgreSQL is not on this machine."""


@dataclass(frozen=True)
class Cluster:
    """A running cluster, reached through the socket in ``folder``."""

    folder: Path
    programs: Path

    @classmethod
    def at(cls, folder: Path) -> Cluster:
        """The cluster that another process started in this folder."""
        return cls(folder, _programs())

    def url(self, database: str) -> str:
        """The value of ``QINGYU_DATABASE_URL`` for a database of this cluster."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def create(self, database: str, *, like: str = "") -> str:
        """Make a database, empty or a copy of another that nobody is connected to; answers its URL."""
        self._run("createdb", *(["--template", like] if like else []), database)
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove a database, with those still connected to it."""
        self._run("dropdb", "--force", "--if-exists", database)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.programs / program), "-h", str(self.folder), "-U", "postgres", *arguments]
        subprocess.run(command, check=True, capture_output=True)


@contextmanager
def cluster(*, settings: Mapping[str, str] = FAST) -> Iterator[Cluster]:
    """Start a cluster with these settings and stop it at the end, also after a failure or ctrl-C.

    ``FAST`` forgets everything at a crash (for tests), ``DURABLE`` is as in service (for benches).
    """
    programs = _programs()
    folder = Path(tempfile.mkdtemp(prefix="qingyu-pg-"))
    try:
        _initialise(folder, programs)
        with _server(folder, programs, settings):
            yield Cluster(folder, programs)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    found = postgres_folder()
    if found is None:
        raise NoPostgres("PostgreSQL is not installed")
    return found


def _initialise(folder: Path, programs: Path) -> None:
    user = _user()
    if user:
        shutil.chown(folder, user)
    locale = "C.UTF-8" if sys.platform == "linux" else "C"
    options = ["-U", "postgres", "-A", "trust", "-E", "UTF8", f"--locale={locale}", "--no-sync"]
    command = [str(programs / "initdb"), "-D", str(folder / "data"), *options]
    subprocess.run(command, check=True, capture_output=True, user=user, cwd=folder)


@contextmanager
def _server(folder: Path, programs: Path, settings: Mapping[str, str]) -> Iterator[None]:
    options = {**settings, "listen_addresses": "", "unix_socket_directories": str(folder)}
    flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen(
            [str(programs / "postgres"), "-D", str(folder / "data"), *flags],
            stdout=log,
            stderr=log,
            user=_user(),
            cwd=folder,
            start_new_session=True,
            preexec_fn=_end_with_parent(),
        )
    try:
        _wait(folder, programs, process)
        yield
    finally:
        _stop(process)


def _wait(folder: Path, programs: Path, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    ready = [str(programs / "pg_isready"), "-q", "-h", str(folder)]
    while subprocess.run(ready, capture_output=True).returncode:
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError("PostgreSQL did not start:\n" + (folder / "log").read_text())
        time.sleep(0.05)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Fast shutdown (SIGINT): sessions are ended, nothing is waited for; harder if that takes too long."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGQUIT)
        process.wait(15)


def _user() -> str | None:
    """The unprivileged user that runs the cluster, or None for ourselves."""
    if os.geteuid() != 0:
        return None
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _end_with_parent() -> Callable[[], None] | None:
    """On Linux: have the server stopped by the kernel should we be killed before we can stop it."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(1, signal.SIGINT, 0, 0, 0)
