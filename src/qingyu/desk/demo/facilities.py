"""What the demo hall keeps ready, a fault mended yesterday, one that is open, and what its listening desk has heard."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from qingyu.cases import operations as cases
from qingyu.cases.actors import CITIZEN, SYSTEM
from qingyu.cases.models import Case
from qingyu.desk.demo import data
from qingyu.desk.demo.cast import Cast
from qingyu.desk.loading.facilities import keeping
from qingyu.hall.facilities import listening as heard
from qingyu.hall.facilities import queries
from qingyu.hall.models import Hall
from qingyu.hall.operations import facilities, listening
from qingyu.hall.operations.facilities import Seen
from qingyu.hall.operations.listening import Matter
from qingyu.people import queries as people

HEARD = [
    ("material", "办居住证要原房东签字，原房东已经出国，问了三次都说没有签字就不收。", "liudi"),
    ("passed_around", "补缴社保，社保窗口让我去税务，税务又让我回社保，跑了两趟没人接。", "tax"),
    ("system_down", "公积金提取系统连着两天提交不了，让我改天再来，没说哪天。", "fund"),
    ("rule_unclear", "开小吃店要不要环评，两个窗口说法不一样。", "services"),
    ("not_taken", "申请残疾人停车证，材料齐了窗口不收，也没说为什么。", "civil"),
]


def build(hall: Hall, city: Cast, *, rng: Random, at: datetime) -> None:
    """About thirty facilities, two faults, five matters of the listening desk of which two have ended."""
    keeper = keeping(hall.code)
    for line in data.lines("facilities"):
        keeper.row(line)
    _faults(at)
    _matters(hall, city, rng, at)


def _faults(at: datetime) -> None:
    mended, still = queries.facility("demo-water"), queries.facility("demo-charger")
    facilities.report(mended, trouble="broken", by=CITIZEN, at=at - timedelta(hours=26))
    words = Seen(note="已更换滤芯，恢复供水。")
    facilities.put_in_order(mended, by=SYSTEM, at=at - timedelta(hours=24), seen=words)
    for minutes in (50, 20):
        facilities.report(still, trouble="broken", by=CITIZEN, at=at - timedelta(minutes=minutes))


def _matters(hall: Hall, city: Cast, rng: Random, at: datetime) -> None:
    window, units = heard.windows(hall)[0], people.unit_ids()
    clerk = next(one for one in city.by_role["clerk"] if one.unit_id == hall.unit_id)
    for number, (cause, text, unit) in enumerate(HEARD):
        came = at - timedelta(days=6 - number, minutes=rng.randrange(60))
        opened = listening.enter(window, Matter(cause, text, unit=units[unit]), by=clerk, at=came)
        if number < 2:
            _end(opened.case, city, rng, came + timedelta(hours=20), "no" if number else "changed")


ANSWERS = {
    "changed": ("已取消“原房东签字”，改由社区核实居住情况，今天已为您办结。", ""),
    "no": ("补缴应由原用人单位申报，个人不能自行补缴；已约好税务和社保一起向您解释。", "社会保险法第六十条"),
}


def _end(case: Case, city: Cast, rng: Random, when: datetime, ending: str) -> None:
    handler = city.handler(case.owner_id, rng)
    if handler is None:
        return
    answer, basis = ANSWERS[ending]
    cases.accept(case, by=handler, at=when)
    cases.answer(case, answer=answer, ending=ending, legal_basis=basis, by=handler, at=when)
    cases.review(case, passed=True, by=SYSTEM, at=when)
