"""How cases look in lists: the time that is left, and the few tags that matter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from qingyu.cases import labels, rows
from qingyu.cases.models import Case, CaseClock
from qingyu.cases.queries import Row
from qingyu.cases.staff.baskets import BY_NAME
from qingyu.people import parts
from qingyu.people.models import Staff
from qingyu.people.parts import filled

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@dataclass(frozen=True)
class TimeLeft:
    """What the time bar shows. ``left`` 0..100 of the time between start and due date."""

    left: int
    level: str
    label: str


@dataclass(frozen=True)
class Tag:
    """A word with its icon; ``kind`` is one of the design system's."""

    kind: str
    icon: str
    label: str


@dataclass(frozen=True)
class Line:
    """One case in a list. ``html`` is its list item, made here and not in a template: fifty of them stand on a page."""

    row: Row
    handler: str
    bar: TimeLeft | None
    tags: list[Tag]
    state_label: str
    url: str = ""

    @property
    def html(self) -> SafeString:
        """Two lines: what and where; who and the time that is left."""
        marks = [parts.tag(tag.kind, tag.icon, tag.label) for tag in self.tags]
        if self.state_label:
            marks.append(parts.state_tag(self.row.state, self.state_label))
        number = self.row.number if self.row.stage else ""  # all that tells apart two applications for one item
        who = " · ".join(filter(None, (number, self.row.area, self.row.topic, self.row.owner, self.handler)))
        return parts.filled(
            '<li class="caserow"><a href="{}" data-row><span class="caserow-what"><span class="clip">{}</span>'
            '<span class="flags">{}</span></span>'
            '<span class="caserow-who"><span class="clip">{}</span>{}</span></a></li>',
            self.url, self.row.title or _("No title"), SafeString("".join(marks)), who, self._time(),
        )  # fmt: skip

    def _time(self) -> SafeString:
        if self.bar:
            return parts.time_bar(self.bar.left, self.bar.level, self.bar.label)
        opened = timezone.localtime(self.row.opened_at)
        day = date_format(opened, "SHORT_DATE_FORMAT")
        return parts.filled('<span class="nowrap"><time datetime="{}">{}</time></span>', opened.isoformat(), day)


def span(length: timedelta) -> str:
    """A length of time in one figure: days from two days on, then hours, then minutes."""
    if length >= 2 * DAY:
        return ngettext("%(n)s day", "%(n)s days", length // DAY) % {"n": length // DAY}
    if length >= HOUR:
        return ngettext("%(n)s hour", "%(n)s hours", length // HOUR) % {"n": length // HOUR}
    return ngettext("%(n)s minute", "%(n)s minutes", length // MINUTE) % {"n": max(1, length // MINUTE)}


def time_left(clock: CaseClock | ListedClock, *, at: datetime) -> TimeLeft:
    """The bar of one running clock: amber from its warning on, red once it is late, resting while it is paused."""
    whole = max((clock.due_at - clock.started_at).total_seconds(), 1.0)
    left = round(100 * min(1.0, max(0.0, (clock.due_at - (clock.paused_at or at)).total_seconds() / whole)))
    away, language = _coarse(abs(clock.due_at - at)), get_language() or ""
    if clock.paused_at:
        return TimeLeft(left, "paused", _label("rests", clock.kind, away, language))
    if clock.due_at <= at:
        return TimeLeft(0, "late", _label("late", clock.kind, away, language))
    level = "soon" if at >= clock.warn_at else "ok"
    return TimeLeft(left, level, _label("about" if clock.provisional else "left", clock.kind, away, language))


def _coarse(length: timedelta) -> timedelta:
    """As much of it as ``span`` says, so that few labels are ever made."""
    unit = DAY if length >= 2 * DAY else HOUR if length >= HOUR else MINUTE
    return length // unit * unit


@lru_cache(maxsize=4096)
def _label(how: str, kind: str, length: timedelta, language: str) -> str:
    """What stands beside a bar; kept for each language, since fifty of them stand on a page."""
    words = {"clock": labels.CLOCKS.get(kind, kind), "time": span(length)}
    patterns = {
        "rests": _("%(clock)s: time rests"), "late": _("%(clock)s: %(time)s late"),
        "about": _("%(clock)s: about %(time)s left"), "left": _("%(clock)s: %(time)s left"),
    }  # fmt: skip
    return patterns[how] % words


def lines(listed: list[Row], *, at: datetime, mixed: bool = True) -> list[Line]:
    """Rows with their handlers' names and time bars; two statements. ``mixed``: the rows differ in state."""
    running = _clocks(listed)
    names = staff_names(row.handler_id for row in listed)
    pattern = reverse("case", args=["0"])
    return [_line(row, running.get(row.pk), names.get(row.handler_id or 0, ""), pattern, at, mixed) for row in listed]


def _line(row: Row, clock: ListedClock | None, handler: str, pattern: str, at: datetime, mixed: bool) -> Line:
    bar = time_left(clock, at=at) if clock else None
    state = labels.standing(row.state, row.stage) if mixed or row.stage else ""
    return Line(row, handler, bar, flags(row)[:2], state, pattern.replace("0", row.number))


def shelf(names: tuple[str, ...], counts: tuple[int | None, ...], chosen: str) -> SafeString:
    """The baskets as list items with their counts; ``chosen`` is the open one."""
    return _shelf(names, counts, chosen, get_language() or "")


@lru_cache(maxsize=2048)
def _shelf(names: tuple[str, ...], counts: tuple[int | None, ...], chosen: str, language: str) -> SafeString:
    desk, here = reverse("desk"), SafeString(' aria-current="page"')
    items = []
    for name, count in zip(names, counts, strict=True):
        basket = BY_NAME[name]
        shown = filled(' <span class="count">{}</span>', "999+" if count >= 999 else count) if count is not None else ""
        items.append(
            filled(
                '<li><a href="{}?basket={}"{}>{}{}{}</a></li>', desk, name, here if name == chosen else "",
                parts.icon(basket.icon), basket.label, shown,
            )
        )  # fmt: skip
    return SafeString("".join(items))


class ListedClock(NamedTuple):
    """What a time bar needs of a clock."""

    case: int
    kind: str
    started_at: datetime
    due_at: datetime
    warn_at: datetime
    paused_at: datetime | None
    provisional: bool


def _clocks(listed: list[Row]) -> dict[int, ListedClock]:
    """The clock of each open case that falls due first; where none runs, the one that rests."""
    cases = [row.pk for row in listed if row.next_due_at or row.state == Case.State.WAITING]
    columns = ("case_id", "kind", "started_at", "due_at", "warn_at", "paused_at", "provisional", "stop")
    found = rows.values_of(CaseClock, "case_id", cases, columns) if cases else []
    clocks = [ListedClock._make(values) for *values, stop in found if not stop]
    last_first = sorted(clocks, key=lambda clock: (clock.paused_at is None, -clock.due_at.timestamp()))
    return {clock.case: clock for clock in last_first}


def staff_names(ids: Iterable[int | None]) -> dict[int, str]:
    """Names of staff by id; one statement, none for nobody."""
    wanted = {pk for pk in ids if pk}
    return dict(Staff.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def flags(case: Row | Case) -> list[Tag]:
    """What makes a case stand out, the most pressing first."""
    found = []
    if case.urgency == Case.Urgency.CRITICAL:
        found.append(Tag("wait", "triangle-alert", _("critical")))
    if case.urgency == Case.Urgency.URGENT:
        found.append(Tag("wait", "flag", _("urgent")))
    if case.disputed:
        found.append(Tag("wait", "corner-up-left", _("return asked")))
    if case.redos:
        found.append(Tag("wait", "refresh-cw", _("done again: %(n)s") % {"n": case.redos}))
    if case.urges:
        found.append(Tag("wait", "bell", _("urged: %(n)s") % {"n": case.urges}))
    if case.type == Case.Type.REPORT:
        found.append(Tag("off", "lock", str(Case.Type.REPORT.label)))
    return found
