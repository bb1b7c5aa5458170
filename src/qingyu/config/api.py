"""The JSON API: which routers stand where, and how every refusal looks."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from qingyu import __version__
from qingyu.applications.api import desk_router as applications_desk_router
from qingyu.applications.api import router as applications_router
from qingyu.assessment.api import router as barometer_router
from qingyu.cases.api import citizen_router, desk_router
from qingyu.cases.queries import NoSuchCase
from qingyu.cases.wording import sentence, wording
from qingyu.catalog.api import desk_router as items_desk_router
from qingyu.catalog.api import router as items_router
from qingyu.followup.api import router as followup_router
from qingyu.hall.api import appointments_router
from qingyu.hall.api import router as hall_router
from qingyu.hall.facilities.api import router as facilities_router
from qingyu.hotline.api import desk_router as hotline_desk_router
from qingyu.hotline.api import router as hotline_router
from qingyu.knowledge.api import desk_router as answers_desk_router
from qingyu.knowledge.api import router as answers_router
from qingyu.people.api import SignInLocked, SignInRefused
from qingyu.people.api import router as session_router
from qingyu.people.doors import open_door
from qingyu.places.api import desk_router as points_desk_router
from qingyu.places.api import router as points_router
from qingyu.rules.refusals import NotAllowed, NotPermitted, NotValid, Refusal

api = NinjaAPI(
    title="Qingyu",
    version=__version__,
    urls_namespace="api",
    docs_url=None,
    openapi_url="/openapi.json",
    description="One accountable desk: file, follow and handle requests. Every refusal is {code, message, fields?}.",
)
api.add_router("", session_router)
api.add_router("", citizen_router)
api.add_router("/desk", desk_router)
api.add_router("/desk", followup_router)
api.add_router("", answers_router)
api.add_router("/desk", answers_desk_router)
api.add_router("", items_router)
api.add_router("/desk", items_desk_router)
api.add_router("", points_router)
api.add_router("/desk", points_desk_router)
api.add_router("", barometer_router)
api.add_router("", facilities_router)
api.add_router("", applications_router)
api.add_router("/desk", applications_desk_router)
api.add_router("", hall_router)
api.add_router("", appointments_router)
api.add_router("", hotline_router)
api.add_router("/desk", hotline_desk_router)

STATUS: dict[type[Refusal], int] = {NotAllowed: 409, NotValid: 422, NotPermitted: 403}
# A query code that opens nothing is answered as a number that does not exist.
OWN_STATUS = {"code_wrong": 404, "file_too_big": 413, "no_room_for_files": 503, "too_many_held": 429}


def problem(
    request: HttpRequest, code: str, status: int, *, message: str = "", fields: dict[str, str] | None = None
) -> HttpResponse:
    """The one shape of a refusal."""
    body: dict[str, Any] = {"code": code, "message": message or wording(code)}
    return api.create_response(request, body | ({"fields": fields} if fields else {}), status=status)


@api.exception_handler(Refusal)
def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A rule said no."""
    status = next((status for kind, status in STATUS.items() if isinstance(refusal, kind)), 500)
    field, message = getattr(refusal, "field", ""), sentence(refusal)
    status = OWN_STATUS.get(refusal.code, status)
    return problem(request, refusal.code, status, message=message, fields={field: message} if field else None)


@api.exception_handler(NoSuchCase)
def out_of_sight(request: HttpRequest, error: NoSuchCase) -> HttpResponse:
    return problem(request, "case_not_found", 404)


@api.exception_handler(SignInRefused)
def not_signed_in(request: HttpRequest, error: SignInRefused) -> HttpResponse:
    response = problem(request, error.code, 401)
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(SignInLocked)
def locked_out(request: HttpRequest, error: SignInLocked) -> HttpResponse:
    response = problem(request, "sign_in_locked", 429)
    response["Retry-After"] = "900"
    return response


@api.exception_handler(ValidationError)
def not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """The body or the address does not have the shape; each field says what is wrong in plain words."""
    fields = {_place(found): wording(_code(found)) for found in error.errors}
    return problem(request, "fields_not_valid", 422, fields=fields)


def _place(found: dict[str, Any]) -> str:
    """``contact.phone`` of a location such as ("body", "body", "contact", "phone")."""
    parts = [str(part) for part in found["loc"][1:]] or [str(part) for part in found["loc"]]
    return ".".join(parts[1:] if parts[0] in ("body", "wanted") and len(parts) > 1 else parts)


def _code(found: dict[str, Any]) -> str:
    kinds = {"missing": "field_missing", "string_too_long": "field_too_long", "too_long": "field_too_long"}
    return kinds.get(found["type"], "field_not_valid")


@api.exception_handler(RequestDataTooBig)
def too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return problem(request, "too_large", 413)


@api.exception_handler(SuspiciousOperation)
def not_readable(request: HttpRequest, error: SuspiciousOperation) -> HttpResponse:
    return problem(request, "not_readable", 400)


@api.exception_handler(Http404)
def nothing_here(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(request, "not_found", 404)


@api.exception_handler(HttpError)
def other(request: HttpRequest, error: HttpError) -> HttpResponse:
    """What the framework itself refuses: above all a body that is no JSON."""
    code = {400: "not_readable", 404: "not_found", 413: "too_large"}.get(error.status_code, "request_refused")
    return problem(request, code, error.status_code)


@open_door
def nowhere(request: HttpRequest) -> HttpResponse:
    """An address under /api/ that is none: a program asks, so it is told as JSON."""
    return problem(request, "not_found", 404)


@open_door
def docs(request: HttpRequest) -> HttpResponse:
    """The list of doors as a page of ours: no scripts, no other hosts."""
    return render(request, "config/api_docs.html", {"doors": doors(api.get_openapi_schema())})


METHODS = ("get", "post", "put", "patch", "delete")


def doors(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """Every door of an OpenAPI schema, flat: method, path, what it does, fields of the body, answers."""
    return [
        {
            "method": method.upper(),
            "path": path,
            "text": entry.get("description") or entry.get("summary", ""),
            "signed": bool(entry.get("security")),
            "parameters": entry.get("parameters", []),
            "fields": _fields(entry, schema),
            "answers": sorted(entry["responses"]),
        }
        for path, entries in schema["paths"].items()
        for method, entry in entries.items()
        if method in METHODS
    ]


def _fields(entry: dict[str, Any], schema: dict[str, Any]) -> list[tuple[str, bool]]:
    """Names of the body's fields and whether they are needed."""
    contents = list(entry.get("requestBody", {}).get("content", {}).values())
    shape: dict[str, Any] = contents[0].get("schema", {}) if contents else {}
    if "$ref" in shape:
        shape = schema["components"]["schemas"][shape["$ref"].rsplit("/", 1)[-1]]
    return [(name, name in shape.get("required", [])) for name in shape.get("properties", {})]
