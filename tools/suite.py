"""Every test, on both databases and in a browser: provides what the machine lacks, runs, counts.

    make test                  everything
    python3 run.py test -k word   further arguments go to pytest

PostgreSQL first, SQLite with the browser journeys second. The last line is pytest's own: that of the last
run, or that of the first run that failed.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tools import system

ROOT = Path(__file__).resolve().parents[1]
BARS = re.compile(r"\x1b\[[0-9;]*m")
WORKERS = "2"
NO_TESTS = 5  # pytest's exit code when nothing was collected: a choice by -k may leave one run empty

RUNS = {
    "PostgreSQL": [
        "--database=postgresql", "-m", "not browser", "--ignore=tests/rules", "--ignore=tests/architecture",
    ],
    "SQLite and browser": ["--database=sqlite"],
}  # fmt: skip


def main(arguments: list[str]) -> int:
    """Exit code of the first run that failed, or 0."""
    system.provide()
    results = {name: run(name, [*options, *arguments]) for name, options in RUNS.items()}
    failed = [name for name, (code, _) in results.items() if code not in (0, NO_TESTS)]
    for name, (_, line) in results.items():
        print(f"{name}:\n{line}")
    if failed and failed[0] != list(results)[-1]:
        print(f"Failed on {failed[0]}:\n{results[failed[0]][1]}")
    return results[failed[0]][0] if failed else 0


def run(name: str, arguments: list[str]) -> tuple[int, str]:
    """One run of pytest, its output passed on as it comes; answers its exit code and its closing line."""
    print(f"== {name}: pytest {' '.join(arguments)}", flush=True)
    command = [sys.executable, "-m", "pytest", "-n", WORKERS, *_colour(), *arguments]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    try:
        closing = _pass_on(process)
    except KeyboardInterrupt:
        process.wait(60)  # ctrl-C reached pytest too: let it stop its servers
        raise
    return process.wait(), closing


def _colour() -> list[str]:
    return ["--color=yes"] if sys.stdout.isatty() and "NO_COLOR" not in os.environ else []


def _pass_on(process: subprocess.Popen[str]) -> str:
    closing = "no test ran"
    assert process.stdout is not None
    for line in process.stdout:
        print(line, end="", flush=True)
        if re.match(r"=+ .*\b(passed|failed|error|errors|skipped|no tests ran)\b.* in ", BARS.sub("", line)):
            closing = line.rstrip("\n")
    return closing


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
