"""Runs management commands as ``qingyu NAME`` and turns refusals into one plain line and an exit code."""

from __future__ import annotations

import sys

from qingyu.rules.refusals import Refusal


def execute(argv: list[str]) -> int:
    """Exit code of the command in ``argv``; 2 for wrong use as argparse has it."""
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
