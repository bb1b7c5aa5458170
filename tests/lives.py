"""Random but lawful lives of cases, made through the real operations; by seed, so that a failure can be repeated."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from qingyu.cases import actors, operations, standing
from qingyu.cases.models import Case
from qingyu.rules import lifecycle
from qingyu.rules.lifecycle import Kind
from qingyu.rules.refusals import Refusal
from tests.people import MONDAY, City

TYPES = ("consultation", "help", "complaint", "report", "suggestion", "praise", "other")
TOPICS = ("city.noise.night", "city.street", "house.lift", "labour.wages", "")
AREAS = ("990102001000", "990102000000", "")
LEVELS = ("very_satisfied", "satisfied", "basically_satisfied", "dissatisfied", "very_dissatisfied")


def live(city: City, seed: int, *, steps: int = 14, start: datetime = MONDAY) -> Case:
    """One case that has lived ``steps`` lawful events at most; its row is fresh from the database."""
    rng = random.Random(seed)
    at = start + timedelta(minutes=rng.randrange(5 * 24 * 60))
    case = open_one(city, rng, at)
    for _ in range(steps):
        at += timedelta(minutes=rng.choice((1, 7, 45, 300, 1500, 5000)))
        step(city, rng, case, at)
    return Case.objects.get(pk=case.pk)


def open_one(city: City, rng: random.Random, at: datetime) -> Case:
    person = operations.Person(name="李明", phone=f"199{rng.randrange(10**8):08d}") if rng.random() < 0.7 else None
    topic, number = rng.choice(TOPICS), rng.randrange(10**6)
    channel, doors = rng.choice(("phone", "web", "app", "letter")), through_a_hall(number)
    filing = operations.Filing(
        text=f"诉求内容第{number}号，请尽快处理",
        channel="window" if "hall" in doors else channel,
        type=rng.choice(TYPES),
        topic=topic if person or not topic.startswith("labour") else "",
        urgency=rng.choice(("general", "general", "urgent", "critical")),
        place=operations.Place(area=rng.choice(AREAS)),
        person=person,
        confidential=rng.random() < 0.1,
    )
    return operations.open_case(filing, by=actors.CITIZEN, at=at, **doors).case


def through_a_hall(number: int) -> dict[str, str | int]:
    """What the door of every fourth case tells of it."""
    if number % 4:
        return {"item": "ID-1"} if number % 3 == 0 else {}
    window = {"window": str(number % 7)} if number % 7 else {}
    return {"hall": "demo", "item": "ID-1", "waited": number % 2400, "served": number % 900, **window}


def step(city: City, rng: random.Random, case: Case, at: datetime) -> None:
    """One lawful event, chosen at random; a refusal of the rules is part of life and changes nothing."""
    kinds = sorted(lifecycle.allowed(standing.state_of(case)) & ACTS.keys())
    if not kinds:
        return
    try:
        ACTS[rng.choice(kinds)](city, rng, case, at)
    except Refusal:
        case.refresh_from_db()


Act = Callable[[City, random.Random, Case, datetime], object]


def _lead(city: City, case: Case) -> actors.Actor:
    """Somebody who works in the unit that has the case; the house where nobody does."""
    for name, person in city.staff.items():
        if person.unit_id == case.lead_id and "handler" in person.rights["roles"]:
            return city.actor(name)
    return actors.SYSTEM


def _unit(city: City, rng: random.Random) -> int:
    return city.unit(rng.choice(("urban", "housing", "willow", "empty")))


ACTS: dict[Kind, Act] = {
    Kind.CLASSIFIED: lambda c, r, k, at: operations.classify(
        k, topic=r.choice(TOPICS), by=c.actor("dispatcher"), at=at
    ),
    Kind.ANSWERED_AT_ONCE: lambda c, r, k, at: operations.answer_at_once(k, answer="即答", by=c.actor("agent"), at=at),
    Kind.REFUSED: lambda c, r, k, at: operations.refuse(k, reason="beyond_duty", by=c.actor("dispatcher"), at=at),
    Kind.ROUTED: lambda c, r, k, at: operations.route(k, unit=_unit(c, r), by=c.actor("dispatcher"), at=at),
    Kind.ACCEPTED: lambda c, r, k, at: operations.accept(k, by=_lead(c, k), at=at),
    Kind.AUTO_ACCEPTED: lambda c, r, k, at: operations.accept_silently(k, at=at),
    Kind.RETURNED: lambda c, r, k, at: operations.return_(
        k, reason="not_our_duty", legal_basis="条例第三条", comment="非本单位职责", by=_lead(c, k), at=at
    ),
    Kind.ARBITRATED: lambda c, r, k, at: operations.arbitrate(
        k, upheld=r.random() < 0.5, reason="经研究", unit=_unit(c, r), by=c.actor("dispatcher"), at=at
    ),
    Kind.CONTACTED: lambda c, r, k, at: operations.contact(k, how="phone", by=_lead(c, k), at=at),
    Kind.NOTED: lambda c, r, k, at: operations.note(k, text="记录", by=c.actor("dispatcher"), at=at),
    Kind.ASKED: lambda c, r, k, at: operations.ask(
        k, question="哪一栋？", reason="details_needed", by=_lead(c, k), at=at
    ),
    Kind.REPLIED: lambda c, r, k, at: operations.reply(k, text="三栋", by=actors.CITIZEN, at=at),
    Kind.RESUMED: lambda c, r, k, at: operations.resume(k, at=at),
    Kind.ADDED: lambda c, r, k, at: operations.add(k, text="补充", by=actors.CITIZEN, at=at),
    Kind.EXTENSION_ASKED: lambda c, r, k, at: operations.extend(
        k, reason="complex", comment="情况复杂", by=_lead(c, k), at=at
    ),
    Kind.EXTENSION_DECIDED: lambda c, r, k, at: operations.decide_extension(
        k, approved=r.random() < 0.5, by=c.actor("supervisor"), at=at
    ),
    Kind.ANSWERED: lambda c, r, k, at: operations.answer(k, answer="已处理", by=_lead(c, k), at=at),
    Kind.REVIEWED: lambda c, r, k, at: operations.review(
        k, passed=r.random() < 0.8, comment="请补充", by=c.actor("dispatcher"), at=at
    ),
    Kind.URGED: lambda c, r, k, at: operations.urge(k, by=actors.CITIZEN, at=at),
    Kind.PRESSED: lambda c, r, k, at: operations.press(k, comment="请抓紧", by=c.actor("supervisor"), at=at),
    Kind.FOLLOWED_UP: lambda c, r, k, at: operations.follow_up(
        k, outcome="completed", contacted=True, solved=r.choice(("yes", "partly", "no")), satisfied=r.choice(LEVELS),
        by=c.actor("caller"), at=at,
    ),
    Kind.RATED: lambda c, r, k, at: operations.rate(
        k, level=r.choice(LEVELS), channel="web", occasion=operations.rating_occasion(k), by=actors.CITIZEN, at=at
    ),
    Kind.SERVICE_RATED: lambda c, r, k, at: r.random() < 0.2 and operations.rate_service(
        k, service=r.choice(("call:7", "stage:letter", f"stage:{k.state}")), level=r.choice(LEVELS),
        channel=r.choice(("phone", "system_default")), by=actors.CITIZEN, at=at,
    ),
    Kind.REDONE: lambda c, r, k, at: operations.redo(k, why="unsatisfied", by=c.actor("caller"), at=at),
    Kind.REOPENED: lambda c, r, k, at: operations.reopen(k, text="又发生了", by=actors.CITIZEN, at=at),
    Kind.ARCHIVED: lambda c, r, k, at: operations.archive(k, by=c.actor("caller"), at=at),
    Kind.WITHDRAWN: lambda c, r, k, at: r.random() < 0.2 and operations.withdraw(k, by=actors.CITIZEN, at=at),
}  # fmt: skip
