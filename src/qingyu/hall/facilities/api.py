"""Facilities, rounds and the listening desk as JSON: the same operations as the pages."""

# No `from __future__ import annotations`: the shape of each body is an annotation that must be a class.

from datetime import UTC, date, datetime, timedelta
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Header, Router, Schema
from pydantic import AwareDatetime, Field

from qingyu.cases import actors
from qingyu.cases.actors import CITIZEN
from qingyu.cases.api.answers import REFUSALS, once, reply, unit_code, unit_id
from qingyu.cases.api.shapes import Code, Line, Words
from qingyu.cases.operations import Person
from qingyu.hall.facilities import listening as heard
from qingyu.hall.facilities import queries
from qingyu.hall.models import Facility, Hall
from qingyu.hall.operations import facilities, listening, rounds
from qingyu.hall.operations.facilities import Seen
from qingyu.hall.operations.listening import Matter
from qingyu.hall.queries import hall, window
from qingyu.people import queries as people
from qingyu.people.api import staff_token
from qingyu.people.bodies import Body
from qingyu.people.doors import open_door
from qingyu.rules.refusals import NotPermitted

router = Router(tags=["hall"])
Key = Annotated[str, Header("", alias="Idempotency-Key", max_length=120, description="the same request acts once")]


class FacilityOut(Schema):
    """One facility. ``state``: in_order, reported, missing, broken or out_of_use; ``due_at``: by when it is mended."""

    code: str
    kind: str
    name: str
    place: str
    window: str
    wanted: int
    counted: int | None
    state: str
    state_at: AwareDatetime | None
    due_at: AwareDatetime | None
    reports: int


class ReportIn(Body):
    """``trouble``: missing, broken, dirty or other. ``phone``, if given, is told once it is in order."""

    trouble: Code
    phone: Code = ""


class Reported(Schema):
    """``joined``: others had said so before. ``query_code`` opens the case; empty where the report joined one."""

    facility: str
    state: str
    joined: bool
    reports: int
    number: str
    query_code: str
    due_at: AwareDatetime | None


class NoteIn(Body):
    """A word for those who reported it."""

    note: Annotated[Line, Field(max_length=facilities.LONGEST_NOTE)] = ""


class RoundOut(Schema):
    """A round of today. ``left``: codes that have not been seen in it."""

    time: str
    due_at: AwareDatetime | None
    began_at: AwareDatetime | None
    done_at: AwareDatetime | None
    late: bool
    left: list[str]


class TickIn(Body):
    """``said``: in_order, missing or broken; ``count``: how many are there, for what is counted."""

    facility: Code
    said: Code
    count: Annotated[int | None, Field(ge=0, le=rounds.MOST)] = None


class MatterIn(Body):
    """``cause``: material, passed_around, system_down, rule_unclear, not_taken, too_slow, attitude or other.

    ``unit``: code of the unit concerned; empty: the centre finds it. ``item``: code of the service item.
    """

    cause: Code
    text: Words
    unit: Code = ""
    item: Annotated[Code, Field(max_length=60)] = ""
    name: Line = ""
    phone: Code = ""


class MatterOut(Schema):
    """The case; ``due_at`` is null until a unit has it."""

    number: str
    query_code: str
    owner: str
    due_at: AwareDatetime | None


class FigureOut(Schema):
    """How many were heard, and what became of them."""

    code: str
    label: str
    heard: int
    open: int
    changed: int
    no: int
    withdrawn: int
    late: int


class FiguresOut(Schema):
    """City days, both inclusive."""

    first: date
    last: date
    whole: FigureOut
    causes: list[FigureOut]
    units: list[FigureOut]


@router.get("/halls/{code}/facilities", response={200: list[FacilityOut], **REFUSALS})
def listed(request: HttpRequest, code: str) -> HttpResponse:
    """What the hall keeps ready and how it stands; anybody may ask. Two statements."""
    return reply([_shown(one) for one in queries.facilities_of(hall(code))])


def _shown(one: Facility) -> dict[str, object]:
    return {
        "code": one.code, "kind": one.kind, "name": str(one), "place": one.where,
        "window": one.window.code if one.window else "", "wanted": one.wanted, "counted": one.counted,
        "state": one.state, "state_at": one.state_at, "due_at": queries.due_of(one),
        "reports": one.fault.reports if one.fault else 0,
    }  # fmt: skip


@router.post("/facilities/{code}/reports", response={201: Reported, **REFUSALS})
def report(request: HttpRequest, code: str, body: ReportIn, key: Key) -> HttpResponse:
    """Something is wrong with it; anybody may say so. It becomes a case, or one more voice for the open one."""
    at, found = datetime.now(UTC), queries.facility(code)

    def act() -> tuple[int, object]:
        done = facilities.report(found, trouble=body.trouble, by=CITIZEN, at=at, phone=body.phone)
        case = done.fault.case
        return 201, {
            "facility": found.code, "state": found.state, "joined": done.joined, "reports": done.fault.reports,
            "number": case.number, "query_code": done.query_code, "due_at": case.due_at,
        }  # fmt: skip

    return once(request, "anyone", act, at=at)


@router.post("/facilities/{code}/in-order", auth=staff_token, response={200: FacilityOut, **REFUSALS})
def in_order(request: HttpRequest, code: str, key: Key, body: NoteIn = NoteIn()) -> HttpResponse:  # noqa: B008
    """It is in order again: its open case is answered and closed."""
    at, viewer, found = datetime.now(UTC), request.auth, queries.facility(code)  # type: ignore[attr-defined]

    def act() -> tuple[int, object]:
        facilities.put_in_order(found, by=actors.staff(viewer), at=at, seen=Seen(note=body.note))
        return 200, _shown(queries.facility(code))

    return once(request, f"staff:{viewer.staff_id}", act, at=at)


@router.post("/facilities/{code}/out-of-use", auth=staff_token, response={200: FacilityOut, **REFUSALS})
def out_of_use(request: HttpRequest, code: str, key: Key, body: NoteIn) -> HttpResponse:
    """Nobody can use it for a while; the note says why and until when."""
    at, viewer, found = datetime.now(UTC), request.auth, queries.facility(code)  # type: ignore[attr-defined]

    def act() -> tuple[int, object]:
        facilities.take_out_of_use(found, note=body.note, by=actors.staff(viewer), at=at)
        return 200, _shown(queries.facility(code))

    return once(request, f"staff:{viewer.staff_id}", act, at=at)


@router.get("/halls/{code}/rounds/{time}", auth=staff_token, response={200: RoundOut, **REFUSALS})
def round_of_today(request: HttpRequest, code: str, time: str) -> HttpResponse:
    """How a round of today stands: opening, midday or closing."""
    found, at = hall(code), datetime.now(UTC)
    if not queries.may_go_round(request.auth, found):  # type: ignore[attr-defined]
        raise NotPermitted("round_denied")
    return reply(_round(found, time, at))


def _round(found: Hall, time: str, at: datetime) -> dict[str, object]:
    row = queries.round_on(found, people.city_day(at), time)
    seen = queries.seen_in(row) if row else {}
    left = [one.code for one in queries.facilities_of(found) if one.pk not in seen and one.state != "out_of_use"]
    return {
        "time": time, "due_at": row.due_at if row else None, "began_at": row.began_at if row else None,
        "done_at": row.done_at if row else None, "late": bool(row and row.late_at), "left": left,
    }  # fmt: skip


@router.post("/halls/{code}/rounds/{time}", auth=staff_token, response={200: RoundOut, **REFUSALS})
def tick(request: HttpRequest, code: str, time: str, body: TickIn, key: Key) -> HttpResponse:
    """What was seen of one facility; kept at once."""
    at, viewer, found = datetime.now(UTC), request.auth, hall(code)  # type: ignore[attr-defined]
    facility = queries.facility(body.facility)

    def act() -> tuple[int, object]:
        rounds.tick(
            found, facility, time=time, said=body.said, by=actors.staff(viewer), at=at, seen=Seen(count=body.count)
        )
        return 200, _round(found, time, at)

    return once(request, f"staff:{viewer.staff_id}", act, at=at)


@router.post("/halls/{code}/windows/{n}/listening", auth=staff_token, response={201: MatterOut, **REFUSALS})
def enter(request: HttpRequest, code: str, n: str, body: MatterIn, key: Key) -> HttpResponse:
    """What could not be done, taken down at a listening window: a case of its own, counted by its cause."""
    at, viewer, found = datetime.now(UTC), request.auth, window(hall(code), n)  # type: ignore[attr-defined]
    person = Person(name=body.name, phone=body.phone) if body.name or body.phone else None
    unit = unit_id(body.unit) if body.unit else None
    matter = Matter(cause=body.cause, text=body.text, item=body.item, unit=unit, person=person)

    def act() -> tuple[int, object]:
        done = listening.enter(found, matter, by=actors.staff(viewer), at=at)
        owner = unit_code(done.case.owner_id)
        return 201, {
            "number": done.case.number, "query_code": done.query_code, "owner": owner, "due_at": done.case.due_at
        }  # fmt: skip

    return once(request, f"staff:{viewer.staff_id}", act, at=at)


@router.get("/halls/{code}/listening", auth=staff_token, response={200: FiguresOut, **REFUSALS})
def figures(request: HttpRequest, code: str, first: date | None = None, last: date | None = None) -> HttpResponse:
    """What was heard from ``first`` to ``last``, by cause and by unit; without them the last thirty days."""
    found, today = hall(code), people.city_day(datetime.now(UTC))
    if not heard.may_count(request.auth, found):  # type: ignore[attr-defined]
        raise NotPermitted("permission_missing")
    end = last or today
    return reply(heard.figures(found, first=first or end - timedelta(days=29), last=end))


for view in (listed, report):
    open_door(view)
