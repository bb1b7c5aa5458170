"""Halls, services and windows as a city sets them up; loading the same again changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from qingyu.hall.models import BoardVersion, Hall, Service, Window
from qingyu.people import queries as people
from qingyu.people.models import Unit
from qingyu.rules.refusals import NotValid


@transaction.atomic
def place_hall(*, code: str, name: str, unit: Unit, **values: Any) -> tuple[Hall, bool]:
    """The hall with that code, made or brought up to date; whether it is new. NotValid("field_not_valid")."""
    hall, made = put(Hall, {"code": code}, {"name": name, "unit": unit, **values})
    BoardVersion.objects.get_or_create(hall=hall)
    people.forget()
    return hall, made


@transaction.atomic
def place_service(hall: Hall, *, code: str, name: str, **values: Any) -> tuple[Service, bool]:
    """A service under its letter or two."""
    placed = put(Service, {"hall": hall, "code": code}, {"name": name, **values})
    people.forget()
    return placed


@transaction.atomic
def place_window(
    hall: Hall, *, code: str, label: str, services: Sequence[Service], **values: Any
) -> tuple[Window, bool]:
    """A window under its code, with what it serves."""
    window, made = put(Window, {"hall": hall, "code": code}, {"label": label, **values})
    window.services.set(services)
    people.forget()
    return window, made


def put(model: Any, key: dict[str, Any], values: dict[str, Any]) -> tuple[Any, bool]:
    """The row with those values, made or brought up to date; whether it is new. NotValid("field_not_valid")."""
    row = model.objects.filter(**key).first() or model(**key)
    made = row.pk is None
    for name, value in values.items():
        setattr(row, name, value)
    try:
        row.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        raise NotValid("field_not_valid", field=next(iter(error.message_dict))) from None
    row.save()
    return row, made
