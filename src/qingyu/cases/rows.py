"""Rows on the hot path, read and written with statements that are made once.

The ORM builds the text of a statement anew each time, which for a wide table costs more than the database needs to
carry it out. Here the text is kept for each model and set of columns; values pass through the same preparation and
conversion of the model's fields as in the ORM, so what is stored and what is read is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import DateTimeField, Field, Model

# Values of these columns are stored as they are; a database driver is not to be asked a hundred times a request.
PLAIN = (str, int, bool)
STORED_PLAIN = frozenset(
    {"AutoField", "BigAutoField", "BigIntegerField", "BooleanField", "CharField", "ForeignKey", "IntegerField",
     "PositiveIntegerField", "PositiveSmallIntegerField", "TextField"}
)  # fmt: skip

M = TypeVar("M", bound=Model)
Converter = Callable[[Any, Any, Any], Any]


def find(model: type[M], column: str, value: object, *, order: str = "", where: str = "") -> list[M]:
    """The rows whose ``column`` (an attribute name such as ``case_id``) is ``value``, by ``order`` if given.

    ``where`` is a further condition as SQL without values, such as that of a partial index.
    """
    more = f" AND {where}" if where else ""
    return _select(model, column, value, f"{more} ORDER BY {_quoted(order)}" if order else more)


def locked(model: type[M], key: object) -> M:
    """The row with that primary key, locked until the transaction ends. Raises the model's ``DoesNotExist``."""
    lock = " FOR UPDATE" if _database().features.has_select_for_update else ""
    found = _select(model, model._meta.pk.attname, key, lock)
    if not found:
        raise model.DoesNotExist  # type: ignore[attr-defined]
    return found[0]


def values_of(
    model: type[Model], column: str, values: Sequence[object], names: tuple[str, ...]
) -> list[tuple[Any, ...]]:
    """The columns ``names`` (attribute names) of the rows whose ``column`` is one of ``values``, in no order."""
    database = _database()
    text, converters = _values_text(model, column, names, database.vendor)
    field = _by_attname(model)[column]
    marks = ", ".join(["%s"] * len(values))
    with database.cursor() as cursor:
        cursor.execute(f"{text} IN ({marks})", [field.get_db_prep_value(value, database) for value in values])
        raw = cursor.fetchall()
    return [tuple(_converted(list(row), converters, database)) for row in raw]


@lru_cache(maxsize=64)
def _values_text(
    model: type[Model], column: str, names: tuple[str, ...], vendor: str
) -> tuple[str, list[tuple[int, Any, list[Converter]]]]:
    known = _by_attname(model)
    columns, table = ", ".join(_read(known[name]) for name in names), _quoted(model._meta.db_table)
    text = f"SELECT {columns} FROM {table} WHERE {_quoted(known[column].column)}"  # noqa: S608
    return text, _converters([known[name] for name in names])


def _select(model: type[M], column: str, value: object, ending: str) -> list[M]:
    database = _database()
    names, text, converters = _select_text(model, column, database.vendor)
    with database.cursor() as cursor:
        cursor.execute(text + ending, [_by_attname(model)[column].get_db_prep_value(value, database)])
        raw = cursor.fetchall()
    return [model.from_db(database.alias, names, _converted(list(row), converters, database)) for row in raw]


def _converted(row: list[Any], converters: list[tuple[int, Any, list[Converter]]], database: Any) -> list[Any]:
    for place, expression, known in converters:
        for convert in known:
            row[place] = convert(row[place], expression, database)
    return row


@lru_cache(maxsize=64)
def _select_text(
    model: type[Model], column: str, vendor: str
) -> tuple[list[str], str, list[tuple[int, Any, list[Converter]]]]:
    table = _quoted(model._meta.db_table)
    fields = _fields(model, False)
    columns = ", ".join(_read(field) for field in fields)
    text = f"SELECT {columns} FROM {table} WHERE {_quoted(_by_attname(model)[column].column)} = %s"  # noqa: S608
    return [field.attname for field in fields], text, _converters(fields)


def _read(field: Field[Any, Any]) -> str:
    """The column in a SELECT. For an instant SQLite gives the text as stored (unary plus), which ``_instant`` reads."""
    return f"+{_quoted(field.column)}" if _as_text(field) else _quoted(field.column)


def _as_text(field: Field[Any, Any]) -> bool:
    return _database().vendor == "sqlite" and isinstance(field, DateTimeField)


def _instant(value: str | None, expression: object, connection: object) -> datetime | None:
    """An instant as Django stores it in SQLite: UTC without saying so. The driver's own way takes ten times as long."""
    return datetime.fromisoformat(value).replace(tzinfo=UTC) if value else None


def _converters(fields: Sequence[Field[Any, Any]]) -> list[tuple[int, Any, list[Converter]]]:
    """What the ORM does to the values of these columns as it reads them; only where it does anything."""
    database, found = _database(), []
    for place, field in enumerate(fields):
        expression = field.cached_col
        known = [*database.ops.get_db_converters(expression), *expression.get_db_converters(database)]
        known = [_instant] if _as_text(field) else known
        if known:
            found.append((place, expression, known))
    return found


def _database() -> BaseDatabaseWrapper:
    return connections[DEFAULT_DB_ALIAS]


def insert(rows: Sequence[Model], *, conflict: tuple[str, ...] = ()) -> None:
    """Inserts rows of one model in one statement and sets their keys where the database gives them.

    With ``conflict`` (names of the columns of a unique constraint) a row that is there already is brought up to date.
    """
    model = type(rows[0])
    fields = _fields(model, rows[0].pk is None)
    database = _database()
    sql = _insert_text(model, rows[0].pk is None, len(rows), conflict, database.vendor)
    values = [_value(field, row, database) for row in rows for field in fields]
    with database.cursor() as cursor:
        cursor.execute(sql, values)
        if rows[0].pk is None and not conflict:
            for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
                row.pk = key
    for row in rows:
        row._state.adding = False
        row._state.db = database.alias


def claim(row: Model, *, unique: tuple[str, ...]) -> bool:
    """Inserts a row unless one with the same values in the ``unique`` columns is there; whether it was inserted.

    Waits for a transaction that is inserting the same. Unlike a refused INSERT it leaves the transaction usable.
    """
    model = type(row)
    fields = _fields(model, row.pk is None)
    database = _database()
    text = _insert_text(model, row.pk is None, 1, (), database.vendor)
    before, _, returning = text.rpartition(" RETURNING ")
    sql = f"{before} ON CONFLICT ({', '.join(map(_quoted, unique))}) DO NOTHING RETURNING {returning}"
    with database.cursor() as cursor:
        cursor.execute(sql, [_value(field, row, database) for field in fields])
        found = cursor.fetchone()
    if found is None:
        return False
    row.pk, row._state.adding, row._state.db = found[0], False, database.alias
    return True


def update(row: Model, values: Mapping[str, Any]) -> None:
    """Sets columns (by attribute name, such as ``owner_id``) of the row in the database and on the object."""
    if not values:
        return
    model, names = type(row), tuple(values)
    by_name = _by_attname(model)
    database = _database()
    prepared = [_prepared(by_name[name], value, database) for name, value in values.items()]
    with database.cursor() as cursor:
        cursor.execute(_update_text(model, names, database.vendor), [*prepared, row.pk])
    for name, value in values.items():
        setattr(row, name, value)


def _value(field: Field[Any, Any], row: Model, database: BaseDatabaseWrapper) -> Any:
    return _prepared(field, getattr(row, field.attname), database)


def _prepared(field: Field[Any, Any], value: Any, database: BaseDatabaseWrapper) -> Any:
    kind = field.get_internal_type()
    if (kind in STORED_PLAIN and type(value) in PLAIN) or (value is None and kind != "JSONField"):
        return value
    return field.get_db_prep_save(value, database)


@lru_cache(maxsize=64)
def _fields(model: type[Model], keyless: bool) -> tuple[Field[Any, Any], ...]:
    return tuple(field for field in model._meta.concrete_fields if not (keyless and field.primary_key))


@lru_cache(maxsize=64)
def _by_attname(model: type[Model]) -> dict[str, Field[Any, Any]]:
    return {field.attname: field for field in model._meta.concrete_fields}


@lru_cache(maxsize=256)
def _insert_text(model: type[Model], keyless: bool, number: int, conflict: tuple[str, ...], vendor: str) -> str:
    fields = _fields(model, keyless)
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


def _quoted(name: str | None) -> str:
    assert name is not None, "every column that is written here has a name"
    return _database().ops.quote_name(name)
