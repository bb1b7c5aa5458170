"""The listening desk (办不成事反映窗口): why something could not be done, and the two ways in which that may end.

A matter ends in a change, or in a no with its legal reason; nothing between. Practice of Yuxi, Xuchang and other
cities (受理、分类、转办、办结、反馈、核查).
"""

from __future__ import annotations

from enum import StrEnum

from qingyu.rules.refusals import NotValid


class Cause(StrEnum):
    """Why it could not be done. What fits none of them is ``other``."""

    MATERIAL = "material"
    """A material was asked for that the person cannot get, or that stands in no guide."""
    PASSED_AROUND = "passed_around"
    """Each sent the person to another."""
    SYSTEM_DOWN = "system_down"
    RULE_UNCLEAR = "rule_unclear"
    NOT_TAKEN = "not_taken"
    """The application was not taken, and nobody said why."""
    TOO_SLOW = "too_slow"
    ATTITUDE = "attitude"
    OTHER = "other"


class Ending(StrEnum):
    """How it ended: something was changed, or it stays a no for a legal reason."""

    CHANGED = "changed"
    NO = "no"


def require_ending(ending: str, legal_basis: str) -> Ending:
    """NotValid("ending_missing") without one of the two, NotValid("legal_basis_missing") for a no without a reason."""
    if ending not in list(Ending):
        raise NotValid("ending_missing", field="ending")
    if ending == Ending.NO and not legal_basis.strip():
        raise NotValid("legal_basis_missing", field="legal_basis")
    return Ending(ending)
