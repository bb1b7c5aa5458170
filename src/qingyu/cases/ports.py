"""What this app needs from above: where a request comes from, and what other doors know of whom is sought."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Protocol

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string

from qingyu.people.policy import Viewer


class SenderOf(Protocol):
    """Names the sender that bounds count by. Settings name the implementation in ``SENDER_OF``."""

    def __call__(self, request: HttpRequest) -> str: ...


@cache
def sender_of() -> SenderOf:
    """The implementation that settings name."""
    found: SenderOf = import_string(settings.SENDER_OF)
    return found


@dataclass(frozen=True)
class Sought:
    """What somebody looks for. ``phone_index`` is the blind index of a whole phone number, and empty for anything else
    and for those who may not look for phones.
    """

    text: str
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
