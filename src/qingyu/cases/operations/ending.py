"""After the answer: follow-up, rating, redo, reopening, archive; and pressing before it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from qingyu.cases import log
from qingyu.cases.actors import Actor
from qingyu.cases.models import Case, CaseText
from qingyu.cases.operations.words import needed, optional, written
from qingyu.rules import rating, rounds
from qingyu.rules.lifecycle import Kind
from qingyu.rules.rating import Level, Outcome, Solved
from qingyu.rules.refusals import NotAllowed, NotValid


@transaction.atomic
def follow_up(
    case: Case, *, outcome: str, by: Actor, at: datetime, contacted: bool | None = None,
    solved: str = "", satisfied: str = "", comment: str = "",
) -> int:  # fmt: skip
    """回访: one attempt to ask the three questions; which of this round it was. Answers only with ``completed``.

    NotAllowed("no_call_to_make") once follow-up has ended.
    """
    if outcome not in list(Outcome):
        raise NotValid("outcome_unknown", field="outcome")
    answers = {"contacted": contacted, "solved": solved, "satisfied": satisfied}
    given = {name: value for name, value in answers.items() if value not in (None, "")}
    if outcome == Outcome.COMPLETED:
        _check_answers(given)
    elif given:
        raise NotValid("answers_without_call", field="outcome")
    log.lock(case)
    attempt = rounds.next_call(_kinds(case, Kind.FOLLOWED_UP))
    facts = optional(case, CaseText.Kind.COMMENT, comment, at=at, shown=False)
    log.record(case, Kind.FOLLOWED_UP, by=by, at=at, outcome=outcome, attempt=attempt, **given, **facts)
    return attempt


def _kinds(case: Case, kind: Kind) -> list[Kind]:
    """The events of that kind, and those with which a round began, in order; one statement."""
    found = case.events.filter(kind__in=[kind, *rounds.BEGINNINGS]).order_by("seq")
    return [Kind(event.kind) for event in found if rating.counts(event.facts.get("channel", ""))]


def _check_answers(given: Mapping[str, object]) -> None:
    if "contacted" not in given:
        raise NotValid("contacted_missing", field="contacted")
    if given.get("solved") not in list(Solved):
        raise NotValid("solved_missing", field="solved")
    if given.get("satisfied") not in list(Level):
        raise NotValid("satisfied_missing", field="satisfied")


@transaction.atomic
def rate(case: Case, *, level: str, channel: str, occasion: int, by: Actor, at: datetime, comment: str = "") -> None:
    """评价: one of five levels by name; ``occasion`` as ``rating_occasion`` said it when the person was asked.

    NotValid: level_unknown, channel_unknown (``rules.rating.Channel``). NotAllowed("rated_twice") where that occasion
    is not, or no longer, open.
    """
    rating.check(level=level, channel=channel)
    log.lock(case)
    if occasion != rating_occasion(case):
        raise NotAllowed("rated_twice")
    facts = optional(case, CaseText.Kind.COMMENT, comment, at=at, shown=True)
    log.record(case, Kind.RATED, by=by, at=at, level=level, channel=channel, occasion=occasion, **facts)


def rating_occasion(case: Case) -> int:
    """Which rating one given now is: 1, or 2 after the matter was taken up again. NotAllowed("rated_twice")."""
    return rounds.next_occasion(_kinds(case, Kind.RATED))


@transaction.atomic
def rate_service(
    case: Case, *, service: str, level: str, channel: str, by: Actor, at: datetime, comment: str = ""
) -> None:
    """一次一评: how one service about the case was (a call, a visit, a stage), whatever became of the matter itself.

    ``service`` names it, as ``call:17`` or ``stage:received`` (``rules.rating.check_service``), and is rated once.
    NotValid: rated_service_unknown, level_unknown, channel_unknown. NotAllowed("rated_twice").
    """
    rating.check(service=service, level=level, channel=channel)
    log.lock(case)
    check_unrated(case, service)
    facts = optional(case, CaseText.Kind.COMMENT, comment, at=at, shown=True)
    log.record(case, Kind.SERVICE_RATED, by=by, at=at, service=service, level=level, channel=channel, **facts)


def check_unrated(case: Case, service: str) -> None:
    """NotAllowed("rated_twice") where this service about the case was rated; one statement."""
    if any(event.facts["service"] == service for event in case.events.filter(kind=Kind.SERVICE_RATED)):
        raise NotAllowed("rated_twice")


@transaction.atomic
def redo(case: Case, *, why: str, by: Actor, at: datetime, cause: int | None = None, comment: str = "") -> None:
    """重办: unsatisfied or unsolved. The same unit, a new handle clock of the full limit, counted."""
    facts = optional(case, CaseText.Kind.COMMENT, comment, at=at, shown=False)
    named = {"cause": cause} if cause else {}
    log.record(case, Kind.REDONE, by=by, at=at, why=why, **named, **facts)


@transaction.atomic
def reopen(case: Case, *, text: str, by: Actor, at: datetime) -> None:
    """New facts about a matter that had ended."""
    facts = written(case, CaseText.Kind.ADDITION, needed(text, "text"), at=at, shown=True)
    log.record(case, Kind.REOPENED, by=by, at=at, **facts)


@transaction.atomic
def press(case: Case, *, comment: str, by: Actor, at: datetime) -> None:
    """催办: a supervisor's first step. Counted as a push."""
    facts = written(case, CaseText.Kind.NOTE, needed(comment, "comment"), at=at, shown=False)
    log.record(case, Kind.PRESSED, by=by, at=at, **facts)


@transaction.atomic
def archive(case: Case, *, by: Actor, at: datetime, why: str = "followed_up") -> None:
    """Follow-up has ended; the case is kept and can only be reopened for new facts.

    NotAllowed("follow_up_waiting") while a person who can be reached has not been asked and there is time to do so.
    """
    log.record(case, Kind.ARCHIVED, by=by, at=at, why=why)
