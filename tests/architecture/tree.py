"""The project's own files, read once for the tests of this folder."""

from __future__ import annotations

import ast
import subprocess
import tomllib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "qingyu"
OUTSIDE = {"var", "node_modules", "mutants", "__pycache__", "build", "dist"}
HIDDEN_BUT_OURS = {".ci", ".github"}


@cache
def tracked() -> tuple[Path, ...]:
    """What is, or would be, committed: git's list, or everything outside the ignored folders without git."""
    command = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, capture_output=True, text=True)
    if listed.returncode == 0:
        return tuple(ROOT / name for name in sorted(listed.stdout.split("\0")) if name and (ROOT / name).is_file())
    return tuple(path for path in sorted(ROOT.rglob("*")) if path.is_file() and not _outside(path))


def _outside(path: Path) -> bool:
    folders = set(path.relative_to(ROOT).parts[:-1])
    hidden = {folder for folder in folders if folder.startswith(".")}
    return bool(folders & OUTSIDE or hidden - HIDDEN_BUT_OURS)


@cache
def sources(folder: Path = PACKAGE) -> tuple[Path, ...]:
    """Every Python file of a folder, sorted."""
    return tuple(path for path in sorted(folder.rglob("*.py")) if not _outside(path))


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def name(path: Path) -> str:
    """A path as people write it: from the root of the project."""
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> set[str]:
    """Every module that a file imports by an absolute name, and each name taken from it: ``a.b``, ``a.b.c``."""
    found: set[str] = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


@cache
def layers() -> dict[str, int]:
    """Height of each app, 0 the lowest, as the contract in pyproject.toml has it."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contract = next(c for c in settings["tool"]["importlinter"]["contracts"] if c["id"] == "layers")
    rows = list(reversed(contract["layers"]))
    return {app.strip(" ()"): height for height, row in enumerate(rows) for app in row.split("|")}
