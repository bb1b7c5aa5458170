"""Search terms of a text, and how well a text fits a question: the same on every database.

Terms are pairs of neighbouring Han characters plus ASCII words, so that Chinese is found without a dictionary. Text is
taken as simplified characters and narrow signs, however it was written.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from math import log

from qingyu.rules import hanzi
from qingyu.rules.synonyms import WORDS, others

_HAN = re.compile(r"[\u3400-\u9fff]+")
_ASCII = re.compile(r"[a-z0-9]+")
TITLE = 3.0
"""How much a term in the title counts, where one in the text counts 1."""
NOWHERE = 0.35
"""What a pair is worth that no text holds."""


def terms(text: str) -> list[str]:
    """Search terms of a text in order: pairs of Han characters (a single one stands alone), ASCII words in lower case.

    Han terms are spelled ``u<hex>`` so that no tokenizer of any database cuts them differently.

    >>> terms("電梯 ＷｉＦｉ") == terms("电梯 wifi")
    True
    """
    plain = hanzi.plain(text)
    found = [_spelled(pair) for run in _HAN.findall(plain) for pair in _pairs(run)]
    return found + _ASCII.findall(plain)


def indexed(text: str) -> list[str]:
    """The terms by which a text is found: also the last character of each run, which begins no pair."""
    return terms(text) + [_spelled(run[-1]) for run in _HAN.findall(hanzi.plain(text)) if len(run) > 1]


def _pairs(run: str) -> list[str]:
    return [run] if len(run) == 1 else [run[place : place + 2] for place in range(len(run) - 1)]


def _spelled(pair: str) -> str:
    return "u" + "".join(f"{ord(sign):x}" for sign in pair)


# How people ask, not what they ask about: longer phrases before those they begin with.
ASKING = re.compile(
    "我?想?请?问一下|想?请问|我想问|想问|您好|你好|该?怎么办|怎么样|怎么|怎样|如何|什么时候|为什么|什么|哪里|哪儿|在哪|"
    "多少钱|多少|多久|几点|几天|谁来|找谁|谁管|该找|可不可以|能不能|是不是|有没有|可以|需要|我们|你们|我的|我想|我家|"
    "家里|家中|已经|一直|老是|总是|突然|现在|还是|没人管|[吗呢吧啊呀哪了的很太我]"
)
_NUMBER = re.compile(r"[0-9]+|[一二三四五六七八九十百千零两]{2,}")
Alternative = tuple[str, ...]
Part = tuple[Alternative, ...]
"""One thing that is asked about: the terms of each of the words for it. One alternative with one term: a plain pair."""


def asked(text: str, *, most: int = 40) -> list[str]:
    """The terms of a question, each once and at most so many; words of asking only where nothing else is left.

    >>> asked("请问高龄津贴怎么申请啊") == terms("高龄津贴 申请")
    True
    """
    found = dict.fromkeys(terms(_without_asking(text))) or dict.fromkeys(terms(text))
    return list(found)[:most]


def _without_asking(text: str) -> str:
    return ASKING.sub(" ", hanzi.plain(text))


def parts(question: str, *, most: int = 24) -> list[Part]:
    """What a question asks about, in order and at most so many: words that have others, numbers, else single terms.

    >>> parts("业委会") == [(tuple(terms("业委会")), tuple(terms("业主委员会")))]
    True
    >>> parts("65岁") == [(("65",), tuple(terms("六十五")))]
    True
    """
    left = _without_asking(question)
    found = dict.fromkeys(_parts(left if terms(left) else hanzi.plain(question)))
    telling = [part for part in found if not _leftover(part)]
    return (telling or list(found))[:most]


def _leftover(part: Part) -> bool:
    """One character alone: what is left between words of asking, unless nothing else is asked."""
    return len(part) == 1 and len(part[0]) == 1 and is_prefix(part[0][0])


def _parts(text: str) -> list[Part]:
    found: list[Part] = []
    place = 0
    for word in [*WORDS.finditer(text), None]:
        before = text[place : word.start() if word else len(text)]
        found += _numbers_and_pairs(before)
        if word:
            found.append(_alternatives([word[0], *others(word[0])]))
            place = word.end()
    return found


def _numbers_and_pairs(text: str) -> list[Part]:
    found: list[Part] = []
    place = 0
    for number in [*_NUMBER.finditer(text), None]:
        found += [((term,),) for term in terms(text[place : number.start() if number else len(text)])]
        if number:
            found.append(_alternatives([number[0], hanzi.in_han(number[0]), hanzi.in_digits(number[0])]))
            place = number.end()
    return found


def _alternatives(words: list[str]) -> Part:
    return tuple(dict.fromkeys(tuple(terms(word)) for word in words))


def is_prefix(term: str) -> bool:
    """Whether the term is one Han character alone: it is found wherever a pair begins with it."""
    return len(term) == 5 and term[0] == "u"


def rarest(wanted: Iterable[str], held: Mapping[str, int], *, enough: int) -> list[str]:
    """The rarest of the terms, as many as ``enough`` texts together hold; one that texts hold at least, if any.

    What nobody has counted yet is rare.

    >>> rarest(["a", "b", "c", "d"], {"a": 900, "b": 3, "c": 400}, enough=300)
    ['d', 'b']
    >>> rarest(["a", "d"], {"a": 900}, enough=300)
    ['d', 'a']
    """
    found: list[str] = []
    texts = 0
    for term in sorted(dict.fromkeys(wanted), key=lambda term: held.get(term, 0)):
        if texts and texts + held.get(term, 0) > enough:
            break
        found.append(term)
        texts += held.get(term, 0)
    return found


def weights(wanted: Iterable[str], texts: Collection[Collection[str]]) -> dict[str, float]:
    """What each term is worth: the fewer of the texts hold it, the more.

    A pair that no text holds is mostly two halves of words (路灯坏了: 灯坏), so it is worth little.
    """
    counted = {term: sum(holds(text, term) for text in texts) for term in wanted}
    return {term: log(1 + (len(texts) + 1) / (1 + n)) if n else NOWHERE for term, n in counted.items()}


def holds(text: Collection[str], term: str) -> bool:
    """Whether the terms of a text hold a term that is looked for."""
    return any(found.startswith(term) for found in text) if is_prefix(term) else term in text


def covered(wanted: Collection[Part], worth: Mapping[str, float], text: Collection[str]) -> float:
    """Share of the worth of a question that a text holds, 0 to 1; any of the words for a thing will do."""
    each = [(_worth(part, worth), part) for part in wanted]
    whole = sum(value for value, _part in each)
    return sum(value * _held(part, worth, text) for value, part in each) / whole if whole else 0.0


def _worth(part: Part, worth: Mapping[str, float]) -> float:
    """A thing with a name of its own is worth up to two of its pairs, by whichever of its names is known best."""
    return max(sum(sorted((worth[term] for term in one), reverse=True)[:2]) for one in part)


HALF = 0.5
"""What holds less of every word for a thing does not speak of it: 老人 alone is not 老人补贴."""


def _held(part: Part, worth: Mapping[str, float], text: Collection[str]) -> float:
    shares = (sum(worth[term] for term in one if holds(text, term)) / sum(worth[term] for term in one) for one in part)
    most = max(shares)
    return most if most >= HALF else 0.0


def fit(
    wanted: Collection[Part], worth: Mapping[str, float], *, title: Collection[str], text: Collection[str]
) -> float:
    """How well an answer fits a question, 0 to 1: a term in its title counts three times one in its text.

    >>> wanted = parts("高龄津贴")
    >>> worth = {term: 1.0 for part in wanted for one in part for term in one}
    >>> fit(wanted, worth, title=terms("高龄津贴怎么申请"), text=terms("到社区申请")) == 0.75
    True
    >>> fit(wanted, worth, title=terms("敬老卡"), text=terms("高龄津贴另行申请")) == 0.25
    True
    """
    return (TITLE * covered(wanted, worth, title) + covered(wanted, worth, text)) / (TITLE + 1)
