"""How long 7,142 real messages take to be loaded, suggested and routed, and in how much memory.

Trained on labelled-tokens; its seven topics and the areas A1 to A9 of the messages lead to units of the demo city by
the table below. Routed by the first suggestion; what has no route goes to the fallback unit.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tools import postgres

PROJECT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("QINGYU_DATA") or PROJECT.parent / "shared" / "data") / "messages"
DEMO = PROJECT / "src" / "qingyu" / "desk" / "demo"
FILES = ("answered.csv.gz", "open.csv.gz")
SECONDS, MEGABYTES = 90, 400
CITY = "990100000000"
LEADS = {
    "城乡建设": "housing", "环境保护": "environment", "交通运输": "transport", "教育文体": "education",
    "劳动和社会保障": "labour", "商贸旅游": "market", "卫生计生": "health",
}  # fmt: skip
DISTRICTS = ("wanghu", "qinglu", "lindu", "yuntang")
OF_DISTRICTS = ("城乡建设", "环境保护")


@dataclass(frozen=True)
class Run:
    """What a command printed, its seconds and its largest resident memory in MB."""

    out: str
    seconds: float
    megabytes: float


def figure(name: str, value: float | None, unit: str, target: float | None, database: str | None, detail: str) -> None:
    """One line of JSON as ``make bench`` collects them; without a target it is only told."""
    ok = None if target is None or value is None else value <= target
    line = {"name": f"load.{name}", "value": value, "unit": unit, "target": target, "ok": ok}
    print(json.dumps(line | {"database": database, "detail": detail}, ensure_ascii=False), flush=True)


def qingyu(env: dict[str, str], *words: str, module: Sequence[str] = ("-m", "qingyu")) -> Run:
    """Runs one command to its end; codes 0 and 3 are good."""
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, *module, *words], env=env, cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    out = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 3):
        raise SystemExit(f"{' '.join(words)} ended with {process.returncode}")
    return Run(out, time.monotonic() - began, used.ru_maxrss / 1024)


def set_up(env: dict[str, str], folder: Path) -> float:
    """Units, topics, areas and routes, and a trained model; answers the threshold that keeps 97 of 100 right."""
    qingyu(env, "migrate", "--verbosity", "0")
    qingyu(env, "init")
    for kind in ("areas", "units"):
        qingyu(env, "load", kind, str(DEMO / f"{kind}.json"))
    for kind, text in tables().items():
        (folder / f"{kind}.csv").write_text(text, encoding="utf-8")
        qingyu(env, "load", kind, str(folder / f"{kind}.csv"))
    trained = qingyu(env, "dispatch", "train", "--from", str(DATA / "labelled-tokens.csv.gz"), "--json")
    return float(json.loads(trained.out)["advised_threshold"] or 2)


def tables() -> dict[str, str]:
    """Areas A1 to A9, the seven topics, and who leads them: two belong to districts, the rest to the city."""
    areas = [f"A{number}" for number in range(1, 10)]
    rows = [f"{topic},{CITY},{lead},2000-01-01" for topic, lead in LEADS.items()]
    for place, area in enumerate(areas):
        rows += [f"{topic},{area},{DISTRICTS[place % 4]},2000-01-01" for topic in OF_DISTRICTS]
    return {
        "areas": "code,name,parent,level\n" + "".join(f"{area},{area}区,{CITY},district\n" for area in areas),
        "topics": "level1,level2,level3\n" + "".join(f"{topic},,\n" for topic in LEADS),
        "routes": "topic,area,lead,valid_from\n" + "\n".join(rows) + "\n",
    }


def measure(database: str, url: str) -> None:
    """Loads both files into an empty database and prints the figures."""
    with tempfile.TemporaryDirectory(prefix="qingyu-bench-") as name:
        folder = Path(name)
        env = {**os.environ, "QINGYU_DATA_DIR": str(folder), "QINGYU_DATABASE_URL": url}
        threshold = set_up(env, folder)
        runs = [qingyu(env, "load", "messages", str(DATA / file), "--json") for file in FILES]
        told = [json.loads(run.out) for run in runs]
        share = json.loads(qingyu(env, str(threshold), module=("-m", "bench.load")).out)
    made = sum(one["made"] for one in told)
    detail = f"{made} messages, {sum(one['rejected'] for one in told)} rejected; two commands, each with its start"
    figure("messages_seconds", round(sum(run.seconds for run in runs), 1), "s", SECONDS, database, detail)
    figure("peak_rss_mb", round(max(run.megabytes for run in runs)), "MB", MEGABYTES, database, "of the command")
    detail = f"sure enough at {threshold:.3f} (97 of 100 right on its own record) and with a route"
    figure("by_itself_share", round(share, 4), "ratio", None, database, detail)
    fallback = sum(one["fallback"] for one in told) / made
    figure("fallback_share", round(fallback, 4), "ratio", None, database, "no route: the fallback unit")


def share_of(threshold: float) -> float:
    """Of the suggestions in the database, those that would be sent without a person."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingyu.config.settings")
    django.setup()
    from qingyu.cases.models import Suggestion

    found = list(Suggestion.objects.values_list("probability", "rows"))
    sent = sum(1 for sure, rows in found if sure >= threshold and rows[0]["why"] != "fallback")
    return sent / max(1, len(found))


def main(arguments: list[str]) -> None:
    if arguments:
        print(json.dumps(share_of(float(arguments[0]))))
        return
    if not (DATA / FILES[0]).exists():
        figure("skipped", None, "", None, None, "skipped: messages are not in QINGYU_DATA")
        return
    measure("sqlite", "")
    with ExitStack() as stack:
        try:
            cluster = stack.enter_context(postgres.cluster(settings=postgres.DURABLE))
        except postgres.NoPostgres:
            figure("skipped", None, "", None, "postgresql", "skipped: PostgreSQL is not on this machine")
            return
        measure("postgresql", cluster.create("load"))


if __name__ == "__main__":
    main(sys.argv[1:])
