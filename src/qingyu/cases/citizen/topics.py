"""Which topics to offer for a person's words: what past cases say, else the words that each topic brings."""

from __future__ import annotations

from qingyu.cases.dispatch import suggesting
from qingyu.cases.models import Topic
from qingyu.cases.topics import by_code
from qingyu.people import queries as people

MOST = 3
LEAST_PROBABILITY = 0.05


def suggested(text: str) -> list[str]:
    """Codes of at most three topics, the likeliest first; none where nothing speaks for any."""
    model = suggesting.learner()
    if model is None:
        found = _by_words(text)
    else:
        found = [guess.label for guess in model.suggest(text) if guess.probability >= LEAST_PROBABILITY]
    known = by_code()
    return [code for code in found if code in known and known[code].open][:MOST]


def _by_words(text: str) -> list[str]:
    hits = {code: sum(word in text for word in words) for code, words in _words().items()}
    return sorted((code for code, count in hits.items() if count), key=lambda code: (-hits[code], code))


@people.remembered
def _words() -> dict[str, list[str]]:
    """The words of the topics that have none below them; one statement each ten seconds."""
    rows = Topic.objects.filter(children=None, open=True).exclude(words=[]).values_list("code", "words")
    return {code: [word for word in words if len(word) > 1] for code, words in rows}
