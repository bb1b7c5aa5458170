"""Every word that people read has its Chinese, and the compiled catalogues hold what the written ones say."""

from __future__ import annotations

import ast
import re
from functools import cache

import polib
import pytest

from tests.architecture import msgids, tree
from tools import locales

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
Key = tuple[str | None, str]


@cache
def simplified() -> dict[Key, set[str]]:
    """Every translation of every msgid; more than one means that two catalogues disagree."""
    found: dict[Key, set[str]] = {}
    for path in locales.catalogues():
        for entry in polib.pofile(str(path)).translated_entries():
            texts = entry.msgstr or tuple(entry.msgstr_plural.values())
            found.setdefault((entry.msgctxt, entry.msgid), set()).add(str(texts))
    return found


def templates() -> list[object]:
    return [path for folder in ("*.html", "*.txt") for path in sorted(tree.PACKAGE.rglob(f"templates/**/{folder}"))]


def messages() -> list[msgids.Message]:
    """What templates and source ask for."""
    written = [message for path in tree.sources() for message in msgids.in_python(path)]
    return written + [message for path in templates() for message in msgids.in_template(path)]  # type: ignore[arg-type]


def test_every_message_has_its_simplified_chinese() -> None:
    untranslated = {m.place: m.msgid for m in messages() if m.msgid and (m.context, m.msgid) not in simplified()}
    assert not untranslated


def test_translating_functions_keep_names_by_which_messages_are_found() -> None:
    known = {*msgids.PLAIN, *msgids.PLURAL, *msgids.CONTEXT}
    renamed = [
        f"{tree.name(path)}: {name.asname}"
        for path in tree.sources()
        for node in ast.walk(tree.parsed(path))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if name.name in known and (name.asname or name.name) not in known
    ]
    assert not renamed


def test_no_two_catalogues_translate_a_message_differently() -> None:
    assert not {key: texts for key, texts in simplified().items() if len(texts) > 1}


def test_no_translation_is_left_unsure() -> None:
    fuzzy = [entry.msgid for path in locales.catalogues() for entry in polib.pofile(str(path)).fuzzy_entries()]
    assert not fuzzy


def test_translations_keep_the_places_that_values_fill() -> None:
    changed = [
        msgid
        for (_, msgid), texts in simplified().items()
        for text in texts
        if not set(PLACEHOLDER.findall(text)) <= set(PLACEHOLDER.findall(msgid))
    ]
    assert not changed


def test_compiled_catalogues_and_traditional_drafts_are_up_to_date() -> None:
    assert not locales.stale(), "run: .venv/bin/python tools/locales.py"


@pytest.mark.parametrize(
    ("simplified", "traditional"),
    [
        ("到服务窗口办理", "到服務窗口辦理"),
        ("验证代码", "驗證代碼"),
        ("开始特别程序", "開始特別程序"),
        ("服务对象", "服務對象"),
        ("这个事项目前暂停办理。", "這個事項目前暫停辦理。"),
        ("照片或文件", "照片或檔案"),
    ],
)
def test_words_of_public_service_are_no_words_of_computing(simplified: str, traditional: str) -> None:
    assert locales.converted(simplified) == traditional


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('{% load i18n %}{% translate "File a request" %}', "File a request"),
        ("{% load i18n %}{% blocktranslate %}{{ n }} days{% endblocktranslate %}", "%(n)s days"),
        ('{% load i18n %}{% if x == _("it\'s (so)") %}{% endif %}', "it's (so)"),
    ],
)
def test_messages_of_templates_are_found(source: str, expected: str) -> None:
    from django.utils.translation.template import templatize

    text = templatize(source)
    calls = [msgids._call_at(text, match.start()) for match in msgids.CALL.finditer(text)]
    assert expected in [message.msgid for call in calls if call for message in msgids._of_call(call, "here")]
