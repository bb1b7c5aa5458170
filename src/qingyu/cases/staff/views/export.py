"""A list taken out of the house as a spreadsheet, for a purpose."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qingyu.cases import export as sheets
from qingyu.cases import labels, queries, search, wording
from qingyu.cases.models import Case
from qingyu.cases.staff import baskets, options
from qingyu.cases.topics import full_name
from qingyu.people.doors import staff_door
from qingyu.people.policy import Viewer
from qingyu.rules.refusals import NotPermitted, NotValid

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "POST"])
@staff_door("case.export")
def export(request: HttpRequest) -> HttpResponseBase:
    """GET: which list, and what for. POST: the file."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    staff: Any = request.user
    at = datetime.now(UTC)
    name = request.GET.get("basket", "open")
    wanted = baskets.wanted(name, request.GET, viewer=viewer, at=at)
    if words := request.GET.get("words", "").strip():
        wanted = replace(wanted, numbers=tuple(row.number for row in search.find_words(viewer, words)))
    if request.method != "POST":
        return _ask(request, name)
    try:
        sheet = sheets.export(wanted, by=staff, purpose=request.POST.get("purpose", ""), at=at)
    except (NotValid, NotPermitted) as refusal:
        status = 422 if isinstance(refusal, NotValid) else 403
        return _ask(request, name, wording.sentence(refusal), status)
    filename = f"cases-{at:%Y%m%d-%H%M}.xlsx"
    return FileResponse(sheet.file, as_attachment=True, filename=filename, content_type=XLSX)


def _ask(request: HttpRequest, name: str, error: str = "", status: int = 200) -> HttpResponse:
    kind = baskets.BY_NAME.get(name)
    context = {
        "label": kind.label if kind else "", "conditions": _conditions(request), "error": error, "most": sheets.MOST,
        "back": baskets.address(name, request.GET), "purpose": request.POST.get("purpose", ""),
    }  # fmt: skip
    return render(request, "cases/staff/export.html", context, status=status)


def _conditions(request: HttpRequest) -> list[tuple[str, str]]:
    """The narrowing in words."""
    given = request.GET
    types: dict[str, Any] = dict(Case.Type.choices)
    found = [
        (_("State"), labels.standing(given["state"]) if given.get("state") in Case.State.values else ""),
        (_("Type"), str(types.get(given.get("type", ""), ""))),
        (_("Topic"), full_name(given.get("topic", ""))),
        (_("Area"), queries.area_name(given.get("area", ""))),
        (_("Words"), given.get("words", "")),
        (_("Unit"), dict(options.units()).get(given.get("owner", ""), "")),
    ]
    return [(label, value) for label, value in found if value]
