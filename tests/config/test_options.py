"""Where a setting comes from, and what a wrong one says."""

from __future__ import annotations

from pathlib import Path

import pytest

from qingyu.config import commands, options


@pytest.fixture(autouse=True)
def _no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(options, "asked", {})
    monkeypatch.setattr(options, "in_file", {"fruit": "from toml", "many": ["a", "b"], "light": True})
    monkeypatch.delenv("QINGYU_FLAGS", raising=False)


def test_the_environment_goes_before_the_file_and_both_before_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    assert options.option("ABSENT", "usual") == "usual"
    assert options.option("FRUIT", "usual") == "from toml"
    monkeypatch.setenv("QINGYU_FRUIT", "from environment")
    assert options.option("FRUIT", "usual") == "from environment"
    assert {name: option.source for name, option in options.asked.items()} == {
        "ABSENT": "default",
        "FRUIT": "environment",
    }


def test_a_secret_may_lie_in_a_file_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("whisper\n")
    monkeypatch.setenv("QINGYU_FRUIT_FILE", str(tmp_path / "secret"))
    assert options.option("FRUIT") == "whisper"
    assert options.asked["FRUIT"].source == f"file {tmp_path}/secret"


def test_lists_and_switches_of_the_file_read_like_the_environment() -> None:
    assert options.words("MANY") == ["a", "b"]
    assert options.option("LIGHT") == "on"


def test_an_empty_value_counts_as_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGYU_FRUIT", "")
    assert options.option("FRUIT") == "from toml"


@pytest.mark.parametrize(
    ("argv", "rest", "taken"),
    [
        (["q", "serve", "--port", "8100"], ["q", "serve"], {"PORT": "8100"}),
        (["q", "up", "--host=0.0.0.0", "--allow-demo"], ["q", "up", "--allow-demo"], {"HOST": "0.0.0.0"}),
        (["q", "backup", "--data-dir", "/d", "f"], ["q", "backup", "f"], {"DATA_DIR": "/d"}),
        (["q", "telephone", "--port", "5060"], ["q", "telephone", "--port", "5060"], {}),
    ],
)
def test_flags_that_are_settings_become_settings(
    monkeypatch: pytest.MonkeyPatch, argv: list[str], rest: list[str], taken: dict[str, str]
) -> None:
    for name in ("PORT", "HOST", "DATA_DIR"):
        monkeypatch.setenv(f"QINGYU_{name}", "before")
    assert commands.take_settings(argv) == rest
    for name, value in taken.items():
        assert options.option(name) == value
        assert options.asked[name].source == "flag"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("sqlite:////var/lib/q.sqlite3", {"NAME": "/var/lib/q.sqlite3"}),
        ("sqlite:///q.sqlite3", {"NAME": "q.sqlite3"}),
        ("postgresql://u:p%40ss@db:5433/city", {"NAME": "city", "USER": "u", "PASSWORD": "p@ss", "PORT": "5433"}),
        ("postgresql://u@/city?host=/run/pg", {"NAME": "city", "HOST": "/run/pg", "PORT": ""}),
    ],
)  # fmt: skip
def test_addresses_of_databases(url: str, expected: dict[str, str]) -> None:
    found = options.database(url)
    assert {name: found[name] for name in expected} == expected


def test_tls_of_postgresql_is_passed_on() -> None:
    assert options.database("postgresql://u@db/city?sslmode=verify-full")["OPTIONS"]["sslmode"] == "verify-full"


@pytest.mark.parametrize("text", ["0", "65536", "-1", "http", "80.5"])
def test_a_port_is_a_port(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("QINGYU_PORT", text)
    with pytest.raises(SystemExit, match="QINGYU_PORT must be a"):
        options.port("PORT", 8000)
