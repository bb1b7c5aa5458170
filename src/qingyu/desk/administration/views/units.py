"""Units as a tree, and roles."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qingyu.cases.operations import reference
from qingyu.cases.operations.reference.routes import routes_of
from qingyu.desk.administration import queries, warnings
from qingyu.desk.administration.forms import ReasonForm
from qingyu.desk.administration.forms import units as forms
from qingyu.desk.administration.views.acting import Page, answer
from qingyu.desk.administration.views.staff import MANAGES, posts
from qingyu.people import operations as people
from qingyu.people.doors import staff_door
from qingyu.people.models import Staff, Unit
from qingyu.people.ports import open_work
from qingyu.people.queries import city_day


@require_safe
@staff_door(MANAGES)
def tree(request: HttpRequest) -> HttpResponse:
    """Every unit in its place, with what is amiss on top."""
    words = request.GET.get("words", "").strip()
    context = {
        "rows": queries.units(words),
        "words": words,
        "here": "units",
        "warnings": warnings.about_units(),
    }
    return render(request, "desk/administration/units.html", context)


def _unit(code: str) -> Unit:
    return get_object_or_404(Unit.objects.select_related("parent", "area", "calendar"), code=code)


def _page(unit: Unit, **more: Any) -> Page:
    """A page about one unit."""
    context = {"about": unit.name, **more.pop("context", {})}
    more = {"back": reverse("admin_units"), **more}
    return Page(row=unit, subject=f"unit:{unit.code}", here="units", context=context, **more)


@posts
@staff_door(MANAGES)
def add(request: HttpRequest) -> HttpResponse:
    """A new unit."""

    def act(form: Any, by: Staff, at: datetime) -> str:
        people.place_unit(code=form.cleaned_data["code"], by=by, at=at, **form.details())
        return reverse("admin_units")

    parent = request.GET.get("parent", "")
    return answer(
        request,
        Page(
            title=_("Add a unit"),
            form=forms.NewUnitForm,
            act=act,
            back=reverse("admin_units"),
            here="units",
            button=_("Add"),
            done=_("The unit is added."),
            initial={"parent": parent},
        ),
    )


@posts
@staff_door(MANAGES)
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Another name, place, area or calendar."""
    unit = _unit(code)

    def act(form: Any, by: Staff, at: datetime) -> str:
        people.place_unit(code=code, by=by, at=at, **form.details())
        return reverse("admin_units")

    now = {name: getattr(unit, name) for name in ("name", "short", "kind", "phone", "fallback")}
    related = {
        name: row.code if row else ""
        for name, row in (("parent", unit.parent), ("area", unit.area), ("calendar", unit.calendar))
    }
    return answer(
        request,
        _page(
            unit,
            title=_("Change the unit"),
            form=forms.UnitForm,
            act=act,
            button=_("Save"),
            done=_("The unit is changed."),
            initial=now | related,
            template="desk/administration/unit.html",
            context={"unit": unit, "changes": queries.about(f"unit:{code}")},
        ),
    )


@posts
@staff_door(MANAGES)
def close(request: HttpRequest, code: str) -> HttpResponse:
    """Closes it, once nobody and nothing is left there."""
    unit, today = _unit(code), city_day(datetime.now(UTC))

    def act(form: Any, by: Staff, at: datetime) -> str:
        people.close_unit(unit, by=by, at=at, reason=form.cleaned_data["reason"])
        return reverse("admin_units")

    return answer(
        request,
        _page(
            unit,
            title=_("Close the unit"),
            form=ReasonForm,
            act=act,
            button=_("Close the unit"),
            danger=True,
            done=_("The unit is closed."),
            template="desk/administration/close.html",
            intro=_("It gets no case and no staff from now on. What it did stays on record."),
            context={
                "unit": unit,
                "open": open_work().of_unit(unit.pk),
                "routes": len(routes_of(unit, today)),
                "staff": Staff.objects.filter(unit=unit, is_active=True).order_by("name")[:20],
                "below": Unit.objects.filter(parent=unit, active=True).order_by("name")[:20],
            },
        ),
    )


@posts
@staff_door(MANAGES)
def reopen(request: HttpRequest, code: str) -> HttpResponse:
    """Takes a closing back."""
    unit = _unit(code)

    def act(form: Any, by: Staff, at: datetime) -> str:
        people.reopen_unit(unit, by=by, at=at, reason=form.cleaned_data["reason"])
        return reverse("admin_units")

    return answer(
        request,
        _page(
            unit,
            title=_("Open the unit again"),
            form=ReasonForm,
            act=act,
            button=_("Open it"),
            done=_("The unit is open again."),
        ),
    )


@posts
@staff_door("routes.manage")
def successor(request: HttpRequest, code: str) -> HttpResponse:
    """Another unit takes its routes from a day on."""
    unit = _unit(code)

    def act(form: Any, by: Staff, at: datetime) -> str:
        data = form.cleaned_data
        to = Unit.objects.get(code=data["to"])
        reference.hand_over_routes(unit, to=to, starts=data["starts"], by=by, at=at, reason=data["reason"])
        return reverse("admin_unit_close", args=[code])

    return answer(
        request,
        _page(
            unit,
            title=_("Hand over the routes"),
            form=partial(forms.SuccessorForm, unit=unit),
            act=act,
            button=_("Hand over"),
            done=_("The routes are handed over."),
            back=reverse("admin_unit_close", args=[code]),
            intro=_(
                "The old routes end the day before; new ones for the other unit begin. Cases that "
                "were sent stay where they are."
            ),
        ),
    )
