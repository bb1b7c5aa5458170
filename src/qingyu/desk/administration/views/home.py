"""The first page of the administrator, and the record of changes."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from qingyu.desk.administration import labels, queries, warnings
from qingyu.people.doors import staff_door


@require_safe
@staff_door("people.manage", "routes.manage", "calendar.manage")
def home(request: HttpRequest) -> HttpResponse:
    """What there is to look after, with what is amiss on top."""
    at = datetime.now(UTC)
    context = {"warnings": warnings.of(request.viewer, at=at), "here": "home"}  # type: ignore[attr-defined]
    return render(request, "desk/administration/home.html", context)


@require_safe
@staff_door("people.manage")
def changes(request: HttpRequest) -> HttpResponse:
    """Who changed what, when and why, with before and after."""
    given = {name: request.GET.get(name, "").strip() for name in ("subject", "words", "by", "what")}
    found = queries.page_of(queries.changes(**given), request.GET.get("page", ""))
    context = {
        "found": found,
        "rows": queries.told(found),
        "given": given,
        "subjects": labels.SUBJECTS.items(),
        "acts": labels.ACTS.items(),
        "here": "changes",
    }
    return render(request, "desk/administration/changes.html", context)
