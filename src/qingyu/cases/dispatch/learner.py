"""The learned routing suggestion: texts with labels in; labels with probabilities and reasons out.

A label is any string (a topic code, a unit code). The model is linear, says how sure it is in calibrated
probabilities, and knows from its own out-of-sample record what it could send without a person looking. It never acts:
whoever asks decides what to do with a suggestion. See docs/rules/suggestion.md.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import minimize_scalar

from qingyu.cases.dispatch import archive
from qingyu.cases.dispatch.evaluation import Curve, Evaluation, ThresholdRow, evaluated
from qingyu.cases.dispatch.features import Floats, Ints, Lexicon, folded, grams
from qingyu.cases.dispatch.reasons import reasons
from qingyu.cases.dispatch.weights import Weights, counted, joined

BATCH = 512
FOLDS, FOLDS_OF_MANY, MANY_LABELS = 5, 3, 12
USUAL_SHARPNESS, CAUTION = 2.0, 5.0


@dataclass(frozen=True)
class Example:
    """A text and the label a person gave it; a corrected suggestion should weigh more than an accepted one."""

    text: str
    label: str
    weight: float = 1.0


@dataclass(frozen=True)
class Suggestion:
    """probability: calibrated, 0 to 1; words: up to five words of the text that spoke for the label."""

    label: str
    probability: float
    words: tuple[str, ...] = ()


class NothingToLearn(ValueError):
    """No usable example: none at all, or a weight that is not above zero."""

    code = "nothing_to_learn"


@dataclass(frozen=True)
class Learner:
    """A trained model. Immutable: learning more means training again on all examples."""

    labels: tuple[str, ...]
    weights: Weights
    lexicon: Lexicon
    sharpness: float
    common: Floats
    curve: Curve

    @classmethod
    def train(cls, examples: Iterable[Example], *, seed: int = 1) -> Learner:
        """Fit on all examples; the same examples and seed give the same model. Raises NothingToLearn."""
        known = list(examples)
        if not known or min(example.weight for example in known) <= 0:
            raise NothingToLearn("train needs examples, each with a weight above zero")
        labels, numbers, weight = _columns(known)
        texts = [example.text for example in known]
        lexicon = Lexicon.learned(texts)
        counts = joined([counted(grams(batch, lexicon)) for batch in _batches(texts)])
        scores, tested = _out_of_sample(counts, numbers, len(labels), weight, _folds(texts, numbers, seed), seed)
        sharpness = _sharpness(scores[tested], numbers[tested])
        curve = _curve(_probabilities(scores[tested], sharpness), numbers[tested])
        weights = Weights.fitted(counts, numbers, len(labels), weight=weight, seed=seed)
        common = np.bincount(numbers, weight, minlength=len(labels)) / weight.sum()
        return cls(labels, weights, lexicon, sharpness, common.astype(np.float32), curve)

    def suggest(self, text: str, top: int = 3) -> tuple[Suggestion, ...]:
        """The likeliest labels, best first, with the words that spoke for each."""
        guesses, found = self.suggest_many([text], top)[0], grams([text], self.lexicon)
        shares = [self.weights.shares(found, self.labels.index(guess.label)) for guess in guesses]
        words = reasons(text, found, shares, self.lexicon)
        return tuple(replace(guess, words=said) for guess, said in zip(guesses, words, strict=True))

    def suggest_many(self, texts: Sequence[str], top: int = 3) -> list[tuple[Suggestion, ...]]:
        """The same labels and probabilities for many texts, without words."""
        return [row for batch in _batches(texts) for row in self._rows(self.probabilities(batch), top)]

    def probabilities(self, texts: Sequence[str]) -> Floats:
        """(texts, labels) in the order of `labels`; a text without any known gram gets the labels' shares."""
        scores, known = self.weights.scores(counted(grams(texts, self.lexicon)))
        return np.where(known[:, None], _probabilities(scores, self.sharpness), self.common).astype(np.float32)

    def evaluate(self, examples: Sequence[Example], *, threshold: float) -> Evaluation:
        """Compare with labels given by people; use examples the model was not trained on."""
        guesses = self.suggest_many([example.text for example in examples])
        pairs = [[(guess.label, guess.probability) for guess in row] for row in guesses]
        return evaluated([example.label for example in examples], pairs, threshold=threshold)

    def thresholds(self) -> tuple[ThresholdRow, ...]:
        """What each threshold would send by itself and how right that would be, from out-of-sample suggestions."""
        return self.curve.rows()

    def threshold_for(self, accuracy: float = 0.97) -> float:
        """The lowest threshold that keeps the accuracy, with a margin for chance; infinity: send nothing by itself."""
        return self.curve.threshold_for(accuracy)

    def save(self, path: Path) -> None:
        """Write one file, whole or not at all."""
        arrays: dict[str, npt.NDArray[Any]] = {
            "buckets": self.weights.buckets,
            "rarity": self.weights.rarity,
            "table": self.weights.table,
            "intercept": self.weights.intercept,
            "common": self.common,
            "curve_probability": self.curve.probability,
            "curve_right": self.curve.right,
        }
        about = {"labels": self.labels, "words": sorted(self.lexicon.words), "sharpness": self.sharpness}
        archive.write(path, arrays=arrays, about=about)

    @classmethod
    def load(cls, path: Path) -> Learner:
        """Read what `save` wrote. Raises archive.DamagedModel, archive.OtherVersion or FileNotFoundError."""
        arrays, about = archive.read(path)
        weights = Weights(arrays["buckets"], arrays["rarity"], arrays["table"], arrays["intercept"])
        curve = Curve(arrays["curve_probability"], arrays["curve_right"])
        lexicon = Lexicon.of(about["words"])
        return cls(tuple(about["labels"]), weights, lexicon, float(about["sharpness"]), arrays["common"], curve)

    def _rows(self, probabilities: Floats, top: int) -> Iterator[tuple[Suggestion, ...]]:
        best = np.argsort(-probabilities, axis=1, kind="stable")[:, :top]
        for row, order in zip(probabilities.tolist(), best.tolist(), strict=True):
            yield tuple(Suggestion(self.labels[number], row[number]) for number in order)


def _columns(examples: Sequence[Example]) -> tuple[tuple[str, ...], Ints, Floats]:
    labels = tuple(sorted({example.label for example in examples}))
    number = {label: place for place, label in enumerate(labels)}
    numbers = np.array([number[example.label] for example in examples], np.int64)
    return labels, numbers, np.array([example.weight for example in examples], np.float32)


def _batches(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(texts), BATCH):
        yield texts[start : start + BATCH]


def _folds(texts: Sequence[str], numbers: Ints, seed: int) -> Ints:
    """A fold per text: stratified by label, equal texts together; -1 (always trained on) for a label's only text."""
    folds = FOLDS if len(set(numbers.tolist())) <= MANY_LABELS else FOLDS_OF_MANY
    keys = ["".join(folded(text).split()) for text in texts]
    label = dict(zip(keys, numbers.tolist(), strict=True))
    size, order = Counter(label.values()), np.random.default_rng(seed).permutation(len(texts))
    turn: Counter[int] = Counter()
    fold: dict[str, int] = {}
    for key in (keys[at] for at in order):
        if key not in fold:
            fold[key] = turn[label[key]] % folds if size[label[key]] > 1 else -1
            turn[label[key]] += 1
    return np.array([fold[key] for key in keys], np.int64)


def _out_of_sample(
    counts: sparse.csr_matrix, numbers: Ints, sizes: int, weight: Floats, folds: Ints, seed: int
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Scores of texts by models that did not see them, and which texts were so tested."""
    scores, tested = np.zeros((len(numbers), sizes), np.float32), np.zeros(len(numbers), bool)
    for fold in sorted(set(folds[folds >= 0].tolist())) if sizes > 1 else ():
        rest, ours = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        if not len(rest):
            continue
        model = Weights.fitted(counts[rest], numbers[rest], sizes, weight=weight[rest], seed=seed)
        scores[ours], tested[ours] = model.scores(counts[ours])
    return scores, tested


def _probabilities(scores: Floats, sharpness: float) -> Floats:
    """Softmax of the sharpened scores, row by row."""
    raised = np.exp((scores - scores.max(axis=1, keepdims=True)) * sharpness)
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), np.float32)


def _sharpness(scores: Floats, numbers: Ints) -> float:
    """The factor that makes the probabilities fit best (temperature scaling, Guo et al. 2017).

    A short record hardly moves it from the usual factor: a few dozen right guesses do not prove certainty.
    """

    def loss(exponent: float) -> float:
        given = _probabilities(scores, math.exp(exponent))[np.arange(len(numbers)), numbers]
        caution = CAUTION * (exponent - math.log(USUAL_SHARPNESS)) ** 2
        return float(caution - np.log(np.maximum(given, 1e-9)).sum())

    return (
        USUAL_SHARPNESS
        if not len(numbers)
        else math.exp(float(minimize_scalar(loss, bounds=(-3, 4), method="bounded").x))
    )


def _curve(probabilities: Floats, numbers: Ints) -> Curve:
    if not len(numbers):
        return Curve.of([], [])
    return Curve.of(probabilities.max(axis=1), probabilities.argmax(axis=1) == numbers)
