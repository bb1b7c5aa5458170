"""An installed wheel holds what the program reads: every file beside the code is package data of its package."""

from __future__ import annotations

import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
PATTERNS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["package-data"]


def files() -> list[Path]:
    """Everything under src/qingyu but what the interpreter leaves behind."""
    found = (path.relative_to(SOURCE) for path in (SOURCE / "qingyu").rglob("*") if path.is_file())
    return sorted(path for path in found if "__pycache__" not in path.parts)


def package_of(file: Path) -> Path:
    """The innermost folder above a file that is a package."""
    return next(folder for folder in file.parents if (SOURCE / folder / "__init__.py").is_file())


def is_packed(file: Path) -> bool:
    """Whether a pattern covers it; ``folder/**`` stands for all below, and ``*`` does not cross folders."""
    package = package_of(file)
    patterns = [*PATTERNS["*"], *PATTERNS.get(".".join(package.parts), [])]
    inside = file.relative_to(package).as_posix()
    return any(covers(pattern, inside) for pattern in patterns)


def covers(pattern: str, path: str) -> bool:
    if pattern.endswith("/**"):
        return path.startswith(pattern.removesuffix("**"))
    return pattern.count("/") == path.count("/") and fnmatch(path, pattern)


@pytest.mark.parametrize(
    ("file", "packed"),
    [
        ("qingyu/desk/demo/units.json", True),
        ("qingyu/templates/parts/tag.html", True),
        ("qingyu/cases/locale/zh_Hans/LC_MESSAGES/django.mo", True),
        ("qingyu/cases/units.json", False),
        ("qingyu/desk/demo/deeper/units.json", False),
    ],
)
def test_the_patterns_are_read_as_the_packer_reads_them(file: str, packed: bool) -> None:
    assert is_packed(Path(file)) is packed


def test_every_file_beside_the_code_is_in_the_wheel() -> None:
    assert not [str(file) for file in files() if file.suffix != ".py" and not is_packed(file)]


def test_every_module_lies_in_packages_up_to_the_top() -> None:
    folders = {folder for file in files() if file.suffix == ".py" for folder in file.parents[:-1]}
    assert not sorted(str(folder) for folder in folders if not (SOURCE / folder / "__init__.py").is_file())
