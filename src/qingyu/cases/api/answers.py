"""Answers about cases made by hand, and what every app's API answers with."""

from __future__ import annotations

from qingyu.cases.models import Case
from qingyu.people.replies import REFUSALS, SHORTEST_KEY, moment, once, reply, text_of, unit_code, unit_id

__all__ = ["REFUSALS", "SHORTEST_KEY", "brief", "moment", "once", "reply", "text_of", "unit_code", "unit_id"]


def brief(case: Case) -> dict[str, object]:
    """How the case stands now; what ``shapes.Brief`` describes. No statement."""
    return {
        "number": case.number,
        "state": case.state,
        "owner": unit_code(case.owner_id),
        "due_at": case.due_at,
        "provisional": case.provisional,
        "disputed": case.disputed,
        "round": case.round,
        "length": case.length,
    }
