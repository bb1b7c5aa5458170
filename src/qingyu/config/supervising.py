"""``qingyu up``: web and worker in one supervised process group; one that dies is started again."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from types import FrameType

from qingyu.config import parents

FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0
STEADY = 60.0
"""Who ran this long was well: after that the wait begins again at the shortest."""
PATIENCE = 15.0
STOPPING = [getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGHUP") if hasattr(signal, name)]


@dataclass
class Child:
    """One command kept going; ``wait`` grows while it keeps dying young. Times in seconds of the monotonic clock."""

    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    wait: float = FIRST_WAIT
    start_at: float = 0.0
    started: float = 0.0

    def tend(self, now: float) -> None:
        """Starts it if it is due and not running."""
        if self.process is not None and self.process.poll() is None:
            return
        if self.process is not None:
            self._plan_again(now)
        if now >= self.start_at:
            program = [sys.executable, "-m", "qingyu", *self.command]
            self.process = subprocess.Popen(program, preexec_fn=parents.before_exec())
            self.started = now

    def _plan_again(self, now: float) -> None:
        assert self.process is not None
        self.wait = FIRST_WAIT if now - self.started > STEADY else min(self.wait * 2, LONGEST_WAIT)
        self.start_at = now + self.wait
        words = f"{self.command[0]} ended with {self.process.returncode}; it starts again in {self.wait:.0f} s"
        sys.stderr.write(f"qingyu: {words}\n")
        self.process = None

    def tell(self, number: int) -> None:
        """Passes a signal on."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)


class Supervisor:
    """Keeps its children going until SIGTERM or SIGINT, then stops all and waits for them."""

    def __init__(self, *commands: list[str]) -> None:
        self.children = [Child(command) for command in commands]
        self.going = True

    def run(self) -> None:
        """Until it is told to stop; children get 15 seconds, then are ended."""
        for number in STOPPING:
            signal.signal(number, self._told)
        try:
            while self.going:
                for child in self.children:
                    child.tend(time.monotonic())
                time.sleep(0.2)
        finally:
            self._end()

    def _told(self, number: int, frame: FrameType | None) -> None:
        self.going = False

    def _end(self) -> None:
        for child in self.children:
            child.tell(signal.SIGTERM)
        until = time.monotonic() + PATIENCE
        for child in self.children:
            if child.process is not None:
                _wait(child.process, until)


def _wait(process: subprocess.Popen[bytes], until: float) -> None:
    try:
        process.wait(max(0.1, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
