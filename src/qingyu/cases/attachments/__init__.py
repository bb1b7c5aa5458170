"""Photos and files: told by their content, cleaned, kept outside the web root, opened only through the policy.

A file is first *held* (checked, cleaned, on disk, no row), then *kept* by an operation as a row of a case. It moves to
its last place when the transaction has been committed; what nobody kept is swept away after a day.
"""

from qingyu.cases.attachments.cleaning import ACCEPT, Clean, clean
from qingyu.cases.attachments.holding import Held, drop, hold, hold_until, of_token, sweep
from qingyu.cases.attachments.keeping import facts, keep, name_of, read

__all__ = [
    "ACCEPT",
    "Clean",
    "Held",
    "clean",
    "drop",
    "facts",
    "hold",
    "hold_until",
    "keep",
    "name_of",
    "of_token",
    "read",
    "sweep",
]
