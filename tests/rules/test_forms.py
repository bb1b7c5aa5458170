"""What a declared form may say, and which answers fit it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyu.rules.forms import MOST_FIELDS, Kind, check, declared
from qingyu.rules.refusals import NotValid

DAY = date(2026, 11, 22)
TEXT = {"name": "child", "label": "孩子姓名", "type": "text"}


def refused(raw: object) -> NotValid:
    with pytest.raises(NotValid) as caught:
        declared(raw)
    return caught.value


def asked(answer: object, **declaration: Any) -> tuple[object, str]:
    """The stored value and the code of the error for one answer to one field."""
    fields = declared([{"name": "it", "label": "它", **declaration}])
    found = check(fields, {} if answer is None else {"it": answer}, day=DAY)
    return found.values.get("it"), found.errors["it"].code if "it" in found.errors else ""


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("text", "form_not_readable"),
        (["child"], "form_not_readable"),
        ([], "form_empty"),
        ([TEXT | {"name": f"a{n}"} for n in range(MOST_FIELDS + 1)], "form_too_long"),
        ([TEXT, TEXT], "field_name_twice"),
        ([TEXT | {"name": "Child"}], "field_name_not_valid"),
        ([TEXT | {"name": "孩子"}], "field_name_not_valid"),
        ([TEXT | {"name": 3}], "field_name_not_valid"),
        ([TEXT | {"label": "  "}], "field_label_missing"),
        ([TEXT | {"label": "长" * 101}], "field_words_too_long"),
        ([TEXT | {"label": "a\x00"}], "field_words_too_long"),
        ([TEXT | {"type": "photo"}], "field_type_unknown"),
        ([TEXT | {"type": []}], "field_type_unknown"),
        ([{"name": "a", "label": "a"}], "field_type_unknown"),
        ([TEXT | {"onclick": "alert()"}], "field_key_unknown"),
        ([TEXT | {"choices": []}], "field_key_unknown"),
        ([TEXT | {"required": "yes"}], "field_bound_not_valid"),
        ([TEXT | {"max": 0}], "field_bound_not_valid"),
        ([TEXT | {"max": True}], "field_bound_not_valid"),
        ([TEXT | {"max": 5001}], "field_bound_not_valid"),
        ([TEXT | {"type": "number", "min": 5, "max": 4}], "field_bound_not_valid"),
        ([TEXT | {"type": "date", "when": "soon"}], "field_bound_not_valid"),
        ([TEXT | {"type": "document", "max": 11}], "field_bound_not_valid"),
        ([TEXT | {"type": "document", "material": "户口本"}], "field_bound_not_valid"),
        ([TEXT | {"type": "choice"}], "choices_missing"),
        ([TEXT | {"type": "choice", "choices": ["是"]}], "choice_not_valid"),
        ([TEXT | {"type": "choice", "choices": [{"value": "", "label": "是"}]}], "choice_not_valid"),
        ([TEXT | {"type": "choice", "choices": [{"value": "a", "label": "是"}] * 2}], "choice_twice"),
    ],
)
def test_a_declaration_that_is_wrong_is_refused_by_name(raw: object, code: str) -> None:
    assert refused(raw).code == code


def test_the_refusal_names_the_field_by_its_place() -> None:
    assert refused([TEXT, TEXT | {"name": "b", "type": "photo"}]).facts["place"] == 2


CHOICE = {"type": "choice", "choices": [{"value": "girl", "label": "女"}, {"value": "boy", "label": "男"}]}


@pytest.mark.parametrize(
    ("declaration", "answer", "value", "error"),
    [
        ({"type": "text"}, "  小雨 \r\n", "小雨", ""),
        ({"type": "text"}, "", None, ""),
        ({"type": "text"}, None, None, ""),
        ({"type": "text", "required": True}, " \n", None, "field_missing"),
        ({"type": "text", "required": True}, None, None, "field_missing"),
        ({"type": "text", "max": 3}, "四个字啊", None, "field_too_long"),
        ({"type": "text"}, 5, None, "field_not_valid"),
        ({"type": "text"}, "a\x00b", None, "text_not_unicode"),
        ({"type": "text"}, "\ud800", None, "text_not_unicode"),
        ({"type": "number"}, "007", "7", ""),
        ({"type": "number"}, "１２.５０", "12.5", ""),
        ({"type": "number"}, "100", "100", ""),
        ({"type": "number"}, "-0.0", "0", ""),
        ({"type": "number"}, "1e9", None, "not_a_number"),
        ({"type": "number"}, "十二", None, "not_a_number"),
        ({"type": "number"}, "9" * 400, None, "not_a_number"),
        ({"type": "number", "min": 1}, "0.999", None, "number_too_small"),
        ({"type": "number", "max": 3}, "3.000001", None, "number_too_great"),
        ({"type": "date"}, "2026-02-29", None, "not_a_date"),
        ({"type": "date"}, "2024年2月29日", "2024-02-29", ""),
        ({"type": "date", "when": "past"}, "2026-11-22", "2026-11-22", ""),
        ({"type": "date", "when": "past"}, "2026-11-23", None, "in_the_future"),
        ({"type": "date", "when": "future"}, "2026/11/21", None, "in_the_past"),
        (CHOICE, "girl", "girl", ""),
        (CHOICE, "女", None, "choice_unknown"),
        ({"type": "phone"}, "138 0013 8000", "+8613800138000", ""),
        ({"type": "phone"}, "1380013", None, "phone_not_valid"),
        ({"type": "id"}, "11010519491231002x", "11010519491231002X", ""),
        ({"type": "id"}, "110105194912310021", None, "resident_id_not_valid"),
        ({"type": "document"}, ["a", "b"], ["a", "b"], ""),
        ({"type": "document"}, "a", ["a"], ""),
        ({"type": "document"}, [], None, ""),
        ({"type": "document", "required": True}, [], None, "field_missing"),
        ({"type": "document", "max": 1}, ["a", "b"], None, "too_many_files"),
        ({"type": "document"}, [3], None, "field_not_valid"),
    ],
)
def test_an_answer_is_stored_plainly_or_refused_by_name(
    declaration: dict[str, Any], answer: object, value: object, error: str
) -> None:
    assert asked(answer, **declaration) == (value, error)


def test_all_that_is_wrong_is_told_at_once() -> None:
    fields = declared([TEXT | {"required": True}, {"name": "born", "label": "出生日期", "type": "date"}])
    found = check(fields, {"born": "昨天", "extra": "x"}, day=DAY)
    assert {name: fault.code for name, fault in found.errors.items()} == {
        "child": "field_missing", "born": "not_a_date", "extra": "field_unknown",
    }  # fmt: skip
    assert not found.fits
    assert [fault.field for fault in found.errors.values()] == list(found.errors)


PLAIN = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
JSON = PLAIN | st.lists(PLAIN, max_size=3) | st.dictionaries(st.sampled_from(["value", "label"]), PLAIN, max_size=2)


@given(st.dictionaries(st.sampled_from(["name", "label", "type", "max", "choices", "required", "x"]), JSON, max_size=4))
def test_whatever_is_declared_is_read_or_refused_with_its_place(raw: dict[str, object]) -> None:
    try:
        places = [1 for _ in declared([raw])]
    except NotValid as fault:
        places = [fault.facts["place"]]  # type: ignore[list-item]
    assert places == [1]


@given(st.sampled_from(list(Kind)), JSON)
def test_whatever_is_answered_is_stored_or_refused_and_what_is_stored_fits_again(kind: Kind, answer: object) -> None:
    more = {"choices": [{"value": "a", "label": "a"}]} if kind is Kind.CHOICE else {}
    value, error = asked(answer, type=kind.value, **more)
    assert not (value and error)
    if value:
        assert asked(value, type=kind.value, **more) == (value, "")
