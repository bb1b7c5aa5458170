"""Runs management commands as ``qingyu NAME``; turns flags that are settings into environment before settings load."""

from __future__ import annotations

import os
import sys

from qingyu.rules.refusals import Refusal

EVERYWHERE = {"--data-dir": "DATA_DIR"}
SERVING = {"--host": "HOST", "--port": "PORT"}
SERVERS = ("serve", "up", "check", "events")


def execute(argv: list[str]) -> int:
    """Exit code of the command in ``argv``: 0 done, 1 failed, 2 wrong use, 3 done with rejected lines."""
    arguments = take_settings(argv)
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        return _say("interrupted; what was done is kept", code=130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _run(arguments: list[str]) -> int:
    from django.core.management import ManagementUtility
    from django.db import DatabaseError

    try:
        ManagementUtility(["qingyu", *arguments[1:]]).execute()
    except Refusal as refusal:
        return _say(_sentence(refusal))
    except DatabaseError as error:
        if os.environ.get("QINGYU_LOG_LEVEL") == "DEBUG":
            raise
        return _say(_of_database(error))
    return 0


def _sentence(refusal: Refusal) -> str:
    from qingyu.config import troubles
    from qingyu.people import sealing

    return troubles.sentence(refusal, place=sealing.key_file())


def _of_database(error: Exception) -> str:
    words = " ".join(str(error).split())
    if "no such table" in words or "does not exist" in words:
        return f"the database is not up to date ({words}); run: qingyu migrate"
    return f"the database: {words} (QINGYU_LOG_LEVEL=DEBUG shows where)"


def _say(words: str, *, code: int = 1) -> int:
    print(f"qingyu: {words}", file=sys.stderr)
    return code


def take_settings(argv: list[str]) -> list[str]:
    """``argv`` without the flags that are settings; their values are put where settings look for them."""
    known = EVERYWHERE | (SERVING if len(argv) > 1 and argv[1] in SERVERS else {})
    rest, taken, words = [], [], iter(argv)
    for word in words:
        flag, equals, value = word.partition("=")
        if flag not in known:
            rest.append(word)
            continue
        os.environ[f"QINGYU_{known[flag]}"] = value if equals else next(words, "")
        taken.append(known[flag])
    if taken:
        os.environ["QINGYU_FLAGS"] = ",".join(taken)
    return rest
