"""What a question is looked for by, however it is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyu.rules import hanzi, synonyms, terms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("高齡津貼", "高龄津贴"),
        ("ＷｉＦｉ ８０", "wifi 80"),
        ("身份證補辦", "身份证补办"),
    ],
)
def test_the_same_in_another_writing_has_the_same_terms(one: str, other: str) -> None:
    assert terms.terms(one) == terms.terms(other)


@given(st.integers(0, 9999))
def test_a_number_in_characters_is_the_same_number(number: int) -> None:
    assert hanzi.number(hanzi.han(number)) == number


@given(st.text(max_size=60))
def test_any_text_has_parts_or_none_and_each_names_terms(text: str) -> None:
    for part in terms.parts(text):
        assert part
        assert all(part)


@pytest.mark.parametrize("word", ["业委会", "欠薪", "dibao", "煤气"])
def test_a_word_is_found_by_the_other_words_for_it(word: str) -> None:
    (part,) = terms.parts(word)
    for other in synonyms.others(word):
        assert tuple(terms.terms(other)) in part


def test_no_word_stands_in_two_groups() -> None:
    words = [word for group in synonyms.GROUPS for word in group]
    assert len(words) == len(set(words))


def test_what_fits_whole_fits_best() -> None:
    wanted = terms.parts("拖欠工资怎么反映")
    worth = terms.weights({term for part in wanted for one in part for term in one}, [terms.indexed("拖欠工资")])
    assert terms.covered(wanted, worth, terms.indexed("老板欠薪，怎么反映")) == 1
    assert terms.covered(wanted, worth, terms.indexed("路灯不亮")) == 0
    assert terms.fit(wanted, worth, title=terms.indexed("欠薪反映"), text=[]) == 0.75


def test_the_last_character_is_found_alone() -> None:
    assert terms.holds(terms.indexed("加装电梯"), terms.terms("梯")[0])
    assert not terms.holds(terms.indexed("加装电梯"), terms.terms("路")[0])


@pytest.mark.parametrize("text", ["千百", "一二", "百", "十百", "一千千"])
def test_what_is_no_number_stays_as_it_is(text: str) -> None:
    assert hanzi.in_digits(text) == text
