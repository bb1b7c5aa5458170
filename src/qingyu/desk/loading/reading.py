"""Reading records from CSV or JSON, gzip or plain, and saying no to a field by its name."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from qingyu.rules.refusals import NotValid

LISTS = ";|、"


@dataclass(frozen=True)
class Line:
    """One record. ``number`` is the line in a CSV file (the header is 1), the place from 1 in a JSON list."""

    number: int
    values: Mapping[str, Any]

    def text(self, name: str, default: str | None = None) -> str:
        """The value as text without blanks around it; NotValid("field_missing") where empty and without default."""
        value = self.values.get(name)
        found = "" if value is None else str(value).strip()
        if found:
            return found
        if default is None:
            raise NotValid("field_missing", field=name)
        return default

    def figure(self, name: str) -> float | None:
        """A number, or None where empty; NotValid("not_a_number")."""
        text = self.text(name, "")
        try:
            return float(text) if text else None
        except ValueError:
            raise NotValid("not_a_number", field=name, found=text) from None

    def whole(self, name: str) -> int:
        """A whole number; NotValid("field_missing" | "not_a_whole_number")."""
        text = self.text(name)
        if not text.isdecimal():
            raise NotValid("not_a_whole_number", field=name, found=text)
        return int(text)

    def flag(self, name: str, default: str = "no") -> bool:
        """yes or no in the usual spellings; NotValid("not_yes_or_no")."""
        text = self.text(name, default).lower()
        if text in ("yes", "true", "1", "是"):
            return True
        if text in ("no", "false", "0", "否"):
            return False
        raise NotValid("not_yes_or_no", field=name, found=text)

    def day(self, name: str) -> date | None:
        """A date as 2026-01-31 or 2026/1/31, or None where empty; NotValid("not_a_date")."""
        text = self.text(name, "")
        try:
            return date(*map(int, text.replace("/", "-").split("-"))) if text else None
        except (ValueError, TypeError):
            raise NotValid("not_a_date", field=name, found=text) from None

    def parts(self, name: str) -> list[str]:
        """A list: of JSON as it is, of CSV parted by ; | or 、."""
        value = self.values.get(name)
        if isinstance(value, list):
            return [str(part) for part in value]
        text = self.text(name, "")
        for sign in LISTS:
            text = text.replace(sign, "\n")
        return [part.strip() for part in text.splitlines() if part.strip()]


def lines(path: Path) -> Iterator[Line]:
    """The records of a file by its ending: ``.json`` a list of objects (or of groups of them), otherwise CSV.

    FileNotFoundError; NotValid("file_not_readable" | "file_empty") where it is neither.
    """
    with opened(path) as file:
        yield from _json(file) if ".json" in path.suffixes else table(file)


def opened(path: Path) -> TextIO:
    """The file as text, unpacked where it is gzip; UTF-8 with or without a byte order mark."""
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
    source = gzip.open(path, "rb") if packed else path.open("rb")  # noqa: SIM115  closed by its reader
    return io.TextIOWrapper(source, encoding="utf-8-sig", errors="surrogateescape", newline="")


def table(file: TextIO) -> Iterator[Line]:
    """The records of a CSV file with a header; blank lines are passed over."""
    reader = csv.DictReader(file, restkey="", restval=None)
    try:
        if not reader.fieldnames:
            raise NotValid("file_empty", field="file")
        for values in reader:
            yield Line(reader.line_num, {(name or "").strip(): value for name, value in values.items()})
    except (UnicodeDecodeError, csv.Error) as error:
        raise NotValid("file_not_readable", field="file", line=reader.line_num + 1, why=str(error)) from None


def _json(file: TextIO) -> Iterator[Line]:
    try:
        found = json.load(file)
    except ValueError as error:
        raise NotValid("file_not_readable", field="file", why=str(error)) from None
    records = found if isinstance(found, list) else [found]
    for number, values in enumerate(records, 1):
        if not isinstance(values, dict):
            raise NotValid("file_not_readable", field="file", record=number)
        yield Line(number, values)
