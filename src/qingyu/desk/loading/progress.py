"""Telling how far long work is: a line that is rewritten on a terminal, one line a minute otherwise."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TextIO, TypeVar

T = TypeVar("T")

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

    def over(self, lines: Iterable[T]) -> Iterator[T]:
        """The lines as they are taken, telling how many."""
        for number, line in enumerate(lines, 1):
            self.tell(f"{number} lines")
            yield line

    def end(self) -> None:
        """Clears the line on a terminal."""
        if self.file.isatty():
            print("\r\x1b[K", end="", file=self.file, flush=True)
