"""Suggestions for new cases: the learner names topics, the routing table names the units for them."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.conf import settings

from qingyu.cases import papers
from qingyu.cases.dispatch import routing
from qingyu.cases.models import Case, CaseText, Suggestion
from qingyu.cases.topics import by_code
from qingyu.people import queries as people

if TYPE_CHECKING:  # the learner brings numpy and scipy, which nobody needs who has no model or starts a command
    from qingyu.cases.dispatch.learner import Learner
    from qingyu.cases.dispatch.learner import Suggestion as Guess

log = logging.getLogger("qingyu.dispatch")
_loaded: dict[str, Any] = {"stamp": None, "learner": None}


def model_path() -> Path:
    """Where the trained model lies."""
    return Path(settings.DATA_DIR) / "models" / "dispatch.npz"


def learner() -> Learner | None:
    """The model in force, loaded anew when its file changes; None where none was trained or the file is damaged."""
    path = model_path()
    stamp = path.stat().st_mtime_ns if path.is_file() else None
    if stamp != _loaded["stamp"]:
        _loaded.update(stamp=stamp, learner=_load(path) if stamp else None)
    found: Learner | None = _loaded["learner"]
    return found


def _load(path: Path) -> Learner | None:
    from qingyu.cases.dispatch.learner import Learner

    try:
        return Learner.load(path)
    except Exception:
        log.exception("the dispatch model %s cannot be read; train it again", path.name)
        return None


def suggest_for(ids: Iterable[int]) -> None:
    """Writes a suggestion for each of the cases (not yet routed, with a text); in bulk."""
    cases = list(Case.objects.filter(pk__in=list(ids), state="received"))
    if not cases:
        return
    guesses = _guesses(cases)
    rows = [_suggestion(case, guess) for case, guess in zip(cases, guesses, strict=True)]
    Suggestion.objects.bulk_create(rows, ignore_conflicts=True)


def _guesses(cases: Sequence[Case]) -> list[tuple[Guess, ...]]:
    model = learner()
    if model is None:
        return [() for _ in cases]
    texts = texts_of(cases)
    if len(cases) > 20:  # loading history: the words are found when somebody looks
        return model.suggest_many([texts[case.pk] for case in cases])
    return [model.suggest(texts[case.pk]) for case in cases]


def texts_of(cases: Sequence[Case]) -> dict[int, str]:
    """Title and text of each case in clear, for the learner only."""
    parts: dict[int, list[str]] = {case.pk: [] for case in cases}
    for row in CaseText.objects.filter(case__in=list(cases), kind__in=["title", "text"]).order_by("id"):
        parts[row.case_id].append(papers.read_text(row))
    return {pk: "\n".join(found) for pk, found in parts.items()}


def _suggestion(case: Case, guesses: tuple[Guess, ...]) -> Suggestion:
    known = by_code()
    named = [guess for guess in guesses if guess.label in known]
    chosen = [row_for(case, guess.label, float(guess.probability), guess.words) for guess in named]
    if case.topic:  # the citizen or the agent has named the topic: it comes first and is not doubted
        chosen = [row_for(case, case.topic, 1.0, ()), *(row for row in chosen if row["topic"] != case.topic)][:3]
    if not chosen:
        chosen = [row_for(case, "", 0.0, ())]
    return Suggestion(
        case=case, rows=chosen, probability=chosen[0]["probability"], at=at_of(case), model="learnt" if named else ""
    )


def row_for(case: Case, topic: str, probability: float, words: Sequence[str]) -> dict[str, Any]:
    """One suggested line: the topic, the unit the routing table gives for it, how sure, and which words spoke."""
    goal = routing.destination(topic=topic, area=case.area, on=city_day(case))
    known = by_code()
    return {
        "topic": topic,
        "topic_name": known[topic].name if topic in known else "",
        "unit": goal.unit,
        "unit_name": people.units()[goal.unit].short,
        "assisting": list(goal.assisting),
        "why": goal.why,
        "probability": round(probability, 4),
        "words": list(words),
    }


def at_of(case: Case) -> datetime:
    """When the case was opened."""
    assert case.opened_at is not None
    return case.opened_at


def city_day(case: Case) -> date:
    """The city's date on which the case was opened."""
    return at_of(case).astimezone(ZoneInfo(settings.TIME_ZONE)).date()
