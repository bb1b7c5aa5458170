"""Replays the calls of a real centre (the published files of a bank's centre in 1999) as a switch would tell them.

Each line of the file: line, call, priority, type, date, entry to and exit from the voice menu and its seconds, the
same of the queue, outcome (AGENT, HANG, PHANTOM), the same of the service, and the server. There are no numbers in
it; callers get numbers made from a seed.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from pathlib import Path
from random import Random

from qingyu.hotline.ports import Told
from qingyu.rules.refusals import NotValid

COLUMNS = {
    "call_id", "date", "vru_entry", "vru_exit", "q_start", "q_exit", "q_time", "outcome", "ser_start", "ser_exit",
    "ser_time", "server",
}  # fmt: skip

NEVER = "0:00:00"
HALF_A_DAY = timedelta(hours=12)


@dataclass(frozen=True)
class Day:
    """Which day of the file is played, as which day of the city, with which seed for numbers."""

    wanted: str
    day: date
    zone: tzinfo
    seed: int = 1


def read(path: Path, day: Day) -> Iterator[list[Told]]:
    """The events of each call of the day, in the order of the file. NotValid: file_not_readable, columns_missing."""
    chance = Random(f"{day.seed}:{day.wanted}")
    for number, row in enumerate(_rows(path), 1):
        if row["date"] == day.wanted:
            yield events(row, day, ref=f"{day.day:%Y%m%d}-{number}", phone=f"199{chance.randrange(10**8):08d}")


def _rows(path: Path) -> Iterator[dict[str, str]]:
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            if not set(rows.fieldnames or ()) >= COLUMNS:
                raise NotValid("columns_missing", field="file")
            yield from rows
    except (OSError, UnicodeDecodeError, csv.Error):
        raise NotValid("file_not_readable", field="file") from None


def events(row: dict[str, str], day: Day, *, ref: str, phone: str) -> list[Told]:
    """One call: AGENT was answered, HANG abandoned in the queue or, without time in it, before; PHANTOM is none."""
    told = [_told("call.offered", ref, _at(row["vru_entry"], row, day), caller=phone, line=row.get("vru+line", ""))]
    if row["outcome"] == "PHANTOM":
        return [*told, _told("call.ended", ref, _at(row["vru_exit"], row, day), reason="phantom")]
    queued = int(row["q_time"]) > 0
    if queued:
        told.append(_told("queue.joined", ref, _at(row["q_start"], row, day), position=1))
    if row["outcome"] == "AGENT":
        return told + _answered(row, day, ref)
    end = _at(row["q_exit"] if queued else row["vru_exit"], row, day)
    if queued:
        told.append(_told("queue.abandoned", ref, end, hold=int(row["q_time"])))
    return [*told, _told("call.ended", ref, end, reason="caller")]


def _answered(row: dict[str, str], day: Day, ref: str) -> list[Told]:
    """Where the file has no time of service (0:00:00, nothing long) the end of the wait is all that is known."""
    waited = row["q_exit"] if int(row["q_time"]) else row["vru_exit"]
    served = not (row["ser_start"] == NEVER and not int(row["ser_time"]))
    begin = _at(row["ser_start"] if served else waited, row, day)
    end = max(begin, _at(row["ser_exit"], row, day)) if served else begin
    return [
        _told("agent.connected", ref, begin, agent=row["server"], hold=int(row["q_time"]), ring=0),
        _told("call.ended", ref, end, talk=int(row["ser_time"]), reason="caller"),
    ]


def _told(type_: str, ref: str, at: datetime, **data: str | int) -> Told:
    return Told(type_, ref, 1, at, data=data)


def _at(text: str, row: dict[str, str], day: Day) -> datetime:
    """Clock time of the file on the day that is played; half a day before the call came in is the day after it."""
    after = _since_midnight(text)
    if after < _since_midnight(row["vru_entry"]) - HALF_A_DAY:
        after += 2 * HALF_A_DAY
    return datetime.combine(day.day, time(), tzinfo=day.zone) + after


def _since_midnight(text: str) -> timedelta:
    hours, minutes, seconds = (int(part) for part in text.split(":"))
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)
