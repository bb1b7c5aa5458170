"""A letter becomes a case: praise is passed on at once, all else takes the way of every request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from qingyu.cases import attachments, operations
from qingyu.cases.actors import Actor
from qingyu.cases.operations import Filing, Opened, Person
from qingyu.hall import queries as halls
from qingyu.hall.models import Window
from qingyu.people import queries as people
from qingyu.people.models import Staff
from qingyu.rules.rating import Channel
from qingyu.rules.refusals import NotAllowed, NotValid

NOON = time(12)


@dataclass(frozen=True)
class Letter:
    """What lies on the table. ``window`` as ``HALL/WINDOW``, ``staff`` the name of the clerk it names, ``level`` the
    rating that stands on it, by name; all three may be empty, and ``unit`` is None where it names none.
    """

    text: str
    type: str
    received: date
    photos: Sequence[attachments.Held]
    person: Person = field(default_factory=Person)
    unit: int | None = None
    window: str = ""
    staff: str = ""
    level: str = ""


@dataclass(frozen=True)
class About:
    """Whom the letter is about, as far as it says so."""

    unit: int | None
    window: Window | None
    staff: Staff | None

    @property
    def facts(self) -> dict[str, str | int]:
        named: dict[str, str | int] = {"staff": self.staff.pk} if self.staff else {}
        return named | ({"hall": self.window.hall.code, "window": self.window.code} if self.window else {})


@transaction.atomic
def enter(letter: Letter, *, by: Actor, at: datetime) -> Opened:
    """The letter as a case, filed on the day it came (its time limits run from then) and entered now.

    Praise of a unit closes at once with thanks and is the unit's; everything else waits for dispatch, or is sent to
    the unit it names where ``by`` may dispatch. NotValid: photo_missing, received_in_future, window_unknown,
    staff_unknown, staff_ambiguous and what ``open_case`` refuses. NotAllowed("own_letter"): whom a letter names does
    not enter it.
    """
    if not letter.photos:
        raise NotValid("photo_missing", field="files")
    about = _about(letter)
    if about.staff and about.staff.pk == by.staff_id:
        raise NotAllowed("own_letter")
    came, filing = _came(letter.received, at), _filing(letter)
    opened = operations.open_case(filing, by=by, at=came, **about.facts)
    own = replace(by, opened=opened.case.pk)
    if letter.type == "praise" and about.unit:
        operations.answer_at_once(opened.case, answer=_thanks(), unit=about.unit, by=own, at=at)
    elif about.unit and by.viewer and by.viewer.may("case.dispatch"):
        operations.route(opened.case, unit=about.unit, by=by, at=at)
    if letter.level:
        _rate(opened, letter.level, by=own, at=at)
    return opened


def _rate(opened: Opened, level: str, *, by: Actor, at: datetime) -> None:
    """The rating that the person wrote down: of the service, whatever becomes of the matter."""
    operations.rate_service(opened.case, service="stage:letter", level=level, channel=Channel.PAPER, by=by, at=at)


def _came(received: date, at: datetime) -> datetime:
    """Noon of the day the letter came; now, where that is today."""
    zone = ZoneInfo(settings.TIME_ZONE)
    today = at.astimezone(zone).date()
    if received > today:
        raise NotValid("received_in_future", field="received")
    return at if received == today else datetime.combine(received, NOON, zone)


def _filing(letter: Letter) -> Filing:
    someone = letter.person if any((letter.person.name, letter.person.phone, letter.person.address)) else None
    return Filing(text=letter.text, type=letter.type, channel="letter", person=someone, files=tuple(letter.photos))


def _thanks() -> str:
    with translation.override(settings.LANGUAGE_CODE):
        return _("Thank you for your letter. We have passed it on to the person and the unit you praise.")


def _about(letter: Letter) -> About:
    window = _window(letter.window) if letter.window else None
    unit = letter.unit or (window.unit_id or window.hall.unit_id if window else None)
    staff = _staff(letter.staff.strip(), unit) if letter.staff.strip() else None
    return About(unit or (staff.unit_id if staff else None), window, staff)


def _window(name: str) -> Window:
    hall, _slash, code = name.partition("/")
    try:
        return halls.window(halls.hall(hall), code)
    except halls.NoSuchHall:
        raise NotValid("window_unknown", field="window") from None


def _staff(name: str, unit: int | None) -> Staff:
    """The only active member of staff of that name, in the unit and below it where one is known."""
    found = Staff.objects.filter(name=name, is_active=True)
    if unit is not None:
        found = found.filter(unit_id__in=people.subtree(unit))
    several = list(found[:2])
    if not several:
        raise NotValid("staff_unknown", field="staff")
    if len(several) > 1:
        raise NotValid("staff_ambiguous", field="staff")
    return several[0]
