"""How well the search finds: questions as people ask them and the answer that should come, over invented answers."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

import pytest

from qingyu.desk.demo.data import records
from qingyu.knowledge import operations, queries
from qingyu.knowledge.operations import Draft
from tests.people import MONDAY, City

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)
FIRST_OF_ALL, AMONG_THREE = 0.85, 0.92
"""What share must find the right answer first, and among the first three."""
ASKED: dict[str, list[tuple[str, str]]] = {
    "plain": [
        ("高龄津贴怎么申请", "civil-elder-allowance"),
        ("请问路灯不亮找谁", "streetlight"),
        ("井盖缺了一块很危险", "manhole"),
        ("夜间施工噪声谁来管", "environment-noise-construction"),
        ("物业费涨价合理吗", "construction-property-fees"),
        ("怎么成立业委会", "construction-property-committee"),
        ("水费突然多了一倍", "water-bill"),
        ("我想装充电桩物业不盖章", "charging-pile"),
        ("公租房要排队多久", "public-rental"),
        ("小孩打疫苗怎么预约", "vaccine"),
        ("小区停车位不够分", "parking-residents"),
        ("失业金怎么领", "labour-employment-unemployment"),
        ("试用期被辞退没有签合同", "labour-wages-contract"),
        ("家里停电了怎么办", "utilities-power-outage"),
    ],
    "other words": [
        ("老板欠薪三个月不给", "labour-wages-arrears"),
        ("老人补贴怎么领", "civil-elder-allowance"),
        ("最低生活保障怎么办", "low-income"),
        ("电瓶车怎么上牌照", "ebike-plate"),
        ("暖气不热能退钱吗", "utilities-heat-temperature"),
        ("厨房有煤气味", "utilities-gas-leak"),
        ("领结婚证带什么材料", "marriage"),
        ("去外地看病医保怎么备案", "health-insurance-remote"),
        ("补习班不退学费", "education-training-refund"),
        ("办的会员卡店跑路了", "market-consumer-prepaid"),
        ("流动摊贩把路占了", "construction-appearance-vending"),
        ("老小区想安装电梯", "construction-building-renovation"),
        ("提取住房公积金交房租", "housing-fund-withdraw"),
        ("身份证掉了", "id-card"),
        ("合租房住太多人吵得睡不着", "tenants"),
    ],
    # Written after the lists of words had been closed: how it goes with questions that nobody has thought of.
    "as they come": [
        ("我爸八十五了有没有高龄补贴", "civil-elder-allowance"),
        ("养老认证不会用手机", "labour-pension-eligibility"),
        ("看病发票手工报销", "health-insurance-reimburse"),
        ("医保忘了交还能补交吗", "health-insurance-enrol"),
        ("工资一直不发", "labour-wages-arrears"),
        ("孩子跟我来城里读书要什么", "education-school-enrol"),
        ("刚买的洗衣机坏了", "market-consumer-refund"),
        ("楼上装修太吵", "environment-noise-life"),
        ("门口好多小摊堵路", "construction-appearance-vending"),
        ("家里没暖气", "utilities-heat-temperature"),
        ("租房能不能取公积金", "housing-fund-withdraw"),
        ("老人没有智能手机怎么办事", "services-online-account"),
        ("网上交的材料一个月没消息", "services-online-materials"),
        ("街上灯不亮", "streetlight"),
        ("車位怎麼分配", "parking-residents"),
        ("困在电梯里", "elevator-fault"),
        ("70岁老人免费公交", "senior-bus"),
        ("开面馆要什么证", "licence"),
        ("水表是不是坏了", "water-bill"),
        ("跨省异地直接结算", "health-insurance-remote"),
        ("给孩子约预防针", "vaccine"),
        ("yibao", "health-insurance-enrol"),
        ("表扬窗口的小李", "services-staff-praise"),
        ("业主大会筹备", "construction-property-committee"),
    ],
    "one character": [("梯", "elevator-fault"), ("盖", "manhole"), ("牌", "ebike-plate")],
    "traditional": [
        ("高齡津貼怎麼申請", "civil-elder-allowance"),
        ("身份證丟了怎麼補辦", "id-card"),
        ("電梯壞了多久能修好", "elevator-fault"),
        ("結婚登記要帶什麼", "marriage"),
    ],
    "numbers": [
        ("65岁坐公交要钱吗", "senior-bus"),
        ("80周岁老人津贴", "civil-elder-allowance"),
        ("７日内商品故障可以换吗", "market-consumer-refund"),
    ],
    "pinyin": [("dibao", "low-income"), ("gongjijin", "housing-fund-withdraw"), ("shenfenzheng", "id-card")],
}
OUT_OF_REACH = ["宇宙飞船在哪里坐", "番茄炒蛋怎么做", "股票明天涨不涨", "qwertyuiop", "孔明灯能放吗"]


@pytest.fixture
def base(city: City) -> City:
    for row in [*records("answers"), *records("knowledge")]:
        code = row.get("code") or row["topic"].replace(".", "-").replace("_", "-")
        draft = Draft(row["title"], row["text"].removeprefix("您好，"))
        made = operations.write(draft, code=code, unit=city.unit("urban"), by=None, at=MONDAY - timedelta(days=1))
        operations.put_in_force(made, by=None, at=MONDAY - timedelta(days=1))
    return city


def test_what_people_ask_finds_what_they_mean(base: City) -> None:
    first, three, missed = defaultdict[str, int](int), 0, list[str]()
    for kind, pairs in ASKED.items():
        for question, code in pairs:
            found = [one.code for one in queries.found_for(question, day=DAY)]
            first[kind] += found[:1] == [code]
            three += code in found[:3]
            missed += [] if found[:1] == [code] else [f"{kind}: {question} -> {found[:3]}"]
    asked = sum(map(len, ASKED.values()))
    assert three / asked >= AMONG_THREE, missed
    assert sum(first.values()) / asked >= FIRST_OF_ALL, missed
    assert all(first.values()), "each kind finds some"


def test_what_nobody_has_answered_finds_nothing(base: City) -> None:
    found = {question: [one.code for one in queries.found_for(question, day=DAY)] for question in OUT_OF_REACH}
    assert not {question: codes for question, codes in found.items() if codes}
