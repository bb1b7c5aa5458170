"""Codes, telephones, masks, scrubbing, case numbers and query codes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyu.rules import identifiers as ids
from qingyu.rules.identifiers import numbers
from qingyu.rules.refusals import NotValid

RESIDENT = "11010519491231002X"  # the example of GB 11643, Annex A
SAMPLE_BODY = "12441500196720244T"

# Official codes

ACCEPTED = [
    (ids.check_resident_id, RESIDENT, RESIDENT),
    (ids.check_resident_id, "440524188001010014", "440524188001010014"),
    (ids.check_resident_id, " 110105 19491231 002x ", RESIDENT),
    (ids.check_resident_id, "１１０１０５１９４９１２３１００２Ｘ", RESIDENT),
    (ids.check_credit_code, "9144030071526726XG", "9144030071526726XG"),
    (ids.check_credit_code, "914403001922038216", "914403001922038216"),
    (ids.check_credit_code, "91330100799655058b", "91330100799655058B"),
    (ids.check_credit_code, SAMPLE_BODY, SAMPLE_BODY),
    (ids.check_organisation_code, "D2143569X", "D2143569X"),
    (ids.check_organisation_code, "d2143569-x", "D2143569X"),
    (ids.check_division_code, "110000", "110000"),
    (ids.check_division_code, "440305", "440305"),
    (ids.check_division_code, "440305000000", "440305000000"),
    (ids.check_division_code, "441900003005", "441900003005"),
    (ids.check_item_code, SAMPLE_BODY + "3" + "442199806003", SAMPLE_BODY + "3442199806003"),
    (ids.check_item_code, SAMPLE_BODY + "3" + "442199806003" + "01", SAMPLE_BODY + "344219980600301"),
]


@pytest.mark.parametrize(("check", "text", "code"), ACCEPTED)
def test_a_right_code_comes_back_in_its_one_form(check: Callable[[str], str], text: str, code: str) -> None:
    assert check(text) == code
    assert check(code) == code


REFUSED = [
    (ids.check_resident_id, "", "resident_id", "form"),
    (ids.check_resident_id, "110105491231002", "resident_id", "form"),
    (ids.check_resident_id, "990105194912310022", "resident_id", "province"),
    (ids.check_resident_id, "110105194902300021", "resident_id", "birth_date"),
    (ids.check_resident_id, "110105194912310021", "resident_id", "check"),
    (ids.check_credit_code, "91440300192203821O", "credit_code", "form"),
    (ids.check_credit_code, "914403001922038217", "credit_code", "check"),
    (ids.check_organisation_code, "D2143569", "organisation_code", "form"),
    (ids.check_organisation_code, "D21435690", "organisation_code", "check"),
    (ids.check_division_code, "4403", "division_code", "form"),
    (ids.check_division_code, "990000", "division_code", "province"),
    (ids.check_division_code, "440001", "division_code", "level"),
    (ids.check_division_code, "440000001000", "division_code", "level"),
    (ids.check_division_code, "440305000001", "division_code", "level"),
    (ids.check_item_code, SAMPLE_BODY + "344219980600", "item_code", "form"),
    (ids.check_item_code, SAMPLE_BODY + "3442199806003" + "1", "item_code", "form"),
    (ids.check_item_code, "12441500196720244X" + "3442199806003", "item_code", "credit_code"),
    (ids.check_item_code, SAMPLE_BODY + "8442199806003", "item_code", "level"),
]


@pytest.mark.parametrize(("check", "text", "field", "reason"), REFUSED)
def test_a_wrong_code_is_refused_with_its_reason(
    check: Callable[[str], str], text: str, field: str, reason: str
) -> None:
    with pytest.raises(NotValid) as refused:
        check(text)
    assert refused.value.code == f"{field}_not_valid"
    assert (refused.value.field, refused.value.facts["reason"]) == (field, reason)


@given(st.sampled_from([RESIDENT, "440524188001010014"]), st.integers(0, 16), st.integers(1, 9))
def test_no_single_wrong_digit_of_a_resident_id_passes(number: str, place: int, step: int) -> None:
    wrong = str((int(number[place]) + step) % 10)
    with pytest.raises(NotValid):
        ids.check_resident_id(number[:place] + wrong + number[place + 1 :])


@given(st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"), st.integers(0, 16))
def test_no_single_wrong_sign_of_a_credit_code_passes(sign: str, place: int) -> None:
    code = "9144030071526726XG"
    if sign == code[place]:
        return
    with pytest.raises(NotValid):
        ids.check_credit_code(code[:place] + sign + code[place + 1 :])


@pytest.mark.parametrize(
    "check",
    [
        ids.check_resident_id, ids.check_credit_code, ids.check_organisation_code, ids.check_division_code,
        ids.check_item_code, ids.check_case_number, ids.normalise_phone, ids.normalise_query_code,
    ],
)  # fmt: skip
@given(text=st.text())
def test_a_check_returns_or_says_not_valid_and_nothing_else(check: Callable[[str], str], text: str) -> None:
    try:
        once = check(text)
    except NotValid:
        return
    assert check(once) == once


# Telephones


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("13800138000", "+8613800138000"),
        ("138 0013 8000", "+8613800138000"),
        ("138-0013-8000", "+8613800138000"),
        ("１３８００１３８０００", "+8613800138000"),
        ("+86 138 0013 8000", "+8613800138000"),
        ("+86(138)00138000", "+8613800138000"),
        ("008613800138000", "+8613800138000"),
        ("8613800138000", "+8613800138000"),
        ("19912345678", "+8619912345678"),
        ("010-82345678", "+861082345678"),
        ("（010）82345678", "+861082345678"),
        ("0755 2345678", "+867552345678"),
        ("0755—82345678", "+8675582345678"),
        ("+86-0755-82345678", "+8675582345678"),
        ("+86 755 82345678", "+8675582345678"),
        ("021 6234 5678", "+862162345678"),
        ("400-810-1234", "+864008101234"),
        ("+852 2345 6789", "+85223456789"),
        ("0085223456789", "+85223456789"),
        ("\u202d+8613800138000\u202c", "+8613800138000"),
    ],
)
def test_a_telephone_number_is_brought_to_e164(text: str, phone: str) -> None:
    assert ids.normalise_phone(text) == phone
    assert ids.normalise_phone(phone) == phone


@pytest.mark.parametrize(
    "text",
    ["", "12345", "110", "82345678", "1380013800", "138001380001", "12800138000", "+8612800138000",
     "010-12345678", "01082345678转801", "+86", "+0123456789", "保密", "0000000000"],
)  # fmt: skip
def test_what_is_no_full_telephone_number_is_refused(text: str) -> None:
    with pytest.raises(NotValid) as refused:
        ids.normalise_phone(text)
    assert (refused.value.code, refused.value.field) == ("phone_not_valid", "phone")


# Masks


@pytest.mark.parametrize(
    ("mask", "text", "shown"),
    [
        (ids.mask_name, "张三", "张*"),
        (ids.mask_name, "张小三", "张**"),
        (ids.mask_name, " 张 三 ", "张*"),
        (ids.mask_name, "欧阳娜", "欧阳*"),
        (ids.mask_name, "欧阳娜娜", "欧阳**"),
        (ids.mask_name, "欧阳", "欧*"),
        (ids.mask_name, "阿卜杜拉·买买提", "阿**"),
        (ids.mask_name, "John Smith", "J**"),
        (ids.mask_name, "张", "*"),
        (ids.mask_name, "", ""),
        (ids.mask_phone, "13800138000", "138****8000"),
        (ids.mask_phone, "+8613800138000", "138****8000"),
        (ids.mask_phone, "010-82345678", "010-********"),
        (ids.mask_phone, "07552345678", "0755-*******"),
        (ids.mask_phone, "+85223456789", "************"),
        (ids.mask_phone, "12345", "*****"),
        (ids.mask_phone, "", ""),
        (ids.mask_resident_id, RESIDENT, "110***********002X"),
        (ids.mask_resident_id, "11010519491231002x", "110***********002X"),
        (ids.mask_resident_id, "1101", "****"),
        (ids.mask_resident_id_in_public, RESIDENT, "1****************X"),
        (ids.mask_bank_card, "6222 0212 3456 7890 128", "***************0128"),
        (ids.mask_bank_card, "1234", "****"),
        (ids.mask_email, "zhang.san@example.cn", "z***@example.cn"),
        (ids.mask_email, "zhang.san", "*********"),
        (ids.mask_plate, "粤B12345", "粤*****5"),
        (ids.mask_plate, "粤B·D12345", "粤******5"),
        (ids.mask_plate, "京a8888警", "京*****警"),
    ],
)
def test_a_mask(mask: Callable[[str], str], text: str, shown: str) -> None:
    assert mask(text) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("北京市朝阳区望京街道阳光小区3号楼2单元501室", "北京市朝阳区望京街道阳光小区***"),
        ("某市某区长安路12号", "某市某区长安路***"),
        ("某市某区长安路12号阳光花园3栋", "某市某区长安路***"),
        ("中山一路三十六号", "中山一路***"),
        ("人民大道101", "人民大道***"),
        ("某县某镇某村二组老王家", "某县某镇某村***"),
        ("阳光花园3-2-501", "阳光花园***"),
        ("某市某区", "某市某区***"),
        ("村口往东", "***"),
        ("我家楼下", "***"),
        ("", ""),
    ],
)
def test_an_address_is_cut_to_its_street_or_estate(address: str, shown: str) -> None:
    assert ids.mask_address(address) == shown


@pytest.mark.parametrize(
    "mask",
    [
        ids.mask_name, ids.mask_phone, ids.mask_resident_id, ids.mask_resident_id_in_public,
        ids.mask_bank_card, ids.mask_email, ids.mask_plate, ids.mask_address,
    ],
)  # fmt: skip
@given(text=st.text())
def test_a_mask_never_raises_and_hides_something(mask: Callable[[str], str], text: str) -> None:
    shown = mask(text)
    assert "*" in shown or not text.strip() or not shown


# Case numbers and query codes


@pytest.mark.parametrize(
    ("day", "digits", "number"),
    [
        (date(2026, 1, 2), "0000000", "26010200000001"),
        (date(2026, 1, 2), "1234567", "26010212345676"),
        (date(2026, 12, 31), "9999999", "26123199999992"),
    ],
)
def test_a_case_number_is_the_day_seven_digits_and_a_check_digit(day: date, digits: str, number: str) -> None:
    assert ids.case_number(day, digits) == number
    assert ids.check_case_number(number) == number


def test_the_check_digit_is_that_of_damm() -> None:
    assert numbers._damm("572") == 4
    assert numbers._damm("5724") == 0


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "form"), ("2601021234567", "form"), ("26x10212345678", "form"), ("26130212345678", "date"),
     ("26000012345678", "date")],
)  # fmt: skip
def test_a_case_number_of_the_wrong_form_is_refused(text: str, reason: str) -> None:
    with pytest.raises(NotValid, match="case_number_not_valid") as refused:
        ids.check_case_number(text)
    assert refused.value.facts["reason"] == reason


def test_a_case_number_may_be_typed_with_spaces_dashes_and_full_width() -> None:
    number = ids.case_number(date(2026, 1, 2), "1234567")
    typed = f" {number[:6]}-{number[6:13]} {chr(ord(number[13]) + 0xFEE0)}"
    assert ids.check_case_number(typed) == number


@pytest.mark.parametrize("digits", ["", "123456", "12345678", "12345a7", "１２３４５６７", "-123456"])
def test_random_digits_are_seven_ascii_digits(digits: str) -> None:
    with pytest.raises(NotValid, match="random_digits_not_valid"):
        ids.case_number(date(2026, 1, 2), digits)


days = st.dates(date(2000, 1, 1), date(2099, 12, 31))
sevens = st.from_regex(r"[0-9]{7}", fullmatch=True)


@given(days, sevens, st.integers(0, 13), st.integers(1, 9))
def test_every_single_wrong_digit_is_found(day: date, digits: str, place: int, step: int) -> None:
    number = ids.case_number(day, digits)
    wrong = f"{number[:place]}{(int(number[place]) + step) % 10}{number[place + 1 :]}"
    with pytest.raises(NotValid):
        ids.check_case_number(wrong)


@given(days, sevens, st.integers(0, 12))
def test_every_two_neighbours_swapped_are_found(day: date, digits: str, place: int) -> None:
    number = ids.case_number(day, digits)
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if swapped != number:
        with pytest.raises(NotValid):
            ids.check_case_number(swapped)


KEY = bytes(range(32))


def test_a_query_code_depends_on_key_and_case_alone() -> None:
    code = ids.query_code(KEY, UUID(int=1))
    assert code == ids.query_code(KEY, UUID(int=1))
    assert code != ids.query_code(KEY, UUID(int=2))
    assert code != ids.query_code(KEY[::-1], UUID(int=1))


@given(st.uuids())
def test_a_query_code_has_eight_signs_that_cannot_be_mistaken(case: UUID) -> None:
    code = ids.query_code(KEY, case)
    assert len(code) == 8
    assert not set(code) & set("0O1ILU")
    assert ids.normalise_query_code(f" {code[:4].lower()}-{code[4:]} ") == code


@pytest.mark.parametrize(
    "text", ["", "ABCDEFG", "ABCDEFGHJ", "ABCDEFG0", "ABCDEFGO", "ABCDEFGI", "ABCDEFGU", "ABCDEFG中"]
)
def test_what_is_no_query_code_is_refused(text: str) -> None:
    with pytest.raises(NotValid) as refused:
        ids.normalise_query_code(text)
    assert (refused.value.code, refused.value.field) == ("query_code_not_valid", "code")


def test_a_short_key_is_refused() -> None:
    with pytest.raises(NotValid, match="key_too_short"):
        ids.query_code(b"short", UUID(int=1))
