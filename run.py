#!/usr/bin/env python3
"""Set Qingyu up and run it, with nothing but Python 3.11: the same as ``make TARGET`` without make.

    python3 run.py            set up and start the demo city
    python3 run.py TARGET     one of the targets that ``python3 run.py help`` lists

Only the standard library is used here, and only syntax that an older Python can still read far enough to be
told what is missing. What is installed comes from the hashed lock files beside this script.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "locks.json"
NEEDED = (3, 11)

# Each lock holds all of the one before it.
LOCKS = RUNTIME, POSTGRES, TEST = "requirements.txt", "requirements-postgres.txt", "requirements-test.txt"

# target: (lock it needs, module it runs, what it does)
TARGETS = {
    "run": ("", "", "set up everything needed and start the demo city"),
    "setup": ("", "", "make .venv and install what the program needs"),
    "test": (TEST, "tools.suite", "run every test: SQLite, PostgreSQL, headless Chromium"),
    "check": (TEST, "tools.check", "the fast half: lint, types, arrows, rules tests"),
    "bench": (TEST, "tools.bench", "every quoted figure, one line of JSON each"),
    "bench-large": (TEST, "tools.bench", "the figures at ten million cases"),
    "long": (TEST, "tools.long", "what is too long for every run: hammers, mutation, journeys on PostgreSQL"),
    "docs": (TEST, "tools.docs", "run the examples in the documents and follow their links"),
    "shots": (TEST, "tools.shots", "take the pictures of README and docs"),
    "locks": (TEST, "tools.locks", "write the lock files anew from pyproject.toml"),
}


def main(arguments: list[str]) -> int:
    """Run one target; exit code 2 for an unknown one, otherwise what the target's command says."""
    target = arguments[0] if arguments else "run"
    if target not in TARGETS:
        return list_targets(wanted=target)
    refuse_old_python()
    os.chdir(ROOT)
    lock, module, _ = TARGETS[target]
    set_up(lock or runtime_lock())
    if target == "setup":
        print("Ready: .venv/bin/qingyu is the command.")
        return 0
    if target == "run":
        return start()
    return replace_by(["-m", module, *target.split("-")[1:], *arguments[1:]])


def list_targets(wanted: str) -> int:
    """Print the targets; 0 when help was asked for, 2 otherwise."""
    for name, (_, _, text) in TARGETS.items():
        print("  {:<12} {}".format(name, text))
    return 0 if wanted in ("help", "-h", "--help") else 2


def refuse_old_python() -> None:
    """Stop with a plain sentence when this Python is too old or lacks a part that Qingyu needs."""
    if sys.version_info < NEEDED:
        found = ".".join(map(str, sys.version_info[:3]))
        sys.exit(
            f"Qingyu needs Python 3.11 or later; this is {found} ({sys.executable}).\n"
            "Install it (Debian 12: apt-get install python3 python3-venv) or name one: make PYTHON=python3.11"
        )
    for module, package in (("sqlite3", ""), ("ssl", ""), ("venv", "venv"), ("ensurepip", "venv")):
        refuse_missing(module, package)


def refuse_missing(module: str, package: str) -> None:
    """Stop, naming what to install, when the standard library came without ``module``."""
    try:
        __import__(module)
    except ImportError:
        version = "{}.{}".format(*sys.version_info[:2])
        debian = f"Debian and Ubuntu: apt-get install python{version}-venv"
        advice = debian if package else "Install a full Python."
        sys.exit(f"This Python ({sys.executable}) came without its module {module!r}.\n{advice}")


def runtime_lock() -> str:
    """The lock that fits the database: the driver for PostgreSQL is installed only where it is asked for."""
    return POSTGRES if os.environ.get("QINGYU_DATABASE_URL", "").startswith("postgres") else RUNTIME


def set_up(lock: str) -> None:
    """Make ``.venv`` hold exactly what ``lock`` names; done once for each content of the lock."""
    if stamps().get(lock) != contents(lock)[lock] or not python().exists():
        if not works():
            make_environment()
        install(lock)
        STAMP.write_text(json.dumps({**stamps(), **contents(lock)}, indent=1) + "\n")
    link_project()


def contents(lock: str) -> dict[str, str]:
    """SHA-256 of a lock, and of the smaller locks that it holds."""
    held = LOCKS[: LOCKS.index(lock) + 1]
    return {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in held}


def stamps() -> dict[str, str]:
    """Which content of which lock stands in ``.venv``; empty when that is not known."""
    try:
        found = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return dict(found)


def python() -> Path:
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def works() -> bool:
    """Whether ``.venv`` has a Python that is new enough and a pip (an interrupted set-up leaves neither)."""
    question = f"import pip, sys; sys.exit(sys.version_info < {NEEDED})"
    try:
        return subprocess.run([str(python()), "-c", question], capture_output=True).returncode == 0
    except OSError:
        return False


def make_environment() -> None:
    import venv

    say("Making .venv")
    venv.EnvBuilder(with_pip=True, clear=True, symlinks=os.name != "nt").create(VENV)


def install(lock: str) -> None:
    """Install the wheels that ``lock`` names, each checked against its hash."""
    say(f"Installing the packages of {lock} (once, about a minute)")
    quiet = ["--quiet", "--no-input", "--disable-pip-version-check", "--progress-bar", "off"]
    exact = ["--no-deps", "--only-binary", ":all:", "--require-hashes", "-r", lock]
    if subprocess.run([str(python()), "-m", "pip", "install", *quiet, *exact]).returncode:
        sys.exit("The packages could not be installed; see above. The next try goes on where this one ended.")


def link_project() -> None:
    """Make ``import qingyu`` and the command ``qingyu`` work in ``.venv``, with no build step."""
    for folder in [*VENV.glob("lib/python*/site-packages"), *VENV.glob("Lib/site-packages")]:
        write(folder / "qingyu.pth", f"{ROOT / 'src'}\n")
    if os.name == "nt":
        write(VENV / "Scripts/qingyu.cmd", f'@"{python()}" -m qingyu %*\n')
    else:
        write(VENV / "bin/qingyu", f'#!/bin/sh\nexec "{python()}" -m qingyu "$@"\n').chmod(0o755)


def write(path: Path, text: str) -> Path:
    """Give the file this text unless it has it already."""
    if not path.exists() or path.read_text() != text:
        path.unlink(missing_ok=True)
        path.write_text(text)
    return path


def start() -> int:
    """Become ``qingyu up``, which brings the database up to date and builds the demo city the first time."""
    return replace_by(["-m", "qingyu", "up", "--migrate", "--demo"])


def replace_by(arguments: list[str]) -> int:
    """Become the Python of ``.venv`` with these arguments, so that ctrl-C and the exit code are its own."""
    sys.stdout.flush()
    if os.name == "nt":
        return subprocess.run([str(python()), *arguments]).returncode
    return os.execv(python(), [str(python()), *arguments])


def say(text: str) -> None:
    print(f"qingyu: {text} ...", flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
