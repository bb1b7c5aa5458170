"""The documents tell the truth: their examples run, their links lead somewhere."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

from tests.architecture import tree
from tools import docs
from tools.shots import desks, doors, taking

EXAMPLES = docs.with_examples()


@pytest.mark.parametrize("path", EXAMPLES, ids=tree.name)
def test_worked_examples_come_out_as_written(path: Path) -> None:
    result = doctest.testfile(str(path), module_relative=False, optionflags=docs.DOCTEST_OPTIONS)
    assert result.failed == 0
    assert result.attempted > 0, "a page of docs/rules shows at least one example"


def test_every_picture_is_shown_small_and_can_be_taken_anew() -> None:
    taken = {f"{shot.name}.png" for shot in (*desks.PAGES, *doors.PAGES)}
    kept = {path.name: path.stat().st_size for path in (tree.ROOT / "docs" / "images").iterdir()}
    pages = "\n".join(path.read_text(encoding="utf-8") for path in tree.tracked() if path.suffix == ".md")
    assert taken == set(kept)
    assert [name for name in kept if f"images/{name})" not in pages] == []
    assert [name for name, size in kept.items() if size > taking.MOST_BYTES] == []


def test_links_between_documents_lead_somewhere() -> None:
    assert not docs.broken_links([path for path in tree.tracked() if path.suffix == ".md"])
