"""The listening desk: what could not be done becomes a case of its own, with its cause and limits of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from qingyu.cases import operations as cases
from qingyu.cases.actors import Actor
from qingyu.cases.models import Case
from qingyu.catalog.models import Item
from qingyu.hall.facilities import listening
from qingyu.hall.models import Window
from qingyu.hall.operations.holding import require_at_window
from qingyu.rules.listening import Cause
from qingyu.rules.refusals import NotAllowed, NotValid


@dataclass(frozen=True)
class Matter:
    """What a person could not get done: why, in which words, which item (code or name), which unit (id)."""

    cause: str
    text: str
    item: str = ""
    unit: int | None = None
    person: cases.Person | None = None


@transaction.atomic
def enter(window: Window, matter: Matter, *, by: Actor, at: datetime) -> cases.Opened:
    """Takes it down at a listening window and sends it to the unit concerned; without one the centre finds it.

    NotAllowed("no_listening_window"), NotPermitted("hall_window_denied"); NotValid: cause_unknown, text_missing,
    unit_unknown, phone_not_valid, listening_item_unknown.
    """
    require_at_window(by, window)
    if not listening.is_listening(window):
        raise NotAllowed("no_listening_window")
    if matter.cause not in list(Cause):
        raise NotValid("cause_unknown", field="cause")
    facts = {"listening": matter.cause, "hall": window.hall.code, "window": window.code}
    if matter.item.strip():
        facts["item"] = _item(matter.item.strip())
    opened = cases.open_case(_filing(matter), by=by, at=at, **facts)
    if matter.unit:
        actor = replace(by, entrusted=opened.case.pk)
        cases.route(opened.case, unit=matter.unit, why="person", by=actor, at=at)
    return opened


def _item(said: str) -> str:
    """The code of the item of that code or full name: an event holds codes, never what somebody typed."""
    found = Item.objects.filter(Q(code=said) | Q(name=said)).order_by("id").values_list("code", flat=True).first()
    if found is None:
        raise NotValid("listening_item_unknown", field="item")
    return found


def _filing(matter: Matter) -> cases.Filing:
    return cases.Filing(text=matter.text, type=Case.Type.COMPLAINT, channel=Case.Channel.WINDOW, person=matter.person)
