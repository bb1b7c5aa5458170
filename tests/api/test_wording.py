"""Every code by which the house says no has its sentence."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from qingyu.rules.refusals import NotValid
from tests.architecture import tree

REFUSALS = {"NotAllowed", "NotValid", "NotPermitted", "KeyTrouble", "SignInRefused", "_no", "_require_none"}
# A code that is put together: by which names its parts go. Anything else of the kind fails the test.
MADE = {
    "f'{field}_missing'": (),  # each name stands in a call of needed()
    "f'{kind}_not_valid'": tuple(
        f"{kind}_not_valid"
        for kind in ("resident_id", "credit_code", "organisation_code", "division_code", "item_code")
    ),
    "f'{name}_unknown'": tuple(f"{name}_unknown" for name in ("area", "calendar", "parent", "topic", "unit")),
    "f'delivery_{state}'": tuple(f"delivery_{state}" for state in ("waiting", "sent", "dead", "cancelled")),
}


def codes(path: Path) -> Iterator[tuple[str, str]]:
    """(code, place) of every refusal that a file may raise; what cannot be read as a code comes as its source."""
    named = dict(_constants(path))
    for node in ast.walk(tree.parsed(path)):
        place = f"{tree.name(path)}:{getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Call) and node.args and _name(node) in REFUSALS:
            yield from ((named.get(code, code), place) for code in _read(node.args[0]))
        if isinstance(node, ast.Call) and len(node.args) > 1 and _name(node) == "needed":
            yield from ((f"{name}_missing", place) for name in _read(node.args[1]))
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Constant) and "lifecycle" in path.parts:
            yield from ((str(node.value.value), place) for _ in [0] if isinstance(node.value.value, str))


def _constants(path: Path) -> Iterator[tuple[str, str]]:
    """Names that a module gives to texts, e.g. ``STALE = "changed_meanwhile"``."""
    for node in tree.parsed(path).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            yield from ((ast.unparse(target), str(node.value.value)) for target in node.targets)


def _name(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def _read(node: ast.expr) -> tuple[str, ...]:
    if isinstance(node, ast.Constant):
        return (str(node.value),)
    if isinstance(node, ast.IfExp):
        return _read(node.body) + _read(node.orelse)
    return MADE.get(ast.unparse(node), (ast.unparse(node),))


# Variables that carry a code: from a table, or from a refusal that is raised again.
CARRIED = {"code", "trouble", "refusal.code", "fault.code"}


def test_every_code_that_is_raised_anywhere_has_a_sentence() -> None:
    from qingyu.cases.wording import INNER, SENTENCES

    found = {code: place for path in tree.sources() for code, place in codes(path)}
    silent = {code: place for code, place in found.items() if code not in {*SENTENCES, *INNER, *CARRIED}}
    assert not silent


def sentences(path: Path) -> Iterator[str]:
    """The codes to which a file gives a sentence, as often as it does."""
    for node in tree.parsed(path).body:
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "SENTENCES" and node.value:
            assert isinstance(node.value, ast.Dict)
            yield from (str(ast.literal_eval(key)) for key in node.value.keys if key)


def test_no_code_has_two_sentences() -> None:
    times = Counter(code for path in tree.sources() for code in sentences(path))
    assert len(times) > 300
    assert [code for code, number in times.items() if number > 1] == []


def test_an_app_cannot_say_a_code_of_another_in_other_words() -> None:
    from qingyu.cases import wording

    before = dict(wording.SENTENCES)
    with pytest.raises(ValueError, match="item_unknown"):
        wording.add_sentences({"item_unknown": "No item has this code.", "quite_new": "New."})
    assert before == wording.SENTENCES


def test_a_sentence_fills_in_the_figures_it_needs() -> None:
    from django.utils import translation

    from qingyu.cases.wording import sentence

    with translation.override("en"):
        assert (
            sentence(NotValid("text_too_long", field="text", longest=10))
            == "The text is too long: at most 10 characters."
        )
    with translation.override("zh-hans"):
        assert sentence(NotValid("text_too_long", field="text", longest=10)) == "内容过长，最多 10 字。"


@pytest.mark.parametrize("code", ["text_too_long", "limit_too_long"])
def test_a_sentence_without_its_figures_is_still_a_sentence(code: str) -> None:
    from qingyu.cases.wording import wording

    assert wording(code)
