"""What contradicts itself and what is missing in a guide; limits as they are written."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyu.rules.guides import Days, Fault, Guide, Paper, faults, is_over, read_limit, same_names
from qingyu.rules.refusals import NotValid

DAY = date(2026, 11, 22)
SOUND = Guide(
    code="birth-card", name="出生一件事", unit="health", legal=Days(15, "working"), promised=Days(5, "working"),
    online=True, visits=0, where="一楼 3 号窗口", conditions="在本市出生的孩子", papers=(Paper("出生医学证明"),),
    charged=False, owned=True, deputised=True, review_due_on=DAY,
)  # fmt: skip


def test_nothing_is_wrong_with_a_sound_guide() -> None:
    assert faults(SOUND, day=DAY) == ()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"promised": Days(16, "working")}, [Fault.PROMISED_OVER_LEGAL]),
        ({"promised": Days(15, "working")}, []),
        ({"promised": Days(0, "working")}, []),
        ({"promised": Days(16, "working"), "legal": Days(15, "calendar")}, [Fault.PROMISED_OVER_LEGAL]),
        ({"promised": Days(12, "working"), "legal": Days(15, "calendar")}, [Fault.LIMIT_KINDS_DIFFER]),
        ({"promised": Days(18, "calendar")}, [Fault.LIMIT_KINDS_DIFFER]),
        ({"promised": Days(5, "")}, [Fault.LIMIT_KIND_MISSING]),
        ({"promised": None}, []),
        ({"legal": None}, []),
        ({"promised": None, "legal": None}, [Fault.LIMIT_MISSING]),
        ({"visits": 1}, [Fault.ONLINE_YET_VISITS]),
        ({"visits": None}, []),
        ({"online": False}, [Fault.NO_VISIT_YET_WINDOW_ONLY]),
        ({"online": False, "by_post": True}, []),
        ({"online": False, "visits": 1}, []),
        ({"online": False, "at_window": False}, [Fault.DOOR_MISSING]),
        ({"where": " "}, [Fault.WHERE_MISSING]),
        ({"where": "", "at_window": False}, []),
        ({"fee": "10 元"}, [Fault.FREE_YET_FEE_NAMED]),
        ({"charged": True, "fee": "10 元"}, [Fault.FEE_BASIS_MISSING]),
        ({"charged": True, "fee_basis": "发改价格〔2020〕1号"}, [Fault.FEE_MISSING]),
        ({"charged": True, "fee": "10 元", "fee_basis": "发改价格〔2020〕1号"}, []),
        ({"charged": None}, [Fault.FEE_UNSAID]),
        ({"papers": ()}, [Fault.MATERIALS_MISSING]),
        ({"papers": (Paper("户口簿"), Paper(" 户口簿"))}, [Fault.MATERIAL_TWICE]),
        ({"papers": (Paper("身份证", shared=True),)}, [Fault.SHARED_YET_ASKED]),
        ({"papers": (Paper("其他相关材料"),)}, [Fault.MATERIALS_OPEN_ENDED]),
        ({"papers": (Paper("身份证、户口簿等材料"),)}, [Fault.MATERIALS_OPEN_ENDED]),
        ({"papers": (Paper("其他收入证明人身份证"),)}, []),
        ({"owned": False}, [Fault.OWNER_MISSING]),
        ({"deputised": False}, [Fault.DEPUTY_MISSING]),
        ({"conditions": ""}, [Fault.CONDITIONS_MISSING]),
        ({"review_due_on": DAY - timedelta(days=1)}, [Fault.REVIEW_OVERDUE]),
        ({"review_due_on": None}, []),
    ],
)
def test_each_fault_is_found_alone(change: dict[str, object], expected: list[Fault]) -> None:
    assert list(faults(replace(SOUND, **change), day=DAY)) == expected  # type: ignore[arg-type]


def test_faults_come_in_the_order_of_the_list_contradictions_first() -> None:
    bare = Guide(code="a", name="空", unit="u", online=True, visits=2)
    found = faults(bare, day=DAY)
    assert found == tuple(sorted(found, key=list(Fault).index))
    assert found[0] == Fault.ONLINE_YET_VISITS


def test_items_of_one_name_in_one_unit_are_told_by_their_codes() -> None:
    rows = [("a", "居住证 办理", "u"), ("b", "居住证办理", "u"), ("c", "居住证办理", "v"), ("d", "居住证换领", "u")]
    assert same_names(rows) == {"a", "b"}


LIMITS = st.builds(Days, st.integers(0, 400), st.sampled_from(["working", "calendar", ""]))


@given(LIMITS, LIMITS)
def test_what_is_over_one_limit_is_over_every_shorter_one(promised: Days, legal: Days) -> None:
    if is_over(promised, legal):
        assert promised.amount > 0
        assert all(is_over(promised, Days(less, legal.kind)) for less in (0, legal.amount // 2))
        assert not is_over(legal, promised)


@pytest.mark.parametrize(
    ("text", "amount", "kind"),
    [
        ("20(工作日)", 20, "working"), ("30(自然日)", 30, "calendar"), ("20个工作日", 20, "working"),
        ("２０ 个工作日内办结", 20, "working"), ("十五个工作日", 15, "working"), ("二十日", 20, ""),
        ("一百二十个自然日", 120, "calendar"), ("7天", 7, ""), ("自受理之日起10个工作日内", 10, "working"),
        ("即办", 0, "working"), ("当场办结", 0, "working"), ("364（工作日）", 364, "working"),
        ("两个工作日", 2, "working"),
    ],
)  # fmt: skip
def test_limits_are_read_as_people_write_them(text: str, amount: int, kind: str) -> None:
    assert read_limit(text) == Days(amount, kind)


@pytest.mark.parametrize("text", ["", "无", " 无 ", "-", "无法定时限"])
def test_no_limit_is_none(text: str) -> None:
    assert read_limit(text) is None


@pytest.mark.parametrize("text", ["三个月", "尽快", "20", "工作日", "20-30个工作日", "2小时", "99999个工作日"])
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(NotValid, match="limit_not_readable"):
        read_limit(text)


@given(st.integers(0, 9999), st.sampled_from(["(工作日)", "个工作日", "（工作日）"]))
def test_every_figure_is_read_back(amount: int, words: str) -> None:
    assert read_limit(f"{amount}{words}") == Days(amount, "working")
