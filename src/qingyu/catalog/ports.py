"""What this app needs from above: the doors by which one asks for an item."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from qingyu.catalog.queries import Guide


@dataclass(frozen=True)
class Way:
    """One door by which a person gets the item done.

    ``kind`` apply (online), window, place or other; ``title`` and ``text`` in the language of the request; ``href`` a
    page of ours or empty; ``main`` for the one button that stands out.
    """

    kind: str
    title: str
    text: str = ""
    href: str = ""
    icon: str = "arrow-right"
    main: bool = False


class Ways(Protocol):
    """An app above that offers items: applying online, windows and how full they are, service points near by.

    Settings list the implementations in ``ITEM_WAYS``, in the order in which they are shown.
    """

    def of(self, guide: Guide, *, at: datetime) -> list[Way]:
        """The doors open for this item now; empty where this app offers none."""
        ...


@cache
def _offering() -> tuple[Ways, ...]:
    return tuple(import_string(name)() for name in settings.ITEM_WAYS)


def ways_of(guide: Guide, *, at: datetime) -> list[Way]:
    """Every door by which the item can be asked for now, as the apps above say; none while it is not offered."""
    return [way for one in _offering() for way in one.of(guide, at=at)] if guide.offered else []
