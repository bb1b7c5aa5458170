"""``qingyu check`` names what is unsafe, hides what is secret, and is content with a house in order."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from qingyu.config import checking
from qingyu.config.options import Option
from qingyu.people.models import CalendarYear, Staff, Unit

NOW = datetime(2026, 6, 1, tzinfo=UTC)
IN_ORDER: dict[str, Any] = {
    "HOST": "127.0.0.1",
    "PUBLIC_URL": "https://12345.example",
    "ALLOWED_HOSTS": ["12345.example"],
    "TRUSTED_PROXIES": ["127.0.0.1"],
    "RATE_LIMITS": True,
    "SMS_URL": "https://sms.example",
}


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    tmp_path.chmod(0o700)
    return tmp_path


def codes(look: checking.Look, at: datetime = NOW) -> set[str]:
    return {finding.code for finding in look(at)}


@pytest.mark.parametrize(
    ("look", "changed", "expected"),
    [
        (checking.transport, {}, set()),
        (checking.transport, {"PUBLIC_URL": "http://12345.example"}, {"no_https"}),
        (checking.transport, {"HOST": "0.0.0.0", "PUBLIC_URL": "http://a", "ALLOWED_HOSTS": ["a"]}, {"no_https"}),
        (checking.transport, {"TRUSTED_PROXIES": []}, {"no_trusted_proxy"}),
        (checking.transport, {"ALLOWED_HOSTS": ["other.example"]}, {"host_not_allowed"}),
        (checking.transport, {"ALLOWED_HOSTS": ["*"]}, {"any_host"}),
        (checking.switches, {}, set()),
        (checking.switches, {"RATE_LIMITS": False}, {"rate_limits_off"}),
        (checking.switches, {"DEBUG": True}, {"debug"}),
        (checking.time_zone, {}, set()),
        (checking.time_zone, {"TIME_ZONE": "Europe/Berlin"}, {"time_zone_elsewhere"}),
        (checking.time_zone, {"TIME_ZONE": "Asia/Shanghia"}, {"time_zone_unknown"}),
        (checking.channels, {"SMS_URL": "file:"}, {"no_sms"}),
    ],
)  # fmt: skip
def test_unsafe_options_are_found(look: checking.Look, changed: dict[str, Any], expected: set[str]) -> None:
    with override_settings(**{**IN_ORDER, **changed}):
        assert codes(look) == expected


@pytest.mark.parametrize("name", ["secret-key", "field-keys", "demo-logins.json"])
def test_files_that_others_can_read_are_found(data_dir: Path, name: str) -> None:
    (data_dir / name).write_text("secret")
    with override_settings(DATA_DIR=data_dir):
        for mode, expected in ((0o600, set()), (0o640, {"file_open_to_others"}), (0o604, {"file_open_to_others"})):
            os.chmod(data_dir / name, mode)
            assert codes(checking.private_files) == expected


def test_misspelt_options_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGYU_PROT", "8000")
    assert "QINGYU_PROT" in next(iter(checking.unknown_options(NOW))).words
    monkeypatch.delenv("QINGYU_PROT")
    assert not codes(checking.unknown_options)


def test_old_backups_are_found(data_dir: Path) -> None:
    with override_settings(DATA_DIR=data_dir):
        assert codes(checking.backups) == {"no_backup_yet"}
        checking.backup_note().write_text((NOW - timedelta(days=3)).isoformat())
        assert codes(checking.backups) == {"backup_old"}
        checking.backup_note().write_text((NOW - timedelta(hours=20)).isoformat())
        assert not codes(checking.backups)


def test_a_city_in_order_has_nothing_to_mend(city: Any) -> None:
    Unit.objects.filter(code="east").update(fallback=False)
    assert not codes(checking.calendar)
    assert not codes(checking.dispatching)
    assert not codes(checking.sealing_keys)
    assert not codes(checking.demo_accounts)
    assert codes(checking.routes) == {"topics_without_route"}  # labour has none there, on purpose


@pytest.mark.parametrize(
    ("spoil", "look", "expected"),
    [
        (lambda: CalendarYear.objects.all().delete(), checking.calendar, "no_calendar"),
        (lambda: Unit.objects.update(fallback=False), checking.dispatching, "no_fallback"),
        (lambda: Unit.objects.filter(code="empty").update(fallback=True), checking.dispatching, "units_without_staff"),
        (lambda: Staff.objects.filter(username="guide").update(demo=True), checking.demo_accounts, "demo_accounts"),
    ],
    ids=["calendar", "fallback", "staff", "demo"],
)
def test_what_the_city_lacks_is_found(city: Any, spoil: Any, look: checking.Look, expected: str) -> None:
    spoil()
    with override_settings(**IN_ORDER):
        assert expected in codes(look)


def test_the_next_year_is_asked_for_from_november_on(city: Any) -> None:
    assert not codes(checking.calendar, datetime(2026, 10, 1, tzinfo=UTC))
    assert codes(checking.calendar, datetime(2026, 11, 20, tzinfo=UTC)) == {"no_calendar_next_year"}


@pytest.mark.parametrize(
    ("option", "shown"),
    [
        (Option("SECRET_KEY", "abc", "environment"), "***"),
        (Option("FIELD_KEYS", "k1:abc", "environment"), "***"),
        (Option("DATABASE_URL", "postgresql://u:pass@db/city", "environment"), "postgresql://u:***@db/city"),
        (Option("EMAIL_URL", "smtp://u:pass@mail:25", "environment"), "smtp://u:***@mail:25"),
        (Option("PORT", "8000", "default"), "8000"),
    ],
)
def test_secrets_are_never_shown(option: Option, shown: str) -> None:
    assert checking.masked(option).value == shown
    assert checking.masked(option).source == option.source
