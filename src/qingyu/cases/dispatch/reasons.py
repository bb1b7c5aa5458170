"""Which words of a text spoke for a label: the grams' influence laid back onto the characters of the text."""

from __future__ import annotations

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


def reasons(text: str, grams: Grams, shares: Floats, lexicon: Lexicon) -> tuple[str, ...]:
    """At most five words or short phrases of the text, the strongest first; shares: one figure per gram of it.

    Neighbouring strong words (or characters, where no word is known) are shown as one phrase of up to eight
    characters; single characters are left out, and so is what a stronger phrase already holds.
    """
    influence = _per_character(len(text), grams, shares)
    pieces = _pieces(text, influence, lexicon)
    totals: dict[str, float] = {}
    for piece in _phrases(text, pieces):
        phrase = "".join(text[piece.start : piece.end].split())
        totals[phrase] = totals.get(phrase, 0.0) + piece.influence
    ranked = sorted((phrase for phrase in totals if len(phrase) > 1), key=lambda phrase: -totals[phrase])
    return _distinct(ranked)


def _per_character(length: int, grams: Grams, shares: Floats) -> Floats:
    """Every gram's share, spread evenly over the characters it covers."""
    even = shares / np.maximum(1, grams.end - grams.start)
    change = np.bincount(grams.start, even, minlength=length + 1)
    change = change - np.bincount(grams.end, even, minlength=length + 1)
    return np.cumsum(change)[:length].astype(np.float32)


def _pieces(text: str, influence: Floats, lexicon: Lexicon) -> list[_Piece]:
    """Words, and the single letters between them, in order."""
    pieces, at, plain = [], 0, folded(text)
    for start, end in [*word_spans(plain, lexicon), (len(text), len(text))]:
        pieces += [_piece(influence, place, place + 1) for place in range(at, start) if plain[place].isalnum()]
        if end > start:
            pieces.append(_piece(influence, start, end))
        at = end
    return pieces


def _piece(influence: Floats, start: int, end: int) -> _Piece:
    return _Piece(start, end, float(influence[start:end].sum()))


def _phrases(text: str, pieces: list[_Piece]) -> list[_Piece]:
    """Strong pieces, neighbours merged; blanks do not part neighbours, signs do."""
    means = [piece.influence / (piece.end - piece.start) for piece in pieces]
    bar = STRONG * max(means, default=0.0)
    phrases: list[_Piece] = []
    for piece, mean in zip(pieces, means, strict=True):
        if mean <= 0 or mean < bar:
            continue
        if phrases and _belong(text, phrases[-1], piece):
            last = phrases.pop()
            piece = _Piece(last.start, piece.end, last.influence + piece.influence)
        phrases.append(piece)
    return phrases


def _belong(text: str, left: _Piece, right: _Piece) -> bool:
    return left.end == right.start and right.end - left.start <= LONGEST_PHRASE


def _distinct(ranked: list[str]) -> tuple[str, ...]:
    chosen: list[str] = []
    for phrase in ranked:
        if not any(phrase in other or other in phrase for other in chosen):
            chosen.append(phrase)
    return tuple(chosen[:MOST_WORDS])
