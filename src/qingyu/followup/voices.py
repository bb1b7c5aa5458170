"""What people say: ratings and letters that name somebody, as far as the reader's rights go."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from qingyu.cases import papers
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


def ratings(viewer: Viewer, *, which: str, at: datetime) -> list[Voice]:
    """The newest 50 ratings by persons of the last 90 days, or of them the poor ones; three statements."""
    found = Rating.objects.filter(whose_case(viewer), at__gte=at - LATELY).exclude(channel="system_default")
    if which == POOR:
        found = found.filter(level__in=[str(level) for level in BAD])
    rows = list(_of_reach(viewer, found.order_by("-at")).select_related("case__title")[:LISTED])
    words, acts = _words(row.comment for row in rows), _acts(rows)
    return [_voice(row, words.get(row.comment or 0, ""), acts.get(row.source_event, "")) for row in rows]


def _of_reach(viewer: Viewer, found: QuerySet[Rating]) -> QuerySet[Rating]:
    """By the unit that had the case, which an index finds; each row is asked for by the one policy, too."""
    if viewer.reach is None:
        return found
    return Rating.objects.filter(pk__in=of_units(viewer.reach, found, LISTED)).order_by("-at")


def naming(viewer: Viewer) -> list[Voice]:
    """The newest 50 letters and calls that name the viewer, with their words; two statements."""
    rows = list(_mentions(viewer).select_related("case__title").order_by("-at")[:LISTED])
    texts = CaseText.objects.filter(case__in=[row.case_id for row in rows], kind=CaseText.Kind.TEXT).order_by("-pk")
    words = {text.case_id: papers.read_text(text) for text in texts}
    return [_mentioned(row, words.get(row.case_id, "")) for row in rows]


def named(viewer: Viewer, *, at: datetime) -> int:
    """How often letters have named the viewer in the last 90 days, to 99."""
    return _mentions(viewer).filter(at__gte=at - LATELY)[:99].count()


def _mentions(viewer: Viewer) -> QuerySet[Mention]:
    """Praise reaches whom it names; a complaint only where they may read the case; a report of wrongdoing never."""
    praise = Q(case__type=Case.Type.PRAISE)
    open_to_them = ~Q(case__type=Case.Type.REPORT) & Q(case__confidential=False)
    return Mention.objects.filter(open_to_them & (praise | whose_case(viewer)), staff=viewer.staff_id)


def _words(ids: Iterable[int | None]) -> dict[int, str]:
    texts = CaseText.objects.filter(pk__in=[pk for pk in ids if pk])
    return {text.pk: papers.read_text(text) for text in texts}


def _acts(rows: list[Rating]) -> dict[int, str]:
    causes = [row.source_event for row in rows if row.level in BAD]
    return dict(PendingAct.objects.filter(cause__in=causes).values_list("cause", "state"))


def _title(case: Case) -> str:
    return papers.read_text(case.title) if case.title else ""


def _voice(row: Rating, words: str, put_right: str) -> Voice:
    case = row.case
    return Voice(
        case.number, _title(case), unit_name(case.owner_id), row.at, case.type, row.level, row.service, row.channel,
        words, put_right,
    )  # fmt: skip


def _mentioned(row: Mention, words: str) -> Voice:
    case = row.case
    return Voice(
        case.number, _title(case), unit_name(case.owner_id), row.at, row.type, channel=case.channel, words=words
    )
