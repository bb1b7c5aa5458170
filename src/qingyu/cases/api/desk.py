"""What staff do: lists through the policy, one case, its events, and a door for every operation."""

# No `from __future__ import annotations`: the shape of each operation's body is an annotation that must be a class.

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Header, Query, Router, Schema
from pydantic import AwareDatetime, Field

from qingyu.cases import actors, operations, papers, policy, queries
from qingyu.cases.api import shapes
from qingyu.cases.api.acts import DOORS, KINDS, Act
from qingyu.cases.api.answers import REFUSALS, brief, once, reply, unit_code, unit_id
from qingyu.cases.models import Case, CaseClock, CaseText
from qingyu.cases.operations import identity
from qingyu.people.api import staff_token
from qingyu.people.bodies import Body
from qingyu.people.models import Staff
from qingyu.people.policy import Viewer
from qingyu.rules.refusals import NotValid

router = Router(tags=["desk"], auth=staff_token)
Key = Annotated[str, Header("", alias="Idempotency-Key", max_length=120, description="the same request acts once")]


class Filter(Schema):
    """What the list should hold; all may be left out. ``basket``: received, disputed, review, extension, new, ..."""

    state: Annotated[str, Field(max_length=12)] = ""
    owner: Annotated[str, Field(max_length=50)] = ""
    basket: Annotated[str, Field(max_length=20)] = ""
    topic: Annotated[str, Field(max_length=120)] = ""
    area: Annotated[str, Field(max_length=24)] = ""
    type: Annotated[str, Field(max_length=12)] = ""
    due_before: AwareDatetime | None = None
    page: Annotated[int, Field(ge=1, le=queries.LAST_PAGE)] = 1


def viewer_of(request: HttpRequest) -> Viewer:
    """Who asks; the router has let nobody in without a token."""
    found: Viewer = request.auth  # type: ignore[attr-defined]
    return found


@router.get("/cases", response={200: shapes.CasePage, **REFUSALS})
def cases(request: HttpRequest, wanted: Query[Filter]) -> HttpResponse:
    """Fifty cases in sight, first due first. Two statements with the token."""
    rows = list(queries.page_of(viewer_of(request), _wanted(wanted)).values(*COLUMNS))
    page = {"cases": [_row(row) for row in rows[: queries.PAGE]], "page": wanted.page, "more": len(rows) > queries.PAGE}
    return reply(page)


COLUMNS = (
    "number", "state", "type", "topic", "area", "urgency", "opened_at", "due_at", "next_due_at", "next_clock",
    "provisional", "disputed", "redos", "urges", "owner_id", "title__body", "title__sealed", "title__uuid",
)  # fmt: skip


def _wanted(given: Filter) -> queries.Wanted:
    if given.state and given.state not in Case.State.values:
        raise NotValid("state_unknown", field="state")
    if given.basket and given.basket not in queries.BASKETS:
        raise NotValid("basket_unknown", field="basket")
    owner = unit_id(given.owner, field="owner") if given.owner else None
    return queries.Wanted(
        basket=given.basket, state=given.state, owner=owner, topic=given.topic, area=given.area, type=given.type,
        due_before=given.due_before, page=given.page,
    )  # fmt: skip


def _row(row: dict[str, Any]) -> dict[str, Any]:
    body, sealed, uuid = row.pop("title__body"), row.pop("title__sealed"), row.pop("title__uuid")
    owner = row.pop("owner_id")
    row["title"] = papers.read_text(CaseText(sealed=sealed, uuid=uuid)) if sealed else body or ""
    row["owner"], row["owner_name"] = unit_code(owner), queries.unit_name(owner)
    return row


# One case ----------------------------------------------------------------------------------------------------------


@router.get("/cases/{number}", response={200: shapes.DeskCase, **REFUSALS})
def case(request: HttpRequest, number: str) -> HttpResponse:
    """A case with its clocks, its masked contact and what the one who asks may do. 404 where it is out of sight."""
    viewer = viewer_of(request)
    found = queries.case_for(viewer, number)
    return reply(
        brief(found) | _columns(found) | _papers(viewer, found) | {"clocks": _clocks(found), "may": _may(viewer, found)}
    )


SAME = (
    "type", "topic", "area", "channel", "urgency", "confidential", "anonymous", "opened_at", "returns", "redos",
    "urges",
)  # fmt: skip


def _columns(found: Case) -> dict[str, Any]:
    return {name: getattr(found, name) for name in SAME} | {
        "lead": unit_code(found.lead_id),
        "assisting": [unit_code(unit) for unit in found.assisting_ids],
        "handler": _username(found.handler_id),
    }


def _username(staff_id: int | None) -> str:
    names = Staff.objects.filter(pk=staff_id).values_list("username", flat=True) if staff_id else ()
    return next(iter(names), "")


def _papers(viewer: Viewer, found: Case) -> dict[str, Any]:
    kinds = [CaseText.Kind.TEXT, CaseText.Kind.PLACE]
    texts = {text.kind: papers.read_text(text) for text in CaseText.objects.filter(case=found, kind__in=kinds)}
    return {
        "title": papers.read_text(found.title) if found.title else "",
        "text": texts.get("text", ""),
        "address": texts.get("place", ""),
        "contact": identity.masked_for(viewer, found),
    }


def _clocks(found: Case) -> list[dict[str, Any]]:
    return [
        {
            "kind": row.kind, "unit": unit_code(row.unit_id), "round": row.round, "started_at": row.started_at,
            "due_at": row.due_at, "provisional": row.provisional, "paused": row.paused_at is not None,
            "stop": row.stop, "stopped_at": row.stopped_at, "in_time": row.in_time,
            "overdue": row.overdue_at is not None,
        }
        for row in CaseClock.objects.filter(case=found).order_by("started_at", "id")
    ]  # fmt: skip


def _may(viewer: Viewer, found: Case) -> list[str]:
    open_to = policy.actions(viewer, found, operations.state_of(found))
    return sorted(name for name, kind in KINDS.items() if kind in open_to)


@router.get("/cases/{number}/events", response={200: list[shapes.EventOut], **REFUSALS})
def events(request: HttpRequest, number: str) -> HttpResponse:
    """All that happened, oldest first."""
    entries = queries.timeline(queries.case_for(viewer_of(request), number))
    return reply([{"seq": seq} | _entry(entry) for seq, entry in enumerate(entries, start=1)])


def _entry(entry: queries.Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in shapes.EntryOut.model_fields}


# What staff do to it -----------------------------------------------------------------------------------------------


def perform(request: HttpRequest, number: str, act: Act) -> HttpResponse:
    """One operation in one transaction; the answer says how the case stands then."""
    at, viewer = datetime.now(UTC), viewer_of(request)

    def done() -> tuple[int, object]:
        found = queries.case_for(viewer, number)
        if act.seen is not None:
            operations.expect(found, length=act.seen)
        act.do(found, by=actors.staff(viewer), at=at)
        return 200, brief(found)

    return once(request, f"staff:{viewer.staff_id}", done, at=at)


def door(shape: type[Act]) -> Callable[..., HttpResponse]:
    """The view of one operation."""

    def act(request: HttpRequest, number: str, body: shape, key: Key) -> HttpResponse:  # type: ignore[valid-type]
        return perform(request, number, body)

    return act


def mount(router: Router, name: str, shape: type[Act]) -> None:
    """Puts the door of one operation where its app's router stands."""
    router.post(
        f"/cases/{{number}}/{name}",
        response={200: shapes.Brief, **REFUSALS},
        operation_id=f"desk_{name}",
        summary=name,
        description=(shape.__doc__ or "").strip(),
    )(door(shape))


for name, (shape, _kind) in DOORS.items():
    mount(router, name, shape)


class Reveal(Body):
    """What the person's details are needed for; it stands in the view log."""

    purpose: shapes.Line


@router.post("/cases/{number}/reveal_contact", response={200: dict[str, str], **REFUSALS})
def reveal_contact(request: HttpRequest, number: str, body: Reveal) -> HttpResponse:
    """Name, phone, e-mail and address in clear, for somebody with the right and a purpose; every look is logged."""
    at, viewer = datetime.now(UTC), viewer_of(request)
    found = queries.case_for(viewer, number)
    return reply(identity.reveal_contact(found, viewer=viewer, purpose=body.purpose, at=at))
