"""Learning from what dispatchers decided: past cases become examples, and a new model takes the old one's place.

The label is the topic a case was finally given. Where the first suggestion was another one, the decision was a
correction and weighs more. Texts that are sealed (reports of wrongdoing, confidential cases) are never learnt from.
"""

from __future__ import annotations

import csv
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TextIO

from django.db.models import QuerySet

from qingyu.cases.dispatch import suggesting
from qingyu.cases.dispatch.learner import Example, Learner
from qingyu.cases.models import Case, Suggestion
from qingyu.rules.refusals import NotValid

CORRECTED = 3.0
NEWEST = 60_000
CHUNK = 500
FEWEST_NEW = 50
SHARE_NEW = 0.05


@dataclass(frozen=True)
class Trained:
    """What was learnt from: examples, labels; ``at`` is when."""

    examples: int
    labels: int


def labelled() -> QuerySet[Case]:
    """Cases whose topic a person has settled by sending them on; sealed texts and loaded history are left out."""
    settled = Case.objects.exclude(topic="").exclude(state__in=["draft", "received"])
    return settled.exclude(type=Case.Type.REPORT).filter(confidential=False, imported=False)


def examples() -> Iterator[Example]:
    """The newest labelled cases, up to sixty thousand, read in chunks."""
    ids = list(labelled().order_by("-pk").values_list("pk", flat=True)[:NEWEST])
    for start in range(0, len(ids), CHUNK):
        yield from _chunk(ids[start : start + CHUNK])


def _chunk(ids: Sequence[int]) -> Iterator[Example]:
    cases = list(Case.objects.filter(pk__in=ids).order_by("pk"))
    texts = suggesting.texts_of(cases)
    first = dict(Suggestion.objects.filter(pk__in=ids).values_list("pk", "rows"))
    for case in cases:
        suggested = (first.get(case.pk) or [{}])[0].get("topic") or case.topic
        yield Example(texts[case.pk], case.topic, 1.0 if suggested == case.topic else CORRECTED)


def train(found: Iterable[Example]) -> Trained:
    """Learns and puts the model in force. NotValid("nothing_to_learn") without two labels."""
    known = list(found)
    labels = {example.label for example in known}
    if len(labels) < 2:
        raise NotValid("nothing_to_learn", field="examples", examples=len(known), labels=len(labels))
    Learner.train(known).save(suggesting.model_path())
    return Trained(len(known), len(labels))


def train_from_cases(*, at: datetime) -> Trained:
    """The same from the cases in the database; keeps how many there were, for ``retrain``."""
    count = labelled().count()
    trained = train(examples())
    _write_note({"labelled": count, "at": at.isoformat()})
    return trained


def retrain(*, at: datetime) -> int:
    """Scheduled: trains again once enough cases have been decided since the last time. How many were learnt from."""
    count, before = labelled().count(), _note().get("labelled", 0)
    if count - before < max(FEWEST_NEW, before * SHARE_NEW):
        return 0
    try:
        return train_from_cases(at=at).examples
    except NotValid:
        return 0


# Files ----------------------------------------------------------------------------------------------------------


def read_examples(path: Path) -> list[Example]:
    """A CSV with ``topic`` and either ``title`` and ``text`` or ``tokens``; gzip or plain. NotValid names the field."""
    from qingyu.cases.dispatch.files import opened

    with opened(path) as file:
        return list(_rows(csv.DictReader(file), file))


def _rows(reader: csv.DictReader[str], file: TextIO) -> Iterator[Example]:
    names = set(reader.fieldnames or ())
    if "topic" not in names or not names & {"text", "title", "tokens"}:
        raise NotValid("columns_missing", field="topic", found=sorted(names))
    for row in reader:
        if row["topic"] and (text := text_of(row)):
            yield Example(text, row["topic"])


def text_of(row: dict[str, str]) -> str:
    """Title and text of a record, or its words without the blanks between them."""
    if row.get("tokens"):
        return row["tokens"].replace(" ", "")
    return "\n".join(part for part in (row.get("title"), row.get("text")) if part).strip()


def _note_path() -> Path:
    return suggesting.model_path().with_suffix(".json")


def _note() -> dict[str, int]:
    try:
        return dict(json.loads(_note_path().read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _write_note(note: dict[str, object]) -> None:
    path = _note_path()
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(note, file)
    os.replace(name, path)
