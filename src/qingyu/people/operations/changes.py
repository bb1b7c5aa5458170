"""What every administrative act does: ask the right, see that nobody was quicker, write down what was done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import models, transaction

from qingyu.people import policy, queries
from qingyu.people.models import AdminChange, Staff
from qingyu.rules.refusals import NotAllowed, NotPermitted, NotValid


def note_change(
    what: str, subject: str, *, by: Staff | None, at: datetime, reason: str = "", facts: Mapping[str, Any] | None = None
) -> None:
    """Writes down an administrative act; called inside the act's own transaction. Days become ISO text."""
    plain = {name: _plain(value) for name, value in (facts or {}).items()}
    AdminChange.objects.create(at=at, by=by, what=what, subject=subject, facts=plain, reason=reason.strip()[:300])
    transaction.on_commit(queries.forget)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date | datetime) else value


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """``{"before": ..., "after": ...}`` with the values that differ; empty where none does."""
    changed = [name for name in after if before.get(name) != after[name]]
    if not changed:
        return {}
    return {"before": {name: before.get(name) for name in changed}, "after": {name: after[name] for name in changed}}


def require(by: Staff | None, permission: str, *, at: datetime) -> None:
    """NotPermitted("permission_missing") unless the person holds the right that day, also as a deputy.

    Nobody (``None``) stands for a command that sets the house up.
    """
    if by is None:
        return
    if not by.is_active:
        raise NotPermitted("permission_missing", permission=permission)
    policy.viewer(by, on=queries.city_day(at)).require(permission)


def needed(reason: str) -> str:
    """The reason without blanks around it; NotValid("reason_missing")."""
    if not reason.strip():
        raise NotValid("reason_missing", field="reason")
    return reason.strip()


def last_change(subject: str) -> int:
    """The id of the last change about a subject, 0 without one: what a form remembers of what it showed."""
    found = AdminChange.objects.filter(subject=subject).order_by("-id").values_list("id", flat=True).first()
    return found or 0


def expect(row: models.Model, subject: str, *, seen: int) -> None:
    """Locks the row; NotAllowed("row_changed_meanwhile") if the subject has changed since ``seen``."""
    type(row)._default_manager.select_for_update().get(pk=row.pk)
    if last_change(subject) != seen:
        raise NotAllowed("row_changed_meanwhile")
