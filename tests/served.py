"""The real server and the real browser, for journeys.

``served``      an empty, migrated installation with ``qingyu serve`` running: one for each test
``served_city`` the same with the demo city and the worker (``qingyu up``): one for each test
``page``        a fresh tab in headless Chromium, Chinese, 1280 by 800; ``new_page(...)`` for others
``postgres``    a PostgreSQL cluster of this run, whatever ``--database`` says

Journeys talk to the server over HTTP and through ``served.command``; they do not touch the ORM.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.moulds import Mould, mould
from tools.postgres import Cluster, NoPostgres, cluster
from tools.server import Installation


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A cluster for tests that need PostgreSQL itself; ``postgres.create(name)`` answers a database URL."""
    if folder := os.environ.get("QINGYU_TEST_CLUSTER"):
        yield Cluster.at(Path(folder))
        return
    try:
        with cluster() as running:
            yield running
    except NoPostgres:
        pytest.skip("missing: PostgreSQL 15 or later (Debian: apt-get install postgresql)")


# ---------------------------------------------------------------- the server


@pytest.fixture(scope="session")
def cluster_of_run(request: pytest.FixtureRequest) -> Cluster | None:
    """Where installations of this run keep their databases: None on SQLite, each in its own data directory."""
    on_sqlite = request.config.getoption("database") == "sqlite"
    return None if on_sqlite else request.getfixturevalue("postgres")


@pytest.fixture
def database_url(cluster_of_run: Cluster | None) -> str:
    """An empty database for one more installation; nothing for SQLite."""
    return cluster_of_run.create(f"empty_{uuid.uuid4().hex[:12]}") if cluster_of_run else ""


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory, cluster_of_run: Cluster | None) -> Mould:
    """An empty, migrated installation."""
    return mould(tmp_path_factory, "migrated", cluster_of_run, lambda _: None)


@pytest.fixture(scope="session")
def built_city(tmp_path_factory: pytest.TempPathFactory, cluster_of_run: Cluster | None) -> Mould:
    """An installation with the demo city."""
    return mould(tmp_path_factory, "city", cluster_of_run, lambda one: one.command("demo", "city", "--seed", "1"))


@pytest.fixture
def served(migrated: Mould, tmp_path: Path) -> Iterator[Installation]:
    """``served.url``, ``served.data_dir``, ``served.command(...)``, ``served.process("worker")``."""
    with migrated.cast(tmp_path / "data").running("serve") as installation:
        yield installation


@pytest.fixture
def served_city(built_city: Mould, tmp_path: Path) -> Iterator[Installation]:
    """The demo city, web and worker; ``served_city.logins()`` are its accounts by role."""
    with built_city.cast(tmp_path / "data").running("up") as installation:
        yield installation


# ---------------------------------------------------------------- the browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One headless Chromium for this process; its driver's loop would otherwise forbid the ORM beside it."""
    from tools.chromium import NoChromium
    from tools.chromium import browser as running_browser

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    try:
        with running_browser() as running:
            yield running
    except NoChromium:
        pytest.skip("missing: Chromium (Debian: apt-get install chromium fonts-noto-cjk)")
    finally:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def new_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """``new_page(width=375, scripts=False)``: a tab of its own. A failing script on the page fails the test.

    Arguments: ``width``, ``height`` in CSS pixels; ``scripts`` whether JavaScript runs; ``locale``.
    """
    contexts: list[Any] = []
    errors: list[str] = []

    def make(*, width: int = 1280, height: int = 800, scripts: bool = True, locale: str = "zh-CN") -> Any:
        size = {"width": width, "height": height}
        context = browser.new_context(viewport=size, java_script_enabled=scripts, locale=locale)
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: errors.append(message.text) if _refused(message.text) else None)
        return page

    yield make
    for context in contexts:
        context.close()
    assert not errors, errors


def _refused(text: str) -> bool:
    """Whether a line of the browser's console tells that the content security policy stopped something."""
    return "Content Security Policy" in text or "Content-Security-Policy" in text


@pytest.fixture
def page(new_page: Callable[..., Any]) -> Any:
    """A fresh tab."""
    return new_page()
