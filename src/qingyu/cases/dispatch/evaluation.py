"""How good suggestions are: accuracy, macro F1, top three, and what could go out without a person looking."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

STEPS = tuple((np.arange(30, 100) / 100).tolist())


@dataclass(frozen=True)
class ThresholdRow:
    """At this probability or more: the share of all texts sent by itself, and the accuracy to expect of them."""

    threshold: float
    share: float
    accuracy: float


@dataclass(frozen=True)
class LabelRow:
    """One label: how many true texts, precision, recall and F1 (each 0 to 1)."""

    label: str
    texts: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True)
class Evaluation:
    """Figures 0 to 1. accuracy_at_threshold is 1 where nothing was sent."""

    texts: int
    accuracy: float
    macro_f1: float
    top3: float
    threshold: float
    share_at_threshold: float
    accuracy_at_threshold: float
    labels: tuple[LabelRow, ...]


@dataclass(frozen=True)
class Curve:
    """Out-of-sample first suggestions: probability (falling) and whether it was right."""

    probability: npt.NDArray[np.float32]
    right: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, probability: npt.ArrayLike, right: npt.ArrayLike) -> Curve:
        """Sort pairs given in any order."""
        values, hits = np.asarray(probability, np.float32), np.asarray(right, bool)
        order = np.argsort(-values, kind="stable")
        return cls(values[order], hits[order])

    def rows(self, steps: Sequence[float] = STEPS) -> tuple[ThresholdRow, ...]:
        """One row per threshold of `steps` at which anything is sent."""
        return tuple(row for row in map(self.row, steps) if row.share > 0)

    def threshold_for(self, accuracy: float) -> float:
        """The lowest threshold whose accuracy, less one standard error, still holds; infinity where none does.

        A short record gives a high threshold: ten right answers of ten do not prove 97 %, hence the error of the
        rule of succession, (right + 1) / (sent + 2).
        """
        sent = np.arange(1, len(self.right) + 1)
        guess = (np.cumsum(self.right) + 1) / (sent + 2)
        safe = guess - np.sqrt(guess * (1 - guess) / sent)
        whole = np.append(self.probability[1:] != self.probability[:-1], True)[: len(sent)]
        good = np.flatnonzero((safe >= accuracy) & whole)
        return float(self.probability[good[-1]]) if len(good) else math.inf

    def row(self, threshold: float) -> ThresholdRow:
        """Share and accuracy at one threshold; accuracy 1 where nothing is sent."""
        sent = int(np.count_nonzero(self.probability >= np.float32(threshold)))
        accuracy = float(self.right[:sent].mean()) if sent else 1.0
        return ThresholdRow(threshold, sent / max(1, len(self.right)), accuracy)


def evaluated(
    truth: Sequence[str], suggested: Sequence[Sequence[tuple[str, float]]], *, threshold: float
) -> Evaluation:
    """Compare true labels with (label, probability) pairs, best first; macro F1 over the labels in either column.

    Raises ValueError where there is nothing to compare or the lengths differ.
    """
    if not truth or len(truth) != len(suggested):
        raise ValueError("truth and suggestions must be of one length, and not empty")
    first = [pairs[0] for pairs in suggested]
    right = [label == pair[0] for label, pair in zip(truth, first, strict=True)]
    among = [label in [pair[0] for pair in pairs[:3]] for label, pairs in zip(truth, suggested, strict=True)]
    row = Curve.of([pair[1] for pair in first], right).row(threshold)
    labels = _label_rows(truth, [pair[0] for pair in first])
    return Evaluation(
        texts=len(truth),
        accuracy=sum(right) / len(right),
        macro_f1=sum(line.f1 for line in labels) / len(labels),
        top3=sum(among) / len(among),
        threshold=threshold,
        share_at_threshold=row.share,
        accuracy_at_threshold=row.accuracy,
        labels=labels,
    )


def _label_rows(truth: Sequence[str], first: Sequence[str]) -> tuple[LabelRow, ...]:
    pairs = list(zip(truth, first, strict=True))
    return tuple(_label_row(label, pairs) for label in sorted(set(truth) | set(first)))


def _label_row(label: str, pairs: Sequence[tuple[str, str]]) -> LabelRow:
    texts = sum(true == label for true, _ in pairs)
    said = sum(guess == label for _, guess in pairs)
    both = sum(true == guess == label for true, guess in pairs)
    return LabelRow(label, texts, both / max(1, said), both / max(1, texts), 2 * both / max(1, texts + said))
