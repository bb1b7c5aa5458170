"""``qingyu dispatch train | evaluate | predict | threshold``: the model that suggests where a case belongs."""

from __future__ import annotations

import csv
import json
import sys
from argparse import ArgumentParser
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from qingyu.cases.dispatch import operations, suggesting, training
from qingyu.cases.dispatch.files import opened
from qingyu.cases.dispatch.learner import Learner
from qingyu.cases.topics import full_name

ACCURACY = 0.97
NOTHING = 2.0  # a threshold that no probability reaches: the house sends nothing by itself
SHOWN = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)


class Command(BaseCommand):
    help = "train the dispatch model, measure it on labelled texts, or ask it about a file of texts"

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        train = acts.add_parser("train", help="learn from past cases, or from a CSV with topic and text")
        train.add_argument("--from", dest="source", type=Path, help="CSV with topic and title,text or tokens")
        evaluate = acts.add_parser("evaluate", help="compare with the topics in a CSV the model was not trained on")
        evaluate.add_argument("--from", dest="source", type=Path, required=True)
        predict = acts.add_parser("predict", help="the three likeliest topics for each row of a CSV")
        predict.add_argument("source", type=Path)
        for act in (train, evaluate, predict):
            act.add_argument("--json", action="store_true", help="machine output")

    def handle(self, *args: Any, **options: Any) -> None:
        source = options["source"]
        if source is not None and not source.is_file():
            raise CommandError(f"{source}: no such file", returncode=2)
        getattr(self, f"_{options['act']}")(source, options)

    def _train(self, source: Path | None, options: dict[str, Any]) -> None:
        if source:
            trained = training.train(training.read_examples(source))
        else:
            trained = training.train_from_cases(at=datetime.now(UTC))
        self._report(trained, self._model(), options)

    def _report(self, trained: training.Trained, model: Learner, options: dict[str, Any]) -> None:
        rows = [row for row in model.thresholds() if round(row.threshold, 2) in SHOWN]
        advised = model.threshold_for(ACCURACY)
        if options["json"]:
            found = {
                "examples": trained.examples, "labels": trained.labels, "model": str(suggesting.model_path()),
                "advised_threshold": advised if advised <= 1 else None,
                "thresholds": [vars_of(row) for row in rows],
            }  # fmt: skip
            self.stdout.write(json.dumps(found))
            return
        self.stdout.write(f"learnt {trained.labels} topics from {trained.examples} texts: {suggesting.model_path()}")
        self.stdout.write("threshold  sent by itself  rightly")
        for row in rows:
            self.stdout.write(f"{row.threshold:9.2f}  {row.share:14.1%}  {row.accuracy:7.1%}")
        told = f"{advised:.3f}" if advised <= 1 else "none yet"
        self.stdout.write(
            f"lowest threshold that keeps {ACCURACY:.0%} right: {told}. It is set at /desk/dispatch/settings/"
        )

    def _evaluate(self, source: Path, options: dict[str, Any]) -> None:
        threshold = operations.threshold_in_force()
        in_force = NOTHING if threshold is None else threshold
        found = self._model().evaluate(training.read_examples(source), threshold=in_force)
        figures = {
            "texts": found.texts, "accuracy": found.accuracy, "macro_f1": found.macro_f1, "top3": found.top3,
            "threshold": threshold, "by_itself_share": found.share_at_threshold,
            "by_itself_accuracy": found.accuracy_at_threshold if found.share_at_threshold else None,
        }  # fmt: skip
        rounded = {name: round(value, 4) if isinstance(value, float) else value for name, value in figures.items()}
        if options["json"]:
            self.stdout.write(json.dumps(rounded))
            return
        for name, value in rounded.items():
            self.stdout.write(f"{name:<20} {'none' if value is None else value}")

    def _predict(self, source: Path, options: dict[str, Any]) -> None:
        model = self._model()
        with opened(source) as file:
            rows = list(csv.DictReader(file))
        texts = [training.text_of(row) for row in rows]
        writer = csv.writer(self.stdout)
        if not options["json"]:
            writer.writerow(["id", "topic", "topic_name", "probability", "second", "third"])
        for number, (row, guesses) in enumerate(zip(rows, model.suggest_many(texts), strict=True), 1):
            key = row.get("id") or number
            if options["json"]:
                pairs = [{"topic": guess.label, "probability": round(guess.probability, 4)} for guess in guesses]
                self.stdout.write(json.dumps({"id": key, "suggestions": pairs}, ensure_ascii=False))
                continue
            labels = [guess.label for guess in guesses] + ["", ""]
            first = guesses[0]
            writer.writerow([key, first.label, full_name(first.label), round(first.probability, 4), *labels[1:3]])

    def _model(self) -> Learner:
        model = suggesting.learner()
        if model is None:
            print("qingyu: no model yet; run: qingyu dispatch train", file=sys.stderr)
            sys.exit(1)
        return model


def vars_of(row: Any) -> dict[str, float]:
    """A row of the threshold table as plain figures."""
    return {"threshold": round(row.threshold, 2), "share": round(row.share, 4), "accuracy": round(row.accuracy, 4)}
