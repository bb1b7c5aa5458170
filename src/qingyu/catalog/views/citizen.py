"""The citizen's pages: find a service item, read its guide, print what to bring. They work without scripts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from qingyu.catalog import labels, queries
from qingyu.catalog.models import Item
from qingyu.catalog.ports import ways_of
from qingyu.catalog.queries import Asked, Guide, Listed
from qingyu.people import queries as people
from qingyu.people.doors import open_door

A_PAGE = 20
LONGEST_WORDS = 200
SHOWN_THEMES = 12


def asked_by(request: HttpRequest) -> Asked:
    """What the address asks for; what it cannot ask for narrows nothing."""
    said = {name: request.GET.get(name, "").replace("\x00", "").strip() for name in ("q", "theme", "subject", "unit")}
    subject = said["subject"] if said["subject"] in (Item.Subject.NATURAL, Item.Subject.LEGAL) else ""
    words = said["q"][:LONGEST_WORDS].encode(errors="ignore").decode()
    theme = said["theme"][:60].encode(errors="ignore").decode()
    return Asked(words, theme, subject, people.unit_ids().get(said["unit"]))


@open_door
@require_safe
def items(request: HttpRequest) -> HttpResponse:
    """The search, narrowed by theme, unit and who it is for; without words everything by name."""
    day, asked = people.city_day(datetime.now(UTC)), asked_by(request)
    rows: Any = queries.ranked(asked, day=day) if asked.words else queries.browse(asked, day=day)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    found = queries.of_hits(list(page), day=day) if asked.words else queries.listed(page, day=day)
    themes, units = queries.themes(day), queries.units_with_items(day)
    context = {
        "asked": asked, "unit": request.GET.get("unit", "") if asked.unit else "", "page": page,
        "found": [(one, _promise(one)) for one in found], "total": page.paginator.count, "themes": themes,
        "units": units, "top": themes[:SHOWN_THEMES],
        "begun": bool(asked.words or asked.theme or asked.subject or asked.unit),
    }  # fmt: skip
    return render(request, "catalog/items.html", context)


def _promise(one: Listed) -> str:
    version = one.version
    return labels.days(version.promised_days, version.promised_day_kind) or labels.days(
        version.legal_days, version.legal_day_kind
    )


def guide_or_404(code: str, at: datetime) -> Guide:
    """The guide of that day; 404 where there is none."""
    try:
        return queries.guide(code, day=people.city_day(at))
    except queries.NoSuchItem:
        raise Http404 from None


@open_door
@require_safe
def item(request: HttpRequest, code: str) -> HttpResponse:
    """One item: who can, what to bring, how long, what it costs, where, who answers for it."""
    at = datetime.now(UTC)
    guide = guide_or_404(code, at)
    context = shown(guide, at=at) | {"ways": ways_of(guide, at=at)}
    return render(request, "catalog/item.html", context)


@open_door
@require_safe
def checklist(request: HttpRequest, code: str) -> HttpResponse:
    """The same on paper, with boxes to tick."""
    at = datetime.now(UTC)
    return render(request, "catalog/print.html", shown(guide_or_404(code, at), at=at) | {"at": at})


def shown(guide: Guide, *, at: datetime) -> dict[str, Any]:
    """What the pages of one guide show."""
    item, version, day = guide.item, guide.version, people.city_day(at)
    special = [(one["name"], labels.days(one["days"], ""), one["basis"]) for one in version.special]
    return {
        "guide": guide, "item": item, "version": version, "materials": guide.materials, "day": day,
        "promised": labels.days(version.promised_days, version.promised_day_kind),
        "legal": labels.days(version.legal_days, version.legal_day_kind),
        "steps": [line for line in version.steps.splitlines() if line.strip()], "special": special,
        "owner": labels.post_of(item.owner), "deputy": labels.post_of(item.deputy),
        "keeper": item.department or item.unit.name, "stale": item.review_due_on < day,
    }  # fmt: skip
