"""What became of the lines of a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from django.db import transaction

from qingyu.desk.loading.known import Known
from qingyu.desk.loading.reading import Line
from qingyu.rules.refusals import NotValid, Refusal


class Did(StrEnum):
    """What a line did to the table."""

    MADE = "made"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True)
class Source:
    """The file that is loaded, for the record of changes, the time, and what this load has looked up."""

    path: Path
    at: datetime
    known: Known = field(default_factory=Known, compare=False, repr=False)

    @property
    def reason(self) -> str:
        return f"load {self.path.name}"


@dataclass(frozen=True)
class Rejected:
    """A line that was not taken, with the code and the words that name the culprit."""

    line: int
    code: str
    detail: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.code} {self.detail}".rstrip()


@dataclass
class Report:
    """Counts of lines by what they did, and those that were rejected."""

    made: int = 0
    changed: int = 0
    same: int = 0
    rejected: list[Rejected] = field(default_factory=list)

    def count(self, did: Did) -> None:
        setattr(self, did.value, getattr(self, did.value) + 1)


def refused(line: Line, refusal: Refusal) -> Rejected:
    """The line and the refusal in one."""
    facts = " ".join(f"{name}={value}" for name, value in refusal.facts.items())
    where = f"field={refusal.field}" if isinstance(refusal, NotValid) and refusal.field else ""
    return Rejected(line.number, refusal.code, f"{where} {facts}".strip())


def each(lines: Iterable[Line], act: Callable[[Line], Did]) -> Report:
    """Lets every line act in a savepoint of its own; a line that is refused holds up no other."""
    report = Report()
    for line in lines:
        try:
            with transaction.atomic():
                did = act(line)
        except Refusal as refusal:
            report.rejected.append(refused(line, refusal))
        else:
            report.count(did)
    return report
