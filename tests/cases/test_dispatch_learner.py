"""The learned suggestion: what it says, why, how sure it is, and what it does with little or broken input."""

from __future__ import annotations

import csv
import gzip
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qingyu.cases.dispatch.archive import DamagedModel, OtherVersion
from qingyu.cases.dispatch.evaluation import Curve, evaluated
from qingyu.cases.dispatch.features import Lexicon, folded, grams, is_segmented, word_spans
from qingyu.cases.dispatch.learner import Example, Learner, NothingToLearn
from tests.left_out import data_folder

SAMPLE = {
    "noise": """楼下烧烤店夜里两点还在放音响，吵得睡不着
工地半夜打桩，噪音扰民，孩子没法睡觉
广场舞音响声音太大，影响学生写作业
隔壁装修队中午也在电钻，噪音不断
小区旁边的酒吧凌晨还有音乐，噪音很大
夜间施工噪音扰民，希望限制施工时间
商铺门口的喇叭整天叫卖，噪音刺耳
空调外机噪音太大，物业说管不了
夜里渣土车轰鸣，噪音吵醒全家
厂房机器昼夜轰鸣，噪音影响休息
球场深夜还有人打球，噪音扰民
楼上半夜拖桌椅，噪音让人心烦
加油站旁施工，切割钢筋噪音大
唱歌的摊位音响开到深夜，居民受不了噪音
早上五点就有人用喇叭收旧货，噪音扰民""",
    "bus": """公交车等了四十分钟还没有来
建议增加早高峰的公交班次
公交司机到站不停车，乘客追着跑
公交站台没有雨棚，下雨没地方躲
希望开通到新城医院的公交线路
末班公交太早，下夜班的人坐不上
公交车上空调坏了，车厢很闷
公交站牌的到站时间总是不准
老人刷卡上公交被司机训斥
地铁口没有接驳公交，走路要半小时
公交线路改道以后没有通知乘客
学校门口的公交站离校门太远
公交车开得太快，急刹车老人摔倒
请恢复原来的公交站点，方便居民乘车
周末公交间隔太长，乘客挤不上车""",
    "wage": """公司拖欠三个月工资，老板电话不接
工地干完活不给工资，求帮助讨薪
单位没有签劳动合同，也不交社保
厂里加班不给加班工资
被公司辞退，没有拿到经济补偿和工资
餐馆扣押工资，说干满一年才发
保安公司拖欠工资，找谁投诉
试用期工资低于最低工资标准
离职以后公司不发最后一个月工资
包工头跑了，二十个人的工资没有着落
单位少交社保，工资基数报低了
培训期间不给工资，还收押金
老板用货物抵工资，我们不同意
产假期间工资被扣，公司不讲道理
临时工的工资拖了半年，请劳动部门处理""",
    "water": """家里自来水发黄，有铁锈味
小区停水两天，没有任何通知
水表转得太快，自来水收费不对
路面自来水管爆裂，水流了一地
高层水压太低，早上洗漱没有水
二次供水水箱多年没有清洗
自来水有漂白粉味道，能不能喝
停水通知只贴在门口，老人看不到
水管老化漏水，希望换自来水管
水费账单比上月多一倍，请查水表
村里还没有通自来水，吃水靠井
供水公司维修后自来水更浑浊
租房没有独立水表，水费被多收
夏天水压不足，六楼经常停水
消防栓漏水三天，没人来修水管""",
}
EXAMPLES = [Example(line, label) for label, lines in SAMPLE.items() for line in lines.splitlines()]


@pytest.fixture(scope="module")
def learner() -> Learner:
    return Learner.train(EXAMPLES)


@pytest.mark.parametrize(
    ("text", "label", "word"),
    [
        ("昨晚隔壁工地施工噪音扰民，一夜没睡", "noise", "噪音"),
        ("等公交等了一个小时，司机还不停车", "bus", "公交"),
        ("老板拖欠我们班组的工资", "wage", "工资"),
        ("家里的自来水又浑又黄", "water", "自来水"),
    ],
)
def test_the_first_suggestion_names_the_topic_and_the_word(learner: Learner, text: str, label: str, word: str) -> None:
    first = learner.suggest(text)[0]
    assert first.label == label
    assert any(word in said for said in first.words)


def test_every_word_stands_in_the_text_and_is_longer_than_one_character(learner: Learner) -> None:
    text = "公司（在新城）拖欠工资，宿舍还停水；Ａ座 KTV 噪音大"
    for suggestion in learner.suggest(text, top=4):
        assert all(word in text and len(word) > 1 for word in suggestion.words)


def test_words_do_not_reach_across_signs(learner: Learner) -> None:
    assert all("，" not in word for one in learner.suggest("拖欠工资，工资，噪音，公交") for word in one.words)


def test_three_suggestions_best_first_with_probabilities_of_one_whole(learner: Learner) -> None:
    found = learner.suggest("公交车上有人放音响")
    chances = [one.probability for one in found]
    assert len(found) == 3
    assert chances == sorted(chances, reverse=True)
    assert learner.probabilities(["公交", "", "工资"]).sum(axis=1) == pytest.approx([1, 1, 1], abs=1e-5)


def test_many_at_once_say_the_same_as_one_by_one(learner: Learner) -> None:
    texts = [example.text for example in EXAMPLES] + ["", "  ", "！！", "hello"]
    for text, row in zip(texts, learner.suggest_many(texts), strict=True):
        single = learner.suggest(text)
        assert [one.label for one in row] == [one.label for one in single]
        assert [one.probability for one in row] == pytest.approx([one.probability for one in single], abs=1e-5)
        assert all(one.words == () for one in row)


@pytest.mark.parametrize("text", ["", "   ", "。。。", "\x00\n", "☃☃"])
def test_a_text_that_says_nothing_gets_the_usual_shares_and_no_words(learner: Learner, text: str) -> None:
    found = learner.suggest(text)
    assert {one.probability for one in found} == {0.25}
    assert all(one.words == () for one in found)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_answered(text: str) -> None:
    found = ANY.suggest(text)
    assert all(0 <= one.probability <= 1 and math.isfinite(one.probability) for one in found)
    assert all(word in text for one in found for word in one.words)


ANY = Learner.train(EXAMPLES[::5])


def test_the_same_examples_and_seed_give_the_same_model(learner: Learner) -> None:
    again = Learner.train(EXAMPLES, seed=1)
    assert np.array_equal(again.weights.table, learner.weights.table)
    assert again.sharpness == learner.sharpness


def test_a_correction_that_weighs_more_wins_over_uncorrected_cases() -> None:
    wrong = [Example("河边钓鱼台栏杆松动", "bus")] * 3
    others = [example for example in EXAMPLES if example.label in ("bus", "noise")]
    equal, heavy = (Example("河边钓鱼台栏杆松动", "noise", weight=weight) for weight in (1.0, 20.0))
    assert Learner.train([*others, *wrong, equal]).suggest("河边钓鱼台栏杆")[0].label == "bus"
    assert Learner.train([*others, *wrong, heavy]).suggest("河边钓鱼台栏杆")[0].label == "noise"


def test_one_label_only_is_suggested_and_never_sent_by_itself() -> None:
    alone = Learner.train([Example("路灯坏了", "light"), Example("路灯不亮", "light")])
    assert [(one.label, one.probability) for one in alone.suggest("路灯")] == [("light", 1.0)]
    assert alone.thresholds() == ()
    assert alone.threshold_for(0.97) == math.inf


def test_labels_with_a_single_example_can_still_be_suggested() -> None:
    rare = Learner.train([*EXAMPLES, Example("流浪狗在幼儿园门口咬人", "dogs")])
    assert "dogs" in [one.label for one in rare.suggest("流浪狗咬人")]


def test_a_single_example_is_enough_to_train() -> None:
    assert Learner.train([Example("", "x")]).suggest("随便")[0].label == "x"


@pytest.mark.parametrize("examples", [[], [Example("路灯", "light", weight=0.0)], [Example("路灯", "x", weight=-1)]])
def test_nothing_to_learn_is_said(examples: list[Example]) -> None:
    with pytest.raises(NothingToLearn):
        Learner.train(examples)


def test_segmented_training_serves_plain_writing_and_teaches_words() -> None:
    cut = [Example(" ".join(_pairs(example.text)), example.label) for example in EXAMPLES * 3]
    taught = Learner.train(cut)
    assert "噪音" in taught.lexicon.words
    assert taught.suggest("施工噪音扰民到半夜")[0].label == "noise"
    assert taught.suggest("施工 噪音 扰民 半夜 没 睡")[0].label == "noise"


def _pairs(text: str) -> list[str]:
    known = ("噪音", "扰民", "公交", "工资", "自来水", "拖欠", "施工", "停水", "水表", "司机", "公司")
    marked = text
    for word in known:
        marked = marked.replace(word, f" {word} ")
    return [piece[at : at + 2] for piece in marked.split() for at in range(0, len(piece), 2) if piece not in known] + [
        piece for piece in marked.split() if piece in known
    ]


def test_equal_texts_never_stand_on_both_sides_of_the_record() -> None:
    doubled = Learner.train(EXAMPLES * 2)
    once = Learner.train(EXAMPLES)
    assert doubled.curve.right.mean() == pytest.approx(once.curve.right.mean(), abs=0.1)


# ------------------------------------------------------------------- the file


def test_what_is_saved_is_loaded_and_says_the_same(learner: Learner, tmp_path: Path) -> None:
    path = tmp_path / "models" / "routing.model"
    learner.save(path)
    learner.save(path)
    loaded = Learner.load(path)
    assert loaded.suggest("拖欠工资三个月") == learner.suggest("拖欠工资三个月")
    assert loaded.threshold_for(0.9) == learner.threshold_for(0.9)
    assert [file.name for file in path.parent.iterdir()] == ["routing.model"]


@pytest.mark.parametrize("harm", ["cut", "flip", "empty", "foreign", "tail"])
def test_a_damaged_file_is_refused(learner: Learner, tmp_path: Path, harm: str) -> None:
    path = tmp_path / "model"
    learner.save(path)
    content = path.read_bytes()
    middle = len(content) // 2
    flipped = content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]
    harmed = {"cut": content[:-9], "flip": flipped, "empty": b"", "foreign": b"\x80\x04K.", "tail": content + b"x"}
    path.write_bytes(harmed[harm])
    with pytest.raises(DamagedModel):
        Learner.load(path)


def test_a_file_of_another_version_asks_to_train_again(learner: Learner, tmp_path: Path) -> None:
    path = tmp_path / "model"
    learner.save(path)
    path.write_bytes(path.read_bytes().replace(b" 1 ", b" 99 ", 1))
    with pytest.raises(OtherVersion):
        Learner.load(path)


def test_a_missing_file_is_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Learner.load(tmp_path / "none")


# ------------------------------------------------------------ the text itself


@pytest.mark.parametrize(
    ("text", "segmented"),
    [
        ("路灯 坏 了 三天", True),
        ("路灯坏了三天，没有人来修。", False),
        ("路灯坏了三天，没有人来修 请尽快处理 谢谢 李先生", False),
        ("路灯 坏", False),
        ("", False),
    ],
)
def test_segmented_writing_is_known_by_its_blanks(text: str, segmented: bool) -> None:
    assert is_segmented(text) is segmented


def test_full_width_and_capitals_are_folded_in_place() -> None:
    assert folded("Ａ市１号 KTV，") == "a市1号 ktv,"


def test_the_lexicon_takes_the_longest_word_and_stops_at_the_end() -> None:
    lexicon = Lexicon.of(["自来水", "自来", "水管", "自来水公司", "一"])
    assert word_spans("查自来水管自来", lexicon) == [(1, 4), (5, 7)]
    assert word_spans("自来水公司", lexicon) == [(0, 5)]


def test_grams_say_where_they_stood() -> None:
    found = grams(["路灯，坏"], Lexicon.of([]))
    assert sorted(zip(found.start.tolist(), found.end.tolist(), strict=True)) == [(0, 1), (0, 2), (1, 2), (3, 4)]


def test_the_beginning_counts_more() -> None:
    found = grams(["停水" * 40], Lexicon.of([]))
    assert found.weight.max() == 9.0
    assert found.weight.min() < 1.2


# ---------------------------------------------------------------- the figures


def test_figures_of_a_small_table() -> None:
    truth = ["a", "a", "b", "c"]
    said = [[("a", 0.9), ("b", 0.1)], [("b", 0.6), ("a", 0.4)], [("b", 0.8)], [("a", 0.5), ("b", 0.3), ("c", 0.2)]]
    found = evaluated(truth, said, threshold=0.7)
    assert (found.texts, found.accuracy, found.top3) == (4, 0.5, 1.0)
    assert (found.share_at_threshold, found.accuracy_at_threshold) == (0.5, 1.0)
    assert [(row.label, row.texts, round(row.f1, 3)) for row in found.labels] == [
        ("a", 2, 0.5),
        ("b", 1, 0.667),
        ("c", 1, 0.0),
    ]
    assert found.macro_f1 == pytest.approx((0.5 + 2 / 3 + 0) / 3)


def test_comparing_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="not empty"):
        evaluated([], [], threshold=0.5)


def test_a_short_record_proves_nothing() -> None:
    assert Curve.of([0.99] * 10, [True] * 10).threshold_for(0.97) == math.inf


def test_the_threshold_is_the_lowest_that_keeps_the_accuracy_with_a_margin() -> None:
    curve = Curve.of([0.9] * 500 + [0.6] * 500, [True] * 500 + [True] * 400 + [False] * 100)
    assert curve.threshold_for(0.97) == pytest.approx(0.9)
    assert curve.threshold_for(0.85) == pytest.approx(0.6)
    assert [(row.share, row.accuracy) for row in curve.rows((0.5, 0.7, 0.95))] == [(1.0, 0.9), (0.5, 1.0)]


def test_rising_thresholds_send_less(learner: Learner) -> None:
    shares = [row.share for row in learner.thresholds()]
    assert shares
    assert shares == sorted(shares, reverse=True)


def test_evaluating_on_unseen_texts(learner: Learner) -> None:
    unseen = [Example("施工噪音太吵", "noise"), Example("公交不停车", "bus"), Example("没有发工资", "wage")]
    assert learner.evaluate(unseen, threshold=0.0).accuracy == 1.0


# -------------------------------------------------------------- real messages


@pytest.mark.data
def test_real_messages_of_which_an_eighth_teaches_are_told_apart() -> None:
    path = data_folder() / "messages" / "labelled-tokens.csv.gz"
    if not path.is_file():
        pytest.skip("data: messages/labelled-tokens.csv.gz is not there")
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = {"".join(row["tokens"].split()): Example(row["tokens"], row["topic"]) for row in csv.DictReader(file)}
    known = list(rows.values())
    taught = Learner.train(known[::8])
    found = taught.evaluate(known[1::8], threshold=taught.threshold_for(0.9))
    assert found.macro_f1 > 0.82
    assert found.top3 > 0.96
    assert found.share_at_threshold > 0.5
    assert found.accuracy_at_threshold > 0.87
