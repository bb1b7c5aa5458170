"""Words that people use for the same thing; with some that are typed as Pinyin. Data: a city adds its own lines."""

from __future__ import annotations

import re

GROUPS: tuple[tuple[str, ...], ...] = tuple(
    tuple(line.split())
    for line in """
社会保险 社保 shebao
社会保障卡 社保卡 shebaoka
医疗保险 医保 yibao
公积金 住房公积金 gongjijin
低保 最低生活保障 dibao
高龄津贴 老人补贴 老年津贴 老年补贴 高龄补贴 gaolingjintie
养老金 退休金 养老待遇 yanglaojin
敬老卡 老年卡 老年证 laonianka
身份证 居民身份证 shenfenzheng
户口簿 户口本 hukouben
居住证 暂住证 juzhuzheng
营业执照 工商执照 个体户执照 yingyezhizhao
拖欠工资 欠薪 工资没发 不发工资 讨薪 tuoqiangongzi
失业金 失业保险金 失业补助 shiyejin
供热 供暖 暖气 采暖 nuanqi
燃气 煤气 天然气 ranqi
电动自行车 电瓶车 电动车 电单车 diandongche
校外培训 补习班 培训班 辅导班 补课班
结婚登记 领证 领结婚证 结婚证 jiehun
占道经营 摊贩 摆摊 小贩
预付卡 会员卡 储值卡 充值卡
商家关门 跑路 卷款 关店
业主委员会 业委会
群租 合租 隔断房
电梯 升降机 dianti
加装 安装 增设 装
补办 补领 重办
丢了 掉了 遗失 丢失 弄丢
退费 退钱 退款 退学费
噪声 噪音 吵 吵闹 zaosheng
夜间 半夜 晚上 深夜
施工 工地
停水 断水 没水
停电 断电 没电 跳闸
井盖 窨井盖
路灯 街灯
疫苗 预防针 yimiao
异地 外地 跨省
就医 看病 看医生
入学 上学 报名上学
随迁子女 外地孩子 外来务工子女
公租房 廉租房 公共租赁住房 gongzufang
物业费 物管费 wuyefei
漏水 渗水
垃圾 废弃物
无障碍 轮椅
""".strip().splitlines()
)

_GROUP_OF = {word: group for group in GROUPS for word in group}
# Longest first, so that a word inside a longer one is not taken for it; Pinyin only where it stands alone.
WORDS = re.compile(
    "|".join(
        rf"(?<![a-z0-9]){word}(?![a-z0-9])" if word.isascii() else word
        for word in sorted(_GROUP_OF, key=len, reverse=True)
    )
)


def others(word: str) -> list[str]:
    """The other words for it, in Han characters; empty where there are none.

    >>> others("业委会")
    ['业主委员会']
    >>> others("dibao")
    ['低保', '最低生活保障']
    """
    return [other for other in _GROUP_OF.get(word, ()) if other != word and not other.isascii()]
