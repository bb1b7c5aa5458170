"""How many small faults planted in a module of the rules its tests notice (mutation testing with mutmut).

Works on a copy in a temporary folder. The score is the share of planted faults that made a test fail or hang;
faults in lines that no test reaches count as unnoticed.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[1]
RULES = ROOT / "src" / "qingyu" / "rules"
RESULTS = ROOT / "bench" / "results" / "mutation.jsonl"
NOTICED = {"killed", "timeout", "segfault", "suspicious"}
NOT_COUNTED = {"skipped", "not checked", "check was interrupted by user", "caught by type check"}
TARGET = 0.8
COPIED = ("src", "tests/rules", "docs/rules", "pyproject.toml")


def main(modules: list[str]) -> int:
    """Mutate the named modules (or all that have tests) and store the figures; 1 if one fell short."""
    figures = [figure(module) for module in modules or tested()]
    for line in figures:
        print(json.dumps(line), flush=True)
    store(figures)
    return 0 if all(line["ok"] for line in figures) else 1


def tested() -> list[str]:
    """The modules of the rules that have a test file of their own name."""
    names = [path.stem for path in sorted(RULES.iterdir()) if not path.name.startswith("_")]
    return [name for name in names if list((ROOT / "tests" / "rules").glob(f"test_{name}*.py"))]


def figure(module: str) -> dict[str, object]:
    """Score of one module as a line for ``make bench``."""
    counts = outcomes(module)
    counted = sum(number for state, number in counts.items() if state not in NOT_COUNTED)
    noticed = sum(number for state, number in counts.items() if state in NOTICED)
    score = round(noticed / counted, 3) if counted else 0.0
    return {
        "name": f"mutation score of rules/{module}",
        "value": score,
        "unit": "share of planted faults noticed",
        "target": TARGET,
        "ok": score >= TARGET,
        "database": None,
        "detail": {"planted": counted, **dict(sorted(counts.items()))},
    }


def outcomes(module: str) -> Counter[str]:
    """How many planted faults ended in which state: killed, survived, timeout, no tests ..."""
    with tempfile.TemporaryDirectory(prefix="qingyu-mutation-") as folder:
        _copy(Path(folder), module)
        with open(Path(folder) / "log", "w") as log:
            _mutmut(folder, "run", "--max-children", str(os.cpu_count() or 2), output=log)
        listed = _mutmut(folder, "results", "--all", "true", output=subprocess.PIPE).stdout
        counts = Counter(line.rpartition(": ")[2].strip() for line in listed.splitlines() if ": " in line)
        if not set(counts) - NOT_COUNTED:
            raise SystemExit((Path(folder) / "log").read_text()[-2000:])
        return counts


def _mutmut(folder: str, *arguments: str, output: IO[str] | int) -> subprocess.CompletedProcess[str]:
    """Run mutmut in the copy; the mutated modules stand before the installed ones."""
    command = [sys.executable, "-m", "mutmut", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(Path(folder) / "mutants" / "src")}
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        text=True,
    )


def _copy(folder: Path, module: str) -> None:
    (folder / "mutants" / "src").mkdir(parents=True)  # Python forgets places of PYTHONPATH that are not there yet
    for name in COPIED:
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    tests = [f"tests/rules/{path.name}" for path in sorted((folder / "tests" / "rules").glob(f"test_{module}*.py"))]
    chosen = {
        "only_mutate": [f"src/qingyu/rules/{module}.py", f"src/qingyu/rules/{module}/*"],
        "pytest_add_cli_args_test_selection": tests,
    }
    lines = "\n".join(f"{name} = {json.dumps(value)}" for name, value in chosen.items())
    settings = folder / "pyproject.toml"
    settings.write_text(settings.read_text().replace("[tool.mutmut]", f"[tool.mutmut]\n{lines}"))


def store(figures: list[dict[str, object]], *, path: Path = RESULTS) -> None:
    """Keep these figures, in place of older ones of the same name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    older = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    lines = {str(line["name"]): line for line in [*older, *figures]}
    path.write_text("".join(json.dumps(lines[name]) + "\n" for name in sorted(lines)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
