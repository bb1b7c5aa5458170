"""Roles: which rights each gives, and how far they reach."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qingyu.desk.administration import labels, queries
from qingyu.desk.administration.forms import people as forms
from qingyu.desk.administration.views.acting import Page, answer
from qingyu.desk.administration.views.staff import MANAGES, posts
from qingyu.people import operations as people
from qingyu.people import permissions
from qingyu.people.doors import staff_door
from qingyu.people.models import Role, Staff


@require_safe
@staff_door(MANAGES)
def listed(request: HttpRequest) -> HttpResponse:
    """Every role with its rights and how many have it."""
    order = {code: place for place, code in enumerate(permissions.ROLES)}
    having = Count("staff", filter=Q(staff__is_active=True))
    roles = sorted(Role.objects.annotate(people=having), key=lambda r: (order.get(r.code, len(order)), r.code))
    rows = [(role, labels.role_name(role), permissions.SCOPES[role.scope], _rights(role)) for role in roles]
    return render(request, "desk/administration/roles.html", {"rows": rows, "here": "roles"})


def _rights(role: Role) -> list[labels.Words]:
    return [permissions.CODES.get(code, code) for code in role.permissions]


@posts
@staff_door(MANAGES)
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Other rights; they hold at the next click of everybody who has the role."""
    role = get_object_or_404(Role, code=code)

    def act(form: Any, by: Staff, at: datetime) -> str:
        data = form.cleaned_data
        people.change_role(role, scope=data["scope"], codes=data["permissions"], by=by, at=at, reason=data["reason"])
        return reverse("admin_roles")

    count = role.staff.filter(is_active=True).count()
    return answer(
        request,
        Page(
            title=str(labels.role_name(role)),
            form=forms.RoleForm,
            act=act,
            back=reverse("admin_roles"),
            here="roles",
            button=_("Save"),
            done=_("The rights are changed."),
            row=role,
            subject=f"role:{code}",
            intro=_("%(count)s people have this role. Changes hold from their next click on.") % {"count": count},
            initial={"scope": role.scope, "permissions": role.permissions},
            context={"changes": queries.about(f"role:{code}")},
        ),
    )


@posts
@staff_door(MANAGES)
def add(request: HttpRequest) -> HttpResponse:
    """A role of the city's own."""

    def act(form: Any, by: Staff, at: datetime) -> str:
        data = form.cleaned_data
        people.add_role(
            code=data["code"],
            name=data["name"],
            scope=data["scope"],
            codes=data["permissions"],
            by=by,
            at=at,
            reason=data["reason"],
        )
        return reverse("admin_roles")

    return answer(
        request,
        Page(
            title=_("Add a role"),
            form=forms.NewRoleForm,
            act=act,
            back=reverse("admin_roles"),
            here="roles",
            button=_("Add"),
            done=_("The role is added."),
            initial={"scope": "own"},
        ),
    )
