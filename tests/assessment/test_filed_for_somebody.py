"""Who filed for a person is told by the doors, and counted: staff who helped, and proxies."""

from __future__ import annotations

import pytest

from qingyu.assessment.followers import Facts
from qingyu.assessment.models import CaseFact, UnitDay
from qingyu.cases import operations
from qingyu.cases.actors import CITIZEN
from qingyu.cases.models import CaseEvent
from tests.people import MONDAY, City

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("channel", "by", "door", "filed"),
    [
        ("window", "clerk", {}, "assisted"),
        ("visit", "dispatcher", {}, "assisted"),
        ("web", "clerk", {}, "assisted"),
        ("window", "clerk", {"listening": "no_rule"}, "assisted"),
        ("web", "", {}, ""),
        ("web", "", {"filed": "proxy"}, "proxy"),
        ("window", "clerk", {"filed": "proxy"}, "proxy"),
        ("phone", "agent", {}, ""),
        ("letter", "agent", {}, ""),
        ("unit", "agent", {}, ""),
        ("window", "clerk", {"ticket": 5}, ""),
        ("window", "clerk", {"facility": "stools"}, ""),
    ],
)  # fmt: skip
def test_help_to_file_is_counted(city: City, channel: str, by: str, door: dict[str, str | int], filed: str) -> None:
    filing = operations.Filing(text="窗口前没有座位", channel=channel)
    operations.open_case(filing, by=city.actor(by) if by else CITIZEN, at=MONDAY, **door)
    Facts().follow(list(CaseEvent.objects.all()))
    assert CaseFact.objects.get().filed == filed
    counted = UnitDay.objects.filter(measure__in=("assisted", "proxy")).values_list("measure", "count")
    assert list(counted) == ([(filed, 1)] if filed else [])


def test_history_of_another_system_was_filed_with_nobodys_help(city: City) -> None:
    filing = operations.Filing(text="窗口前没有座位", channel="window", imported=True)
    operations.open_case(filing, by=city.actor("clerk"), at=MONDAY)
    assert "filed" not in CaseEvent.objects.get().facts
