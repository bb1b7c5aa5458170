"""What the worker does for the hotline."""

from __future__ import annotations

from datetime import datetime

from qingyu.hotline import operations


def apply_stored(*, at: datetime) -> int:
    """Acts on what a switch told while the house could only store it."""
    return operations.apply_stored(at=at)


def owe_cut_off(*, at: datetime) -> int:
    """Whom an agent has left in the middle of what was typed is owed a call-back."""
    return operations.owe_cut_off(at=at)


def expire_commands(*, at: datetime) -> int:
    """Commands that no switch fetched in time."""
    return operations.expire(at=at)
