"""Finding a service item by words among five thousand, and loading a province's catalog.

.venv/bin/python -m bench.items
"""

from __future__ import annotations

import gzip
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from random import Random
from statistics import median

from bench._web import figure
from tools import postgres

MANY = 5000
ASKED = 400
TARGET = 40.0
A_PAGE = 20
ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("QINGYU_DATA") or ROOT.parent / "shared" / "data") / "items" / "guangdong.jsonl.gz"

WHAT = """
护照 身份证 居住证 营业执照 食品许可 建设工程 社会保险 医疗保险
公积金 驾驶证 结婚登记 老年津贴 残疾人补贴 幼儿园 道路运输
""".split()  # noqa: SIM905  words are read more easily than quotes
ACTS = """
申领 换发 补办 变更 注销 延期 备案 查询
核准 年检
""".split()  # noqa: SIM905  words are read more easily than quotes
WHOM = """
个人 企业 外地户籍 港澳居民 外国人 老年人 未成年人 社会组织
农民 学生 退役军人 个体工商户
""".split()  # noqa: SIM905  words are read more easily than quotes
PAPERS = """
身份证 户口簿 申请书 照片 营业执照 授权委托书 场所证明 诊断证明
毕业证书 租赁合同
""".split()  # noqa: SIM905  words are read more easily than quotes
WAYS = ("我想{act}{what}", "{whom}怎么{act}{what}", "{what}", "{what}丢了要带什么材料", "{act} {whom}")


def names() -> Iterator[tuple[str, str, str]]:
    """As many different items as wanted, and more."""
    yield from product(WHAT, ACTS, WHOM)


def fill(at: datetime) -> None:
    """Five thousand invented items with three papers each."""
    from qingyu.catalog import operations
    from qingyu.catalog.operations import GuideDraft, ItemDraft, MaterialDraft
    from qingyu.people import queries as people

    chance, unit = Random(1), next(iter(people.units()))
    found = list(names())
    drafts = []
    for number in range(MANY):
        what, act, whom = found[number % len(found)]
        papers = tuple(MaterialDraft(name) for name in chance.sample(PAPERS, 3))
        guide = GuideDraft(f"{what}{act}（{whom}）{number // len(found) or ''}", materials=papers, result_name=what)
        drafts.append(ItemDraft(f"i{number}", unit, guide, themes=(what,), aliases=(f"{act}{what}",)))
    for start in range(0, MANY, 500):
        operations.load([replace(draft) for draft in drafts[start : start + 500]], at=at)


def questions() -> list[str]:
    """What people ask, in their ways."""
    chance, found = Random(2), list(names())
    return [
        chance.choice(WAYS).format(what=what, act=act, whom=whom)
        for what, act, whom in (chance.choice(found) for _ in range(ASKED))
    ]


def search(database: str) -> None:
    """Times of the search as the page and the API call it, and how many found something."""
    from qingyu.catalog import queries
    from qingyu.catalog.queries import Asked
    from qingyu.people import queries as people

    day, times, hits = people.city_day(datetime.now(UTC)), [], 0
    for words in questions()[:20]:
        queries.found_for(Asked(words), day=day, most=A_PAGE)
    for words in questions():
        begun = time.perf_counter()
        hits += bool(queries.found_for(Asked(words), day=day, most=A_PAGE))
        times.append((time.perf_counter() - begun) * 1000)
    worst = sorted(times)[int(len(times) * 0.95)]
    detail = f"{MANY} items, {ASKED} questions, median {median(times):.1f} ms, {hits / ASKED:.1%} found something"
    figure("items.search_p95", worst, "ms", TARGET, ok=worst <= TARGET, database=database, detail=detail)


def load(database: str) -> None:
    """Seconds to load a whole province's catalog, and the same file again."""
    from qingyu.desk.loading import items

    if not DATA.is_file():
        print(f"bench: no {DATA.name} in QINGYU_DATA, loading is left out", file=sys.stderr)
        return
    with gzip.open(DATA, "rt", encoding="utf-8") as lines:
        rows = sum(1 for _ in lines)
    for name in ("items.load_seconds", "items.load_again_seconds"):
        begun = time.perf_counter()
        outcome = items.load(DATA, fallback="", at=datetime.now(UTC), tell=lambda so_far: None)
        took = time.perf_counter() - begun
        detail = f"{rows} lines, {outcome.made} new, {outcome.same} the same, {len(outcome.rejected)} rejected"
        figure(name, took, "s", 60, ok=took <= 60 and not outcome.rejected, database=database, detail=detail)


@contextmanager
def installed(url: str) -> Iterator[None]:
    """This process, set up on a fresh database with one unit."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "qingyu.config.settings"
    os.environ["QINGYU_DATABASE_URL"] = url
    django.setup()
    from django.core.management import call_command

    from qingyu.people import operations as people

    call_command("migrate", verbosity=0)
    people.place_unit(
        code="city", name="市人民政府", short="市府", kind="city", parent=None, by=None, at=datetime.now(UTC),
        area=None, fallback=True, calendar=None,
    )  # fmt: skip
    yield


def measure(database: str, url: str) -> None:
    """All figures on one database, in a process of its own: settings are read once."""
    if pid := os.fork():
        _, status = os.waitpid(pid, 0)
        if status:
            raise SystemExit(1)
        return
    try:
        with installed(url):
            fill(datetime.now(UTC))
            search(database)
            load(database)
    except BaseException:
        import traceback

        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="qingyu-bench-") as folder:
        os.environ["QINGYU_DATA_DIR"] = folder
        measure("sqlite", f"sqlite:///{folder}/bench.sqlite3")
        try:
            with postgres.cluster() as cluster:
                measure("postgresql", cluster.create("items"))
        except postgres.NoPostgres:
            line = {"name": "items.search_p95", "value": 0, "unit": "ms", "target": TARGET, "ok": False}
            print(json.dumps(line | {"database": "postgresql", "detail": "missing: PostgreSQL"}), flush=True)


if __name__ == "__main__":
    main()
