"""What the tests of the hotline share: a switch, agents at it, events as it tells them."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.test import Client

from qingyu.hotline import operations
from qingyu.hotline.models import AgentState, Call, Switch
from qingyu.hotline.ports import Told
from tests.people import MONDAY, City

WORDS = "小区门口的井盖坏了三天"
SECRET = "a secret that is long enough"
SECOND = timedelta(seconds=1)
PHONE = "19900001234"


def switch(kind: str = "webhook", code: str = "main") -> Switch:
    return operations.add_switch(code=code, name="市热线", kind=kind, secret=SECRET, at=MONDAY)


def seated(city: City, at_switch: Switch, name: str = "agent", extension: str = "8001") -> AgentState:
    found = operations.agent_state(
        state="ready", switch=at_switch, extension=extension, viewer=city.viewer(name), at=MONDAY
    )
    assert found is not None
    return found


def told(type_: str, ref: str = "a", after: float = 0, seq: int = 1, begin: datetime = MONDAY, **data: Any) -> Told:
    return Told(type_, ref, seq, begin + after * SECOND, data=data)


def talking(at_switch: Switch, ref: str = "a", phone: str = PHONE, begin: datetime = MONDAY) -> Call:
    """A caller speaks with the agent at 8001, six seconds after the call came in."""
    events = [
        told("call.offered", ref, 0, begin=begin, caller=phone),
        told("queue.joined", ref, 1, begin=begin, position=1, count=1),
        told("agent.offered", ref, 2, begin=begin, agent="8001"),
        told("agent.connected", ref, 6, begin=begin, agent="8001", hold=5, ring=4),
    ]
    operations.take_events(at_switch, events, at=begin + 6 * SECOND)
    return Call.objects.get(switch=at_switch, call_ref=ref)


def hung_up(call: Call, after: float = 40, begin: datetime = MONDAY) -> Call:
    event = told("call.ended", call.call_ref, after, begin=begin, talk=int(after - 6), reason="caller")
    operations.take_event(call.switch, event, at=begin + after * SECOND)
    call.refresh_from_db()
    return call


def signed_in(city: City, name: str = "agent") -> Client:
    client = Client()
    client.force_login(city.staff[name], backend="django.contrib.auth.backends.ModelBackend")
    return client


def form(**more: str) -> dict[str, str]:
    return {"key": uuid.uuid4().hex, "version": "0", "text": WORDS, "phone": PHONE, "urgency": "general", **more}
