"""``qingyu up``: web and worker in one supervised process group; one that dies is started again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from types import FrameType

LONGEST_WAIT = 30.0


@dataclass
class Child:
    """One command kept going; ``wait`` grows while it keeps dying young."""

    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    wait: float = 0.5
    start_at: float = 0.0
    started: float = field(default=0.0)

    def tend(self) -> None:
        """Starts it if it is due and not running."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is None:
            return
        if self.process is not None:
            self._plan_again(now)
        if now >= self.start_at:
            self.process = subprocess.Popen([sys.executable, "-m", "qingyu", *self.command])
            self.started = now

    def _plan_again(self, now: float) -> None:
        assert self.process is not None
        print(f"qingyu: {self.command[0]} ended with {self.process.returncode}; starting it again", file=sys.stderr)
        self.wait = 0.5 if now - self.started > 60 else min(self.wait * 2, LONGEST_WAIT)
        self.start_at, self.process = now + self.wait, None

    def stop(self, number: int) -> None:
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
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._told)
        while self.going:
            for child in self.children:
                child.tend()
            time.sleep(0.2)
        self._end()

    def _told(self, number: int, frame: FrameType | None) -> None:
        self.going = False

    def _end(self) -> None:
        for child in self.children:
            child.stop(signal.SIGTERM)
        until = time.monotonic() + 15
        for child in self.children:
            if child.process is not None:
                _wait(child.process, until)


def _wait(process: subprocess.Popen[bytes], until: float) -> None:
    try:
        process.wait(max(0.1, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
