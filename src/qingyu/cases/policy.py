"""One object that decides lists *and* single records: who may see which case, and who may do what to it.

``visible`` (a filter) and ``may_read`` (a check) are made from the same ``Reach``; a test walks both over the same
cases for every role. What is not listed in ``OPERATIONS`` is denied.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce
from operator import or_

from django.db.models import Q

from qingyu.cases.actors import Actor, ActorKind
from qingyu.cases.models import Assistance, Case
from qingyu.people.policy import Viewer
from qingyu.rules import lifecycle
from qingyu.rules.lifecycle import CaseState, Kind
from qingyu.rules.refusals import NotPermitted

# What may happen to a case -> the permissions of which staff need one. Kinds that are not here only the house records.
OPERATIONS: dict[Kind, tuple[str, ...]] = {
    Kind.OPENED: ("case.file",),
    Kind.CLASSIFIED: ("case.dispatch",),
    Kind.ANSWERED_AT_ONCE: ("case.answer_at_once",),
    Kind.REFUSED: ("case.refuse",),
    Kind.DIVERTED: ("case.refuse",),
    Kind.ROUTED: ("case.dispatch",),
    Kind.ACCEPTED: ("case.handle",),
    Kind.ASSIGNED: ("case.handle", "case.supervise", "people.manage"),
    Kind.RETURNED: ("case.handle",),
    Kind.ARBITRATED: ("case.arbitrate",),
    Kind.CONTACTED: ("case.handle",),
    Kind.NOTED: ("case.handle", "case.dispatch", "case.supervise", "case.followup", "case.file"),
    Kind.ASKED: ("case.handle",),
    Kind.REPLIED: ("case.file", "case.followup", "case.handle"),
    Kind.ADDED: ("case.file", "case.followup"),
    Kind.EXTENSION_ASKED: ("case.handle",),
    Kind.EXTENSION_DECIDED: ("case.decide_extension",),
    Kind.ANSWERED: ("case.handle",),
    Kind.REVIEWED: ("case.review",),
    Kind.CLOSED: ("case.review",),
    Kind.REDONE: ("case.followup", "case.review", "case.supervise"),
    Kind.REOPENED: ("case.followup", "case.review", "case.supervise", "case.dispatch"),
    Kind.URGED: ("case.file", "case.followup"),
    Kind.PRESSED: ("case.supervise",),
    Kind.WITHDRAWN: ("case.file", "case.review"),
    Kind.FOLLOWED_UP: ("case.followup",),
    Kind.RATED: ("case.followup",),
    Kind.SERVICE_RATED: ("case.followup",),
    Kind.ARCHIVED: ("case.followup", "case.review"),
    Kind.SUBMITTED: ("case.file",),
    Kind.CORRECTION_ASKED: ("application.handle",),
    Kind.CORRECTION_PERMITTED: ("application.permit",),
    Kind.CORRECTED: ("application.handle", "application.window"),
    Kind.ADMITTED: ("application.handle",),
    Kind.NOT_ADMITTED: ("application.decide",),
    Kind.WINDOW_CHOSEN: ("application.handle",),
    Kind.WINDOW_TAKEN: ("application.window",),
    Kind.SPECIAL_BEGUN: ("application.decide",),
    Kind.SPECIAL_ENDED: ("application.handle",),
    Kind.DECIDED: ("application.decide",),
    Kind.ISSUED: ("application.handle",),
}

# What belongs to the unit that has the case: its lead must be in reach, not only in sight.
OF_THE_UNIT = frozenset(
    {
        Kind.ACCEPTED,
        Kind.ASSIGNED,
        Kind.RETURNED,
        Kind.CONTACTED,
        Kind.ASKED,
        Kind.EXTENSION_ASKED,
        Kind.ANSWERED,
        Kind.CORRECTION_ASKED,
        Kind.ADMITTED,
        Kind.NOT_ADMITTED,
        Kind.WINDOW_CHOSEN,
        Kind.SPECIAL_BEGUN,
        Kind.SPECIAL_ENDED,
        Kind.DECIDED,
        Kind.ISSUED,
    }
)
# What staff of a hall may do to a case of one of ``lifecycle.DOORS`` that is entrusted to them.
OF_THE_PLACE = frozenset({Kind.ROUTED, Kind.ASSIGNED, Kind.ACCEPTED, Kind.ANSWERED, Kind.NOTED, Kind.ANSWERED_AT_ONCE})
# What citizens may do to a case of their own (the door has checked number and query code).
OF_THE_CITIZEN = frozenset(
    {
        Kind.OPENED, Kind.URGED, Kind.ADDED, Kind.REPLIED, Kind.WITHDRAWN, Kind.RATED, Kind.SERVICE_RATED,
        Kind.REOPENED, Kind.SUBMITTED, Kind.CORRECTED, Kind.WINDOW_CHOSEN,
    }
)  # fmt: skip


@dataclass(frozen=True)
class Reach:
    """How far a viewer sees: units (None is the whole city) and whether reports of wrongdoing are included."""

    units: frozenset[int] | None
    reports: bool
    handles: frozenset[int]

    def covers(self, case: Case) -> bool:
        """Whether the viewer may see this case."""
        if case.type == Case.Type.REPORT and not (self.reports or case.owner_id in self.handles):
            return False
        if self.units is None:
            return True
        return case.owner_id in self.units or any(unit in self.units for unit in case.assisting_ids)

    def share(self) -> Share:
        """The same for lists."""
        readable = Q() if self.reports else ~Q(type=Case.Type.REPORT) | Q(owner_id__in=self.handles)
        all_handled = self.units is not None and self.units <= self.handles
        return Share(self.units, readable, Q() if all_handled else readable)


@dataclass(frozen=True)
class Share:
    """What a viewer may see by the rights of one person: cases of these units (None: of all) that are ``readable``.

    ``owned`` says the same of cases that the units own, and says nothing where all of those are readable.
    """

    units: frozenset[int] | None
    readable: Q
    owned: Q

    def condition(self) -> Q:
        """As one filter: for single cases and few; ``sight`` reads lists."""
        if self.units is None:
            return self.readable
        helping = Assistance.objects.filter(unit_id__in=self.units).values("case_id")
        return (Q(owner_id__in=self.units) | Q(pk__in=helping)) & self.readable


def reach(viewer: Viewer) -> Reach | None:
    """None for those who may not read cases at all."""
    if not viewer.may("case.read"):
        return None
    handles = frozenset({viewer.unit_id}) if viewer.may("case.handle") else frozenset()
    return Reach(viewer.reach, viewer.may("case.read_reports"), handles)


def shares(viewer: Viewer) -> list[Share]:
    """What the viewer sees, by each of the persons they are."""
    return [found.share() for side in viewer.each if (found := reach(side))]


def visible(viewer: Viewer) -> Q:
    """The cases the viewer may see, as a filter for lists; a deputy sees those of each person they are."""
    conditions = [share.condition() for share in shares(viewer)]
    if not conditions:
        return Q(pk__in=[])
    return reduce(or_, conditions) if all(conditions) else Q()  # an empty condition is the whole city


def visible_with(viewer: Viewer, permission: str) -> Q:
    """The cases the viewer may see by the rights of those persons they are who have this permission."""
    able = tuple(side for side in viewer.each if side.may(permission))
    return visible(replace(viewer, sides=able)) if able else Q(pk__in=[])


def may_read(viewer: Viewer, case: Case) -> bool:
    """Whether the viewer may see this one case."""
    return any(found.covers(case) for side in viewer.each if (found := reach(side)))


def holds(viewer: Viewer, permission: str, case: Case) -> bool:
    """Whether the viewer may see the case and has this permission by the same rights."""
    return any(side.may(permission) and may_read(side, case) for side in viewer.each)


def require(actor: Actor, kind: Kind, case: Case) -> None:
    """NotPermitted unless the actor may make this happen to this case. Deny by default."""
    if actor.kind is ActorKind.SYSTEM:
        return
    if actor.kind is ActorKind.CITIZEN:
        if kind not in OF_THE_CITIZEN:
            raise NotPermitted("not_for_citizens", event=str(kind))
        return
    if not (may(actor.viewer, kind, case) or _settles_own(actor, kind, case) or _is_entrusted(actor, kind, case)):
        raise NotPermitted("not_permitted", event=str(kind))


# What may happen to a case by the person who has opened it this moment, or at whose window it was named, though others
# own it: a clerk answers at once, takes an application, and writes down the rating that stands on a letter.
OF_WHO_OPENED: dict[Kind, tuple[str, ...]] = {
    Kind.ANSWERED_AT_ONCE: OPERATIONS[Kind.ANSWERED_AT_ONCE],
    Kind.SUBMITTED: OPERATIONS[Kind.SUBMITTED],
    Kind.WINDOW_TAKEN: OPERATIONS[Kind.WINDOW_TAKEN],
    Kind.SERVICE_RATED: ("case.file",),
}


def _settles_own(actor: Actor, kind: Kind, case: Case) -> bool:
    """A clerk at a window settles what they have filed this moment, or what a person who stands there has named."""
    at_hand = actor.opened is not None and actor.opened == case.pk
    needed = OF_WHO_OPENED.get(kind, ())
    return bool(at_hand and actor.viewer and any(actor.viewer.may(code) for code in needed))


def _is_entrusted(actor: Actor, kind: Kind, case: Case) -> bool:
    """Whoever puts back a stool or takes down what could not be done acts on that case alone, by the hall's rules."""
    return bool(case.door and actor.entrusted == case.pk and kind in OF_THE_PLACE)


def _holds_any(viewer: Viewer, kind: Kind) -> bool:
    return any(viewer.may(code) for code in OPERATIONS.get(kind, ()))


def may(viewer: Viewer | None, kind: Kind, case: Case) -> bool:
    """Whether a member of staff may do this; for the list of buttons and for the guard in the log alike."""
    if viewer is None or (kind is Kind.EXTENSION_DECIDED and of_the_unit(viewer, case.lead_id)):
        return False
    return any(_may(side, kind, case) for side in viewer.each)


def of_the_unit(viewer: Viewer, *units: int | None) -> bool:
    """Whether the viewer, or somebody they stand in for, works in one of these units: four eyes need another."""
    return any(side.unit_id in units for side in viewer.each)


def require_other_unit(viewer: Viewer, case: Case, *, asker: int | None) -> None:
    """NotPermitted("own_unit_request") to the unit that has the case and to the unit that asked for the extension."""
    if of_the_unit(viewer, case.lead_id, asker):
        raise NotPermitted("own_unit_request", event=str(Kind.EXTENSION_DECIDED))


def require_supervisor(actor: Actor, case: Case) -> None:
    """NotPermitted("extension_needs_supervisor") to all but those who supervise the case."""
    if actor.viewer is not None and not holds(actor.viewer, "case.supervise", case):
        raise NotPermitted("extension_needs_supervisor", event=str(Kind.EXTENSION_DECIDED))


def _may(viewer: Viewer, kind: Kind, case: Case) -> bool:
    if not _holds_any(viewer, kind):
        return False
    if kind is Kind.OPENED:
        return True
    if kind in OF_THE_UNIT and not viewer.reaches(case.lead_id):
        return False
    return may_read(viewer, case) or (kind is Kind.ASSIGNED and viewer.may("people.manage"))


def actions(viewer: Viewer, case: Case, state: CaseState) -> frozenset[Kind]:
    """What this person may do to this case now: allowed by the rules and by the rights."""
    return frozenset(kind for kind in lifecycle.allowed(state) if may(viewer, kind, case))
