"""Writing rows on the hot path with statements that are made once.

The ORM builds the text of an INSERT or UPDATE anew each time, which for a wide table costs more than the database
needs to carry it out. Here the text is kept for each model and set of columns; values pass through the same field
preparation as in the ORM, so what is stored is the same. Only the case line uses this, and only to write.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Field, Model


def insert(rows: Sequence[Model], *, conflict: tuple[str, ...] = ()) -> None:
    """Inserts rows of one model in one statement and sets their keys where the database gives them.

    With ``conflict`` (names of the columns of a unique constraint) a row that is there already is brought up to date.
    """
    model = type(rows[0])
    fields = _fields(model, rows[0].pk is None)
    sql = _insert_text(model, fields, len(rows), conflict, connection.vendor)
    values = [_value(field, row) for row in rows for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        if rows[0].pk is None and not conflict:
            for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
                row.pk = key
    for row in rows:
        row._state.adding = False
        row._state.db = connection.alias


def claim(row: Model, *, unique: tuple[str, ...]) -> bool:
    """Inserts a row unless one with the same values in the ``unique`` columns is there; whether it was inserted.

    Waits for a transaction that is inserting the same. Unlike a refused INSERT it leaves the transaction usable.
    """
    model = type(row)
    fields = _fields(model, row.pk is None)
    text = _insert_text(model, fields, 1, (), connection.vendor)
    before, _, returning = text.rpartition(" RETURNING ")
    sql = f"{before} ON CONFLICT ({', '.join(map(_quoted, unique))}) DO NOTHING RETURNING {returning}"
    with connection.cursor() as cursor:
        cursor.execute(sql, [_value(field, row) for field in fields])
        found = cursor.fetchone()
    if found is None:
        return False
    row.pk, row._state.adding, row._state.db = found[0], False, connection.alias
    return True


def update(row: Model, values: Mapping[str, Any]) -> None:
    """Sets columns (by attribute name, such as ``owner_id``) of the row in the database and on the object."""
    if not values:
        return
    model, names = type(row), tuple(values)
    by_name = _by_attname(model)
    prepared = [by_name[name].get_db_prep_save(value, connection) for name, value in values.items()]
    with connection.cursor() as cursor:
        cursor.execute(_update_text(model, names, connection.vendor), [*prepared, row.pk])
    for name, value in values.items():
        setattr(row, name, value)


def _value(field: Field[Any, Any], row: Model) -> Any:
    return field.get_db_prep_save(field.pre_save(row, True), connection)


@lru_cache(maxsize=64)
def _fields(model: type[Model], keyless: bool) -> tuple[Field[Any, Any], ...]:
    return tuple(field for field in model._meta.concrete_fields if not (keyless and field.primary_key))


@lru_cache(maxsize=64)
def _by_attname(model: type[Model]) -> dict[str, Field[Any, Any]]:
    return {field.attname: field for field in model._meta.concrete_fields}


@lru_cache(maxsize=256)
def _insert_text(
    model: type[Model], fields: tuple[Field[Any, Any], ...], number: int, conflict: tuple[str, ...], vendor: str
) -> str:
    names = [_quoted(field.column) for field in fields]
    marks = "(" + ", ".join(["%s"] * len(names)) + ")"
    text = f"INSERT INTO {_quoted(model._meta.db_table)} ({', '.join(names)}) VALUES " + ", ".join([marks] * number)  # noqa: S608
    if conflict:
        changed = [name for name, field in zip(names, fields, strict=True) if field.column not in conflict]
        sets = ", ".join(f"{name} = EXCLUDED.{name}" for name in changed)
        return f"{text} ON CONFLICT ({', '.join(map(_quoted, conflict))}) DO UPDATE SET {sets}"
    return f"{text} RETURNING {_quoted(model._meta.pk.column)}"


@lru_cache(maxsize=256)
def _update_text(model: type[Model], names: tuple[str, ...], vendor: str) -> str:
    by_name = _by_attname(model)
    sets = ", ".join(f"{_quoted(by_name[name].column)} = %s" for name in names)
    key = _quoted(model._meta.pk.column)
    return f"UPDATE {_quoted(model._meta.db_table)} SET {sets} WHERE {key} = %s"  # noqa: S608


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
