"""The real server and the real browser, for journeys.

``served``      an empty, migrated installation with ``qingyu serve`` running: one for each test
``served_city`` the same with the demo city and the worker (``qingyu up``): one for each test
``page``        a fresh tab in headless Chromium, Chinese, 1280 by 800; ``new_page(...)`` for others
``postgres``    a PostgreSQL cluster of this run, whatever ``--database`` says

Journeys talk to the server over HTTP and through ``served.command``; they do not touch the ORM.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

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


@pytest.fixture(scope="session")
def postgres_url(postgres: Cluster) -> str:
    """URL of one empty PostgreSQL database that lives as long as the run."""
    return postgres.create(f"session_{uuid.uuid4().hex[:8]}")


# ---------------------------------------------------------------- the server


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """Where a served installation keeps its rows: empty for SQLite in its own data directory."""
    if request.config.getoption("database") == "sqlite":
        return ""
    running: Cluster = request.getfixturevalue("postgres")
    return running.create(f"served_{uuid.uuid4().hex[:8]}")


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with an empty, migrated SQLite database, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("migrated")
    _migrate(Installation(folder))
    return folder


@pytest.fixture(scope="session")
def built_city(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Path:
    """A data directory with the demo city, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("city")
    shutil.copytree(migrated, folder, dirs_exist_ok=True)
    Installation(folder).command("demo", "city", "--seed", "1")
    return folder


@pytest.fixture
def served(request: pytest.FixtureRequest, tmp_path: Path, database_url: str) -> Iterator[Installation]:
    """``served.url``, ``served.data_dir``, ``served.command(...)``, ``served.process("worker")``."""
    installation = Installation(tmp_path / "data", database_url, options={"QINGYU_RATE_LIMITS": "off"})
    if database_url:
        installation.data_dir.mkdir()
        _migrate(installation)
    else:
        shutil.copytree(request.getfixturevalue("migrated"), installation.data_dir)
    with installation.running("serve"):
        yield installation


@pytest.fixture
def served_city(request: pytest.FixtureRequest, tmp_path: Path, database_url: str) -> Iterator[Installation]:
    """The demo city, web and worker; ``served_city.logins()`` are its accounts by role."""
    installation = Installation(tmp_path / "data", database_url, options={"QINGYU_RATE_LIMITS": "off"})
    if database_url:
        installation.data_dir.mkdir()
        _migrate(installation)
        installation.command("demo", "city", "--seed", "1")
    else:
        shutil.copytree(request.getfixturevalue("built_city"), installation.data_dir)
    with installation.running("up"):
        yield installation


def _migrate(installation: Installation) -> None:
    installation.command("migrate", "--verbosity", "0")


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
