"""Finding a case by number, phone or words. A phone number never stands in an address, so what is sought is posted."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from qingyu.cases import search
from qingyu.cases.staff import showing
from qingyu.cases.staff.views.basket import shelf
from qingyu.people.doors import staff_door
from qingyu.people.policy import Viewer

LOOKS_LIKE_A_PHONE = re.compile(r"[+\d\s\-()]{4,20}")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_door("case.read")
def find(request: HttpRequest) -> HttpResponse:
    """Up to 50 cases, and what other doors know; a case alone opens at once.

    GET takes words (``?q=``), never a phone number.
    """
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if LOOKS_LIKE_A_PHONE.fullmatch(request.GET.get("q", "").strip()):
        return HttpResponseRedirect(reverse("search"))
    sought = _sought(request)
    at = datetime.now(UTC)
    rows = search.find(viewer, sought) if sought else []
    elsewhere = search.elsewhere(viewer, sought, at=at) if sought else []
    if len(rows) == 1 and all(one.number == rows[0].number for one in elsewhere):
        return HttpResponseRedirect(reverse("case", args=[rows[0].number]), status=303)
    frame = shelf(request, at=at)
    context = {
        **frame, "shelf": frame["shelf_closed"], "basket": "", "sought": sought,
        "lines": showing.lines(rows, at=at), "elsewhere": elsewhere,
        "full": len(rows) == search.MOST, "may_phone": viewer.may("contact.find"),
    }  # fmt: skip
    return render(request, "cases/staff/find.html", context)


def _sought(request: HttpRequest) -> str:
    if request.method == "POST":
        return request.POST.get("q", "").strip()[:100]
    return request.GET.get("q", "").strip()[:100]
