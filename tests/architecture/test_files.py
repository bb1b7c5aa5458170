"""What a reviewer would have to remember about files: length, names, and what they must not hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture import tree

LONGEST = 400
NAMELESS = {"utils", "helpers", "services", "managers", "signals", "common", "core"}
TEXT = {
    ".py",
    ".toml",
    ".txt",
    ".md",
    ".html",
    ".css",
    ".js",
    ".json",
    ".yml",
    ".yaml",
    ".cfg",
    ".ini",
    ".po",
    ".sh",
    "",
}

# Built from parts so that this file does not hold what it looks for.
REGISTRY = re.compile(
    "|".join(["--(?:extra-)?index-" + "url", "--find-" + "links", '"resolved": *"' + "http", "registry=" + "http"])
)
REGISTRY_HOST = re.compile("https?://(?:[a-z0-9.-]*)(?:files\\.pythonhosted|registry\\.npmjs|pypi\\.org/" + "simple)")
MACHINE_PATH = re.compile(r"(?:^|[^A-Za-z0-9_.\-/])/(?:work|farm|root|home/[a-z]+|Users/[a-z]+)/")


def python_files() -> list[Path]:
    places = ("src/", "tests/", "bench/", "tools/", "run.py")
    found = [path for path in tree.tracked() if path.suffix == ".py" and tree.name(path).startswith(places)]
    return [path for path in found if "migrations" not in path.parts]  # those are written by a command


def text_files() -> list[Path]:
    return [path for path in tree.tracked() if path.suffix in TEXT and "vendor" not in path.parts]


def places(pattern: re.Pattern[str]) -> list[str]:
    """``file:line`` of every line of ours that the pattern finds."""
    return [
        f"{tree.name(path)}:{number}"
        for path in text_files()
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    lengths = {tree.name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in python_files()}
    assert not {name: length for name, length in lengths.items() if length > LONGEST}


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert not [tree.name(path) for path in tree.sources() if NAMELESS & {path.stem, *path.parts[-3:-1]}]


@pytest.mark.parametrize("pattern", [REGISTRY, REGISTRY_HOST, MACHINE_PATH], ids=["option", "host", "path"])
def test_no_committed_file_names_a_registry_or_a_machine(pattern: re.Pattern[str]) -> None:
    allowed = {"tools/locks.py"} if pattern is REGISTRY else set()
    assert not [place for place in places(pattern) if place.split(":")[0] not in allowed]


def test_locks_name_exact_versions_with_hashes() -> None:
    for lock in tree.ROOT.glob("requirements*.txt"):
        entries = [line for line in lock.read_text().splitlines() if line and not line.startswith((" ", "#"))]
        assert entries
        assert all(re.match(r"[a-z0-9][a-z0-9._-]*==\S+ .*\\$", line) for line in entries), lock.name


def test_the_locks_agree() -> None:
    versions = [
        set(re.findall(r"^([a-z0-9._-]+==\S+)", (tree.ROOT / name).read_text(), flags=re.M))
        for name in ("requirements.txt", "requirements-postgres.txt", "requirements-test.txt")
    ]
    assert versions[0] < versions[1] < versions[2]


def test_make_and_run_py_know_the_same_targets() -> None:
    import run

    made = re.findall(r"^([a-z-]+): +## (.+)$", (tree.ROOT / "Makefile").read_text(), flags=re.M)
    assert {name: text for name, text in made if name != "help"} == {name: row[2] for name, row in run.TARGETS.items()}
