"""The command ``qingyu``: Django's management commands under one short name."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run one command; exit codes: 0 done, 1 failed, 2 wrong use, 3 done with rejected lines."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingyu.config.settings")
    from qingyu.config.commands import execute

    sys.exit(execute(sys.argv))


if __name__ == "__main__":
    main()
