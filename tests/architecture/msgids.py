"""Every text that is to be translated, found in templates and in Python source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.architecture import tree

PLAIN = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}
CALL = re.compile(r"\b(?:gettext|ngettext|pgettext|npgettext|_)\(")


@dataclass(frozen=True)
class Message:
    """A msgid with its context, and where it is used."""

    msgid: str
    context: str | None
    place: str


def in_python(path: Path) -> Iterator[Message]:
    """Messages of one Python file. A text that is not a plain literal is reported as an f-string ``{}``."""
    for node in ast.walk(tree.parsed(path)):
        if isinstance(node, ast.Call):
            yield from _of_call(node, f"{tree.name(path)}:{node.lineno}")


def in_template(path: Path) -> Iterator[Message]:
    """Messages of one template, by Django's own reading of it."""
    from django.utils.translation.template import templatize

    text = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    for match in CALL.finditer(text):
        call = _call_at(text, match.start())
        if call:
            yield from _of_call(call, f"{tree.name(path)}:{text.count(chr(10), 0, match.start()) + 1}")


def _call_at(text: str, start: int) -> ast.Call | None:
    """The call that begins at ``start``: the shortest piece up to a closing bracket that reads as Python."""
    for match in re.finditer(r"\)", text[start:]):
        try:
            node = ast.parse(text[start : start + match.end()].strip(), mode="eval").body
        except (SyntaxError, ValueError):
            continue
        return node if isinstance(node, ast.Call) else None
    return None


def _of_call(node: ast.Call, place: str) -> Iterator[Message]:
    function = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    if function in PLAIN | PLURAL and node.args:
        yield from _literal(node.args[0], None, place)
    if function in CONTEXT and len(node.args) > 1 and isinstance(node.args[0], ast.Constant):
        yield from _literal(node.args[1], str(node.args[0].value), place)


def _literal(node: ast.expr, context: str | None, place: str) -> Iterator[Message]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield Message(node.value, context, place)
    if isinstance(node, ast.JoinedStr):
        yield Message("an f-string, which no catalogue can hold", context, place)
