"""``qingyu check``: every option in force with its source, and what is unsafe or not ready. Changes nothing.

Each look is a function that yields findings. ``error`` must be mended before citizens come, ``warning`` should be.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.core import checks
from django.db import DatabaseError, connection

from qingyu.cases.models import Topic
from qingyu.cases.models.reference import Route
from qingyu.config import options, serving, troubles, working
from qingyu.people import keys, sealing
from qingyu.people.models import CalendarYear, Staff, Unit
from qingyu.rules.refusals import Refusal

ERROR, WARNING = "error", "warning"
SECRET = ("SECRET_KEY", "FIELD_KEYS")
WITH_PASSWORD = ("DATABASE_URL", "EMAIL_URL", "SMS_URL")
ELSEWHERE = {"CONFIG", "FLAGS", "SERVING", "DATA", "CHROMIUM"}
"""Variables that settings do not ask for: how options are found, tests and benches."""
LEAST_FREE = 2 << 30
MOST_SKEW = 5.0
OLD_BACKUP = timedelta(days=2)


@dataclass(frozen=True)
class Finding:
    """Something to mend: ``code`` is stable, ``words`` say what to do."""

    level: str
    code: str
    words: str


Look = Callable[[datetime], Iterator[Finding]]


def in_force() -> list[options.Option]:
    """Every option that settings asked for, secrets masked, in alphabetical order."""
    return [masked(option) for _name, option in sorted(options.asked.items())]


def masked(option: options.Option) -> options.Option:
    """The same without what nobody should read over a shoulder."""
    if option.name in SECRET:
        place = settings.DATA_DIR / {"SECRET_KEY": "secret-key", "FIELD_KEYS": "field-keys"}[option.name]
        return options.Option(option.name, "***" if option.value else f"(in {place})", option.source)
    if option.name in WITH_PASSWORD and "@" in option.value:
        parts = urlsplit(option.value)
        user, _, where = parts.netloc.rpartition("@")
        netloc = f"{user.partition(':')[0]}:***@{where}" if ":" in user else parts.netloc
        return options.Option(option.name, urlunsplit(parts._replace(netloc=netloc)), option.source)
    return option


def findings(at: datetime) -> list[Finding]:
    """All that should be mended, errors first. A database that does not answer is one finding, not a failure."""
    found = [finding for look in OF_OPTIONS for finding in look(at)]
    trouble = _database_trouble()
    if trouble:
        found.append(trouble)
    else:
        found += [finding for look in OF_DATABASE for finding in look(at)]
    return sorted(found, key=lambda finding: (finding.level != ERROR, finding.code))


def _database_trouble() -> Finding | None:
    try:
        connection.ensure_connection()
        serving.require_migrated()
    except DatabaseError as error:
        return Finding(ERROR, "database_away", f"the database does not answer: {' '.join(str(error).split())}")
    except Refusal as refusal:
        return Finding(ERROR, refusal.code, troubles.sentence(refusal))
    return None


# ---------------------------------------------------------------- what can be seen without the database


def is_public() -> bool:
    """Whether others than this machine can reach it: by its own address or through a proxy."""
    host = urlsplit(settings.PUBLIC_URL).hostname or settings.HOST
    return settings.HOST not in serving.LOOPBACK or host not in serving.LOOPBACK


def unknown_options(at: datetime) -> Iterator[Finding]:
    """A misspelt option is silently without effect: nobody should find that out later."""
    known = set(options.asked) | ELSEWHERE
    given = {name.removeprefix("QINGYU_").removesuffix("_FILE") for name in os.environ if name.startswith("QINGYU_")}
    for name in sorted(given | {name.upper() for name in options.in_file}):
        if name not in known and not name.startswith("TEST_"):
            yield Finding(WARNING, "option_unknown", f"there is no option QINGYU_{name}; is it misspelt?")


def transport(at: datetime) -> Iterator[Finding]:
    """Codes and passwords travel: in public only over https."""
    if is_public() and not settings.PUBLIC_URL.startswith("https://"):
        words = f"QINGYU_PUBLIC_URL is {settings.PUBLIC_URL}: put a proxy with https before it and name its address"
        yield Finding(ERROR, "no_https", words)
    if settings.PUBLIC_URL.startswith("https://") and not settings.TRUSTED_PROXIES:
        words = "QINGYU_TRUSTED_PROXIES is empty: all citizens count as one address; name the proxy's address"
        yield Finding(ERROR, "no_trusted_proxy", words)
    host = urlsplit(settings.PUBLIC_URL).hostname or ""
    if host not in settings.ALLOWED_HOSTS and "*" not in settings.ALLOWED_HOSTS:
        yield Finding(ERROR, "host_not_allowed", f"{host} of QINGYU_PUBLIC_URL is missing in QINGYU_ALLOWED_HOSTS")
    if "*" in settings.ALLOWED_HOSTS and is_public():
        yield Finding(ERROR, "any_host", "QINGYU_ALLOWED_HOSTS is *: links could be made to lead elsewhere")


def switches(at: datetime) -> Iterator[Finding]:
    """What is meant for load tests and development."""
    if not settings.RATE_LIMITS:
        level = ERROR if is_public() else WARNING
        yield Finding(level, "rate_limits_off", "QINGYU_RATE_LIMITS is off: query codes can be guessed; switch it on")
    if settings.DEBUG:
        yield Finding(ERROR, "debug", "DEBUG is on: errors show the inside of the program to everybody")
    if settings.WORKERS > 1 and connection.vendor == "sqlite":
        words = troubles.WORDS["one_worker_on_sqlite"].format(workers=settings.WORKERS)
        yield Finding(ERROR, "one_worker_on_sqlite", words)


def time_zone(at: datetime) -> Iterator[Finding]:
    """Days begin and deadlines end in this zone."""
    try:
        offset = at.astimezone(ZoneInfo(settings.TIME_ZONE)).utcoffset()
    except (ZoneInfoNotFoundError, ValueError):
        yield Finding(
            ERROR, "time_zone_unknown", f"QINGYU_TIME_ZONE {settings.TIME_ZONE} is not known; Asia/Shanghai is"
        )
        return
    if offset != timedelta(hours=8):
        yield Finding(WARNING, "time_zone_elsewhere", f"{settings.TIME_ZONE} is not the time of China (UTC+8)")


def private_files(at: datetime) -> Iterator[Finding]:
    """Secret, keys, logins and rows are for their owner alone."""
    names = ["secret-key", "field-keys", "demo-logins.json"]
    for path in [settings.DATA_DIR, *(settings.DATA_DIR / name for name in names)]:
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            right = "700" if path.is_dir() else "600"
            level = WARNING if path.is_dir() else ERROR
            yield Finding(level, "file_open_to_others", f"others can read {path}; run: chmod {right} {path}")


def room(at: datetime) -> Iterator[Finding]:
    """A full disk stops everything."""
    disk = shutil.disk_usage(settings.DATA_DIR)
    if disk.free < LEAST_FREE or disk.free < disk.total / 20:
        words = f"{disk.free >> 20} MiB are free where the data lies; make room"
        yield Finding(ERROR if disk.free < LEAST_FREE / 8 else WARNING, "disk_nearly_full", words)


def channels(at: datetime) -> Iterator[Finding]:
    """Messages that go nowhere."""
    if is_public() and settings.SMS_URL.startswith(("console", "file")):
        yield Finding(WARNING, "no_sms", "QINGYU_SMS_URL leads to a file: nobody gets a text message")


def backups(at: datetime) -> Iterator[Finding]:
    """When ``qingyu backup`` last wrote an archive, as far as this data directory knows."""
    last = last_backup()
    if last is None:
        yield Finding(WARNING, "no_backup_yet", "there has been no backup; run: qingyu backup FILE, and every night")
    elif at - last > OLD_BACKUP:
        words = f"the last backup is {(at - last).days} days old; run: qingyu backup FILE, and every night"
        yield Finding(WARNING, "backup_old", words)


def last_backup() -> datetime | None:
    """When the last archive was written; None where that is not known."""
    try:
        return datetime.fromisoformat(backup_note().read_text().strip())
    except (OSError, ValueError):
        return None


def backup_note() -> Path:
    """Where ``qingyu backup`` notes that it is done."""
    return Path(settings.DATA_DIR) / "last-backup"


def of_django(at: datetime) -> Iterator[Finding]:
    """Django's own checks and those of our apps."""
    for message in checks.run_checks():
        level = ERROR if message.level >= checks.ERROR else WARNING
        if message.level >= checks.WARNING:
            words = " ".join(part for part in (message.msg, message.hint or "") if part)
            yield Finding(level, str(message.id), words)


# ---------------------------------------------------------------- what only the database knows


def sealing_keys(at: datetime) -> Iterator[Finding]:
    """The keys fit the rows that were sealed with them."""
    try:
        keys.check()
    except Refusal as refusal:
        yield Finding(ERROR, refusal.code, troubles.sentence(refusal, place=sealing.key_file()))


def demo_accounts(at: datetime) -> Iterator[Finding]:
    """Accounts whose passwords stand in a file."""
    count = Staff.objects.filter(demo=True, is_active=True).count()
    if count and is_public():
        words = f"{count} demo accounts can sign in and their passwords stand in a file; deactivate them"
        yield Finding(ERROR, "demo_accounts", words)


def clock_skew(at: datetime) -> Iterator[Finding]:
    """Deadlines are reckoned here and read there: both clocks must agree."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        skew = abs((cursor.fetchone()[0] - datetime.now(UTC)).total_seconds())
    if skew > MOST_SKEW:
        yield Finding(
            ERROR, "clock_skew", f"the clocks of this machine and of the database differ by {skew:.0f} s; use NTP"
        )


def calendar(at: datetime) -> Iterator[Finding]:
    """Deadlines need the official holidays: of this year always, of the next from November on."""
    year = at.astimezone(ZoneInfo(settings.TIME_ZONE)).year
    known = set(CalendarYear.objects.filter(year__gte=year).values_list("year", flat=True))
    if Unit.objects.exists() and year not in known:
        yield Finding(ERROR, "no_calendar", f"there is no working calendar for {year}; run: qingyu load calendar FILE")
    elif known and year + 1 not in known and at.month >= 11:
        words = f"the working calendar of {year + 1} is missing; load it once the State Council has published it"
        yield Finding(WARNING, "no_calendar_next_year", words)


def dispatching(at: datetime) -> Iterator[Finding]:
    """Every request must find an owner, and every owner somebody who works."""
    units = list(Unit.objects.filter(active=True).values_list("id", "name", "kind", "fallback"))
    if not units:
        yield Finding(WARNING, "no_units", "there are no units yet; run: qingyu init, then qingyu load units FILE")
        return
    if not any(fallback for *_rest, fallback in units):
        yield Finding(ERROR, "no_fallback", "no unit takes what has no route; mark one as fallback")
    staffed = set(Staff.objects.filter(is_active=True).values_list("unit_id", flat=True))
    leads = set(Route.objects.values_list("lead_id", flat=True))
    empty = [name for id, name, _kind, fallback in units if id not in staffed and (id in leads or fallback)]
    if empty:
        words = f"{len(empty)} units are sent cases but have no staff: {_some(empty)}"
        yield Finding(ERROR, "units_without_staff", words)


def routes(at: datetime) -> Iterator[Finding]:
    """Topics whose requests all go to the fallback unit."""
    day = at.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    dated = Route.objects.filter(valid_from__lte=day).exclude(valid_to__lt=day)
    routed = set(dated.values_list("topic__path", flat=True))
    if None in routed:
        return  # a route without a topic takes every topic
    last = Topic.objects.filter(children=None).order_by("path").values_list("name", "path")
    lost = [name for name, path in last if not _is_routed(path, routed)]
    if lost:
        words = f"{len(lost)} topics have no route and go to the fallback unit: {_some(lost)}"
        yield Finding(WARNING, "topics_without_route", words)


def _is_routed(path: str, routed: set[str]) -> bool:
    parts = path.split("/")
    return any("/".join(parts[:length]) in routed for length in range(1, len(parts) + 1))


def _some(names: list[str]) -> str:
    return "、".join(names[:5]) + ("…" if len(names) > 5 else "")


def worker(at: datetime) -> Iterator[Finding]:
    """Nothing is dispatched, warned of or sent without a worker."""
    beat = working.last_beat()
    if is_public() and (beat is None or at - beat > timedelta(minutes=2)):
        yield Finding(WARNING, "no_worker", "the worker does not run; start: qingyu up, or qingyu worker")


OF_OPTIONS: tuple[Look, ...] = (
    unknown_options, transport, switches, time_zone, private_files, room, channels, backups, of_django,
)  # fmt: skip
OF_DATABASE: tuple[Look, ...] = (sealing_keys, demo_accounts, clock_skew, calendar, dispatching, routes, worker)
