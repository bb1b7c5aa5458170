"""What a load has looked up: each table is read once, not once for every line that names one of its rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import Model

Row = TypeVar("Row", bound=Model)
Index = dict[tuple[Any, ...], Any]


class Known:
    """Rows by the fields that name them. Who writes such a row during the load must ``keep`` it.

    Only for finding: an operation reads for itself what it changes.
    """

    def __init__(self) -> None:
        self._tables: dict[type[Model], dict[tuple[str, ...], Index]] = {}

    def find(self, model: type[Row], **key: Any) -> Row | None:
        """The row with these values, the oldest where there are several."""
        names = tuple(key)
        kept = self._tables.setdefault(model, {})
        if names not in kept:
            kept[names] = self._read(model, names)
        found: Row | None = kept[names].get(tuple(plain(value) for value in key.values()))
        return found

    def keep(self, row: Model, *, before: Model | None = None) -> None:
        """A row as it has just been written, and as it was found before."""
        for names, index in self._tables.get(type(row), {}).items():
            if before:
                index.pop(_key(before, names), None)
            index[_key(row, names)] = row

    def forget(self, model: type[Model]) -> None:
        """The table is read anew when it is asked for: more rows than one were written, or taken back."""
        self._tables.pop(model, None)

    def _read(self, model: type[Model], names: tuple[str, ...]) -> Index:
        index: Index = {}
        for row in model._default_manager.order_by("pk"):
            index.setdefault(_key(row, names), row)
        return index


def is_same(row: Model, values: Mapping[str, Any]) -> bool:
    """Whether the row has these values already; what it refers to is compared by its key."""
    return _key(row, tuple(values)) == tuple(plain(value) for value in values.values())


def plain(value: Any) -> Any:
    """A row by its key, all else as it is."""
    return value.pk if isinstance(value, Model) else value


def _key(row: Model, names: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(getattr(row, row._meta.get_field(name).attname) for name in names)  # type: ignore[union-attr]
