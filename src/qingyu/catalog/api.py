"""Service items as JSON: anybody searches and reads guides; staff keep them with their token."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated, Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from qingyu.catalog import apidesk, queries
from qingyu.catalog.models import Item
from qingyu.catalog.queries import Asked, Guide, Listed
from qingyu.people import queries as people
from qingyu.people.api import staff_token
from qingyu.people.bodies import STORABLE, Body
from qingyu.people.policy import Viewer
from qingyu.people.replies import REFUSALS, once, reply
from qingyu.rules.refusals import NotValid

router = Router(tags=["items"])
desk_router = Router(tags=["items"], auth=staff_token)
A_PAGE = 50


Code = Annotated[str, Field(max_length=60), STORABLE]
Line = Annotated[str, Field(max_length=500), STORABLE]
Text = Annotated[str, Field(max_length=10_000), STORABLE]
Reason = Annotated[str, Field(max_length=300), STORABLE]
Small = Annotated[int, Field(ge=0, le=32_000)]
Seen = Annotated[int | None, Field(ge=0, le=2**31 - 1)]


class DaysOut(Schema):
    """A limit. ``kind`` working or calendar, empty where the guide does not say; 0 days: while the person waits."""

    days: int
    kind: str


class ItemOut(Schema):
    """An item in a list. ``state`` planned, in_force, suspended or withdrawn; ``stale``: its review is overdue."""

    code: str
    name: str
    unit: str
    subject: str
    state: str
    stale: bool
    online: bool
    promised: DaysOut | None
    legal: DaysOut | None


class Items(Schema):
    """A page of 50; ``total`` of all pages."""

    items: list[ItemOut]
    total: int
    page: int


class MaterialOut(Schema):
    """A paper to bring; ``needed_if`` empty: always."""

    code: str
    name: str
    kind: str
    originals: int
    copies: int
    source: str
    issuer: str
    electronic: bool
    needed_if: str
    sample: str
    note: str


class GuideOut(ItemOut):
    """The guide of an item as it holds today. ``charged`` null: not said; ``form`` the declared fields, if any."""

    version: int
    valid_from: date
    kind: str
    themes: list[str]
    conditions: str
    steps: str
    result_name: str
    basis: str
    special: list[dict[str, Any]]
    charged: bool | None
    fee: str
    fee_basis: str
    visits: int | None
    where: str
    hours: str
    at_window: bool
    by_post: bool
    online_address: str
    phone: str
    complaint_phone: str
    reviewed_on: date | None
    review_due_on: date
    materials: list[MaterialOut]
    form: list[dict[str, Any]] | None


class MaterialIn(Body):
    name: Line
    code: Code = ""
    kind: Code = ""
    originals: Small = 0
    copies: Small = 0
    source: Code = ""
    issuer: Line = ""
    electronic: bool = False
    needed_if: Line = ""
    sample: Line = ""
    note: Line = ""
    basis: Line = ""


class GuideIn(Body):
    """The guide of a version from a day on; without one from today."""

    name: Line
    conditions: Text = ""
    steps: Text = ""
    result_name: Line = ""
    basis: Text = ""
    legal_days: Small | None = None
    legal_day_kind: Code = ""
    promised_days: Small | None = None
    promised_day_kind: Code = ""
    charged: bool | None = None
    fee: Line = ""
    fee_basis: Line = ""
    visits: Small | None = None
    visits_reason: Line = ""
    where: Text = ""
    hours: Text = ""
    at_window: bool = True
    online: bool = False
    online_address: Line = ""
    by_post: bool = False
    scope: Line = ""
    phone: Line = ""
    complaint_phone: Line = ""
    materials: list[MaterialIn] = Field(default_factory=list, max_length=200)


class VersionIn(Body):
    guide: GuideIn
    valid_from: date | None = None
    reason: Reason = ""
    seen: Seen = None


class AddIn(VersionIn):
    """A new item of the own unit, or of ``unit``; ``owner`` and ``deputy`` are user names."""

    code: Code
    unit: Code = ""
    owner: Code = ""
    deputy: Code = ""
    kind: Code = "20"
    subject: Code = "natural"
    aliases: list[Line] = Field(default_factory=list, max_length=30)
    themes: list[Code] = Field(default_factory=list, max_length=20)
    review_due_on: date | None = None


class ReviewIn(Body):
    review_due_on: date | None = None
    seen: Seen = None


class AssignIn(Body):
    """User names of staff of the unit; empty: nobody."""

    owner: Code = ""
    deputy: Code = ""
    seen: Seen = None


class SuspendIn(Body):
    reason: Reason
    since: date | None = None
    until: date | None = None
    seen: Seen = None


class ResumeIn(Body):
    seen: Seen = None


class WithdrawIn(Body):
    reason: Reason
    on: date | None = None
    seen: Seen = None


class FormIn(Body):
    """The declared fields of the item's form (``rules.forms``)."""

    form: list[dict[str, Any]] = Field(max_length=200)
    valid_from: date | None = None
    seen: Seen = None


class Standing(Schema):
    """How an item stands: ``seen`` goes with the next act."""

    code: str
    name: str
    unit: str
    state: str
    newest: int
    review_due_on: date
    seen: int


# Answers made by hand ------------------------------------------------------------------------------------------


def _days(amount: int | None, kind: str) -> dict[str, object] | None:
    return None if amount is None else {"days": amount, "kind": kind}


def _listed(one: Listed) -> dict[str, object]:
    version = one.version
    return {
        "code": one.code, "name": one.name, "unit": one.unit, "subject": one.subject, "state": one.state,
        "stale": one.stale, "online": version.online,
        "promised": _days(version.promised_days, version.promised_day_kind),
        "legal": _days(version.legal_days, version.legal_day_kind),
    }  # fmt: skip


_SAME = (
    "valid_from", "conditions", "steps", "result_name", "basis", "special", "charged", "fee", "fee_basis", "visits",
    "where", "hours", "at_window", "by_post", "online_address", "phone", "complaint_phone",
)  # fmt: skip


def _guide(guide: Guide, day: date) -> dict[str, object]:
    item, version = guide.item, guide.version
    listed = Listed(
        item.code, item.department or item.unit.name, item.subject, guide.state, item.review_due_on < day, version
    )
    form = queries.form_for(item, day=day)
    return _listed(listed) | {name: getattr(version, name) for name in _SAME} | {
        "version": version.number, "kind": item.kind, "themes": [one.theme for one in item.themes.all()],
        "reviewed_on": item.reviewed_on, "review_due_on": item.review_due_on, "form": form.fields if form else None,
        "materials": [{name: getattr(one, name) for name in MaterialOut.model_fields} for one in guide.materials],
    }  # fmt: skip


# Everybody -----------------------------------------------------------------------------------------------------

Words = Annotated[str, Query("", max_length=200, description="in any words")]
Theme = Annotated[str, Query("", max_length=60)]
Subject = Annotated[str, Query("", pattern="^(natural|legal)?$", description="natural or legal persons")]
UnitCode = Annotated[str, Query("", max_length=60, description="the code of a unit")]
Page = Annotated[int, Query(1, ge=1, le=100_000)]


@router.get("/items", response={200: Items, **REFUSALS})
def search(request: HttpRequest, q: Words, theme: Theme, subject: Subject, unit: UnitCode, page: Page) -> HttpResponse:
    """Items that fit the words, the best first (at most 60); without words all by name."""
    day = people.city_day(datetime.now(UTC))
    asked = Asked(q.replace("\x00", "").strip(), theme.replace("\x00", ""), subject, _unit(unit) if unit else None)
    rows: Any = queries.ranked(asked, day=day) if asked.words else queries.browse(asked, day=day)
    shown = Paginator(rows, A_PAGE).get_page(page)
    found = queries.of_hits(list(shown), day=day) if asked.words else queries.listed(shown, day=day)
    return reply({"items": [_listed(o) for o in found], "total": shown.paginator.count, "page": page})


@router.get("/items/{code}", response={200: GuideOut, **REFUSALS})
def read(request: HttpRequest, code: str) -> HttpResponse:
    """One guide as it holds today, withdrawn ones too; 404 where there is none."""
    day = people.city_day(datetime.now(UTC))
    try:
        guide = queries.guide(code, day=day)
    except queries.NoSuchItem:
        raise Http404 from None
    return reply(_guide(guide, day))


def _unit(code: str) -> int:
    try:
        return people.unit_ids()[code]
    except KeyError:
        raise NotValid("unit_unknown", field="unit") from None


# Staff ---------------------------------------------------------------------------------------------------------

Act = Callable[[Viewer, datetime], Item]


def _act(request: HttpRequest, act: Act, *, status: int = 200) -> HttpResponse:
    """Does it once for the key, and says how the item stands after it."""
    viewer: Viewer = request.auth  # type: ignore[attr-defined]
    viewer.require("item.read")
    at = datetime.now(UTC)

    def done() -> tuple[int, object]:
        return status, apidesk.standing(act(viewer, at), people.city_day(at))

    return once(request, f"staff:{viewer.staff_id}", done, at=at)


@desk_router.post("/items", response={201: Standing, **REFUSALS})
def add(request: HttpRequest, body: AddIn) -> HttpResponse:
    """A new item with its first guide."""
    return _act(request, lambda viewer, at: apidesk.add(body, viewer, at), status=201)


@desk_router.post("/items/{code}/versions", response={201: Standing, **REFUSALS})
def new_version(request: HttpRequest, code: str, body: VersionIn) -> HttpResponse:
    """Another guide from a day on; the one in force stays as it is until then."""
    return _act(request, lambda viewer, at: apidesk.new_version(code, body, viewer, at), status=201)


@desk_router.post("/items/{code}/form", response={201: Standing, **REFUSALS})
def form(request: HttpRequest, code: str, body: FormIn) -> HttpResponse:
    """What the form of the item asks from a day on."""
    return _act(request, lambda viewer, at: apidesk.form(code, body, viewer, at), status=201)


@desk_router.post("/items/{code}/review", response={200: Standing, **REFUSALS})
def review(request: HttpRequest, code: str, body: ReviewIn) -> HttpResponse:
    """The guide has been read and holds."""
    return _act(request, lambda viewer, at: apidesk.review(code, body, viewer, at))


@desk_router.post("/items/{code}/assign", response={200: Standing, **REFUSALS})
def assign(request: HttpRequest, code: str, body: AssignIn) -> HttpResponse:
    """Who answers for the item, and who stands in."""
    return _act(request, lambda viewer, at: apidesk.assign(code, body, viewer, at))


@desk_router.post("/items/{code}/suspend", response={200: Standing, **REFUSALS})
def suspend(request: HttpRequest, code: str, body: SuspendIn) -> HttpResponse:
    """Nobody can ask for it for a while; its page says why."""
    return _act(request, lambda viewer, at: apidesk.suspend(code, body, viewer, at))


@desk_router.post("/items/{code}/resume", response={200: Standing, **REFUSALS})
def resume(request: HttpRequest, code: str, body: ResumeIn) -> HttpResponse:
    """It can be asked for again."""
    return _act(request, lambda viewer, at: apidesk.resume(code, body, viewer, at))


@desk_router.post("/items/{code}/withdraw", response={200: Standing, **REFUSALS})
def withdraw(request: HttpRequest, code: str, body: WithdrawIn) -> HttpResponse:
    """From a day on it is offered no more."""
    return _act(request, lambda viewer, at: apidesk.withdraw(code, body, viewer, at))
