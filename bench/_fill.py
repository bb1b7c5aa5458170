"""Fills a database of the demo city with copies of its own cases: rows, texts, clocks and events with valid hashes.

    python -m bench._fill 1000000        (in the environment of the installation to fill)

A copy differs from its template in number, uuid and ids; its chain is computed anew, so ``qingyu verify`` passes and
a replay gives its row. One in twenty copies is of an open case. Contacts are not copied.
"""

from __future__ import annotations

import os
import random
import re
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

CHUNK = 5_000
OPEN_SHARE = 0.05
OPEN = {"received", "dispatched", "accepted", "handling", "waiting", "answered"}


def main(wanted: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingyu.config.settings")
    import django

    django.setup()
    from qingyu.cases.models import Case

    missing = wanted - Case.objects.count()
    if missing > 0:
        filler = Filler()
        filler.fill(missing)
        filler.set_sequences()
    print(Case.objects.count())


@dataclass(frozen=True)
class Template:
    """Rows of one case as plain dictionaries of columns; texts by their old id."""

    case: dict[str, Any]
    texts: list[dict[str, Any]]
    events: list[dict[str, Any]]
    clocks: list[dict[str, Any]]


class Filler:
    """Copies templates in chunks; ids, numbers and hashes go on where the database stands."""

    def __init__(self) -> None:
        from django.db import connection
        from django.db.models import Max

        from qingyu.cases.models import Assistance, Case, CaseClock, CaseEvent, CaseText, LogHead

        self.models = {"case": Case, "text": CaseText, "event": CaseEvent, "clock": CaseClock, "assistance": Assistance}
        self.next_id = {
            name: (model.objects.aggregate(m=Max("pk"))["m"] or 0) + 1 for name, model in self.models.items()
        }
        self.heads = {head.partition: head for head in LogHead.objects.all()}
        self.rng = random.Random(1)
        self.postgresql = connection.vendor == "postgresql"
        self.open, self.ended = self._templates()

    def _templates(self) -> tuple[list[Template], list[Template]]:
        found: tuple[list[Template], list[Template]] = ([], [])
        for case in self.models["case"].objects.filter(imported=False).values()[:400]:
            rows = {
                name: list(self.models[name].objects.filter(case_id=case["id"]).order_by("id").values())
                for name in ("text", "event", "clock")
            }
            template = Template(
                _prepared(self.models["case"], case) | {"_opened": case["opened_at"], "_uuid": str(case["uuid"])},
                *([_prepared(self.models[n], row) for row in rows[n]] for n in ("text", "event", "clock")),
            )
            # A sealed text opens only in its own row, so cases with one are not copied.
            if len(template.events) <= 8 and not any(row["sealed"] for row in rows["text"]):
                found[0 if case["state"] in OPEN else 1].append(template)
        return found

    def fill(self, number: int) -> None:
        if not self.postgresql:
            self._trust_the_keys()
        for start in range(0, number, CHUNK):
            size = min(CHUNK, number - start)
            self._write([self._copy() for _ in range(size)])
            print(f"{start + size} of {number}", file=sys.stderr, end="\r" if sys.stderr.isatty() else "\n")

    def _trust_the_keys(self) -> None:
        """A case is written before its title: SQLite would look through all cases for each text that arrives."""
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("PRAGMA foreign_keys = OFF")

    def set_sequences(self) -> None:
        """PostgreSQL's own counters go on after the ids that were given here, and the planner learns the new sizes."""
        from django.core.management.color import no_style
        from django.db import connection

        with connection.cursor() as cursor:
            for sql in connection.ops.sequence_reset_sql(no_style(), list(self.models.values())):
                cursor.execute(sql)
            if self.postgresql:  # in the city its own worker does this
                cursor.execute("ANALYZE")

    def _copy(self) -> dict[str, list[dict[str, Any]]]:
        template = self.rng.choice(self.open if self.rng.random() < OPEN_SHARE else self.ended)
        case = dict(template.case)
        opened, old_uuid, new_uuid = case.pop("_opened"), case.pop("_uuid"), uuid.uuid4()
        case["id"], case["uuid"] = self._take("case"), self._uuid(new_uuid)
        case["number"] = self._number(opened, case["id"])
        ids = {text["id"]: self._take("text") for text in template.texts}
        case["title_id"] = ids.get(case["title_id"])
        texts = [
            text | {"id": ids[text["id"]], "case_id": case["id"], "uuid": self._uuid(uuid.uuid4())}
            for text in template.texts
        ]
        events = list(self._events(template, case["id"], old_uuid, str(new_uuid), ids))
        case["length"], case["head"] = len(events), events[-1]["hash"]
        clocks = [clock | {"id": self._take("clock"), "case_id": case["id"]} for clock in template.clocks]
        helping = [
            {
                "id": self._take("assistance"),
                "case_id": case["id"],
                "unit_id": int(unit),
                "of_open": case["state"] in OPEN,
            }
            for unit in case["assisting"].split(",")
            if unit
        ]
        return {"case": [case], "text": texts, "event": events, "clock": clocks, "assistance": helping}

    def _uuid(self, value: uuid.UUID) -> Any:
        return value if self.postgresql else value.hex

    def _take(self, name: str) -> int:
        taken = self.next_id[name]
        self.next_id[name] += 1
        return taken

    def _number(self, opened: datetime, case_id: int) -> str:
        from qingyu.rules.identifiers import case_number

        return case_number(opened.date().replace(year=2001, day=1), f"{case_id % 10**7:07d}")

    def _events(
        self, template: Template, case_id: int, old_uuid: str, new_uuid: str, ids: dict[int, int]
    ) -> Iterator[dict[str, Any]]:
        from qingyu.rules import ledger

        partition = case_id % 16
        head, previous = self.heads[partition], ledger.GENESIS
        for event in template.events:
            body = _renamed(event["body"], old_uuid, new_uuid, ids)
            previous = ledger.event_hash(body, previous)
            taken = self._take("event")
            head.length, head.last_event = head.length + 1, taken
            head.head = ledger.ledger_head(head.head, previous)
            yield event | {"id": taken, "case_id": case_id, "partition": partition, "body": body, "hash": previous}

    def _write(self, copies: list[dict[str, list[dict[str, Any]]]]) -> None:
        from django.db import connection, transaction

        insert = _copy_in if connection.vendor == "postgresql" else _execute_many
        with transaction.atomic(), connection.cursor() as cursor:
            for name in self.models:
                rows = [row for copy in copies for row in copy[name]]
                if rows:
                    insert(cursor, self.models[name]._meta.db_table, rows)
            for head in self.heads.values():
                head.save()


def _prepared(model: Any, row: dict[str, Any]) -> dict[str, Any]:
    """Column values as the database takes them, made once for each template."""
    from django.db import connection

    fields = {field.attname: field for field in model._meta.concrete_fields}
    return {fields[name].column: fields[name].get_db_prep_save(value, connection) for name, value in row.items()}


def _execute_many(cursor: Any, table: str, rows: list[dict[str, Any]]) -> None:
    names = list(rows[0])
    marks = ", ".join(["%s"] * len(names))
    quoted = ", ".join(f'"{name}"' for name in names)
    cursor.executemany(f'INSERT INTO "{table}" ({quoted}) VALUES ({marks})', [tuple(row.values()) for row in rows])


def _copy_in(cursor: Any, table: str, rows: list[dict[str, Any]]) -> None:
    quoted = ", ".join(f'"{name}"' for name in rows[0])
    with cursor.copy(f'COPY "{table}" ({quoted}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(tuple(row.values()))


_TEXT_IDS = re.compile(r'"(text|title|place)":(\d+)')


def _renamed(body: str, old: str, new: str, ids: dict[int, int]) -> str:
    body = body.replace(old, new)
    return _TEXT_IDS.sub(lambda found: f'"{found[1]}":{ids.get(int(found[2]), int(found[2]))}', body)


if __name__ == "__main__":
    main(int(sys.argv[1]))
