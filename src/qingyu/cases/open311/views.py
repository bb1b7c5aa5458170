"""Open311 GeoReport v2: discovery, services, requests and tokens, each as XML and as JSON."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from qingyu.cases import idempotency, operations
from qingyu.cases.actors import CITIZEN
from qingyu.cases.models import ApiKey
from qingyu.cases.open311 import filing, keys, queries
from qingyu.cases.open311.filing import Wrong
from qingyu.cases.open311.formats import CONTENT_TYPES, answer, as_json, as_xml
from qingyu.cases.wording import sentence
from qingyu.people.doors import open_door
from qingyu.rules.refusals import NotPermitted, Refusal

SPAN = timedelta(days=90)
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CHANGESET = "2026-01-01T00:00:00+08:00"  # the date of the last change of what we offer here
View = Callable[..., HttpResponse]


def door(view: View) -> View:
    """Errors in the format that was asked for, and answers that any site may read."""

    @csrf_exempt
    @open_door
    @wraps(view)
    def guarded(request: HttpRequest, *, form: str, **named: str) -> HttpResponse:
        if request.method == "OPTIONS":
            return _for_all(HttpResponse(status=204))
        try:
            return _for_all(view(request, form=form, **named))
        except Wrong as wrong:
            return _for_all(error(wrong.status, wrong.description, form))
        except Refusal as refusal:
            status = 403 if isinstance(refusal, NotPermitted) else 400
            return _for_all(error(status, sentence(refusal), form))
        except (MultiPartParserError, SuspiciousOperation):
            return _for_all(error(400, _("The request could not be read"), form))

    return guarded


def _for_all(response: HttpResponse) -> HttpResponse:
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
    response["Access-Control-Allow-Headers"] = "Content-Type, Idempotency-Key"
    return response


def error(status: int, description: str, form: str) -> HttpResponse:
    """A list of errors, as the specification has it, with the HTTP status as its code."""
    return answer("errors", [{"code": str(status), "description": description}], form, status=status)


def only(request: HttpRequest, *methods: str) -> None:
    """Wrong 405 for any other method."""
    if request.method not in (*methods, "HEAD"):
        raise Wrong(405, _("This method is not offered here"))


@door
def discovery(request: HttpRequest, *, form: str) -> HttpResponse:
    """Where the interface stands and which formats it speaks."""
    only(request, "GET")
    endpoint = {
        "specification": SPECIFICATION,
        "url": f"{settings.PUBLIC_URL}/open311/v2",
        "changeset": CHANGESET,
        "type": "production",
        "formats": [CONTENT_TYPES["xml"].split(";")[0], CONTENT_TYPES["json"].split(";")[0]],
    }
    found = {
        "changeset": CHANGESET,
        "contact": _("%(city)s hotline %(phone)s") % {"city": settings.CITY, "phone": settings.HELP_PHONE},
        "key_service": _("Keys are given by the hotline centre on request."),
        "endpoints": [endpoint],
    }
    return answer("discovery", found, form)


@door
def services(request: HttpRequest, *, form: str) -> HttpResponse:
    """What can be asked for: the open topics below which there are no others."""
    only(request, "GET")
    rows = [_service(row) for row in queries.services().values() if row.leaf]
    return answer("services", rows, form)


def _service(row: queries.Service) -> dict[str, Any]:
    return {
        "service_code": row.code,
        "service_name": row.name,
        "description": row.description,
        "metadata": bool(row.attributes),
        "type": "realtime",
        "keywords": row.keywords,
        "group": row.group,
    }


@door
def definition(request: HttpRequest, *, code: str, form: str) -> HttpResponse:
    """The questions of one service."""
    only(request, "GET")
    row = filing.service(code)
    attributes = [
        {
            "variable": attribute.variable,
            "code": attribute.code,
            "datatype": attribute.datatype,
            "required": attribute.required,
            "datatype_description": attribute.datatype_description or None,
            "order": attribute.order,
            "description": attribute.description,
            "values": [{"key": str(key), "name": name} for key, name in attribute.values],
        }
        for attribute in row.attributes
    ]
    return answer("service_definition", {"service_code": row.code, "attributes": attributes}, form)


# Requests ----------------------------------------------------------------------------------------------------------


@door
def requests(request: HttpRequest, *, form: str) -> HttpResponse:
    """GET: the requests that anyone may know of. POST: files one."""
    only(request, "GET", "POST")
    if request.method == "POST":
        return _file(request, form)
    return answer("service_requests", queries.requests(search(request, at=datetime.now(UTC))), form)


def _file(request: HttpRequest, form: str) -> HttpResponse:
    at, partner = datetime.now(UTC), _partner(request)
    sent = filing.read(request.POST)
    call = idempotency.Call(
        caller=f"open311:{partner.pk}",
        route=request.path,
        key=request.headers.get("Idempotency-Key", "").replace("\x00", "")[:120],
        body=request.POST.urlencode().encode(),
    )
    status, text = idempotency.once(call, lambda: (201, _filed(sent, form, at)), at=at)
    return HttpResponse(text, status=status, content_type=CONTENT_TYPES[form])


def _partner(request: HttpRequest) -> ApiKey:
    partner = keys.holder(request.POST.get("api_key", ""))
    if partner is None:
        raise Wrong(403, _("api_key is missing or not valid"))
    return partner


def _filed(sent: filing.Sent, form: str, at: datetime) -> str:
    with transaction.atomic():
        opened = operations.open_case(sent.filing, by=CITIZEN, at=at)
        if sent.more:
            operations.add(opened.case, text=sent.more, by=CITIZEN, at=at)
    notice = _("Query code %(code)s. Follow the request at %(url)s.") % {
        "code": opened.query_code,
        "url": f"{settings.PUBLIC_URL}/track/",
    }
    rows = [{"service_request_id": opened.case.number, "service_notice": notice, "account_id": None}]
    return as_json("", rows) if form == "json" else as_xml("service_requests", rows).decode()


@door
def one(request: HttpRequest, *, number: str, form: str) -> HttpResponse:
    """One request, or several whose ids are parted by commas."""
    only(request, "GET")
    rows = queries.requests(queries.Search(numbers=_listed(number)))
    if not rows:
        raise Wrong(404, _("service_request_id was not found"))
    return answer("service_requests", rows, form)


@door
def token(request: HttpRequest, *, number: str, form: str) -> HttpResponse:
    """Every request has its id at once, so its token, where a client asks for one, is that same id."""
    only(request, "GET")
    rows = queries.requests(queries.Search(numbers=(number,)))
    if not rows:
        raise Wrong(404, _("token was not found"))
    return answer("service_requests", [{"service_request_id": number, "token": number}], form)


def search(request: HttpRequest, *, at: datetime) -> queries.Search:
    """The arguments of a list; Wrong 400 where one cannot be read. 90 days at most, and the last 90 if not told."""
    given = request.GET
    start, end = _span(_moment(given.get("start_date", "")), _moment(given.get("end_date", "")), at)
    statuses = _listed(given.get("status", ""))
    if not set(statuses) <= set(queries.STATUSES):
        raise Wrong(400, _("%(field)s is not valid") % {"field": "status"})
    return queries.Search(
        numbers=_listed(given.get("service_request_id", "")),
        services=_listed(given.get("service_code", "")),
        statuses=statuses,
        start=start,
        end=end,
        page=_count(given.get("page", ""), "page", 1, most=10_000),
        page_size=_count(given.get("page_size", ""), "page_size", queries.MOST, most=queries.MOST),
    )


def _listed(text: str) -> tuple[str, ...]:
    parts = (part.strip() for part in text.replace("\x00", "").split(","))
    return tuple(part for part in parts if part)[: queries.MOST]


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:  # a plus that was not escaped arrives as a blank
        found = datetime.fromisoformat(text.replace(" ", "+"))
        return found.astimezone(UTC) if found.tzinfo else _refuse_date()
    except (ValueError, OverflowError):
        return _refuse_date()


def _refuse_date() -> datetime:
    raise Wrong(400, _("Dates are written like 2026-01-01T00:00:00+08:00"))


def _span(start: datetime | None, end: datetime | None, at: datetime) -> tuple[datetime, datetime]:
    try:
        last = end or (start + SPAN if start else at)
        first = start or last - SPAN
        if not timedelta(0) <= last - first <= SPAN:
            raise Wrong(400, _("The range may span at most 90 days"))
    except OverflowError:
        _refuse_date()
    return first, last


def _count(text: str, field: str, default: int, *, most: int) -> int:
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= most:
        raise Wrong(400, _("%(field)s is not valid") % {"field": field})
    return int(text[:9])
