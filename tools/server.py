"""The real program on free loopback ports with data of its own: for journeys, benches and screenshots."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

START_SECONDS = 40
STOP_SECONDS = 15


@dataclass
class Installation:
    """One data directory and one database, and the program run on them.

    ``url`` and ``events_url`` are where it answers once started; ``environment`` holds its options.
    """

    data_dir: Path
    database_url: str = ""
    options: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=lambda: free_port())
    events_port: int = field(default_factory=lambda: free_port())

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def events_url(self) -> str:
        return f"http://127.0.0.1:{self.events_port}"

    @property
    def environment(self) -> dict[str, str]:
        """What its processes see: nothing of the caller's own ``QINGYU_*`` options."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("QINGYU_")}
        return inherited | {
            "DJANGO_SETTINGS_MODULE": "qingyu.config.settings",
            "QINGYU_DATA_DIR": str(self.data_dir),
            "QINGYU_DATABASE_URL": self.database_url or f"sqlite:///{self.data_dir}/qingyu.sqlite3",
            "QINGYU_HOST": "127.0.0.1",
            "QINGYU_PORT": str(self.port),
            "QINGYU_EVENTS_PORT": str(self.events_port),
            **self.options,
        }

    def command(self, *arguments: str) -> str:
        """Run ``qingyu ARGUMENTS`` to its end and answer what it printed; a failure carries its words."""
        done = subprocess.run(_program(*arguments), env=self.environment, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"qingyu {' '.join(arguments)} ended with {done.returncode}:\n{done.stderr}")
        return done.stdout

    def logins(self) -> dict[str, Any]:
        """The demo accounts by role, as the demo city left them in the data directory."""
        found: dict[str, Any] = json.loads((self.data_dir / "demo-logins.json").read_text())
        return found

    @contextmanager
    def running(self, command: str = "serve") -> Iterator[Installation]:
        """Keep ``qingyu serve`` (or ``up``) going; yields when it answers, stops it by its pid at the end."""
        with self.process(command) as process:
            self._wait(process)
            yield self

    @contextmanager
    def process(self, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
        """Keep one command going (``worker``, say); its output goes to ``COMMAND.log`` in the data folder."""
        with open(self.data_dir / f"{arguments[0]}.log", "ab") as log:
            process = subprocess.Popen(
                _program(*arguments), env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        try:
            yield process
        finally:
            _stop(process)

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + START_SECONDS
        while not self._answers():
            if process.poll() is not None or time.monotonic() > until:
                logs = "\n".join(path.read_text(errors="replace") for path in self.data_dir.glob("*.log"))
                raise RuntimeError(f"The server did not start:\n{logs[-3000:]}")
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/health/ready", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


def free_port() -> int:
    """A loopback port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _program(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "qingyu", *arguments]


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Ask it to stop as an operator would; end its whole group if it does not."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        pass
    finally:
        _end_group(process)


def _end_group(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()
