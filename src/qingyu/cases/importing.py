"""History of another system on its way to becoming cases: what a row says, and where it would have been sent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from qingyu.cases.dispatch import suggesting
from qingyu.cases.dispatch.learner import Suggestion as Guess
from qingyu.cases.models import Case
from qingyu.cases.topics import by_code
from qingyu.people import queries as people
from qingyu.rules.dispatch import Why


@dataclass(frozen=True)
class History:
    """One matter as a source tells it. ``key`` is the source's own id; ``reply`` empty: not answered there.

    Codes of topic, area, type and channel may be empty. Times are instants with a zone.
    """

    key: str
    title: str
    text: str
    opened_at: datetime
    reply: str = ""
    replied_at: datetime | None = None
    topic: str = ""
    area: str = ""
    type: str = ""
    channel: str = "web"


@dataclass(frozen=True)
class Way:
    """Where a matter is sent and why: ``topic`` may be empty; ``rows`` are the lines of the suggestion behind it."""

    topic: str
    unit: int
    assisting: tuple[int, ...]
    why: str
    rows: list[dict[str, Any]] = field(default_factory=list)

    @property
    def fallback(self) -> bool:
        """Whether no route was found for it."""
        return Why(self.why).by_fallback


def ways(matters: Sequence[History], *, at: datetime) -> list[Way]:
    """A way for each matter: its own topic, else the likeliest, then the routing table of its day, in one go.

    What is older than the table is sent as the table of today (``at``) has it.
    """
    model = suggesting.learner()
    texts = [f"{matter.title}\n{matter.text}" for matter in matters]
    guesses: Sequence[Sequence[Guess]] = model.suggest_many(texts) if model else [()] * len(matters)
    return [_way(matter, found, at) for matter, found in zip(matters, guesses, strict=True)]


def _way(matter: History, guesses: Sequence[Guess], at: datetime) -> Way:
    known = by_code()
    likely = [(guess.label, float(guess.probability)) for guess in guesses if guess.label in known]
    if matter.topic:
        likely = [(matter.topic, 1.0), *(pair for pair in likely if pair[0] != matter.topic)][:3]
    rows = [_row(matter, topic, sure, at) for topic, sure in likely or [("", 0.0)]]
    best = rows[0]
    return Way(best["topic"], best["unit"], tuple(best["assisting"]), best["why"], rows)


def _row(matter: History, topic: str, sure: float, at: datetime) -> dict[str, Any]:
    row = suggesting.row_for(Case(area=matter.area, opened_at=matter.opened_at), topic, sure, ())
    if Why(row["why"]).by_fallback:
        row = suggesting.row_for(Case(area=matter.area, opened_at=at), topic, sure, ())
    return row


def area_named_in(text: str) -> str:
    """Code of the smallest area whose name stands in the text; empty where none does."""
    found = [people_area for name in _names().findall(text) if (people_area := _by_name()[name])]
    return max(found, key=len, default="").rpartition("/")[2]


@people.remembered
def _by_name() -> dict[str, str]:
    """Paths of the areas below the city by their names; a name that two areas share says nothing."""
    paths: dict[str, str] = {}
    for area in people.areas().values():
        if area.parent_id is not None:
            paths[area.name] = "" if area.name in paths else area.path
    return paths


@people.remembered
def _names() -> re.Pattern[str]:
    names = sorted(_by_name(), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, names)) or r"(?!)")


SLASHES = re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2})(?: (\d{1,2}):(\d{2})(?::(\d{2}))?)?")


def city_time(text: str) -> datetime | None:
    """An instant from ``YYYY/M/D H:MM[:SS]`` or ISO 8601, local to the city where it names no zone; None if neither."""
    plain = SLASHES.fullmatch(text.strip())
    iso = "{}-{:0>2}-{:0>2}T{:0>2}:{:0>2}:{:0>2}".format(*plain.groups("0")) if plain else text.strip()
    try:
        found = datetime.fromisoformat(iso)
    except ValueError:
        return None
    zoned = found if found.tzinfo else found.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))
    return zoned.astimezone(ZoneInfo("UTC"))
