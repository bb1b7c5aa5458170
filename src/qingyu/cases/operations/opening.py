"""How a case begins."""

from __future__ import annotations

import hmac
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from qingyu.cases import attachments, log, papers, rows
from qingyu.cases.actors import Actor, ActorKind
from qingyu.cases.models import Case, CaseText
from qingyu.cases.operations import centre
from qingyu.cases.operations.words import needed
from qingyu.cases.papers import Person
from qingyu.cases.topics import by_code
from qingyu.people import queries as people
from qingyu.rules import identifiers
from qingyu.rules.rating import Filed
from qingyu.rules.refusals import NotValid

# What a door may add to the first event: code of the service item, codes of hall and window, ids of ticket and call,
# whole seconds that the person waited and was served; who filed for the person (``rules.rating.Filed``); id of the
# member of staff whom it names; id of the case that it puts right; cause at the listening desk; code of a facility that
# has a fault.
FACTS_OF_DOORS = frozenset(
    {
        "item", "hall", "window", "ticket", "call", "waited", "served", "filed", "staff", "mends", "listening",
        "facility",
    }
)  # fmt: skip


HELPED = frozenset({"web", "app", "window", "visit"})
"""Channels in which it is help that staff file; on the phone and from a letter they write it down for everybody."""
NO_FILING = frozenset({"ticket", "facility"})
"""Doors through which nothing is filed for a person: a visit that has ended, a fault that staff saw themselves."""


@dataclass(frozen=True)
class Place:
    """Where it is: words, the code of the area, degrees WGS84."""

    address: str = ""
    area: str = ""
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True)
class Filing:
    """What a person asks for, however it came in. ``type`` empty: "other" until somebody classifies it."""

    text: str
    channel: str
    title: str = ""
    type: str = ""
    topic: str = ""
    urgency: str = "general"
    place: Place = Place()
    person: Person | None = None
    confidential: bool = False
    imported: bool = False
    files: tuple[attachments.Held, ...] = ()


@dataclass(frozen=True)
class Opened:
    """A new case and the code by which its citizen sees it."""

    case: Case
    query_code: str


@transaction.atomic
def open_case(filing: Filing, *, by: Actor, at: datetime, **facts: str | int) -> Opened:
    """A person's words become a case of the centre. At most nine statements.

    ``facts`` tell by which door it came: names of ``FACTS_OF_DOORS`` only. Where staff file online or at a window for a
    person, the event says that they helped.

    NotValid with the field: text_missing, text_too_long, type_unknown, channel_unknown, topic_unknown,
    area_unknown, phone_not_valid, contact_needed (the topic does not allow anonymity).
    """
    text = needed(filing.text, "text")
    _check(filing)
    if facts.keys() - FACTS_OF_DOORS:
        raise NotValid("kind_of_fact_unknown", names=sorted(facts.keys() - FACTS_OF_DOORS))
    case = _insert(filing, at)
    title, words, *place = papers.write_texts(case, _texts(filing, text), at=at)
    if filing.person:
        papers.write_contact(case, filing.person)
    files = attachments.keep(case, filing.files, by_citizen=by.kind is ActorKind.CITIZEN, at=at)
    log.begin(
        case, by=by, at=at, type=case.type, topic=filing.topic, area=filing.place.area, channel=filing.channel,
        urgency=filing.urgency, confidential=filing.confidential, anonymous=case.anonymous, owner=people.centre().id,
        title=title.id, title_digest=title.digest, text=words.id, digest=words.digest,
        **({"place": place[0].id, "place_digest": place[0].digest} if place else {}),
        **attachments.facts(files), **_help(filing, by, facts), **facts,
    )  # fmt: skip
    return Opened(case, query_code(case))


def _help(filing: Filing, by: Actor, facts: Mapping[str, str | int]) -> dict[str, str]:
    """帮办: staff filed it with the person, who could not or would not do it alone."""
    helped = by.kind is ActorKind.STAFF and filing.channel in HELPED and not filing.imported
    return {"filed": str(Filed.ASSISTED)} if helped and not facts.keys() & (NO_FILING | {"filed"}) else {}


def query_code(case: Case) -> str:
    """The eight characters that open the citizen's view of the case: an HMAC of its uuid, stored nowhere."""
    return identifiers.query_code(settings.SECRET_KEY.encode(), case.uuid)


def is_query_code(case: Case, code: str) -> bool:
    """Whether the code opens this case; in constant time."""
    return hmac.compare_digest(query_code(case).encode(), identifiers.normalise_query_code(code).encode())


def _texts(filing: Filing, text: str) -> list[tuple[str, str, bool]]:
    title = filing.title.strip()[:120] or papers.title_from(text)
    texts = [(str(CaseText.Kind.TITLE), title, True), (str(CaseText.Kind.TEXT), text, True)]
    if filing.place.address.strip():
        texts.append((str(CaseText.Kind.PLACE), filing.place.address.strip()[:300], True))
    return texts


def _check(filing: Filing) -> None:
    if filing.type and filing.type not in Case.Type.values:
        raise NotValid("type_unknown", field="type")
    if filing.channel not in Case.Channel.values:
        raise NotValid("channel_unknown", field="channel")
    if filing.urgency not in Case.Urgency.values:
        raise NotValid("urgency_unknown", field="urgency")
    if filing.place.area and filing.place.area not in people.areas():
        raise NotValid("area_unknown", field="area")
    _check_topic(filing)


def _check_topic(filing: Filing) -> None:
    if not filing.topic:
        return
    topic = by_code().get(filing.topic)
    if topic is None:
        raise NotValid("topic_unknown", field="topic")
    if not topic.anonymous and not filing.imported and not (filing.person and filing.person.reachable):
        raise NotValid("contact_needed", field="phone")


def _insert(filing: Filing, at: datetime) -> Case:
    reachable = bool(filing.person and filing.person.reachable)
    case = Case(
        uuid=uuid.uuid4(),
        number=new_number(at),
        type=filing.type or Case.Type.OTHER,
        channel=filing.channel,
        urgency=filing.urgency,
        confidential=filing.confidential,
        anonymous=not reachable,
        imported=filing.imported,
        lat=_rounded(filing.place.lat),
        lon=_rounded(filing.place.lon),
    )
    while not rows.claim(case, unique=("number",)):
        case.number = new_number(at)  # seven digits a day: among 100,000 cases some hundred meet a taken number
    return case


def _rounded(degrees: float | None) -> float | None:
    return None if degrees is None else round(degrees, 4)


def new_number(at: datetime) -> str:
    """A case number for the city day of ``at``: seven random digits, no counter row that all would queue at."""
    day = at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    return identifiers.case_number(day, f"{secrets.randbelow(10_000_000):07d}")


@transaction.atomic
def handle_at_once(
    filing: Filing, *, answer: str, by: Actor, at: datetime, unit: int | None = None, **facts: str | int
) -> Opened:
    """What is settled at the window or on the phone: the case is opened and closed in one call.

    ``unit`` settled it and has it from then on; None: the centre. ``facts``: see ``FACTS_OF_DOORS``.
    """
    opened = open_case(filing, by=by, at=at, **facts)
    centre.answer_at_once(opened.case, answer=answer, by=replace(by, opened=opened.case.pk), at=at, unit=unit)
    return opened
