"""Parts that several pages of a hall show: what it keeps ready, what is not in order, the ways to rounds and register.

Template tags of ``places`` put them in; each asks for itself what it shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from qingyu.hall.facilities import queries
from qingyu.hall.facilities.listening import may_count
from qingyu.hall.models import Facility, Hall, OpeningHours
from qingyu.hall.queries import may
from qingyu.people import queries as people
from qingyu.people.policy import Viewer


def for_everybody(hall: Hall, hours: list[OpeningHours]) -> dict[str, Any]:
    """What the hall keeps ready and how it stands, and when it is open; one statement."""
    listed = queries.facilities_of(hall)
    good = [one for one in listed if one.state == Facility.State.IN_ORDER]
    return {"hall": hall, "wrong": queries.out_of_order(listed), "good": _together(good), "hours": hours}


def door(hall: Hall, state: dict[str, Any], *, at: datetime) -> dict[str, Any]:
    """Whether the hall is open, and whether a number taken now would be served at all. One statement."""
    hours = queries.week_of(hall, people.city_day(at))
    standing = queries.standing(hall, hours, at=at)
    served = any(service["wait"] for service in state["services"])
    shut = bool(standing and not standing.is_open and not served)
    return {"hours": hours, "standing": standing, "shut": shut, "served": served}


def _together(good: Iterable[Facility]) -> list[dict[str, Any]]:
    """Facilities in order by kind, with the places where they are."""
    kinds: dict[str, dict[str, Any]] = {}
    for one in good:
        row = kinds.setdefault(one.kind, {"kind": one.kind, "label": one.get_kind_display(), "places": []})
        row["places"].append(one.where or str(one))
    return list(kinds.values())


def alarms(hall: Hall) -> dict[str, Any]:
    """What is not in order with who sees to it until when, and rounds that were not done; four statements."""
    at = datetime.now(UTC)
    rounds = [one for one in queries.rounds_on(hall, people.city_day(at)) if not (one.row and one.row.done_at)]
    late = [one for one in rounds if one.due_at and one.due_at < at]
    return {"hall": hall, "wrong": queries.out_of_order(queries.facilities_of(hall)), "late": late, "at": at}


def ways(hall: Hall, viewer: Viewer) -> dict[str, Any]:
    """What this person may open; three statements."""
    may_round = queries.may_go_round(viewer, hall)
    rounds = queries.rounds_on(hall, people.city_day(datetime.now(UTC))) if may_round else []
    return {"hall": hall, "rounds": rounds, "may_round": may_round, "may_count": may_count(viewer, hall),
            "may_plan": may(viewer, "hall.manage", hall)}  # fmt: skip
