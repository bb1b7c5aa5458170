"""Search terms of a text, and how well a text fits a question: the same on every database.

Terms are pairs of neighbouring Han characters plus ASCII words, so that Chinese is found without a dictionary.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from math import log

_HAN = re.compile(r"[\u3400-\u9fff]+")
_ASCII = re.compile(r"[a-z0-9]+")
TITLE = 3.0
"""How much a term in the title counts, where one in the text counts 1."""
NOWHERE = 0.35
"""What a pair is worth that no text holds."""


def terms(text: str) -> list[str]:
    """Search terms of a text in order: pairs of Han characters (a single one stands alone), ASCII words in lower case.

    Han terms are spelled ``u<hex>`` so that no tokenizer of any database cuts them differently.
    """
    found = [_spelled(pair) for run in _HAN.findall(text) for pair in _pairs(run)]
    return found + _ASCII.findall(text.lower())


def _pairs(run: str) -> list[str]:
    return [run] if len(run) == 1 else [run[place : place + 2] for place in range(len(run) - 1)]


def _spelled(pair: str) -> str:
    return "u" + "".join(f"{ord(sign):x}" for sign in pair)


# How people ask, not what they ask about: longer phrases before those they begin with.
ASKING = re.compile(
    "我?想?请?问一下|想?请问|我想问|想问|您好|你好|该?怎么办|怎么样|怎么|怎样|如何|什么时候|为什么|什么|哪里|哪儿|在哪|"
    "多少钱|多少|多久|几点|几天|谁来|找谁|该找|可不可以|能不能|是不是|有没有|可以|需要|我们|你们|我的|我想|[吗呢吧啊呀哪]"
)


def asked(text: str, *, most: int = 40) -> list[str]:
    """The terms to look for, each once and at most so many; words of asking only where nothing else is left.

    >>> asked("请问高龄津贴怎么申请啊") == terms("高龄津贴 申请")
    True
    """
    found = dict.fromkeys(terms(ASKING.sub(" ", text))) or dict.fromkeys(terms(text))
    return list(found)[:most]


def is_prefix(term: str) -> bool:
    """Whether the term is one Han character alone: it is found wherever a pair begins with it."""
    return len(term) == 5 and term[0] == "u"


def weights(wanted: Iterable[str], texts: Collection[Collection[str]]) -> dict[str, float]:
    """What each term is worth: the fewer of the texts hold it, the more.

    A pair that no text holds is mostly two halves of words (路灯坏了: 灯坏), so it is worth little.
    """
    counted = {term: sum(holds(text, term) for text in texts) for term in wanted}
    return {term: log(1 + (len(texts) + 1) / (1 + n)) if n else NOWHERE for term, n in counted.items()}


def holds(text: Collection[str], term: str) -> bool:
    """Whether the terms of a text hold a term that is looked for."""
    return any(found.startswith(term) for found in text) if is_prefix(term) else term in text


def covered(worth: Mapping[str, float], text: Collection[str]) -> float:
    """Share of the worth of a question that a text holds, 0 to 1."""
    whole = sum(worth.values())
    return sum(value for term, value in worth.items() if holds(text, term)) / whole if whole else 0.0


def fit(worth: Mapping[str, float], *, title: Collection[str], text: Collection[str]) -> float:
    """How well an answer fits a question, 0 to 1: a term in its title counts three times one in its text.

    >>> worth = dict.fromkeys(terms("高龄津贴"), 1.0)
    >>> fit(worth, title=terms("高龄津贴怎么申请"), text=terms("到社区申请")) == 0.75
    True
    >>> fit(worth, title=terms("敬老卡"), text=terms("高龄津贴另行申请")) == 0.25
    True
    """
    return (TITLE * covered(worth, title) + covered(worth, text)) / (TITLE + 1)
