"""Which words of a text spoke for a label: the grams' influence laid back onto the characters of the text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qingyu.cases.dispatch.features import Floats, Grams, Lexicon, folded, word_spans

LONGEST_PHRASE = 8
STRONG = 0.25
MOST_WORDS = 5


@dataclass(frozen=True)
class _Piece:
    start: int
    end: int
    influence: float

    @property
    def mean(self) -> float:
        return self.influence / (self.end - self.start)


def reasons(text: str, grams: Grams, shares: Sequence[Floats], lexicon: Lexicon) -> tuple[tuple[str, ...], ...]:
    """For every label at most five words or short phrases of the text, the strongest first.

    shares: for every label one figure per gram. Neighbouring strong words (or characters, where no word is known) are
    shown as one phrase of up to eight characters; single characters are left out, and so is what a stronger phrase
    already holds. What is strong is measured by the strongest word for any of the labels: an unlikely label often
    has nothing that spoke for it.
    """
    spans = _spans(text, lexicon)
    pieces = [_weighed(spans, _per_character(len(text), grams, share)) for share in shares]
    bar = STRONG * max((piece.mean for row in pieces for piece in row), default=0.0)
    return tuple(_words(text, [piece for piece in row if piece.mean > 0 and piece.mean >= bar]) for row in pieces)


def _per_character(length: int, grams: Grams, shares: Floats) -> Floats:
    """Every gram's share, spread evenly over the characters it covers."""
    even = shares / np.maximum(1, grams.end - grams.start)
    change = np.bincount(grams.start, even, minlength=length + 1)
    change = change - np.bincount(grams.end, even, minlength=length + 1)
    return np.cumsum(change)[:length].astype(np.float32)


def _spans(text: str, lexicon: Lexicon) -> list[tuple[int, int]]:
    """Words, and the single letters between them, in order."""
    spans, at, plain = [], 0, folded(text)
    for start, end in [*word_spans(plain, lexicon), (len(text), len(text))]:
        spans += [(place, place + 1) for place in range(at, start) if plain[place].isalnum()]
        if end > start:
            spans.append((start, end))
        at = end
    return spans


def _weighed(spans: Sequence[tuple[int, int]], influence: Floats) -> list[_Piece]:
    upto = [0.0, *np.cumsum(influence, dtype=np.float64).tolist()]
    return [_Piece(start, end, upto[end] - upto[start]) for start, end in spans]


def _words(text: str, strong: Sequence[_Piece]) -> tuple[str, ...]:
    totals: dict[str, float] = {}
    for piece in _merged(strong):
        phrase = text[piece.start : piece.end]
        totals[phrase] = totals.get(phrase, 0.0) + piece.influence
    return _distinct(sorted((phrase for phrase in totals if len(phrase) > 1), key=lambda phrase: -totals[phrase]))


def _merged(strong: Sequence[_Piece]) -> list[_Piece]:
    """Touching pieces made one, up to LONGEST_PHRASE; a blank, a sign or a weak word between them parts them."""
    phrases: list[_Piece] = []
    for piece in strong:
        if phrases and phrases[-1].end == piece.start and piece.end - phrases[-1].start <= LONGEST_PHRASE:
            last = phrases.pop()
            piece = _Piece(last.start, piece.end, last.influence + piece.influence)
        phrases.append(piece)
    return phrases


def _distinct(ranked: list[str]) -> tuple[str, ...]:
    chosen: list[str] = []
    for phrase in ranked:
        if not any(phrase in other or other in phrase for other in chosen):
            chosen.append(phrase)
    return tuple(chosen[:MOST_WORDS])
