"""What is too long for every run: hammers, journeys on PostgreSQL, mutation of the rules.

    make long                          all of it
    python3 run.py long mutation       one part: hammers | journeys | mutation
    python3 run.py long mutation hours clocks   only these modules of the rules

Figures are stored in bench/results/ and printed again by `make bench`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tools import mutation, system

ROOT = Path(__file__).resolve().parents[1]
DATABASES = ("sqlite", "postgresql")
FAULT_OPERATIONS = "5000"
HAMMERS = (("-m", "long", "--timeout=3600"), ("tests/faults", "-k", "killed", "--timeout=3600"))


def main(arguments: list[str]) -> int:
    """1 if any part failed."""
    system.provide()
    parts: dict[str, Callable[[], int]] = {
        "hammers": hammers,
        "journeys": journeys,
        "mutation": lambda: mutation.main(arguments[1:]),
    }
    chosen = [arguments[0]] if arguments else list(parts)
    if unknown := set(chosen) - set(parts):
        print(f"no such part: {', '.join(unknown)}; there are {', '.join(parts)}", file=sys.stderr)
        return 2
    return max(parts[name]() for name in chosen)


def hammers() -> int:
    """Killed servers and workers under 5,000 requests, and what has the marker ``long``, on both databases."""
    os.environ["QINGYU_FAULT_OPERATIONS"] = FAULT_OPERATIONS
    return max(_pytest(f"--database={database}", *chosen) for chosen in HAMMERS for database in DATABASES)


def journeys() -> int:
    """The browser journeys again, with PostgreSQL behind the server."""
    return _pytest("--database=postgresql", "-m", "browser and not long", "-n", "2")


def _pytest(*arguments: str) -> int:
    code = subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=ROOT).returncode
    return 0 if code == 5 else min(code, 1)  # 5: no test has the marker


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
