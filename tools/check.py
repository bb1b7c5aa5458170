"""The fast half of the tests: style, types, arrows, rules. Runs them all and says which failed.

make check
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROGRAMS = Path(sys.prefix) / "bin"

STEPS = {
    "style": ["ruff", "check", "--quiet", "."],
    "form": ["ruff", "format", "--check", "--quiet", "."],
    "arrows": ["lint-imports", "--no-cache"],
    "types": ["mypy"],
    "rules and architecture": ["pytest", "-q", "-n", "2", "tests/rules", "tests/architecture"],
}


def main() -> int:
    """1 if any step failed; every step runs, and the one that prints a count of tests comes last."""
    failed = [name for name, command in STEPS.items() if not passes(name, command)]
    if failed:
        print(f"check: failed: {', '.join(failed)}")
    return 1 if failed else 0


def passes(name: str, command: list[str]) -> bool:
    """Run one step, with its output as it comes."""
    print(f"-- {name}: {' '.join(command)}", flush=True)
    start = time.monotonic()
    code = subprocess.run([str(PROGRAMS / command[0]), *command[1:]], cwd=ROOT, stdin=subprocess.DEVNULL).returncode
    print(f"-- {name}: {'ok' if code == 0 else 'FAILED'} ({time.monotonic() - start:.1f} s)", flush=True)
    return code == 0


if __name__ == "__main__":
    sys.exit(main())
