"""What this app needs from above: what other apps add to the page of a case, what other doors know of whom is sought.

Where a request comes from is a port of people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from qingyu.people.ports import sender_of as sender_of

if TYPE_CHECKING:
    from qingyu.cases.models import Case
    from qingyu.people.policy import Viewer


@dataclass(frozen=True)
class Sought:
    """What somebody looks for. ``phone`` is a whole phone number (E.164) and ``phone_index`` its blind index; both are
    empty for anything else, and for those who may not look for phones.
    """

    text: str
    phone: str = ""
    phone_index: str = ""


@dataclass(frozen=True)
class Finding:
    """Something at another door: a call, a ticket, an appointment. ``number`` is that of its case, where it has one;
    ``href`` is empty where the viewer cannot open it.
    """

    icon: str
    title: str
    said: str
    at: datetime
    number: str = ""
    href: str = ""


class Finder(Protocol):
    """The newest 20 things of one door that the viewer may see. Settings name the implementations in ``FINDERS``."""

    def __call__(self, viewer: Viewer, sought: Sought, *, at: datetime) -> list[Finding]: ...


@cache
def finders() -> tuple[Finder, ...]:
    """The implementations that settings name."""
    return tuple(import_string(name) for name in settings.FINDERS)


@dataclass(frozen=True)
class Part:
    """A piece of the page of a case: its template, and what the template finds under ``part``."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


class CasePart(Protocol):
    """What an app above adds to cases of its own. Settings name the implementations in ``CASE_PARTS``."""

    def acts(self) -> Sequence[Any]:
        """Further acts of staff (``cases.staff.acts.Act``)."""
        ...

    def for_staff(self, viewer: Viewer, case: Case, *, at: datetime, clear: bool = False) -> Part | None:
        """What staff see of it; None where the case is none of the app's. ``clear``: a look was just noted."""
        ...

    def for_citizen(self, case: Case, *, at: datetime) -> Part | None:
        """What its citizen sees of it."""
        ...


@cache
def case_parts() -> tuple[CasePart, ...]:
    """The implementations that settings name, in their order."""
    return tuple(import_string(name)() for name in settings.CASE_PARTS)
