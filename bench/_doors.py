"""Fills a database of many cases with the company they have in the other doors, in a few statements.

    python -m bench._doors        (in the environment of the installation to fill)

Calls to make, ratings, facts, calls and call-backs, tickets, matters of the listening desk: for every case that has
none. Most are long over; one call in two hundred still waits.
"""

from __future__ import annotations

import os
import sys
from typing import Any

ENDED = "c.state IN ('closed', 'archived')"
LEVEL = "CASE c.id % 8 WHEN 0 THEN 'dissatisfied' WHEN 1 THEN 'very_satisfied' ELSE 'satisfied' END"
CALL = "c.id + 1000000000"
"""Columns that are not told here get nothing, nought or the time of filing; text is SQL over the case ``c``."""


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingyu.config.settings")
    import django

    django.setup()
    from django.db import connection

    for model, told, where in _rows():
        with connection.cursor() as cursor:
            cursor.execute(_insert(model, told, where))
            print(model.__name__, cursor.rowcount, file=sys.stderr)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _rows() -> list[tuple[Any, dict[str, str], str]]:
    """What to fill, with which columns, for which cases."""
    from qingyu.assessment.models import CaseFact
    from qingyu.followup.models import FollowUpPlan, Rating
    from qingyu.hall.models import Hall, Heard, Service, Ticket
    from qingyu.hotline.models import Call, CallBack, CallCase, Switch

    hall = Hall.objects.order_by("pk")[0]
    service, switch = Service.objects.filter(hall=hall).order_by("pk")[0], Switch.objects.order_by("pk")[0]
    plan = {"round": "1", "state": "CASE WHEN c.id % 200 = 0 THEN 'waiting' ELSE 'done' END"}
    rating = {"round": "1", "unit_id": "c.owner_id", "level": LEVEL, "channel": "'web'", "source_event": "-c.id"}
    days = dict.fromkeys(("closed_on", "asked_on", "rated_on", "opened_on", "due_on"), "date(c.opened_at)")
    fact = days | {
        "round": "1", "unit_id": "c.owner_id", "receiver_id": "c.owner_id", "level": LEVEL, "satisfied": LEVEL,
        "solved": "'yes'", "answered": "'in_time'", "hall": f"'{hall.code}'", "channel": "'phone'",
    }  # fmt: skip
    call = {
        "id": CALL, "switch_id": str(switch.pk), "call_ref": "'bench-' || c.id", "known": "TRUE", "state": "'ended'",
        "outcome": "'answered'", "requested": "TRUE", "offered_at": "c.opened_at", "ended_at": "c.opened_at",
    }  # fmt: skip
    back = {
        "call_id": CALL,
        "why": "'abandoned'",
        "state": "CASE WHEN c.id % 400 = 0 THEN 'waiting' ELSE 'reached' END",
    }
    ticket = {
        "hall_id": str(hall.pk), "service_id": str(service.pk), "day": "date(c.opened_at)",
        "number": "'Z' || (c.id % 10000000)", "ticket": "'t' || (c.id + 100000000000000)", "state": "'finished'",
        "source": "'kiosk'", "case_id": "c.id", "finished_at": "c.opened_at",
    }  # fmt: skip
    heard = {"hall": f"'{hall.code}'", "cause": "'attitude'", "day": "date(c.opened_at)"}
    return [
        (FollowUpPlan, plan | {"case_id": "c.id"}, ENDED), (Rating, rating | {"case_id": "c.id"}, ENDED),
        (CaseFact, fact | {"case_id": "c.id"}, "TRUE"), (Call, call, "TRUE"),
        (CallBack, back, "c.id % 4 = 0"), (CallCase, {"call_id": CALL, "case_id": "c.id"}, "TRUE"),
        (Ticket, ticket, "TRUE"), (Heard, heard | {"case_id": "c.id"}, "c.id % 50 = 0"),
    ]  # fmt: skip


def _insert(model: Any, told: dict[str, str], where: str) -> str:
    from django.db import connection

    fields = [field for field in model._meta.concrete_fields if field.column in told or not field.primary_key]
    names = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(told.get(field.column) or _nothing(field, connection.vendor) for field in fields)
    return (
        f'INSERT INTO "{model._meta.db_table}" ({names}) SELECT {values} FROM cases_case c '
        f"WHERE {where} ON CONFLICT DO NOTHING"
    )


def _nothing(field: Any, vendor: str) -> str:
    if field.null:
        return "NULL"
    plain = {
        "BooleanField": "FALSE", "DateTimeField": "c.opened_at", "DateField": "date(c.opened_at)", "CharField": "''",
        "TextField": "''", "BinaryField": "''::bytea" if vendor == "postgresql" else "X''",
        "UUIDField": "gen_random_uuid()" if vendor == "postgresql" else "lower(hex(randomblob(16)))",
    }  # fmt: skip
    return plain.get(field.get_internal_type(), "0")


if __name__ == "__main__":
    main()
