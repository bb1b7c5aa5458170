"""What follow-up does when events arrive: plans calls, keeps ratings, and tells people."""

from __future__ import annotations

from collections.abc import Sequence

from qingyu.cases.following import Follower
from qingyu.cases.models import CaseEvent
from qingyu.followup import notices, planning


class Plans(Follower):
    """A call for every answer, a row for every rating, and what must become an event because of them.

    Not rebuildable: a plan also holds who has taken the call. Loaded history is passed over.
    """

    name = "plans"
    rebuildable = False

    def follow(self, events: Sequence[CaseEvent]) -> None:
        telling = [event for event in events if event.kind in planning.KINDS and not event.imported]
        if not telling:
            return
        desk = planning.Desk(telling)
        for event in telling:
            planning.apply(desk, event)
        desk.save()


class Notices(Follower):
    """Messages to the citizen and to units. Never sent twice, so not rebuildable. Loaded history is passed over."""

    name = "notices"
    rebuildable = False

    def follow(self, events: Sequence[CaseEvent]) -> None:
        telling = [event for event in events if event.kind in notices.KINDS and not event.imported]
        if telling:
            notices.plan(telling)
