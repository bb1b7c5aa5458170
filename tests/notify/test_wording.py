"""Words: every message renders in every language, and the Chinese is there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy

from qingyu.notify import wording
from tests.notify.messages import EMAIL, FACTS, SMS

ALL = [(code, kind) for kind, templates in wording.TEMPLATES.items() for code in templates]
SEGMENT = 67  # letters of one part of a long Chinese text message


@pytest.mark.parametrize(("code", "kind"), ALL)
@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_every_message_renders_with_what_it_says_it_needs(code: str, kind: str, language: str) -> None:
    facts = {name: FACTS[name] for name in wording.needs(code, kind)}
    for message in (EMAIL, SMS):
        text = wording.render(replace(message, audience=kind, event_code=code, language=language, facts=facts))
        assert "26040112345676" in text.subject
        assert "%(" not in text.subject + text.body


@pytest.mark.parametrize(("code", "kind"), ALL)
def test_no_line_is_left_in_english(code: str, kind: str) -> None:
    template = wording.TEMPLATES[kind][code]
    with translation.override("zh-hans"):
        for line in (template.subject, template.short, *template.body):
            assert translation.gettext(line) != line


@pytest.mark.parametrize("code", wording.CITIZEN)
def test_every_letter_to_a_citizen_says_what_they_can_do(code: str) -> None:
    body = wording.render(replace(EMAIL, event_code=code)).body
    assert "12345" in body or "code=AB23CD45" in body


@pytest.mark.parametrize(("code", "kind"), ALL)
def test_a_text_message_fits_three_parts(code: str, kind: str) -> None:
    text = wording.render(replace(SMS, audience=kind, event_code=code))
    assert text.body.startswith("【")
    assert len(text.body) <= 3 * SEGMENT


def test_a_time_is_shown_in_the_citys_time_and_the_readers_manner() -> None:
    chinese = wording.render(replace(EMAIL, event_code="routed")).body
    english = wording.render(replace(EMAIL, event_code="routed", language="en")).body
    assert "2026年4月9日 星期四 00:00" in chinese
    assert "Thursday 9 April 2026 00:00" in english


def test_a_date_is_shown_without_a_time() -> None:
    facts = {**FACTS, "due": date(2026, 4, 9)}
    assert "2026年4月9日 星期四 前" in wording.render(replace(EMAIL, event_code="routed", facts=facts)).body


def test_a_translated_fact_follows_the_language_of_the_message() -> None:
    facts = {**FACTS, "reason": gettext_lazy("There is no address")}
    assert "没有收件地址" in wording.render(replace(EMAIL, event_code="refused", facts=facts)).body
    english = replace(EMAIL, event_code="refused", facts=facts, language="en")
    assert "There is no address" in wording.render(english).body


def test_a_fact_cannot_break_a_line_or_ask_for_another() -> None:
    facts = {**FACTS, "unit": "%(link)s\nBcc: x@example.org"}
    body = wording.render(replace(EMAIL, event_code="routed", facts=facts)).body
    assert "%(link)s Bcc: x@example.org" in body


def test_an_unknown_language_is_that_of_the_house() -> None:
    assert wording.render(replace(EMAIL, language="tlh")).language == "zh-hans"


@pytest.mark.parametrize("code", [*wording.TROUBLES, "recipient_refused 550", "fault ValueError", "never heard"])
def test_every_cause_has_words_for_operators(code: str) -> None:
    with translation.override("zh-hans"):
        assert not wording.trouble(code).isascii()


def test_whom_a_message_is_for_and_about_has_words() -> None:
    with translation.override("zh-hans"):
        assert wording.audience("unit:traffic") == "单位 traffic"
        assert wording.about("closed", "citizen") == "您的诉求 … 已有答复"
        assert wording.about("gone", "citizen") == "gone"
