"""One row of the city's policy, made or changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import Model

Row = TypeVar("Row", bound=Model)
MANAGES = "routes.manage"


def put(model: type[Row], key: Mapping[str, Any], values: Mapping[str, Any]) -> tuple[Row, dict[str, Any]]:
    """The row with that key, made or changed to have these values, and the values it had before.

    The key's own constraint settles a race.
    """
    row = model._default_manager.filter(**key).first() or model(**key)
    before = {name: plain(getattr(row, name)) for name in values} if row.pk else {}
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return row, before


def plain(value: Any) -> Any:
    """A value as the record of changes shows it: a related row by its code."""
    return getattr(value, "code", value) if isinstance(value, Model) else value


def plain_all(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: plain(value) for name, value in values.items()}
