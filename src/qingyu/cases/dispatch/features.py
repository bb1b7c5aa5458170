"""Texts become counted grams: one and two characters, and words where the text shows or the lexicon knows them.

Two spellings of a text are read: plain writing, and words separated by blanks (as segmenters write them). Both give
the same character grams, so a model trained on one serves the other. Grams are hashed (no vocabulary is kept), and a
gram remembers where it stood, so that its influence can be shown in the text. What stands at the beginning counts
more: that is the title, and people say what they want first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float32]

BITS = 20
HEAD_EXTRA, HEAD_LENGTH = 8.0, 20.0
LONGEST_WORD = 6
FEWEST_USES = 5
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
_MIXER = np.uint64(0xBF58476D1CE4E5B9)
_FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0: 0x20}
_FOLD |= {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_FOLD |= {code: code + 32 - 0xFEE0 for code in range(0xFF21, 0xFF3B)}
_LETTERS = ((0x30, 0x3A), (0x61, 0x7B), (0xC0, 0x250), (0x3400, 0xA000), (0xF900, 0xFB00), (0x20000, 0x32400))


def folded(text: str) -> str:
    """The text in half-width small letters; every character keeps its place."""
    return text.translate(_FOLD)


def is_segmented(text: str) -> bool:
    """Whether the text is written as words separated by blanks (at least four, three characters long on average)."""
    pieces = text.split()
    return len(pieces) >= 4 and sum(map(len, pieces)) <= 3 * len(pieces)


@dataclass(frozen=True)
class Lexicon:
    """Words seen in segmented texts, to find them again in plain writing."""

    words: frozenset[str]
    lengths: dict[str, tuple[int, ...]]

    @classmethod
    def of(cls, words: Iterable[str]) -> Lexicon:
        """Keep words of 2 to LONGEST_WORD characters."""
        kept = frozenset(word for word in words if 2 <= len(word) <= LONGEST_WORD)
        lengths: dict[str, set[int]] = {}
        for word in kept:
            lengths.setdefault(word[:2], set()).add(len(word))
        return cls(kept, {pair: tuple(sorted(found, reverse=True)) for pair, found in lengths.items()})

    @classmethod
    def learned(cls, texts: Iterable[str]) -> Lexicon:
        """The words that enough segmented texts use (segmenters leave shards that few share)."""
        counts = Counter(word for text in texts if is_segmented(text) for word in set(folded(text).split()))
        return cls.of(word for word, count in counts.items() if count >= FEWEST_USES)

    def spans(self, text: str) -> list[tuple[int, int]]:
        """(start, end) of the known words of a folded plain text, the longest first from the left."""
        found, at, lengths, words = [], 0, self.lengths, self.words
        while at < len(text) - 1:
            for length in lengths.get(text[at : at + 2], ()):
                word = text[at : at + length]
                if word in words:
                    found.append((at, at + len(word)))
                    at += len(word)
                    break
            else:
                at += 1
        return found


def word_spans(text: str, lexicon: Lexicon) -> list[tuple[int, int]]:
    """(start, end) of the words of a folded text: its own where it is segmented, else those the lexicon knows."""
    if not is_segmented(text):
        return lexicon.spans(text)
    found, at = [], 0
    for word in text.split():
        start = text.index(word, at)
        at = start + len(word)
        found.append((start, at))
    return found


@dataclass(frozen=True)
class Grams:
    """One row per gram occurrence: text number, bucket below 2**BITS, weight by position, start and end."""

    texts: int
    text: Ints
    bucket: Ints
    weight: Floats
    start: Ints
    end: Ints


def grams(texts: Sequence[str], lexicon: Lexicon) -> Grams:
    """Every gram of every text; start and end count characters within its own text."""
    plain = [folded(text) for text in texts]
    codes, text, place = _characters(plain)
    offset = _first_rows(text, len(plain))
    parts = [_character_grams(codes, text, place, offset, length) for length in (1, 2)]
    parts.append(_word_grams(plain, lexicon))
    numbers, hashes, weights, starts, ends = (np.concatenate(column) for column in zip(*parts, strict=True))
    bucket = (hashes >> np.uint64(64 - BITS)).astype(np.int64)
    return Grams(len(plain), numbers, bucket, weights.astype(np.float32), starts, ends)


def _characters(texts: Sequence[str]) -> tuple[Hashes, Ints, Ints]:
    """Codes, text numbers and places of all characters without blanks; signs and the text's end have code 0."""
    joined = "\0".join(texts) + "\0"
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    lengths = np.array([len(text) + 1 for text in texts], np.int64)
    text = np.repeat(np.arange(len(texts)), lengths)
    place = np.arange(len(codes)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    blank = (codes == 0x20) | ((codes > 8) & (codes < 14)) | (codes == 0xA0)
    known = np.zeros(len(codes), bool)
    for low, high in _LETTERS:
        known |= (codes >= low) & (codes < high)
    codes = np.where(known, codes, np.uint64(0))
    return codes[~blank], text[~blank], place[~blank]


def _first_rows(text: Ints, texts: int) -> Ints:
    return np.searchsorted(text, np.arange(texts)).astype(np.int64)


def _character_grams(
    codes: Hashes, text: Ints, place: Ints, first: Ints, length: int
) -> tuple[Ints, Hashes, Floats, Ints, Ints]:
    rows = max(0, len(codes) - length + 1)
    hashes, whole = np.zeros(rows, np.uint64), np.ones(rows, bool)
    for step in range(length):
        part = codes[step : step + rows]
        hashes = hashes * _MULTIPLIER + part + np.uint64(1)
        whole &= part != 0
    at = np.flatnonzero(whole)
    weights = _position_weight(at - first[text[at]])
    mixed = _mixed(hashes[at] * _MULTIPLIER + np.uint64(length))
    return text[at], mixed, weights, place[at], place[at + length - 1] + 1


def _word_grams(texts: Sequence[str], lexicon: Lexicon) -> tuple[Ints, Hashes, Floats, Ints, Ints]:
    numbers, hashes, starts, ends, positions = [], [], [], [], []
    seen: dict[str, int] = {}
    for number, text in enumerate(texts):
        segmented, passed = is_segmented(text), 0
        for start, end in word_spans(text, lexicon):
            word = text[start:end]
            numbers.append(number)
            hashes.append(seen.get(word) or seen.setdefault(word, _word_hash(word)))
            starts.append(start)
            ends.append(end)
            positions.append(passed if segmented else start)
            passed += end - start
    weights = _position_weight(np.array(positions, np.int64))
    mixed = _mixed(np.array(hashes, np.uint64))
    return np.array(numbers, np.int64), mixed, weights, np.array(starts, np.int64), np.array(ends, np.int64)


def _word_hash(word: str) -> int:
    value = 100
    for character in word:
        value = (value * int(_MULTIPLIER) + ord(character)) & 0xFFFFFFFFFFFFFFFF
    return value


def _position_weight(position: Ints) -> Floats:
    return (1 + HEAD_EXTRA * np.exp(-position / HEAD_LENGTH)).astype(np.float32)


def _mixed(values: Hashes) -> Hashes:
    values = (values ^ (values >> np.uint64(29))) * _MIXER
    return values ^ (values >> np.uint64(32))
