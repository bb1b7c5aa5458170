"""What a door asks before it acts: is the case still as the person saw it, and what may this person do to it now."""

from __future__ import annotations

from qingyu.cases import log, policy, standing
from qingyu.cases.models import Case
from qingyu.people.policy import Viewer
from qingyu.rules.lifecycle import Kind


def expect(case: Case, *, length: int) -> None:
    """Locks the case; NotAllowed("changed_meanwhile") unless it still has ``length`` events. In a transaction."""
    log.expect(case, length=length)


def actions(viewer: Viewer, case: Case) -> frozenset[Kind]:
    """What this person may do to this case now: allowed by the rules and by the rights. No statement."""
    return policy.actions(viewer, case, standing.state_of(case))
