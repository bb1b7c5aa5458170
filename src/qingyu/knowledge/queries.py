"""Reads of the knowledge base: what citizens find, what lies at hand beside a case, what staff have on their desk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Max, QuerySet, Sum

from qingyu.knowledge import policy, ports, search
from qingyu.knowledge.models import Answer, AnswerEntry, AnswerVersion, Helped, StaleCount, Unanswered
from qingyu.people import queries as people
from qingyu.people.policy import Viewer

MOST = 20
MOST_AT_HAND = 3
SOON = timedelta(days=30)
WHY = ("expired", "expiring", "past_review")


class NoSuchAnswer(Exception):
    """There is no such answer, or it is not shown now."""


@dataclass(frozen=True)
class Found:
    """An answer as it is shown today. ``unit`` and ``topic`` are names."""

    version: int
    code: str
    title: str
    text: str
    unit_id: int
    unit: str
    topic_code: str
    topic: str
    effective_from: date


def found_for(question: str, *, day: date, topic: str = "") -> list[Found]:
    """Up to 20 answers to a question, the best first; one statement beyond the remembered tables."""
    return [_of_hit(hit) for hit in search.ranked(question, day=day, topic=topic)[:MOST]]


def at_hand(text: str, topic: str, *, day: date) -> list[Found]:
    """Up to three answers that may serve whoever answers a case with this text and topic; one statement."""
    return [_of_hit(hit) for hit in search.beside(text, topic=topic, day=day)[:MOST_AT_HAND]]


def _of_hit(hit: search.Hit) -> Found:
    return Found(
        hit.version, hit.code, hit.title, hit.text, hit.unit_id, unit_name(hit.unit_id), hit.topic,
        ports.desk().topic_name(hit.topic), hit.effective_from,
    )  # fmt: skip


def unit_name(unit_id: int) -> str:
    """The name of a unit; empty where there is none."""
    unit = people.units().get(unit_id)
    return unit.name if unit else ""


def most_helpful(*, day: date) -> list[Found]:
    """Up to 20 answers that helped most; what nobody has judged follows by title. One statement."""
    rows = _shown(day).annotate(yes=Sum("version__helped__yes", default=0)).order_by("-yes", "version__title")
    return [_of_entry(entry) for entry in rows[:MOST]]


def shown(code: str, *, day: date) -> Found:
    """The answer as a citizen sees it that day; NoSuchAnswer. One statement."""
    entry = _shown(day).filter(answer__code=code).first()
    if entry is None:
        raise NoSuchAnswer(code)
    return _of_entry(entry)


def _shown(day: date) -> QuerySet[AnswerEntry]:
    return AnswerEntry.objects.filter(shown_from__lte=day, shown_to__gte=day).select_related("version", "answer")


def _of_entry(entry: AnswerEntry) -> Found:
    version, answer = entry.version, entry.answer
    return Found(
        version.pk, answer.code, version.title, version.text, answer.unit_id, unit_name(answer.unit_id), answer.topic,
        ports.desk().topic_name(answer.topic), version.effective_from,
    )  # fmt: skip


# What needs its owner ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stale:
    """An answer that needs its owner. ``why``: expired, expiring or past_review; ``on``: the day that says so."""

    code: str
    title: str
    unit_id: int
    why: str
    on: date


def stale(*, day: date, units: Iterable[int] | None = None) -> list[Stale]:
    """Answers in force that are shown no more, will not be within 30 days, or are past their review; one statement.

    The first of the three that holds is told. Oldest first.
    """
    rows = Answer.objects.filter(state=Answer.State.IN_FORCE)
    rows = rows if units is None else rows.filter(unit_id__in=list(units))
    found = []
    for answer in rows.annotate(last=Max("entries__shown_to")):
        why = _why(answer.last, answer.review_on, day)
        if why:
            found.append(Stale(answer.code, answer.title, answer.unit_id, *why))
    return sorted(found, key=lambda one: (one.on, one.code))


def _why(last: date | None, review_on: date, day: date) -> tuple[str, date] | None:
    if last is None or last < day:
        return "expired", last or day
    if last <= day + SOON:
        return "expiring", last
    return ("past_review", review_on) if review_on < day else None


def in_force_by_unit() -> dict[int, int]:
    """How many answers of each unit are in force."""
    rows = Answer.objects.filter(state=Answer.State.IN_FORCE).values("unit_id").annotate(n=Count("id")).order_by()
    return {row["unit_id"]: row["n"] for row in rows}


def stale_counts(*, day: date) -> list[StaleCount]:
    """The figures written down for a day, by unit."""
    return list(StaleCount.objects.filter(day=day).order_by("unit_id"))


# The desk ------------------------------------------------------------------------------------------------------


def on_desk(viewer: Viewer, *, kind: str) -> QuerySet[Answer]:
    """The answers of the person's units: ``kind`` in_force, waiting, drafts or withdrawn."""
    rows = Answer.objects.filter(policy.on_desk(viewer)).order_by("title", "id")
    if kind == "waiting":
        return rows.filter(waiting=True)
    if kind == "drafts":
        return rows.filter(state=Answer.State.DRAFT, waiting=False)
    return rows.filter(state=kind)


def searched(viewer: Viewer, words: str, *, day: date) -> list[Answer]:
    """What is shown that day and fits the words, the best first, then what else of the desk has them in its title."""
    codes = [one.code for one in found_for(words, day=day)]
    known = {row.code: row for row in Answer.objects.filter(code__in=codes).select_related("unit")}
    named = Answer.objects.filter(policy.on_desk(viewer), title__icontains=words).exclude(code__in=codes)
    return [known[code] for code in codes] + list(named.select_related("unit").order_by("title", "id")[:MOST])


def stale_on_desk(viewer: Viewer, *, day: date) -> list[Stale]:
    """What needs its owner among the person's units."""
    reach = set(Answer.objects.filter(policy.on_desk(viewer)).values_list("unit_id", flat=True))
    return stale(day=day, units=reach)


def questions_on_desk(viewer: Viewer) -> QuerySet[Unanswered]:
    """Open questions of the person's units, the first due first."""
    return Unanswered.objects.filter(policy.on_desk(viewer), state=Unanswered.State.OPEN).order_by("due_at", "id")


def counts(viewer: Viewer, *, day: date) -> Counter[str]:
    """How many stand in each list of the desk; four statements."""
    rows = Answer.objects.filter(policy.on_desk(viewer)).values_list("state", "waiting").annotate(n=Count("id"))
    found: Counter[str] = Counter()
    for state, waiting, n in rows.order_by():
        found["waiting" if waiting else ""] += n
        found["drafts" if state == Answer.State.DRAFT and not waiting else ""] += n
        found["" if state == Answer.State.DRAFT else state] += n
    found["stale"] = len(stale_on_desk(viewer, day=day))
    found["questions"] = questions_on_desk(viewer).count()
    return found


def answer_for(viewer: Viewer, code: str) -> Answer:
    """The answer on the person's desk, or one that everybody sees in force; NoSuchAnswer."""
    rows = Answer.objects.filter(code=code)
    found = rows.filter(policy.on_desk(viewer)).first() or rows.filter(state=Answer.State.IN_FORCE).first()
    if found is None:
        raise NoSuchAnswer(code)
    return found


def versions_of(answer: Answer) -> list[AnswerVersion]:
    """All versions, the newest first, with their authors."""
    return list(AnswerVersion.objects.filter(answer=answer).select_related("author").order_by("-number"))


def helped_of(answer: Answer) -> dict[int, tuple[int, int]]:
    """How many said yes and no of each version, by its number."""
    rows = Helped.objects.filter(version__answer=answer).values_list("version__number")
    return {n: (yes, no) for n, yes, no in rows.annotate(y=Sum("yes"), n=Sum("no")).order_by()}


def question_for(viewer: Viewer, pk: int) -> Unanswered:
    """The question on the person's desk, open or answered; NoSuchAnswer."""
    found = Unanswered.objects.filter(policy.on_desk(viewer), pk=pk).select_related("answer").first()
    if found is None:
        raise NoSuchAnswer(str(pk))
    return found
