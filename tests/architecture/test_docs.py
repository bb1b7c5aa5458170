"""The documents tell the truth: their examples run, their links lead somewhere."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest

from tests.architecture import tree
from tools import docs

EXAMPLES = sorted((tree.ROOT / "docs" / "rules").glob("*.md"))


@pytest.mark.parametrize("path", EXAMPLES, ids=tree.name)
def test_the_worked_examples_of_the_rules_come_out_as_written(path: Path) -> None:
    result = doctest.testfile(str(path), module_relative=False, optionflags=docs.DOCTEST_OPTIONS)
    assert result.failed == 0
    assert result.attempted > 0, "a page of docs/rules shows at least one example"


def test_links_between_documents_lead_somewhere() -> None:
    assert not docs.broken_links([path for path in tree.tracked() if path.suffix == ".md"])
