"""Citizens find the nearest point open now, and read about one. Where they are is sent by POST and kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from qingyu.people.doors import open_door
from qingyu.places import drawing, paces, queries
from qingyu.places.forms import AskForm
from qingyu.places.queries import Ask, Near, Nearby
from qingyu.places.views import telling
from qingyu.rules.coverage import Spot, bearing
from qingyu.rules.refusals import Refusal

QUARTER = 15.0


@dataclass
class Asked:
    """What was asked and what came of it; ``choices`` where several items fit the words."""

    where: str
    spot: Spot
    at: datetime
    item: str = ""
    title: str = ""
    choices: list[tuple[str, str]] = field(default_factory=list)
    answer: Nearby | None = None


@open_door
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def points(request: HttpRequest) -> HttpResponse:
    """The question; posted, the answer below it. Two statements, and those of the halls once in ten seconds."""
    now = datetime.now(UTC)
    form = AskForm(
        request.POST if request.method == "POST" else None, initial={"item": request.GET.get("item", "")[:60]}
    )
    asked = _asked(form, now) if form.is_bound and form.is_valid() else None
    context = {"form": form, "titles": sorted(set(queries.titles().values())), "asked": asked, "now": now}
    if asked and asked.answer:
        context |= _shown(asked, asked.answer, form, now)
    return render(request, "places/points.html", context, status=422 if form.is_bound and form.errors else 200)


def _asked(form: AskForm, now: datetime) -> Asked | None:
    """None where the form could not be answered; then it says why."""
    try:
        spot, where = form.spot()
        asked = Asked(where, spot, form.at(now))
        asked.choices = queries.matching(form.cleaned_data["item"]) if form.cleaned_data["item"].strip() else []
    except Refusal as refusal:
        form.refused(refusal)
        return None
    if len(asked.choices) == 1:
        asked.item, asked.title = asked.choices.pop()
    if not asked.choices:
        asked.answer = queries.nearby(_ask(asked, form, now))
    return asked


def _ask(asked: Asked, form: AskForm, now: datetime) -> Ask:
    return Ask(
        asked.spot, asked.at, now, asked.item, frozenset(form.cleaned_data["needs"]),
        paces.ELDER if form.cleaned_data["slow"] else paces.ADULT,
    )  # fmt: skip


def _shown(asked: Asked, answer: Nearby, form: AskForm, now: datetime) -> dict[str, object]:
    pace = paces.ELDER if form.cleaned_data["slow"] else paces.ADULT
    marks = [
        (one.place.spot, "open" if one.visit.open_now else "shut", reverse("point", args=[one.place.code]))
        for one in answer.near
    ]
    ring = queries.pace(pace, now).reach(QUARTER)
    return {
        "lines": [_line(one, asked.spot) for one in answer.near],
        "map": drawing.around(asked.spot, marks, ring=ring) if answer.near else None,
        "nothing": not answer.near,
        "far": bool(answer.near) and answer.is_far,
        "shut": bool(answer.near) and not answer.open_now and asked.at <= now,
        "later": asked.at > now,
    }


def _line(one: Near, spot: Spot) -> dict[str, object]:
    """One point in words."""
    return {
        "near": one, "place": one.place, "walk": one.visit.walk.whole, "kind": telling.kind(one.place),
        "features": telling.features(one.place.features), "missing": telling.features(one.missing),
        "wait": one.queue.wait.whole if one.queue else None, "queue": one.queue, "visit": one.visit,
        "metres": telling.metres(one.metres), "direction": telling.direction(bearing(spot, one.place.spot)),
        "offer": one.offer, "offers": one.place.offers[:4], "more": max(0, len(one.place.offers) - 4),
    }  # fmt: skip


@open_door
@never_cache
@require_safe
def point(request: HttpRequest, code: str) -> HttpResponse:
    """One point: open or not, its week, what is done there, how to go. One statement, and those of the halls."""
    at = datetime.now(UTC)
    try:
        place = queries.point(code)
    except queries.NoSuchPoint:
        raise Http404 from None
    standing = queries.standing(place, at=at)
    queue = queries.queue_of(place, at=at) if standing.open_until else None  # nobody waits before a closed door
    context = {
        "place": place, "standing": standing, "kind": telling.kind(place), "now": at,
        "features": telling.features(place.features), "queue": queue, "wait": queue.wait.whole if queue else None,
        "unit": telling.unit(place.unit_id), "week": telling.week(standing),
        "guides": queries.with_guide(),
    }  # fmt: skip
    return render(request, "places/point.html", context)
