"""CPU of the lists that join a second door, at 10,000 and at 1,000,000 cases; one line of JSON for each.

    python -m bench.doors [SIZE ...]

The cases are those of ``bench/web.py``; every one has a call to make, a rating, facts, a call and a ticket.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bench._web import cost, figure
from bench.web import DATA, SIZES, browser, detail, made
from tools.postgres import DURABLE, NoPostgres, cluster
from tools.server import Installation

TARGET = 12
PAGES = {
    "followup": ("caller", "/desk/followup/"),
    "voices": ("supervisor", "/desk/voices/"),
    "voices_poor": ("supervisor", "/desk/voices/?show=poor"),
    "voices_unit": ("handler", "/desk/voices/"),
    "traced": ("supervisor", "/barometer/cases/?indicator=good_ratings&unit=UNIT"),
    "call_backs": ("agent", "/hotline/call-backs/"),
    "listening": ("hall_manager", "/hall/HALL/listening/"),
}
OPTIONS = {"QINGYU_RATE_LIMITS": "off"}


def main() -> int:
    sizes = [int(word) for word in sys.argv[1:] if word.isdigit()] or SIZES
    ok = True
    for installation, size, database in _installations(sizes):
        ok &= _measure(installation, size, database)
    return 0 if ok else 1


def _installations(sizes: list[int] | tuple[int, ...]) -> Iterator[tuple[Installation, int, str]]:
    for size in sizes:
        yield _with_doors(Installation(DATA / f"sqlite-{size}", options=OPTIONS), size), size, "sqlite"
    try:
        with _postgres() as url:
            for size in sizes:
                more = OPTIONS | {"QINGYU_WORKERS": "2"}
                found = Installation(DATA / "postgresql", database_url=url, options=more)
                yield _with_doors(found, size), size, "postgresql"
    except NoPostgres:
        print("PostgreSQL is missing; its figures are left out", file=sys.stderr)


@contextmanager
def _postgres() -> Iterator[str]:
    with cluster(settings=DURABLE) as postgres:
        yield postgres.create("doors")


def _with_doors(installation: Installation, size: int) -> Installation:
    made(installation, size)
    command = [sys.executable, "-m", "bench._doors"]
    subprocess.run(command, env=installation.environment, check=True, stdout=2)
    return installation


def _measure(installation: Installation, size: int, database: str) -> bool:
    ok = True
    names = _names(installation)
    with installation.process("serve") as process:
        installation._wait(process)
        empty = cost(installation.url, process.pid, [("GET", "/health/live", b"", {})] * 1_600, wanted=200, warm=200)
        for name, (role, path) in PAGES.items():
            headers = browser(installation, role)
            for word, code in names.items():
                path = path.replace(word, code)
            spent = cost(installation.url, process.pid, [("GET", path, b"", headers)] * 170, wanted=200)
            good = spent.cpu_ms <= TARGET and not spent.wrong
            at = f"{size:,} cases, empty view {empty.cpu_ms:.2f} ms, {spent.cpu_ms / empty.cpu_ms:.0f} of them"
            told = f"{detail(at, spent)}; {path}"
            figure(f"doors.{name}_cpu", spent.cpu_ms, "ms", TARGET, ok=good, database=database, detail=told)
            ok &= good
    return ok


def _names(installation: Installation) -> dict[str, str]:
    """The hall, and the unit with the most cases."""
    code = (
        "from django.db.models import Count; from qingyu.cases.models import Case; from qingyu.hall.models import Hall;"
        "print(Hall.objects.order_by('pk')[0].code, Case.objects.filter(lead__isnull=False).values_list('lead__code')"
        ".annotate(n=Count('pk')).order_by('-n')[0][0])"
    )
    hall, unit = installation.command("shell", "-v0", "-c", code).split()
    return {"HALL": hall, "UNIT": unit}


if __name__ == "__main__":
    sys.exit(main())
