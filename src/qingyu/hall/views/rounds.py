"""The round on a phone: the hall place by place, one tap each; every tick is kept, whatever is refused after it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from qingyu.cases import actors
from qingyu.cases.idempotency import Call, once
from qingyu.cases.ports import sender_of
from qingyu.cases.wording import sentence
from qingyu.hall.facilities import photos, queries
from qingyu.hall.models import Facility, Hall, RoundPlan
from qingyu.hall.operations import rounds
from qingyu.hall.operations.facilities import Seen
from qingyu.hall.queries import hall
from qingyu.hall.views import taking
from qingyu.people import queries as people
from qingyu.people.doors import staff_door
from qingyu.rules.refusals import NotAllowed, NotPermitted, NotValid, Refusal


@staff_door("hall.ticket", "hall.manage")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def round_(request: HttpRequest, code: str, time: str) -> HttpResponse:
    """The list of a round of today; seven statements to look. Posted: one tick, or the rest of one place."""
    found, at = hall(code), datetime.now(UTC)
    queries.round_on(found, people.city_day(at), time)
    if not queries.may_go_round(request.viewer, found):  # type: ignore[attr-defined]
        raise PermissionDenied
    if request.method != "POST":
        return _page(request, found, time, at)
    try:
        place = _tick(request, found, time, at)
    except (NotAllowed, NotValid, NotPermitted) as refusal:
        return _page(request, found, time, at, refusal)
    return HttpResponseRedirect(f"{reverse('round', args=[code, time])}#{place}", status=303)


def _tick(request: HttpRequest, found: Hall, time: str, at: datetime) -> str:
    """Does what was tapped, once for its key; where on the page to go on."""
    given, by = request.POST, actors.staff(request.viewer)  # type: ignore[attr-defined]
    listed = queries.facilities_of(found)
    names = request.POST.get("rest", "").split(",")
    if "rest" in given:
        rest = [one for one in listed if one.code in names]
        _once(given, f"rest:{found.pk}:{time}", by, at, lambda: rounds.tick_rest(found, rest, time=time, by=by, at=at))
        return f"place-{given.get('place', '')[:3]}"
    facility = next((one for one in listed if one.code == given.get("facility")), None)
    if facility is None:
        raise NotValid("not_found", field="facility")
    said = given.get("said", "")
    photo = photos.hold(request.FILES.get("photo"), sender=sender_of()(request))
    seen = Seen(photo=photo, count=_count(given.get("count", "")))
    _once(given, f"tick:{facility.code}:{time}"[:120], by, at,
          lambda: rounds.tick(found, facility, time=time, said=said, by=by, at=at, seen=seen))  # fmt: skip
    return f"at-{facility.code}"


def _once(given: Any, route: str, by: actors.Actor, at: datetime, act: Any) -> None:
    body = f"{given.get('said', '')}:{given.get('count', '')}:{given.get('rest', '')}".encode()

    def done() -> tuple[int, str]:
        act()
        return 303, ""

    once(Call(f"staff:{by.staff_id}", route, given.get("key", "")[:64], body), done, at=at)


def _count(text: str) -> int | None:
    """The figure that was typed; none where nothing was. NotValid("count_not_valid")."""
    if not text.strip():
        return None
    if not (text.strip().isascii() and text.strip().isdigit()) or len(text.strip()) > 5:
        raise NotValid("count_not_valid", field="count")
    return int(text)


def _page(request: HttpRequest, found: Hall, time: str, at: datetime, refusal: Refusal | None = None) -> HttpResponse:
    day = people.city_day(at)
    row = queries.round_on(found, day, time)
    seen = queries.seen_in(row) if row else {}
    listed = queries.facilities_of(found)
    places = _places(listed, seen, request.POST if refusal else {}, refusal)
    left = sum(1 for one in listed if one.pk not in seen and one.state != Facility.State.OUT_OF_USE)
    context = {
        "hall": found, "time": time, "label": RoundPlan.Time(time).label, "day": day, "row": row, "places": places,
        "left": left, "total": len(listed), "done": len(listed) - left, "key": taking.new_key(),
        "accept": photos.ACCEPT, "refused": bool(refusal), "others": queries.rounds_on(found, day),
    }  # fmt: skip
    status = 200 if refusal is None else 403 if isinstance(refusal, NotPermitted) else 422
    return render(request, "hall/round.html", context, status=status)


def _places(
    listed: Sequence[Facility], seen: dict[int, Any], given: Any, refusal: Refusal | None
) -> list[dict[str, Any]]:
    """The facilities by window and place, each with what was seen of it and what was refused."""
    places: dict[str, dict[str, Any]] = {}
    for one in listed:
        name = one.where or _("Hall")
        place = places.setdefault(name, {"name": name, "number": len(places) + 1, "lines": [], "rest": []})
        wrong = given.get("facility") == one.code
        place["lines"].append({
            "facility": one, "seen": seen.get(one.pk), "error": sentence(refusal) if wrong and refusal else "",
            "said": given.get("said", "") if wrong else "", "count": given.get("count", "") if wrong else "",
        })  # fmt: skip
        if one.pk not in seen and one.state == Facility.State.IN_ORDER and not one.several:
            place["rest"].append(one.code)
    return [place | {"rest": ",".join(place["rest"]), "more": len(place["rest"]) > 1} for place in places.values()]
