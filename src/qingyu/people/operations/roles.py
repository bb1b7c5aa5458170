"""Roles, and what they give to those who hold them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from qingyu.people import permissions
from qingyu.people.models import Role, Staff
from qingyu.people.operations.changes import differences, note_change, require
from qingyu.rules.refusals import NotAllowed, NotValid

SCOPE_ORDER = ("own", "subtree", "all")
MANAGES = "people.manage"


@transaction.atomic
def set_up_roles(*, at: datetime) -> None:
    """The roles of the first day; those that exist already are left as the city has them."""
    for code, (scope, codes) in permissions.ROLES.items():
        Role.objects.get_or_create(code=code, defaults={"scope": scope, "permissions": list(codes)})


@transaction.atomic
def add_role(
    *, code: str, name: str, scope: str, codes: Iterable[str], by: Staff | None, at: datetime, reason: str = ""
) -> Role:
    """A role of the city's own. NotValid: role_exists, permission_unknown."""
    require(by, MANAGES, at=at)
    chosen = _known(codes, scope)
    if Role.objects.filter(code=code).exists():
        raise NotValid("role_exists", field="code")
    role = Role.objects.create(code=code, name=name, scope=scope, permissions=chosen)
    after = {"name": name, "scope": scope, "permissions": chosen}
    note_change("add_role", f"role:{code}", by=by, at=at, reason=reason, facts={"after": after})
    return role


@transaction.atomic
def change_role(role: Role, *, scope: str, codes: Iterable[str], by: Staff | None, at: datetime, reason: str) -> None:
    """Gives a role other permissions; everyone who holds it has the new rights at the next request.

    NotValid("permission_unknown"); NotAllowed("last_administrator").
    """
    require(by, MANAGES, at=at)
    chosen = _known(codes, scope)
    before = {"scope": role.scope, "permissions": list(role.permissions)}
    with an_administrator_stays():
        role.scope, role.permissions = scope, chosen
        role.save()
    _derive_all(list(role.staff.prefetch_related("roles")))
    facts = differences(before, {"scope": scope, "permissions": chosen})
    note_change("change_role", f"role:{role.code}", by=by, at=at, reason=reason, facts=facts)


def _known(codes: Iterable[str], scope: str) -> list[str]:
    chosen = sorted(set(codes))
    unknown = [code for code in chosen if code not in permissions.CODES]
    if unknown or scope not in permissions.SCOPES:
        raise NotValid("permission_unknown", field="permissions", codes=unknown)
    return chosen


@transaction.atomic
def set_roles(staff: Staff, *, roles: Iterable[str], by: Staff | None, at: datetime, reason: str = "") -> None:
    """Replaces the roles; signed-in API tokens of the person end.

    NotValid("role_unknown"); NotAllowed("last_administrator").
    """
    require(by, MANAGES, at=at)
    codes = sorted(set(roles))
    found = list(Role.objects.filter(code__in=codes))
    if len(found) != len(codes):
        raise NotValid("role_unknown", field="roles")
    before = staff.rights.get("roles", [])
    with an_administrator_stays():
        staff.roles.set(found)
    derive_rights(staff)
    staff.tokens.all().delete()
    facts = {"before": {"roles": before}, "after": {"roles": codes}}
    note_change("set_roles", f"staff:{staff.username}", by=by, at=at, reason=reason, facts=facts)


def derive_rights(staff: Staff) -> None:
    """Recomputes ``rights`` from the roles: all their permissions under the widest scope."""
    _derive_all([staff])


def _derive_all(people: list[Staff]) -> None:
    for staff in people:
        roles = list(staff.roles.all())
        scope = max((role.scope for role in roles), key=SCOPE_ORDER.index, default="own")
        codes = sorted({code for role in roles for code in role.permissions})
        staff.rights = {"permissions": codes, "scope": scope, "roles": sorted(role.code for role in roles)}
    Staff.objects.bulk_update(people, ["rights"], batch_size=200)


@contextmanager
def an_administrator_stays() -> Iterator[None]:
    """NotAllowed("last_administrator") where what is done inside leaves nobody who manages people.

    The roles are locked, so that two administrators cannot remove each other at the same moment.
    """
    list(Role.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
    before = administrators()
    yield
    if before and not administrators():
        raise NotAllowed("last_administrator")


def administrators() -> int:
    """How many active members of staff manage people."""
    giving = [role.pk for role in Role.objects.all() if MANAGES in role.permissions]
    return Staff.objects.filter(is_active=True, roles__in=giving).distinct().count()
