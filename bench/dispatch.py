"""How well the learned suggestion routes real messages: labelled-tokens, no duplicates, 5 stratified folds, seed 1.

Each threshold is chosen inside its training folds; the test fold only tells what came of it.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import mean

from sklearn.model_selection import StratifiedKFold

from qingyu.cases.dispatch.evaluation import Evaluation
from qingyu.cases.dispatch.learner import Example, Learner

PROJECT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("QINGYU_DATA") or PROJECT.parent / "shared" / "data")
FILE = DATA / "messages" / "labelled-tokens.csv.gz"
FOLDS, SEED, ACCURACY = 5, 1, 0.97


def line(name: str, value: float | None, unit: str, target: float | None, ok: bool | None, detail: object) -> None:
    """Print one figure as one line of JSON."""
    rounded = None if value is None else round(value, 4)
    found = {"name": f"dispatch.{name}", "value": rounded, "unit": unit, "target": target, "ok": ok}
    print(json.dumps(found | {"database": None, "detail": detail}, ensure_ascii=False), flush=True)


def examples(path: Path) -> list[Example]:
    """One example per text, the first label of each."""
    found: dict[str, Example] = {}
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault("".join(row["tokens"].split()), Example(row["tokens"], row["topic"]))
    return list(found.values())


def fold(train: Sequence[Example], test: Sequence[Example]) -> tuple[Evaluation, float, float, float]:
    """The evaluation, then seconds of training, messages a CPU second without words, and with words."""
    begun = time.perf_counter()
    learner = Learner.train(train, seed=SEED)
    trained, cpu = time.perf_counter(), time.process_time()
    learner.suggest_many([example.text for example in test])
    guessed = time.process_time()
    for example in test[:300]:
        learner.suggest(example.text)
    told = time.process_time()
    threshold = min(learner.threshold_for(ACCURACY), 1.01)
    found = learner.evaluate(test, threshold=threshold)
    return found, trained - begun, len(test) / (guessed - cpu), min(300, len(test)) / (told - guessed)


def main() -> None:
    """Print the six figures, or one line that says why not."""
    if not FILE.exists():
        line("skipped", None, "", None, None, "skipped: messages/labelled-tokens.csv.gz is not in QINGYU_DATA")
        return
    known = examples(FILE)
    cuts = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(known, [one.label for one in known])
    runs = [fold([known[at] for at in train], [known[at] for at in test]) for train, test in cuts]
    report([run[0] for run in runs], [run[1] for run in runs], [run[2] for run in runs], [run[3] for run in runs])


def report(
    found: Sequence[Evaluation], seconds: Sequence[float], rates: Sequence[float], told: Sequence[float]
) -> None:
    """Means over the folds; the slowest training and the slowest fold's rate."""
    least("macro_f1", [one.macro_f1 for one in found], "ratio", 0.915)
    least("top3", [one.top3 for one in found], "ratio", 0.99)
    least("sent_by_itself_share", [one.share_at_threshold for one in found], "ratio", 0.80)
    least("sent_by_itself_accuracy", [one.accuracy_at_threshold for one in found], "ratio", ACCURACY)
    slowest = min(rates)
    with_words = {"with_words_per_second": round(min(told), 1)}
    line("predict_rate", slowest, "messages/s", 1000, slowest >= 1000, with_words)
    longest = max(seconds)
    line("train_seconds", longest, "s", 60, longest < 60, {"mean": round(mean(seconds), 1)})


def least(name: str, values: Sequence[float], unit: str, target: float) -> None:
    """A figure that must reach at least its target."""
    line(name, mean(values), unit, target, mean(values) >= target, {"folds": [round(value, 4) for value in values]})


if __name__ == "__main__":
    main()
