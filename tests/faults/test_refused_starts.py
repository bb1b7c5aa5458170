"""What must not start does not, and one line says what to do."""

from __future__ import annotations

import base64
import os
import subprocess
import sys

import pytest

from tests.faults.looking import started
from tools.server import Installation

pytestmark = pytest.mark.fault


def refused(house: Installation, *arguments: str) -> str:
    """The one line with which a command refuses; a trace or a success fails the test."""
    program = [sys.executable, "-m", "qingyu", *arguments]
    done = subprocess.run(program, env=house.environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1, done
    assert "Traceback" not in done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, lines
    assert lines[0].startswith("qingyu: ")
    return lines[0]


@pytest.mark.parametrize("command", ["serve", "worker", "up"])
def test_a_missing_key_is_named(house: Installation, command: str) -> None:
    keys = house.data_dir / "field-keys"
    keys.write_text("\n".join(line for line in keys.read_text().splitlines() if not line.startswith("r1:")))
    line = refused(house, command)
    assert "r1" in line
    assert str(keys) in line


def test_a_wrong_key_is_named(house: Installation) -> None:
    keys = house.data_dir / "field-keys"
    wrong = "k1:" + base64.b64encode(os.urandom(32)).decode()
    keys.write_text("\n".join(wrong if line.startswith("k1:") else line for line in keys.read_text().splitlines()))
    assert "k1 is not the one" in refused(house, "serve")


def test_no_new_keys_are_made_where_rows_were_sealed_with_others(house: Installation) -> None:
    (house.data_dir / "field-keys").unlink()
    assert "is missing" in refused(house, "serve")
    assert not (house.data_dir / "field-keys").exists()


def test_a_port_in_use_is_named(house: Installation) -> None:
    with started(house, "serve"):
        for command in ("serve", "up"):
            assert f"port {house.port} of 127.0.0.1 is in use" in refused(house, command)


def test_a_database_that_is_not_migrated_says_what_to_run(tmp_path_factory: pytest.TempPathFactory) -> None:
    empty = Installation(tmp_path_factory.mktemp("empty"))
    for command in ("serve", "worker", "up"):
        assert "qingyu migrate" in refused(empty, command)


def test_demo_accounts_are_not_served_in_public(house: Installation) -> None:
    mark = "from qingyu.people.models import Staff; Staff.objects.filter(username='guide').update(demo=True)"
    script = f"import django; django.setup(); {mark}"
    subprocess.run([sys.executable, "-c", script], env=house.environment, check=True)
    assert "--allow-demo" in refused(house, "serve", "--host", "0.0.0.0")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"QINGYU_PORT": "http"}, "QINGYU_PORT must be a whole number"),
        ({"QINGYU_PORT": "99999"}, "from 1 to 65535"),
        ({"QINGYU_DATABASE_URL": "mysql://x"}, "use sqlite:/// or postgresql://"),
        ({"QINGYU_WORKERS": "4"}, "QINGYU_WORKERS=4 needs PostgreSQL"),
        ({"QINGYU_EMAIL_URL": "pigeon:"}, "QINGYU_EMAIL_URL"),
        ({"QINGYU_HOST": "203.0.113.77"}, "no address of this machine"),
        ({"QINGYU_SECRET_KEY_FILE": "/does/not/exist"}, "QINGYU_SECRET_KEY_FILE"),
        ({"QINGYU_CONFIG": "/does/not/exist.toml"}, "there is no such file"),
        ({"QINGYU_DATA_DIR": "/proc/nowhere"}, "QINGYU_DATA_DIR is /proc/nowhere"),
    ],
)
def test_a_wrong_option_is_named(sqlite_house: Installation, options: dict[str, str], words: str) -> None:
    sqlite_house.options.update(options)
    assert words in refused(sqlite_house, "serve")
