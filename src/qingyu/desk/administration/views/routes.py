"""Routes: which unit gets what, and a way to try it out."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qingyu.cases.dispatch import routing
from qingyu.cases.models import Route, Topic
from qingyu.cases.operations import reference
from qingyu.cases.staff.options import WHY_THIS_UNIT
from qingyu.desk.administration import queries, warnings
from qingyu.desk.administration.forms import area_choices, topic_choices, unit_choices
from qingyu.desk.administration.forms import policy as forms
from qingyu.desk.administration.views.acting import Page, answer
from qingyu.desk.administration.views.staff import posts
from qingyu.people import queries as people
from qingyu.people.doors import staff_door
from qingyu.people.models import Area, Staff, Unit
from qingyu.rules.dispatch import Why

MANAGES = "routes.manage"
NARROWED_BY = ("topic", "area", "unit", "when")


@require_safe
@staff_door(MANAGES)
def listed(request: HttpRequest) -> HttpResponse:
    """The table with filters, and who gets this."""
    today = people.city_day(datetime.now(UTC))
    given = {name: request.GET.get(name, "").strip() for name in NARROWED_BY}
    found = queries.page_of(queries.routes(**given, today=today), request.GET.get("page", ""))
    rivals = queries.overlaps(found)
    names = {unit.code: unit.name for unit in people.units().values()}
    rows = [(row, [names.get(code, code) for code in row.assisting], rivals.get(row.pk, "")) for row in found]
    asked = "try-on" in request.GET
    form = forms.TryForm(request.GET if asked else None, today=today)
    context = {
        "found": found,
        "rows": rows,
        "given": given,
        "here": "routes",
        "today": today,
        "try": form,
        "answer": _tried(form) if asked and form.is_valid() else None,
        "warnings": warnings.about_routes(today),
        "topics": topic_choices(_("every topic")),
        "areas": area_choices(_("every area")),
        "units": unit_choices(none=_("every unit")),
        "narrowed": any(given.values()),
    }
    return render(request, "desk/administration/routes.html", context)


def _tried(form: forms.TryForm) -> dict[str, Any]:
    """Lead, assisting, why, and the route that decided."""
    topic, area = form.cleaned_data["topic"], form.cleaned_data["area"]
    on: date = form.cleaned_data["on"] or form.fields["on"].initial
    found = routing.destination(topic=topic, area=area, on=on)
    units = people.units()
    return {
        "lead": units[found.unit],
        "assisting": [units[one] for one in found.assisting],
        "on": on,
        "why": WHY_THIS_UNIT[Why(found.why)],
    }


@posts
@staff_door(MANAGES)
def add(request: HttpRequest) -> HttpResponse:
    """A new route, from today or later."""

    def act(form: Any, by: Staff, at: datetime) -> str:
        data = form.cleaned_data
        route = reference.add_route(
            topic=Topic.objects.filter(code=data["topic"]).first(),
            area=Area.objects.filter(code=data["area"]).first(),
            lead=Unit.objects.get(code=data["lead"]),
            assisting=data["assisting"],
            valid_from=data["valid_from"],
            valid_to=data["valid_to"],
            by=by,
            at=at,
            reason=data["reason"],
        )
        if rival := queries.overlaps([route]).get(route.pk):
            messages.info(request, rival)
        return reverse("admin_routes")

    return answer(
        request,
        Page(
            title=_("Add a route"),
            form=forms.RouteForm,
            act=act,
            back=reverse("admin_routes"),
            here="routes",
            button=_("Add"),
            done=_("The route is added."),
            intro=_(
                "A closer topic goes before a closer area. Where two routes name the same topic and "
                "area, the one that began last holds."
            ),
            initial={name: request.GET.get(name, "") for name in ("topic", "area")},
        ),
    )


@posts
@staff_door(MANAGES)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """The last day of a route."""
    route = get_object_or_404(Route.objects.select_related("topic", "area", "lead"), pk=pk)

    def act(form: Any, by: Staff, at: datetime) -> str:
        reference.end_route(
            route, last_day=form.cleaned_data["last_day"], by=by, at=at, reason=form.cleaned_data["reason"]
        )
        return reverse("admin_routes")

    return answer(
        request,
        Page(
            title=_("End the route"),
            form=forms.EndForm,
            act=act,
            back=reverse("admin_routes"),
            here="routes",
            danger=True,
            button=_("End the route"),
            done=_("The route is ended."),
            row=route,
            subject=f"route:{pk}",
            intro=_("Routes are ended, never deleted: what was sent by them stays explained."),
            context={
                "about": f"{route.topic or _('every topic')} · {route.area or _('the whole city')} → {route.lead}"
            },
        ),
    )
