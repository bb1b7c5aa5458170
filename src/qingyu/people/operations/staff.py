"""People who come, move, forget their password, and leave."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from qingyu.people import ports
from qingyu.people.models import Staff, Unit
from qingyu.people.operations.changes import needed, note_change, require
from qingyu.people.operations.roles import MANAGES, an_administrator_stays, set_roles
from qingyu.rules.refusals import NotAllowed, NotValid


@transaction.atomic
def hire(
    *, username: str, name: str, unit: Unit, roles: Iterable[str], by: Staff | None, at: datetime,
    password: str | None = None, reason: str = "",
) -> tuple[Staff, str]:  # fmt: skip
    """A new member of staff and the one-time password (to be changed at the first sign-in).

    NotValid("username_taken"); NotAllowed("unit_inactive").
    """
    require(by, MANAGES, at=at)
    if Staff.objects.filter(username=username).exists():
        raise NotValid("username_taken", field="username")
    if not unit.active:
        raise NotAllowed("unit_inactive", unit=unit.code)
    one_time = password or secrets.token_urlsafe(12)
    staff = Staff.objects.create_user(username, one_time, name=name, unit=unit, must_change_password=password is None)
    set_roles(staff, roles=roles, by=by, at=at, reason=reason)
    note_change("hire", f"staff:{username}", by=by, at=at, reason=reason, facts={"unit": unit.code})
    return staff, one_time


@transaction.atomic
def change_password(staff: Staff, *, password: str, at: datetime, by: Staff | None) -> None:
    """Sets a password that holds the rules; all API tokens end, sessions end by Django's session hash."""
    if by is not None and by.pk != staff.pk:
        require(by, MANAGES, at=at)
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
def reset_password(staff: Staff, *, by: Staff | None, at: datetime, reason: str) -> str:
    """A one-time password for somebody who has lost theirs; every sign-in of theirs ends.

    NotValid("reason_missing"); NotAllowed("staff_has_left").
    """
    require(by, MANAGES, at=at)
    why = needed(reason)
    if not staff.is_active:
        raise NotAllowed("staff_has_left")
    one_time = secrets.token_urlsafe(12)
    staff.set_password(one_time)
    staff.must_change_password = True
    staff.save(update_fields=["password", "must_change_password"])
    staff.tokens.all().delete()
    note_change("reset_password", f"staff:{staff.username}", by=by, at=at, reason=why)
    return one_time


@transaction.atomic
def move(staff: Staff, *, unit: Unit, by: Staff | None, at: datetime, reason: str) -> None:
    """To another unit. What the person has in hand stays with the old unit, so it is handed over first.

    NotValid("reason_missing"); NotAllowed: basket_not_empty, unit_inactive, staff_has_left.
    """
    require(by, MANAGES, at=at)
    why, before = needed(reason), staff.unit.code
    if not staff.is_active:
        raise NotAllowed("staff_has_left")
    if not unit.active:
        raise NotAllowed("unit_inactive", unit=unit.code)
    _require_empty_hands(staff)
    staff.unit = unit
    staff.save(update_fields=["unit"])
    facts = {"before": {"unit": before}, "after": {"unit": unit.code}}
    note_change("move", f"staff:{staff.username}", by=by, at=at, reason=why, facts=facts)


@transaction.atomic
def leave(staff: Staff, *, by: Staff | None, at: datetime, reason: str) -> None:
    """A leaver: cannot sign in from now on; sessions and tokens end, and nobody stands in for them any more.

    NotValid("reason_missing"); NotAllowed: basket_not_empty (``cases.operations.hand_over`` first),
    last_administrator, staff_has_left.
    """
    require(by, MANAGES, at=at)
    why = needed(reason)
    Staff.objects.select_for_update().get(pk=staff.pk)
    if not staff.is_active:
        raise NotAllowed("staff_has_left")
    _require_empty_hands(staff)
    with an_administrator_stays():
        staff.is_active = False
        staff.save(update_fields=["is_active"])
    staff.tokens.all().delete()
    note_change("leave", f"staff:{staff.username}", by=by, at=at, reason=why)


def _require_empty_hands(staff: Staff) -> None:
    held = ports.open_work().of_staff(staff.pk)
    if held:
        raise NotAllowed("basket_not_empty", open=held)
