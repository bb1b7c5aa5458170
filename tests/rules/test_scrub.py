"""Scrubbing free text: identifiers of people go, everything else stays."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyu.rules import identifiers as ids

RESIDENT = "11010519491231002X"  # the example of GB 11643, Annex A


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        ("请回电13800138000，谢谢", "请回电138****8000，谢谢"),
        ("我叫老李,电话138-0013-8000。", "我叫老李,电话138****8000。"),
        ("手机：１３８００１３８０００！", "手机：138****8000！"),
        ("+86 13800138000或13900139000", "138****8000或139****9000"),
        ("13800138000/13900139000", "138****8000/139****9000"),
        ("微信同号wx13800138000", "微信同号wx138****8000"),
        ("1.13800138000", "1.138****8000"),
        ("打010-82345678没人接", "打010-********没人接"),
        ("打（0755）82345678没人接", "打0755-********没人接"),
        ("办公室电话82345678没人接", "办公室电话********没人接"),
        ("联系电话是: 8234567", "联系电话是: *******"),
        (f"身份证{RESIDENT}被冒用", "身份证110***********002X被冒用"),
        ("身份证110105194912310021写错一位也要遮住", "身份证110***********0021写错一位也要遮住"),
        ("身份证110105491231002", "身份证110********1002"),
        ("卡号6222021234567890128扣款", "卡号***************0128扣款"),
        ("卡号622202123456789012扣款", "卡号**************9012扣款"),
        ("打0746—8476801没人接", "打0746-*******没人接"),
        ("卡号 6222 0212 3456 7890 128 扣款", "卡号 ***************0128 扣款"),
        ("车牌粤B12345占道", "车牌粤*****5占道"),
        ("粤B·D12345占道", "粤******5占道"),
        ("京A8888警", "京*****警"),
        ("发到zhang.san@example.cn。", "发到z***@example.cn。"),
        ("", ""),
    ],
)
def test_identifiers_in_free_text_are_masked(text: str, scrubbed: str) -> None:
    assert ids.scrub(text) == scrubbed


@pytest.mark.parametrize(
    "text",
    [
        f"工单{ids.case_number(date(2026, 1, 2), '1380013')}还没有办",
        "工单26010213800138还没有办",
        "事项12441500196720244T3442199806003",
        "信用代码914403001922038216",
        "信用代码9144030071526726XG",
        "总投资13800138000元",
        "总投资13800138000.50 元",
        "请打12345或110",
        "2026-01-02 03:04:05发生",
        "20260102030405",
        "经度116.13912345678",
        "沪G60高速，京B2-20090059号",
        "面积82345678平方米",
        "文号〔2025〕66号，第1380号",
        "400-810-1234是公开电话",
        "a@b",
    ],
)
def test_what_is_no_identifier_of_a_person_stays(text: str) -> None:
    assert ids.scrub(text) == text


pieces = st.sampled_from(
    [
        "13800138000",
        "010-82345678",
        RESIDENT,
        "粤B12345",
        "a.b@example.cn",
        "6222021234567890128",
        "电话",
        "元",
        "*",
        "8234",
    ]
)


@given(st.lists(pieces | st.text(max_size=4), max_size=8).map("".join))
def test_scrubbing_twice_changes_nothing_more(text: str) -> None:
    once = ids.scrub(text)
    assert ids.scrub(once) == once


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(["", "电话", "，", "tel:", "a", "（"]))
def test_no_mobile_number_survives(phone: str, before: str) -> None:
    assert phone not in ids.scrub(f"{before}{phone}请回电")
