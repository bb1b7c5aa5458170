"""Any list as a spreadsheet: what the policy lets the person see, no identity in clear, with purpose and name in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from qingyu.cases import labels, queries
from qingyu.cases.models import Case
from qingyu.cases.operations.words import needed
from qingyu.cases.queries import COLUMNS, Row, Wanted, row_of
from qingyu.people.models import Staff
from qingyu.people.operations import note_change
from qingyu.people.policy import Viewer, viewer
from qingyu.rules import identifiers

MOST = 50_000
PLAIN = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Sheet:
    """A finished file at its beginning, and how many rows it holds."""

    file: IO[bytes]
    rows: int


def export(wanted: Wanted, *, by: Staff, purpose: str, at: datetime) -> Sheet:
    """The list as XLSX, 50,000 rows at most; who, when, why and how many are written down first.

    NotPermitted("permission_missing"), NotValid("purpose_missing").
    """
    rights = viewer(by)
    rights.require("case.export")
    why = needed(purpose, "purpose")
    file = TemporaryFile()  # noqa: SIM115  the answer that streams it closes it
    rows = _write(file, rights, wanted, _printed(by, why, at))
    _note(wanted, by=by, why=why, rows=rows, at=at)
    file.seek(0)
    return Sheet(file, rows)


@transaction.atomic
def _note(wanted: Wanted, *, by: Staff, why: str, rows: int, at: datetime) -> None:
    given = {name: str(value) for name, value in vars(wanted).items() if value not in (None, "", 1)}
    note_change("export", "cases", by=by, at=at, reason=why, facts={"list": given, "rows": rows})


def _printed(by: Staff, why: str, at: datetime) -> str:
    words = {"who": by.name, "when": _local(at), "why": why, "account": by.username}
    return _("Exported by %(who)s (%(account)s) on %(when)s for: %(why)s. Handle as confidential.") % words


def _write(file: IO[bytes], rights: Viewer, wanted: Wanted, printed: str) -> int:
    import xlsxwriter  # heavy, and few export

    book = xlsxwriter.Workbook(file, PLAIN)
    sheet = book.add_worksheet(_("Cases"))
    bold = book.add_format({"bold": True, "bottom": 1})
    sheet.write_string(0, 0, harmless(printed))
    for column, (head, width) in enumerate(_heads()):
        sheet.set_column(column, column, width)
        sheet.write_string(1, column, head, bold)
    sheet.freeze_panes(2, 0)
    sheet.set_footer(harmless(printed).replace("&", "&&")[:250])
    count = 0
    for count, values in enumerate(_lines(rights, wanted), 1):
        for column, value in enumerate(values):
            sheet.write_string(count + 1, column, harmless(value))
    book.close()
    return count


def _heads() -> list[tuple[str, int]]:
    return [
        (_("Number"), 18), (_("Title"), 44), (_("State"), 14), (_("Type"), 10), (_("Topic"), 22), (_("Area"), 16),
        (_("Unit"), 20), (_("Handler"), 12), (_("Urgency"), 8), (_("Filed"), 18), (_("Due"), 18), (_("Done again"), 8),
        (_("Urged"), 8),
    ]  # fmt: skip


def _lines(rights: Viewer, wanted: Wanted) -> Iterator[list[str]]:
    names = dict(Staff.objects.values_list("pk", "name"))
    found = queries.filtered(rights, wanted, most=MOST).values_list(*COLUMNS, "confidential")[:MOST]
    for *values, confidential in found.iterator(chunk_size=2000):
        row = row_of(tuple(values))
        yield _line(row, names, sealed=confidential or row.type == Case.Type.REPORT)


def _line(row: Row, names: dict[int, str], *, sealed: bool) -> list[str]:
    title = _("(confidential)") if sealed else identifiers.scrub(row.title)
    return [
        row.number, title, labels.standing(row.state, row.stage), str(Case.Type(row.type).label), row.topic, row.area,
        row.owner, names.get(row.handler_id or 0, ""), str(Case.Urgency(row.urgency).label), _local(row.opened_at),
        _local(row.due_at) if row.due_at else "", str(row.redos), str(row.urges),
    ]  # fmt: skip


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula, even after it was saved as something else."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def _local(at: datetime) -> str:
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).strftime("%Y-%m-%d %H:%M")
