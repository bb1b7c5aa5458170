"""Every figure that the README quotes, one line of JSON each.

    make bench                       bench/*.py, then what `make long` measured last
    make bench-large                 bench/large/*.py: ten million cases
    python3 run.py bench filing      only the files whose name holds a word

Each file is a program that prints lines {"name", "value", "unit", "target", "ok", "database", "detail"}.
Files that start with ``_`` are parts of others. Progress goes to standard error.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "bench"
KEYS = {"name", "value", "unit", "target", "ok", "database", "detail"}


def main(arguments: list[str]) -> int:
    """1 when a file failed or printed something else than figures; a missed target is told, not failed."""
    large = "large" in arguments
    words = [word for word in arguments if word != "large"]
    files = [file for file in programs(FOLDER / "large" if large else FOLDER) if _wanted(file, words)]
    failed = [file.name for file in files if not passes(file)]
    if not large and not words:
        stored()
    for name in failed:
        _say(f"failed: {name}")
    return 1 if failed else 0


def programs(folder: Path) -> list[Path]:
    """The bench programs of a folder, in the order of their names."""
    return [file for file in sorted(folder.glob("*.py")) if not file.name.startswith("_")]


def _wanted(file: Path, words: list[str]) -> bool:
    return not words or any(word in file.stem for word in words)


def passes(file: Path) -> bool:
    """Run one program and print its figures; False if it failed or printed anything that is none."""
    start = time.monotonic()
    module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
    process = subprocess.Popen([sys.executable, "-m", module], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    good = [_figure(line) for line in process.stdout if line.strip()]
    _say(f"{module}: {len(good)} figures, {time.monotonic() - start:.0f} s")
    return process.wait() == 0 and all(good)


def _figure(line: str) -> bool:
    """Pass one line on if it is a figure with all its keys."""
    try:
        found = json.loads(line)
    except ValueError:
        found = None
    if not isinstance(found, dict) or set(found) < KEYS:
        _say(f"not a figure: {line.strip()}")
        return False
    print(line.strip(), flush=True)
    if found["ok"] is False:
        _say(f"missed: {found['name']} is {found['value']} {found['unit']}, target {found['target']}")
    return True


def stored() -> None:
    """The figures that `make long` stored."""
    for file in sorted((FOLDER / "results").glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            _figure(line)


def _say(text: str) -> None:
    print(f"bench: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
