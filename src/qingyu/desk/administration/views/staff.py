"""Staff: the list, one person, and what can be done about them."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from qingyu.cases import actors
from qingyu.cases.operations import hand_over as hand_over_basket
from qingyu.desk.administration import labels, queries
from qingyu.desk.administration.forms import ReasonForm, unit_choices
from qingyu.desk.administration.forms import people as forms
from qingyu.desk.administration.views.acting import Page, answer, told
from qingyu.people import operations as people
from qingyu.people.doors import staff_door
from qingyu.people.models import Deputy, Role, Staff, Unit
from qingyu.people.ports import open_work
from qingyu.people.queries import city_day

MANAGES = "people.manage"
posts = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@staff_door(MANAGES)
def listed(request: HttpRequest) -> HttpResponse:
    """Everybody, narrowed by name, unit and role."""
    given = {name: request.GET.get(name, "").strip() for name in ("words", "unit", "role", "gone")}
    rows = queries.staff(words=given["words"], unit=given["unit"], role=given["role"], gone=bool(given["gone"]))
    names = labels.role_names(list(Role.objects.all()))
    found = queries.page_of(rows, request.GET.get("page", ""))
    people_and_roles = [(one, [names.get(code, code) for code in one.rights.get("roles", [])]) for one in found]
    context = {
        "found": found,
        "rows": people_and_roles,
        "given": given,
        "here": "staff",
        "units": unit_choices(none=_("every unit")),
        "roles": [("", _("every role")), *names.items()],
        "narrowed": any(given.values()),
    }
    return render(request, "desk/administration/staff.html", context)


@require_safe
@staff_door(MANAGES)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One person: who they are, what they may, who stands in for them, what was changed."""
    staff, at = _staff(pk), datetime.now(UTC)
    names = labels.role_names(list(staff.roles.all()))
    today = city_day(at)
    context = {
        "staff": staff,
        "here": "staff",
        "roles": names.values(),
        "open": open_work().of_staff(staff.pk),
        "today": today,
        "deputies": queries.deputies_of(staff, today=today),
        "changes": queries.about(_subject(staff)),
        "scope": staff.rights.get("scope", "own"),
    }
    return render(request, "desk/administration/person.html", context)


def _staff(pk: int) -> Staff:
    return get_object_or_404(Staff.objects.select_related("unit"), pk=pk)


def _subject(staff: Staff) -> str:
    return f"staff:{staff.username}"


def _url(staff: Staff) -> str:
    return reverse("admin_person", args=[staff.pk])


def _page(staff: Staff, **more: Any) -> Page:
    """A page about one person."""
    context = {"about": staff.name, **more.pop("context", {})}
    return Page(row=staff, subject=_subject(staff), back=_url(staff), here="staff", context=context, **more)


@sensitive_post_parameters()
@posts
@staff_door(MANAGES)
def hire(request: HttpRequest) -> HttpResponse:
    """A new person, with a password that is shown once."""
    made: list[tuple[Staff, str]] = []

    def act(form: Any, by: Staff, at: datetime) -> str:
        data = form.cleaned_data
        unit = Unit.objects.get(code=data["unit"])
        made.append(
            people.hire(
                username=data["username"],
                name=data["name"],
                unit=unit,
                roles=data["roles"],
                by=by,
                at=at,
                reason=data["reason"],
            )
        )
        return _url(made[0][0])

    page = Page(
        title=_("Add a person"),
        form=forms.HireForm,
        act=act,
        back=reverse("admin_staff"),
        here="staff",
        button=_("Add and show the password"),
        intro=_("The person gets a one-time password and chooses an own one at the first sign-in."),
    )
    return told(request, page, tell=lambda: {"person": made[0][0], "password": made[0][1]})


@sensitive_post_parameters()
@posts
@staff_door(MANAGES)
def password(request: HttpRequest, pk: int) -> HttpResponse:
    """A new one-time password for somebody who has lost theirs."""
    staff, made = _staff(pk), list[str]()

    def act(form: Any, by: Staff, at: datetime) -> str:
        made.append(people.reset_password(staff, by=by, at=at, reason=form.cleaned_data["reason"]))
        return _url(staff)

    page = _page(
        staff,
        title=_("Reset the password"),
        form=ReasonForm,
        act=act,
        button=_("Reset and show the password"),
        intro=_("Every sign-in of this person ends at once. Make sure it is really this person who asks."),
        danger=True,
    )
    return told(request, page, tell=lambda: {"person": staff, "password": made[0]})


@posts
@staff_door(MANAGES)
def roles(request: HttpRequest, pk: int) -> HttpResponse:
    """Other roles."""
    staff = _staff(pk)

    def act(form: Any, by: Staff, at: datetime) -> str:
        people.set_roles(staff, roles=form.cleaned_data["roles"], by=by, at=at, reason=form.cleaned_data["reason"])
        return _url(staff)

    return answer(
        request,
        _page(
            staff,
            title=_("Change roles"),
            form=forms.RolesForm,
            act=act,
            button=_("Save"),
            done=_("The roles are changed."),
            intro=_("The rights hold from the next click on; sign-ins to the interface end."),
            initial={"roles": staff.rights.get("roles", [])},
        ),
    )


@posts
@staff_door(MANAGES)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """To another unit."""
    staff = _staff(pk)

    def act(form: Any, by: Staff, at: datetime) -> str:
        unit = Unit.objects.get(code=form.cleaned_data["unit"])
        people.move(staff, unit=unit, by=by, at=at, reason=form.cleaned_data["reason"])
        return _url(staff)

    return answer(
        request,
        _page(
            staff,
            title=_("Move to another unit"),
            form=forms.MoveForm,
            act=act,
            button=_("Move"),
            done=_("The person works in the new unit now."),
            initial={"unit": staff.unit.code},
            intro=_("What the person has in hand stays with the old unit, so it is handed over first."),
            context={"held": open_work().of_staff(staff.pk), "hand_over": reverse("admin_hand_over", args=[pk])},
        ),
    )


@posts
@staff_door(MANAGES)
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """All that somebody has in hand to a colleague, or back to the unit."""
    staff = _staff(pk)

    def act(form: Any, by: Staff, at: datetime) -> str:
        to = Staff.objects.get(pk=form.cleaned_data["to"]) if form.cleaned_data["to"] else None
        actor, reason = actors.staff(request.viewer), form.cleaned_data["reason"]  # type: ignore[attr-defined]
        count = hand_over_basket(staff, to=to, by=actor, at=at, reason=reason)
        facts = {"cases": count, "to": to.username if to else ""}
        people.note_change("hand_over", _subject(staff), by=by, at=at, reason=reason, facts=facts)
        return _url(staff)

    return answer(
        request,
        _page(
            staff,
            title=_("Hand over the basket"),
            form=partial(forms.ToSomebodyForm, staff=staff),
            act=act,
            button=_("Hand over"),
            done=_("The basket is handed over."),
            danger=True,
            intro=_("Every open case of this person goes to somebody else of the same unit; each keeps who and why."),
            context={"open": open_work().of_staff(staff.pk)},
        ),
    )


@posts
@staff_door(MANAGES)
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """A leaver."""
    staff = _staff(pk)

    def act(form: Any, by: Staff, at: datetime) -> str:
        people.leave(staff, by=by, at=at, reason=form.cleaned_data["reason"])
        return _url(staff)

    return answer(
        request,
        _page(
            staff,
            title=_("This person leaves"),
            form=ReasonForm,
            act=act,
            button=_("End the account"),
            danger=True,
            done=_("The account is ended."),
            intro=_(
                "Nobody can sign in with this account from now on. What the person did stays on "
                "record. This cannot be undone."
            ),
            context={"held": open_work().of_staff(staff.pk), "hand_over": reverse("admin_hand_over", args=[pk])},
        ),
    )


@posts
@staff_door(MANAGES)
def deputy(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody stands in, from day to day."""
    staff = _staff(pk)

    def act(form: Any, by: Staff, at: datetime) -> str:
        people.name_deputy(
            staff, by=by, at=at, **{n: form.cleaned_data[n] for n in ("deputy", "starts", "ends", "reason")}
        )
        return _url(staff)

    others = Staff.objects.filter(unit=staff.unit, is_active=True).exclude(pk=pk).order_by("name")[:100]
    return answer(
        request,
        _page(
            staff,
            title=_("Name a deputy"),
            form=forms.DeputyForm,
            act=act,
            button=_("Name the deputy"),
            done=_("The deputy is named."),
            context={"colleagues": others},
            intro=_(
                "In these days the deputy sees and does what this person may, and has their basket. "
                "What is done stands under the deputy's own name."
            ),
        ),
    )


@posts
@staff_door(MANAGES)
def end_deputy(request: HttpRequest, pk: int, deputy: int) -> HttpResponse:
    """Ends it before its day."""
    staff = _staff(pk)
    row = get_object_or_404(Deputy.objects.select_related("staff", "deputy"), pk=deputy, staff=staff)

    def act(form: Any, by: Staff, at: datetime) -> str:
        people.end_deputy(row, by=by, at=at, reason=form.cleaned_data["reason"])
        return _url(staff)

    return answer(
        request,
        _page(
            staff,
            title=_("End the deputy"),
            form=ReasonForm,
            act=act,
            button=_("End it now"),
            done=_("It is ended."),
            intro=_("%(name)s no longer stands in, from now on.") % {"name": row.deputy.name},
            danger=True,
        ),
    )
