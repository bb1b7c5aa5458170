"""Staff keep the points of their units: add, change, close for a time, take out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingyu.people import operations as changes
from qingyu.people import queries as people
from qingyu.people import sending
from qingyu.people.doors import staff_door, staff_of, viewer_of
from qingyu.people.models import Staff
from qingyu.people.policy import Viewer
from qingyu.people.sending import Keyed
from qingyu.places import operations, policy, queries
from qingyu.places.atlas import atlas
from qingyu.places.forms import CloseForm, PointForm, ReasonForm, offer_lines
from qingyu.places.models import Closure, Point
from qingyu.places.operations.holding import subject
from qingyu.places.views import telling
from qingyu.rules.coverage import write_week

DOOR = policy.MANAGES
A_PAGE = 50


@staff_door(DOOR)
@never_cache
@require_safe
def points(request: HttpRequest) -> HttpResponse:
    """The list; five statements with who asks, however many points there are."""
    at = datetime.now(UTC)
    kind = request.GET.get("kind", "") if request.GET.get("kind") in Point.Kind.values else ""
    words = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    rows = queries.on_desk(viewer_of(request), kind=kind, words=words)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    known = atlas().places
    lines = [(row, _standing(known, row, at)) for row in page.object_list]
    context = {"page": page, "lines": lines, "kind": kind, "q": words, "kinds": Point.Kind.choices}
    return render(request, "places/desk/points.html", context)


def _standing(known: Any, row: Point, at: datetime) -> queries.Standing | None:
    place = known.get(row.code)
    return queries.standing(place, at=at) if place else None


def _units(viewer: Viewer) -> list[tuple[int, str]]:
    return [(u.id, u.name) for u in people.units().values() if u.active and policy.may_manage(viewer, u.id)]


@staff_door(DOOR)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new point."""
    at, units = datetime.now(UTC), _units(viewer_of(request))
    if request.method != "POST":
        first = {"key": sending.new_key(), "keeps_holidays": True, "datum": "gcj02", "unit": viewer_of(request).unit_id}
        return render(request, "places/desk/edit.html", {"form": PointForm(initial=first, units=units)})
    form = PointForm(request.POST, units=units)
    code = sending.once(request, form, sending.caller(request), lambda: _added(form, staff_of(request), at), at=at)
    if code is None:
        sending.again(form, seen=0)
        return render(request, "places/desk/edit.html", {"form": form}, status=form.status)
    messages.success(request, _("Added. Citizens find it from now on."))
    return redirect("desk_point", code)


def _added(form: PointForm, staff: Staff, at: datetime) -> str:
    made = operations.add(form.draft(), code=form.cleaned_data["code"], by=staff, at=at)
    operations.set_hours(made, form.cleaned_data["hours"], by=staff, at=at)
    operations.set_offers(made, form.offered(), by=staff, at=at)
    return made.code


def point_or_404(request: HttpRequest, code: str) -> Point:
    try:
        return queries.for_desk(viewer_of(request), code)
    except queries.NoSuchPoint:
        raise Http404 from None


@staff_door(DOOR)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def point(request: HttpRequest, code: str) -> HttpResponse:
    """One point with all that can be done to it; posted, its facts are changed."""
    at, row = datetime.now(UTC), point_or_404(request, code)
    if request.method != "POST":
        return _page(request, row, at)
    form = PointForm(request.POST, units=_units(viewer_of(request)))
    who, staff = sending.caller(request), staff_of(request)
    done = sending.once(request, form, who, lambda: _changed(row, form, staff, at), at=at)
    if done is None:
        return _page(request, point_or_404(request, code), at, point=form)
    messages.success(request, _("Saved. Citizens see it from now on."))
    return redirect("desk_point", code)


def _changed(row: Point, form: PointForm, staff: Staff, at: datetime) -> str:
    operations.change(row, form.draft(), by=staff, at=at, seen=form.cleaned_data["seen"])
    operations.set_hours(row, form.cleaned_data["hours"], by=staff, at=at)
    operations.set_offers(row, form.offered(), by=staff, at=at)
    return row.code


def _page(request: HttpRequest, row: Point, at: datetime, **refused: Keyed) -> HttpResponse:
    seen, status = changes.last_change(subject(row)), 200
    for form in refused.values():
        sending.again(form, seen=seen)
        status = form.status
    place = atlas().places.get(row.code)
    first = {"key": sending.new_key(), "seen": seen}
    context: dict[str, Any] = {
        "row": row, "standing": queries.standing(place, at=at) if place else None, "at": at,
        "form": PointForm(initial=first | _facts(row), units=_units(viewer_of(request))),
        "close": CloseForm(initial=first | {"starts": at}, auto_id="close-%s"),
        "out": ReasonForm(initial=first, auto_id="out-%s"), "closures": queries.closures(row, at=at),
        "week": telling.week(queries.standing(place, at=at)) if place else [],
        "key": sending.new_key(), "seen": seen, "bound": next(iter(refused.values()), None),
    }  # fmt: skip
    names = {"point": "form", "close": "close", "out": "out"}
    context |= {names[name]: form for name, form in refused.items()}
    return render(request, "places/desk/point.html", context, status=status)


def _facts(row: Point) -> dict[str, Any]:
    plain = ("code", "name", "kind", "address", "lat", "lon", "phone", "way", "hall", "keeps_holidays")
    place = atlas().places.get(row.code)
    periods = place.periods if place else ()
    return {name: getattr(row, name) for name in plain} | {
        "unit": row.unit_id, "features": sorted(row.feature_set), "offers": offer_lines(row),
        "hours": write_week(periods[-1].week) if periods else "",
    }  # fmt: skip


@require_POST
@staff_door(DOOR)
@never_cache
def close(request: HttpRequest, code: str) -> HttpResponse:
    """Closed for a time."""
    at, row = datetime.now(UTC), point_or_404(request, code)
    form = CloseForm(request.POST, auto_id="close-%s")
    who, staff = sending.caller(request), staff_of(request)
    done = sending.once(request, form, who, lambda: _closed(row, form, staff, at), at=at)
    if done is None:
        return _page(request, point_or_404(request, code), at, close=form)
    messages.success(request, _("Closed for that time. Citizens read the reason."))
    return redirect("desk_point", code)


def _closed(row: Point, form: CloseForm, staff: Staff, at: datetime) -> str:
    said = form.cleaned_data
    operations.close_for(
        row, starts=said["starts"], ends=said["ends"], reason=said["reason"], by=staff, at=at, seen=said["seen"]
    )
    return row.code


@require_POST
@staff_door(DOOR)
@never_cache
def lift(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """A closing is taken back."""
    at, row = datetime.now(UTC), point_or_404(request, code)
    closure = Closure.objects.filter(point=row, pk=pk).select_related("point").first()
    if closure is None:
        raise Http404
    form = Keyed(request.POST)
    return _done(request, row, form, lambda: operations.lift(closure, by=staff_of(request), at=at), at=at)


@require_POST
@staff_door(DOOR)
@never_cache
def take_out(request: HttpRequest, code: str) -> HttpResponse:
    """Nobody is sent there any more."""
    at, row = datetime.now(UTC), point_or_404(request, code)
    form = ReasonForm(request.POST, auto_id="out-%s")

    def act() -> str:
        said = form.cleaned_data
        operations.take_out(row, reason=said["reason"], by=staff_of(request), at=at, seen=said["seen"])
        return code

    if sending.once(request, form, sending.caller(request), act, at=at) is None:
        return _page(request, point_or_404(request, code), at, out=form)
    messages.success(request, _("Taken out. Nobody is sent there any more."))
    return redirect("desk_point", code)


@require_POST
@staff_door(DOOR)
@never_cache
def put_back(request: HttpRequest, code: str) -> HttpResponse:
    """It is shown again."""
    at, row = datetime.now(UTC), point_or_404(request, code)
    return _done(
        request, row, Keyed(request.POST), lambda: operations.put_back(row, by=staff_of(request), at=at), at=at
    )


def _done(request: HttpRequest, row: Point, form: Keyed, act: Any, *, at: datetime) -> HttpResponse:
    """An act without words of its own; a refusal stands above the page it leads back to."""

    def acted() -> str:
        act()
        return row.code

    if sending.once(request, form, sending.caller(request), acted, at=at) is None:
        for error in form.non_field_errors() or [_("We could not read what was sent.")]:
            messages.error(request, str(error))
    else:
        messages.success(request, _("Done. Citizens see it from now on."))
    return redirect("desk_point", row.code)
