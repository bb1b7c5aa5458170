"""What every write here does: asks the right, locks the row, checks words, notes the change, sets a new mark."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from qingyu.people import operations as people
from qingyu.people import queries
from qingyu.people.models import Staff
from qingyu.people.policy import viewer
from qingyu.places import policy
from qingyu.places.models import Point, Stamp
from qingyu.rules.refusals import NotAllowed, NotValid


def require(by: Staff | None, unit: int, *, at: datetime) -> None:
    """NotPermitted("permission_missing") unless the person manages points of the unit; nobody stands for a command."""
    if by is not None:
        policy.require_manage(viewer(by, on=queries.city_day(at)), unit)


def locked(point: Point, *, seen: int | None, by: Staff | None, at: datetime) -> Point:
    """The row as it stands; NotAllowed("row_changed_meanwhile") where it is no longer as it was ``seen``."""
    row = Point.objects.select_for_update().get(pk=point.pk)
    require(by, row.unit_id, at=at)
    if seen is not None and people.last_change(subject(row)) != seen:
        raise NotAllowed("row_changed_meanwhile")
    return row


def subject(point: Point) -> str:
    """Under which name changes of the point are written down."""
    return f"point:{point.code}"


def note(
    what: str, point: Point, *, by: Staff | None, at: datetime, reason: str = "", facts: Mapping[str, Any] | None = None
) -> None:
    """Writes the change down and sets a new mark."""
    people.note_change(what, subject(point), by=by, at=at, reason=reason, facts=facts)
    mark()


def mark() -> None:
    """Whatever is remembered of points is no longer true."""
    fresh = uuid.uuid4().hex
    if not Stamp.objects.filter(pk=1).update(mark=fresh):
        Stamp.objects.update_or_create(pk=1, defaults={"mark": fresh})


def required(text: str, field: str, *, longest: int) -> str:
    """The text without blanks around it; NotValid: field_missing, field_too_long, text_not_unicode."""
    found = checked(text, field, longest=longest)
    if not found:
        raise NotValid("field_missing", field=field)
    return found


def checked(text: str, field: str, *, longest: int) -> str:
    """As ``required``, but it may be empty."""
    found = text.strip()
    if any(sign == "\x00" or "\ud800" <= sign <= "\udfff" for sign in found):
        raise NotValid("text_not_unicode", field=field)
    if len(found) > longest:
        raise NotValid("field_too_long", field=field)
    return found
