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

ROOT = Path(__file__).resolve().parents[1]
RULES = ROOT / "src" / "qingyu" / "rules"
RESULTS = ROOT / "bench" / "results" / "mutation.jsonl"
NOTICED = {"killed", "timeout", "segfault", "suspicious"}
NOT_COUNTED = {"skipped", "not checked", "check was interrupted by user", "caught by type check"}
TARGET = 0.9
COPIED = ("src", "tests/rules", "docs/rules", "pyproject.toml")


def main(modules: list[str]) -> int:
    """Mutate each named module (all that have tests, when none is named) and store the figures; 1 if one fell short."""
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
        mutmut = [str(Path(sys.prefix) / "bin" / "mutmut")]
        path = os.pathsep.join([str(Path(folder) / "mutants" / "src"), folder])
        environment = {**os.environ, "PYTHONPATH": path, "HYPOTHESIS_MAX_EXAMPLES": "20"}
        where = {"cwd": folder, "env": environment, "stdin": subprocess.DEVNULL}
        subprocess.run([*mutmut, "run", "--max-children", str(os.cpu_count() or 2)], stdout=sys.stderr, **where)
        listed = subprocess.run([*mutmut, "results", "--all", "true"], capture_output=True, text=True, **where)
    return Counter(line.rpartition(": ")[2].strip() for line in listed.stdout.splitlines() if ": " in line)


def _copy(folder: Path, module: str) -> None:
    for name in COPIED:
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy(source, target)
    only = f'only_mutate = ["src/qingyu/rules/{module}.py", "src/qingyu/rules/{module}/*"]'
    settings = folder / "pyproject.toml"
    settings.write_text(settings.read_text().replace("[tool.mutmut]", f"[tool.mutmut]\n{only}"))


def store(figures: list[dict[str, object]]) -> None:
    """Keep these figures, in place of older ones of the same name."""
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    older = [json.loads(line) for line in RESULTS.read_text().splitlines()] if RESULTS.exists() else []
    lines = {str(line["name"]): line for line in [*older, *figures]}
    RESULTS.write_text("".join(json.dumps(lines[name]) + "\n" for name in sorted(lines)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
