"""What people say: ratings and letters that name somebody, as far as the reader's rights go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from qingyu.cases import papers, rows
from qingyu.cases.kept import SOME_INSTANT, Kept, counted, kept
from qingyu.cases.models import Case, CaseText
from qingyu.cases.queries import unit_name
from qingyu.cases.sight import of_units, whose_case
from qingyu.followup.models import Mention, PendingAct, Rating
from qingyu.people.policy import Viewer
from qingyu.rules.rating import BAD

LISTED = 50
LATELY = timedelta(days=90)
ALL, POOR, ME = "all", "poor", "me"


@dataclass(frozen=True)
class Voice:
    """One rating, or one letter: then ``level`` is empty and ``type`` says what it was. ``put_right``: the state of
    what a poor rating has set going (``PendingAct.State``), empty where nothing was.
    """

    number: str
    title: str
    unit: str
    at: datetime
    type: str
    level: str = ""
    service: str = ""
    channel: str = ""
    words: str = ""
    put_right: str = ""


RATED = (
    "case__number", "case__title__body", "case__title__sealed", "case__title__uuid", "case__owner_id", "at",
    "case__type", "level", "service", "channel", "comment", "source_event",
)  # fmt: skip


def ratings(viewer: Viewer, *, which: str, at: datetime) -> list[Voice]:
    """The newest 50 ratings by persons of the last 90 days, or of them the poor ones; three statements."""
    found = _kept_ratings(viewer, which == POOR, connection.vendor).read(at - LATELY)
    words = _words(row[-2] for row in found)
    acts = _acts([row[-1] for row in found if row[7] in BAD])
    return [_voice(row[:-2], words.get(row[-2] or 0, ""), acts.get(row[-1], "")) for row in found]


@lru_cache(maxsize=256)
def _kept_ratings(viewer: Viewer, poor: bool, vendor: str) -> Kept:
    found = Rating.objects.filter(whose_case(viewer), at__gte=SOME_INSTANT).exclude(channel="system_default")
    if poor:
        found = found.filter(level__in=[str(level) for level in BAD])
    return kept(_of_reach(viewer, found.order_by("-at")).values_list(*RATED)[:LISTED])


def _of_reach(viewer: Viewer, found: QuerySet[Rating]) -> QuerySet[Rating]:
    """By the unit that had the case, which an index finds; each row is asked for by the one policy, too."""
    if viewer.reach is None:
        return found
    return Rating.objects.filter(pk__in=of_units(viewer.reach, found, LISTED)).order_by("-at")


NAMED = (
    "case__number", "case__title__body", "case__title__sealed", "case__title__uuid", "case__owner_id", "at", "type",
    "case__channel", "case_id",
)  # fmt: skip


def naming(viewer: Viewer) -> list[Voice]:
    """The newest 50 letters and calls that name the viewer, with their words; two statements."""
    found = _kept_naming(viewer, connection.vendor).read()
    columns = ("case_id", "kind", "id", "body", "sealed", "uuid")
    texts = rows.values_of(CaseText, "case_id", list({row[-1] for row in found}), columns) if found else []
    first = sorted((text for text in texts if text[1] == CaseText.Kind.TEXT), key=lambda text: -text[2])
    words = {text[0]: papers.words_of(*text[3:]) for text in first}
    return [_mentioned(row, words.get(row[-1], "")) for row in found]


@lru_cache(maxsize=256)
def _kept_naming(viewer: Viewer, vendor: str) -> Kept:
    return kept(_mentions(viewer).order_by("-at").values_list(*NAMED)[:LISTED])


def named(viewer: Viewer, *, at: datetime) -> int:
    """How often letters have named the viewer in the last 90 days, to 99."""
    return int(_kept_named(viewer, connection.vendor).read(at - LATELY)[0][0])


@lru_cache(maxsize=256)
def _kept_named(viewer: Viewer, vendor: str) -> Kept:
    return counted([_mentions(viewer).filter(at__gte=SOME_INSTANT)], 99)


def _mentions(viewer: Viewer) -> QuerySet[Mention]:
    """Praise reaches whom it names; a complaint only where they may read the case; a report of wrongdoing never."""
    praise = Q(case__type=Case.Type.PRAISE)
    open_to_them = ~Q(case__type=Case.Type.REPORT) & Q(case__confidential=False)
    return Mention.objects.filter(open_to_them & (praise | whose_case(viewer)), staff=viewer.staff_id)


def _words(ids: Iterable[int | None]) -> dict[int, str]:
    wanted = [pk for pk in ids if pk]
    found = rows.values_of(CaseText, "id", wanted, ("id", "body", "sealed", "uuid")) if wanted else []
    return {pk: papers.words_of(*text) for pk, *text in found}


def _acts(causes: list[int]) -> dict[int, str]:
    found = rows.values_of(PendingAct, "cause", causes, ("cause", "state")) if causes else []
    return dict(found)


def _voice(row: tuple[Any, ...], words: str, put_right: str) -> Voice:
    number, body, sealed, uuid, owner, at, kind, level, service, channel = row
    title = papers.words_of(body, sealed, uuid)
    return Voice(number, title, unit_name(owner), at, kind, level, service, channel, words, put_right)


def _mentioned(row: tuple[Any, ...], words: str) -> Voice:
    number, body, sealed, uuid, owner, at, kind, channel, _case = row
    title = papers.words_of(body, sealed, uuid)
    return Voice(number, title, unit_name(owner), at, kind, channel=channel, words=words)
