"""Every write about units, staff, roles and calendars: one transaction each, and each leaves an AdminChange."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from qingyu.people import permissions, queries
from qingyu.people.models import (
    AdminChange,
    CalendarDay,
    CalendarYear,
    Role,
    Staff,
    Unit,
    WorkingCalendar,
)  # fmt: skip
from qingyu.rules.refusals import NotAllowed, NotValid

SCOPE_ORDER = ("own", "subtree", "all")


def note_change(
    what: str, subject: str, *, by: Staff | None, at: datetime, reason: str = "", facts: Mapping[str, Any] | None = None
) -> None:
    """Writes down an administrative act; called inside the act's own transaction."""
    AdminChange.objects.create(
        at=at, by=by, what=what, subject=subject, facts=dict(facts or {}), reason=reason.strip()[:300]
    )
    transaction.on_commit(queries.forget)


@transaction.atomic
def set_up_roles(*, at: datetime) -> None:
    """The roles of the first day; those that exist already are left as the city has them."""
    for code, (scope, codes) in permissions.ROLES.items():
        Role.objects.get_or_create(code=code, defaults={"scope": scope, "permissions": list(codes)})


@transaction.atomic
def change_role(role: Role, *, scope: str, codes: Iterable[str], by: Staff | None, at: datetime, reason: str) -> None:
    """Gives a role other permissions; everyone who holds it has the new rights at the next request."""
    chosen = sorted(set(codes))
    unknown = [code for code in chosen if code not in permissions.CODES]
    if unknown or scope not in permissions.SCOPES:
        raise NotValid("permission_unknown", field="permissions", codes=unknown)
    before = {"scope": role.scope, "permissions": role.permissions}
    role.scope, role.permissions = scope, chosen
    role.save()
    for staff in role.staff.all():
        derive_rights(staff)
    note_change("change_role", f"role:{role.code}", by=by, at=at, reason=reason, facts={"before": before})


def derive_rights(staff: Staff) -> None:
    """Recomputes ``rights`` from the roles: all their permissions under the widest scope."""
    roles = list(staff.roles.all())
    scope = max((role.scope for role in roles), key=SCOPE_ORDER.index, default="own")
    codes = sorted({code for role in roles for code in role.permissions})
    staff.rights = {"permissions": codes, "scope": scope, "roles": sorted(role.code for role in roles)}
    staff.save(update_fields=["rights"])


@transaction.atomic
def hire(
    *, username: str, name: str, unit: Unit, roles: Iterable[str], by: Staff | None, at: datetime,
    password: str | None = None, reason: str = "",
) -> tuple[Staff, str]:  # fmt: skip
    """A new member of staff and the one-time password (to be changed at the first sign-in)."""
    if Staff.objects.filter(username=username).exists():
        raise NotValid("username_taken", field="username")
    one_time = password or secrets.token_urlsafe(12)
    staff = Staff.objects.create_user(username, one_time, name=name, unit=unit, must_change_password=password is None)
    set_roles(staff, roles=roles, by=by, at=at, reason=reason)
    note_change("hire", f"staff:{username}", by=by, at=at, reason=reason, facts={"unit": unit.code})
    return staff, one_time


@transaction.atomic
def set_roles(staff: Staff, *, roles: Iterable[str], by: Staff | None, at: datetime, reason: str = "") -> None:
    """Replaces the roles; signed-in API tokens of the person end."""
    codes = sorted(set(roles))
    found = list(Role.objects.filter(code__in=codes))
    if len(found) != len(codes):
        raise NotValid("role_unknown", field="roles")
    staff.roles.set(found)
    derive_rights(staff)
    staff.tokens.all().delete()
    note_change("set_roles", f"staff:{staff.username}", by=by, at=at, reason=reason, facts={"roles": codes})


@transaction.atomic
def change_password(staff: Staff, *, password: str, at: datetime, by: Staff | None) -> None:
    """Sets a password that holds the rules; all API tokens end, sessions end by Django's session hash."""
    try:
        validate_password(password, staff)
    except ValidationError as error:
        raise NotValid("password_weak", field="password", why=error.messages) from None
    staff.set_password(password)
    staff.must_change_password = False
    staff.save(update_fields=["password", "must_change_password"])
    staff.tokens.all().delete()
    note_change("change_password", f"staff:{staff.username}", by=by or staff, at=at)


@transaction.atomic
def leave(staff: Staff, *, by: Staff | None, at: datetime, reason: str) -> None:
    """A leaver: cannot sign in from now on; cases are handed over by ``cases.operations.hand_over`` first."""
    if not reason.strip():
        raise NotValid("reason_missing", field="reason")
    staff.is_active = False
    staff.save(update_fields=["is_active"])
    staff.tokens.all().delete()
    note_change("leave", f"staff:{staff.username}", by=by, at=at, reason=reason)


@transaction.atomic
def name_deputy(
    staff: Staff, *, deputy: Staff, starts: date, ends: date, by: Staff | None, at: datetime, reason: str
) -> None:
    """A dated deputy; the basket of the absent person is then theirs too."""
    if deputy.pk == staff.pk:
        raise NotValid("deputy_is_self", field="deputy")
    if ends < starts:
        raise NotValid("ends_before_start", field="ends")
    if not deputy.is_active:
        raise NotAllowed("deputy_inactive")
    staff.deputies.create(deputy=deputy, starts=starts, ends=ends, reason=reason[:200])
    note_change(
        "name_deputy", f"staff:{staff.username}", by=by, at=at, reason=reason, facts={"deputy": deputy.username}
    )


@transaction.atomic
def publish_year(
    calendar: WorkingCalendar, *, year: int, days: Mapping[date, tuple[bool, str]], source: str,
    by: Staff | None, at: datetime,
) -> None:  # fmt: skip
    """Enters the official list of a year: exceptions from Monday to Friday as {day: (works, name)}."""
    wrong = [day for day in days if day.year != year]
    if wrong:
        raise NotValid("day_of_another_year", field="days", day=wrong[0].isoformat())
    CalendarDay.objects.filter(calendar=calendar, day__year=year).delete()
    CalendarDay.objects.bulk_create(
        CalendarDay(calendar=calendar, day=day, works=works, name=name) for day, (works, name) in days.items()
    )
    CalendarYear.objects.update_or_create(calendar=calendar, year=year, defaults={"source": source})
    calendar.version += 1
    calendar.save(update_fields=["version"])
    note_change("publish_year", f"calendar:{calendar.code}", by=by, at=at, facts={"year": year, "days": len(days)})


@transaction.atomic
def place_unit(
    *, code: str, name: str, short: str, kind: str, parent: Unit | None, by: Staff | None, at: datetime,
    reason: str = "", **details: Any,
) -> Unit:  # fmt: skip
    """Makes a unit or changes the one with that code; paths of all below follow a move."""
    unit = Unit.objects.filter(code=code).first() or Unit(code=code)
    if parent and unit.pk and parent.path.startswith(unit.path):
        raise NotAllowed("unit_under_itself")
    before = unit.path
    unit.name, unit.short, unit.kind, unit.parent = name, short or name[:40], kind, parent
    for field, value in details.items():
        setattr(unit, field, value)
    unit.path = unit.path or "/"
    unit.save()
    unit.path = f"{parent.path if parent else '/'}{unit.pk}/"
    unit.save(update_fields=["path"])
    _move_below(before, unit)
    note_change(
        "place_unit", f"unit:{code}", by=by, at=at, reason=reason, facts={"parent": parent.code if parent else ""}
    )
    return unit


def _move_below(before: str, unit: Unit) -> None:
    if before in ("", "/", unit.path):
        return
    for below in Unit.objects.filter(path__startswith=before).exclude(pk=unit.pk):
        below.path = unit.path + below.path.removeprefix(before)
        below.save(update_fields=["path"])
