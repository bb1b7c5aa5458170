"""Telling how far long work is: a line that is rewritten on a terminal, one line a minute otherwise."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from typing import TextIO

OFTEN, SELDOM = 0.5, 60.0


@dataclass
class Progress:
    """``tell`` may be called as often as one likes."""

    what: str
    file: TextIO = field(default_factory=lambda: sys.stderr)
    started: float = field(default_factory=time.monotonic)
    last: float = field(default_factory=time.monotonic)

    def tell(self, text: str) -> None:
        now, terminal = time.monotonic(), self.file.isatty()
        if now - self.last < (OFTEN if terminal else SELDOM):
            return
        self.last = now
        line = f"{self.what}: {text}, {now - self.started:.0f} s"
        print(f"\r{line}\x1b[K" if terminal else line, end="" if terminal else "\n", file=self.file, flush=True)

    def end(self) -> None:
        """Clears the line on a terminal."""
        if self.file.isatty():
            print("\r\x1b[K", end="", file=self.file, flush=True)
