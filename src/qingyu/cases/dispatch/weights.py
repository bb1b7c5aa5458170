"""The linear model behind the suggestion: one weighted sum of grams per label.

For every label a linear support vector machine is fitted on grams scaled by how much more often the label's texts use
them than the others do (Wang and Manning, "Baselines and Bigrams", 2012). The scaling is folded back into the
weights, so that what is kept is one number per gram and label, and a score can be told apart into its grams.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from qingyu.cases.dispatch.features import BITS, Floats, Grams, Ints

LARGEST_TABLE = 12_000_000
SMALL_SET = 200
_COST, _SMOOTHING, _LEAST_SCALE = 0.3, 3.0, 1.0


def counted(grams: Grams) -> sparse.csr_matrix:
    """Texts by buckets; log(1 + weighted count)."""
    key, where = np.unique(grams.text * (1 << BITS) + grams.bucket, return_inverse=True)
    values = np.log1p(np.bincount(where, grams.weight, minlength=len(key))).astype(np.float32)
    rows, columns = key >> BITS, key & ((1 << BITS) - 1)
    return sparse.csr_matrix((values, (rows, columns)), shape=(grams.texts, 1 << BITS))


@dataclass(frozen=True)
class Weights:
    """buckets: the kept ones, ascending (n); rarity (n); table (n, labels); intercept (labels)."""

    buckets: Ints
    rarity: Floats
    table: Floats
    intercept: Floats

    @classmethod
    def fitted(cls, counts: sparse.csr_matrix, labels: Ints, sizes: int, *, weight: Floats, seed: int) -> Weights:
        """Fit one scorer for each of `sizes` labels; labels are numbers, weight one figure per text."""
        buckets, rarity = _kept(counts, sizes)
        table, intercept = np.zeros((len(buckets), sizes), np.float32), np.zeros(sizes, np.float32)
        bare = cls(buckets, rarity, table, intercept)
        present = np.unique(labels)
        if len(present) < 2 or not len(buckets):
            return bare
        intercept[:] = -1
        values = bare.values(counts)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Liblinear failed to converge")
            for label in present:
                table[:, label], intercept[label] = _fit_one(values, labels == label, weight, seed)
        return bare

    def values(self, counts: sparse.csr_matrix) -> sparse.csr_matrix:
        """Texts by kept buckets, weighted by rarity, every row of length one (or empty)."""
        texts = counts.shape[0]
        at, known = self._places(counts.indices)
        row = np.repeat(np.arange(texts), np.diff(counts.indptr))[known]
        data, at = counts.data[known] * self.rarity[at[known]], at[known]
        data /= np.sqrt(np.bincount(row, data * data, minlength=texts)).astype(np.float32)[row]
        starts = np.concatenate(([0], np.cumsum(np.bincount(row, minlength=texts))))
        return sparse.csr_matrix((data, at, starts), (texts, len(self.buckets)))

    def _places(self, buckets: npt.NDArray[np.integer[Any]]) -> tuple[Ints, npt.NDArray[np.bool_]]:
        """Where each bucket stands among the kept ones, and whether it does."""
        if not len(self.buckets):
            return np.zeros(len(buckets), np.int64), np.zeros(len(buckets), bool)
        at = np.minimum(np.searchsorted(self.buckets, buckets), len(self.buckets) - 1)
        return at, self.buckets[at] == buckets

    def scores(self, counts: sparse.csr_matrix) -> tuple[Floats, npt.NDArray[np.bool_]]:
        """Scores (texts, labels), and which texts have any known gram."""
        values = self.values(counts)
        return np.asarray(values @ self.table + self.intercept, np.float32), np.diff(values.indptr) > 0

    def shares(self, grams: Grams, label: int) -> Floats:
        """What every gram occurrence of ONE text adds to the label's score, up to a common factor."""
        at, known = self._places(grams.bucket)
        if not known.any():
            return np.zeros(len(at), np.float32)
        _, where = np.unique(grams.bucket, return_inverse=True)
        total = np.bincount(where, grams.weight)[where]
        part = np.log1p(total) / total * grams.weight * self.rarity[at] * self.table[at, label]
        return np.where(known, part, 0).astype(np.float32)


def joined(parts: Sequence[sparse.csr_matrix]) -> sparse.csr_matrix:
    """Several count tables below one another."""
    return sparse.csr_matrix(sparse.vstack(parts, format="csr"))


def _kept(counts: sparse.csr_matrix, sizes: int) -> tuple[Ints, Floats]:
    """Buckets worth a weight: used by two texts (by one in a small set), the most used where memory would not do."""
    texts = counts.shape[0]
    used = np.bincount(counts.indices, minlength=counts.shape[1])
    buckets = np.flatnonzero(used >= (2 if texts >= SMALL_SET else 1))
    most = max(1000, LARGEST_TABLE // sizes)
    if len(buckets) > most:
        buckets = np.sort(buckets[np.argsort(-used[buckets], kind="stable")[:most]])
    return buckets, (np.log((1 + texts) / (1 + used[buckets])) + 1).astype(np.float32)


def _fit_one(values: sparse.csr_matrix, ours: npt.NDArray[np.bool_], weight: Floats, seed: int) -> tuple[Floats, float]:
    from sklearn.svm import LinearSVC  # 60 MB that a process which only suggests does without

    scale = _contrast(values, ours)
    scaled = sparse.csr_matrix((values.data * scale[values.indices], values.indices, values.indptr), values.shape)
    machine = LinearSVC(C=_COST, random_state=seed)
    machine.fit(scaled, ours, sample_weight=weight * _balance(ours))
    return (machine.coef_[0] * scale).astype(np.float32), float(machine.intercept_[0])


def _balance(ours: npt.NDArray[np.bool_]) -> Floats:
    """So much for each text that ours and the others weigh the same, whatever corrections weigh."""
    mine = int(ours.sum())
    return np.where(ours, len(ours) / (2 * mine), len(ours) / (2 * (len(ours) - mine))).astype(np.float32)


def _contrast(values: sparse.csr_matrix, ours: npt.NDArray[np.bool_]) -> Floats:
    """|log ratio| of every gram's share in our texts and in the others, plus a constant."""
    smoothing = _SMOOTHING * float(values.data.mean())
    mine = np.asarray(values[ours].sum(axis=0)).ravel() + smoothing
    others = np.asarray(values[~ours].sum(axis=0)).ravel() + smoothing
    ratio = np.log((mine / mine.sum()) / (others / others.sum()))
    scale: Floats = (np.abs(ratio) + _LEAST_SCALE).astype(np.float32)
    return scale
