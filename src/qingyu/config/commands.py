"""Runs management commands as ``qingyu NAME``; turns flags that are settings into environment before settings load."""

from __future__ import annotations

import os
import sys

from qingyu.rules.refusals import Refusal

SETTINGS = {"--host": "QINGYU_HOST", "--port": "QINGYU_PORT", "--data-dir": "QINGYU_DATA_DIR"}


def execute(argv: list[str]) -> int:
    """Exit code of the command in ``argv``: 0 done, 1 failed, 2 wrong use, 3 done with rejected lines."""
    _take_settings(argv)
    from django.core.management import ManagementUtility

    try:
        ManagementUtility(["qingyu", *argv[1:]]).execute()
    except Refusal as refusal:
        print(f"qingyu: {refusal.code} {refusal.facts or ''}".rstrip(), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("qingyu: interrupted; what was done is kept", file=sys.stderr)
        return 130
    return 0


def _take_settings(argv: list[str]) -> None:
    for flag, variable in SETTINGS.items():
        for place, word in enumerate(argv):
            if word == flag and place + 1 < len(argv):
                os.environ[variable] = argv[place + 1]
            elif word.startswith(f"{flag}="):
                os.environ[variable] = word.partition("=")[2]
