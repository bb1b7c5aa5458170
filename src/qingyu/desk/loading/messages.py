"""Messages of citizens from a CSV file of another system. The form of the file: docs/loading.md."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TextIO

from django.conf import settings
from django.db import IntegrityError

from qingyu.cases import importing
from qingyu.cases.importing import History
from qingyu.cases.models import Case
from qingyu.cases.operations import importing as bulk
from qingyu.cases.operations.words import LONGEST
from qingyu.cases.topics import by_code
from qingyu.desk.loading import reading
from qingyu.desk.loading.reading import Line
from qingyu.desk.loading.report import Rejected, refused
from qingyu.people import queries as people
from qingyu.rules.refusals import NotValid, Refusal

CHUNK = 200
TRIES = 5
NEEDED = ("id", "opened_at", "text")
LONGEST_KEY = 120

Load = Callable[..., bulk.Loaded]


@dataclass
class Outcome:
    """What became of the rows of a file. ``where``: the file that holds the rejected lines, if there are any."""

    made: int = 0
    known: int = 0
    fallback: int = 0
    rejected: int = 0
    where: Path | None = None
    first: list[Rejected] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return self.made + self.known + self.rejected


def source_of(path: Path) -> str:
    """The name under which ids of this file are known: its name up to the first dot."""
    return path.name.split(".")[0][:80]


def load(path: Path, *, source: str, at: datetime, how: Load, tell: Callable[[Outcome], None]) -> Outcome:
    """Loads a file in chunks, each a transaction of its own; stopped anywhere, it goes on where it was."""
    outcome = Outcome()
    with Rejections(path, outcome) as rejections:
        chunk: list[History] = []
        for line in _lines(path):
            matter = _checked(line, rejections, at)
            if matter:
                chunk.append(matter)
            if len(chunk) >= CHUNK:
                _take(partial(how, chunk, source=source, at=at), outcome)
                chunk = []
                tell(outcome)
        if chunk:
            _take(partial(how, chunk, source=source, at=at), outcome)
    return outcome


def _lines(path: Path) -> Iterator[Line]:
    csv.field_size_limit(1_000_000)
    with reading.opened(path) as file:
        lines = reading.table(file)
        for number, line in enumerate(lines):
            missing = [name for name in NEEDED if name not in line.values] if number == 0 else []
            if missing:
                raise NotValid("columns_missing", field=missing[0], missing=missing)
            yield line


def _checked(line: Line, rejections: Rejections, at: datetime) -> History | None:
    try:
        return matter_of(line, at=at)
    except Refusal as refusal:
        rejections.add(line, refused(line, refusal))
        return None


def _take(load_chunk: Callable[[], bulk.Loaded], outcome: Outcome) -> None:
    """One transaction; tried again where somebody else loads the same rows at the same time."""
    for attempt in range(TRIES):
        try:
            loaded = load_chunk()
        except IntegrityError:
            if attempt == TRIES - 1:
                raise
        else:
            break
    outcome.made += loaded.made
    outcome.known += loaded.known
    outcome.fallback += loaded.fallback


def matter_of(line: Line, *, at: datetime) -> History:
    """The row as a matter. NotValid names the field: id_too_long, time_not_readable, in_the_future, text_missing,
    text_too_long, not_utf8, reply_before_opening, reply_without_time, time_without_reply, topic_unknown,
    area_unknown, type_unknown, channel_unknown."""
    key, title, text = line.text("id"), line.text("title", ""), line.text("text", "")
    reply = line.text("reply", "")
    if len(key) > LONGEST_KEY:
        raise NotValid("id_too_long", field="id", longest=LONGEST_KEY)
    if not (title or text):
        raise NotValid("text_missing", field="text")
    for name, words in (("title", title), ("text", text), ("reply", reply)):
        _check_words(name, words)
    opened, replied = _instant(line, "opened_at", at), _instant(line, "replied_at", at)
    if opened is None:
        raise NotValid("field_missing", field="opened_at")
    _check_reply(opened, reply, replied)
    area = _code(line, "area", people.areas()) or importing.area_named_in(f"{title}\n{text}")
    return History(
        key=key, title=title, text=text or title, opened_at=opened, reply=reply, replied_at=replied,
        topic=_code(line, "topic", by_code()), area=area, type=_code(line, "type", Case.Type.values),
        channel=_code(line, "channel", Case.Channel.values) or "web",
    )  # fmt: skip


def _check_words(name: str, words: str) -> None:
    if len(words) > LONGEST:
        raise NotValid("text_too_long", field=name, longest=LONGEST)
    if any("\ud800" <= sign <= "\udfff" for sign in words):
        raise NotValid("not_utf8", field=name)
    if "\x00" in words:
        raise NotValid("sign_not_allowed", field=name)


def _check_reply(opened: datetime, reply: str, replied: datetime | None) -> None:
    if reply and replied is None:
        raise NotValid("reply_without_time", field="replied_at")
    if replied and not reply:
        raise NotValid("time_without_reply", field="reply")
    if replied and replied < opened:
        raise NotValid("reply_before_opening", field="replied_at")


def _instant(line: Line, name: str, at: datetime) -> datetime | None:
    text = line.text(name, "")
    found = importing.city_time(text) if text else None
    if text and found is None:
        raise NotValid("time_not_readable", field=name, found=text)
    if found and found > at:
        raise NotValid("in_the_future", field=name, found=text)
    return found


def _code(line: Line, name: str, known: object) -> str:
    code = line.text(name, "")
    if code and code not in known:  # type: ignore[operator]
        raise NotValid(f"{name}_unknown", field=name, found=code)
    return code


class Rejections:
    """``FILE.rejected.csv`` beside the file, or in the data directory where that may not be written to."""

    def __init__(self, path: Path, outcome: Outcome) -> None:
        name = f"{path.name}.rejected.csv"
        self.places = [path.with_name(name), Path(settings.DATA_DIR) / name]
        self.outcome = outcome
        self.file: TextIO | None = None

    def __enter__(self) -> Rejections:
        return self

    def __exit__(self, *_: object) -> None:
        if self.file is not None:
            self.file.close()
        elif self.outcome.rejected == 0:
            for place in self.places:
                with suppress(OSError):
                    place.unlink(missing_ok=True)  # from an earlier load of the same file

    def add(self, line: Line, rejected: Rejected) -> None:
        """Writes the line number, the source's id and the reason; not the words of the citizen."""
        self.file = self.file or self._open()
        self.outcome.rejected += 1
        if len(self.outcome.first) < 5:
            self.outcome.first.append(rejected)
        key = str(line.values.get("id") or "").encode(errors="replace").decode()[:LONGEST_KEY]
        detail = rejected.detail.encode(errors="replace").decode()
        csv.writer(self.file).writerow([rejected.line, key, rejected.code, detail])

    def _open(self) -> TextIO:
        for place in self.places:
            try:
                file = place.open("w", encoding="utf-8", newline="")
            except OSError:
                continue
            self.outcome.where = place
            csv.writer(file).writerow(["line", "id", "reason", "detail"])
            return file
        raise NotValid("rejections_not_writable", field="file")
