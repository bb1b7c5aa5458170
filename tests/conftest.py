"""What every test stands on: its database, the real server, the browser, and what may be left out.

``--database sqlite`` (the default) or ``--database postgresql`` chooses for the whole run.
With PostgreSQL the run starts a cluster of its own and stops it at the end.

A part that this machine lacks is a skip whose reason starts with ``missing:``; where ``CI=true`` a failure.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests import left_out

ROOT = Path(__file__).resolve().parents[1]
DATABASES = ("sqlite", "postgresql")

_open = ExitStack()  # what this process started and ends: the cluster, the data directory

pytest_plugins = ["tests.served", "tests.guards"]


def pytest_addoption(parser: pytest.Parser) -> None:
    default = os.environ.get("QINGYU_TEST_DATABASE", "sqlite")
    parser.addoption("--database", choices=DATABASES, default=default, help="which database the tests run on")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Point settings at a data directory and database of this run, then let pytest-django load them."""
    if not _is_worker(config):
        _forget_own_options()
        os.environ["QINGYU_DATA_DIR"] = _data_dir()
        os.environ["QINGYU_DATABASE_URL"] = _database_url(config.getoption("database"))
    os.environ["DJANGO_SETTINGS_MODULE"] = "qingyu.config.settings"
    _test_settings()


def pytest_unconfigure(config: pytest.Config) -> None:
    _open.close()


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def _forget_own_options() -> None:
    """The options of the person who runs the tests are not ours, but for those that are about tests."""
    kept = {"QINGYU_DATA", "QINGYU_TEST_DATABASE", "QINGYU_CHROMIUM", "QINGYU_FAULT_OPERATIONS"}
    for name in [name for name in os.environ if name.startswith("QINGYU_") and name not in kept]:
        del os.environ[name]


def _data_dir() -> str:
    folder = tempfile.mkdtemp(prefix="qingyu-tests-")
    _open.callback(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _database_url(database: str) -> str:
    """URL of the database of this run; a cluster is started for it where PostgreSQL is here."""
    if database == "sqlite":
        return f"sqlite:///{os.environ['QINGYU_DATA_DIR']}/qingyu.sqlite3"
    from tools import postgres

    try:
        cluster = _open.enter_context(postgres.cluster())
    except postgres.NoPostgres:
        os.environ["QINGYU_TEST_WITHOUT"] = "PostgreSQL"
        return "postgresql:///qingyu"
    os.environ["QINGYU_TEST_CLUSTER"] = str(cluster.folder)
    return cluster.create("qingyu")


def _test_settings() -> None:
    """Where tests depart from service: a database in a file, no collected static files, quick passwords."""
    from django.conf import settings

    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = f"{os.environ['QINGYU_DATA_DIR']}/test.sqlite3"
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.RATE_LIMITS = False  # counted in memory over all tests of a process; tests/api turns them on


# ---------------------------------------------------------------- what is left out, and how it is counted


@pytest.hookimpl(tryfirst=True)  # before -m is looked at
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out.mark_journeys(items)
    left_out.leave_out_data(config, items)
    left_out.leave_out_long(config, items)
    if os.environ.get("QINGYU_TEST_WITHOUT") == "PostgreSQL":
        left_out.skip_database_tests(items)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report = yield
    left_out.fail_if_missing(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    report = yield
    left_out.fail_if_missing(report)
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    left_out.send_count(session.config)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object, error: object) -> None:
    left_out.receive_count(node)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    left_out.print_counts(terminalreporter)


@pytest.fixture
def city(db: None) -> object:
    """The small city of tests/people.py."""
    from tests import guards
    from tests.people import lay_city

    guards.stand()
    return lay_city()
