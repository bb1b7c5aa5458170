"""What is amiss in the set-up of the house, each with the page where it is mended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyu.cases.limits import in_force
from qingyu.desk import nearest
from qingyu.desk.administration import queries
from qingyu.people import queries as people
from qingyu.people.operations.roles import administrators
from qingyu.people.policy import Viewer

NAMED = 5


@dataclass(frozen=True)
class Warning:
    """A sentence, some names, and where to mend it."""

    text: str
    names: tuple[str, ...] = ()
    more: int = 0
    href: str = ""


def of(viewer: Viewer, *, at: datetime) -> list[Warning]:
    """What this person can mend."""
    today = people.city_day(at)
    found: list[Warning] = []
    if viewer.may("people.manage"):
        found += about_people() + about_units()
    if viewer.may("routes.manage"):
        found += about_routes(today) + about_limits()
    if viewer.may("calendar.manage"):
        found += about_calendar(today)
    if viewer.may("point.manage"):
        found += about_hours(today)
    return found


def about_people() -> list[Warning]:
    """One administrator alone is one accident away from none."""
    if administrators() > 1:
        return []
    return [Warning(_("Only one person can manage staff. Name a second one."), href=reverse("admin_staff"))]


def about_units() -> list[Warning]:
    """Units that nobody works in, and a city without a unit for what has no route."""
    rows = queries.units("")
    found = []
    if empty := queries.without_staff(rows):
        found.append(
            _named(_("Nobody works in these units; their cases lie still:"), [u.name for u in empty], "admin_units")
        )
    if queries.without_fallback(rows):
        found.append(Warning(_("No unit takes what has no route."), href=reverse("admin_units")))
    return found


def about_routes(today: date) -> list[Warning]:
    """Topics for which nobody is named."""
    missing = queries.unrouted(today)
    if not missing:
        return []
    text = _("No unit is named for these topics; their cases go to the fallback unit:")
    return [_named(text, [topic.name for topic in missing], "admin_routes")]


def about_limits() -> list[Warning]:
    """A city that has chosen no limits lives by the house's own figures."""
    if in_force():
        return []
    return [Warning(_("No set of time limits is chosen; the house's own figures hold."), href=reverse("admin_limits"))]


def about_calendar(today: date) -> list[Warning]:
    """From November on the list of the coming year is due; without this year's every promise is provisional."""
    known = people.calendar("city").published
    wanted = [today.year, today.year + 1] if today.month >= 11 else [today.year]
    missing = [str(year) for year in wanted if year not in known]
    if not missing:
        return []
    text = _("The official list of holidays is not entered for:")
    return [Warning(text, tuple(missing), href=reverse("admin_calendars"))]


def about_hours(today: date) -> list[Warning]:
    """Halls that say other hours than their service point: somebody would stand before a closed door."""
    halls = nearest.told_differently(on=today)
    text = _("These halls say other opening hours than their service point:")
    return [_named(text, halls, "desk_points")] if halls else []


def _named(text: str, names: list[str], url: str) -> Warning:
    return Warning(text, tuple(names[:NAMED]), max(0, len(names) - NAMED), reverse(url))
