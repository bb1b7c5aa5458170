"""A vendor's telephone centre over HTTP: it sends us signed events and fetches its commands, signed too.

``X-Qingyu-Timestamp`` is the time in whole seconds since 1970, ``X-Qingyu-Signature`` is ``sha256=`` and the hex
HMAC-SHA256, under the shared secret, of the bytes ``TIMESTAMP.SWITCH.BODY``. Five minutes after its time a signature
is worth nothing; within them a repetition changes nothing, since events count once.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from qingyu.hotline.models import Switch
from qingyu.hotline.ports import MOST_EVENTS, VERSION, Told
from qingyu.rules.refusals import NotPermitted, NotValid

TIMESTAMP, SIGNATURE = "X-Qingyu-Timestamp", "X-Qingyu-Signature"
WINDOW = 300  # seconds


def sign(secret: str, *, switch: str, body: bytes, timestamp: int) -> dict[str, str]:
    """The two headers that make a request the switch's own."""
    told = hmac.new(secret.encode(), f"{timestamp}.{switch}.".encode() + body, hashlib.sha256).hexdigest()
    return {TIMESTAMP: str(timestamp), SIGNATURE: f"sha256={told}"}


def known_switch(code: str, headers: Mapping[str, str], body: bytes, *, at: datetime) -> Switch:
    """The switch that signed the body.

    NotPermitted: signature_wrong (also where there is no such switch: nobody learns which there are), signature_old.
    """
    timestamp, given = headers.get(TIMESTAMP, ""), headers.get(SIGNATURE, "")
    switch = Switch.objects.filter(code=code, active=True, kind=Switch.Kind.WEBHOOK).first()
    secret = switch.clear_secret() if switch else "no such switch"
    seconds = int(timestamp) if timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 15 else 0
    wanted = sign(secret, switch=code, body=body, timestamp=seconds)[SIGNATURE]
    if not hmac.compare_digest(wanted.encode(), given.encode()) or switch is None:
        raise NotPermitted("signature_wrong")
    if abs(at.timestamp() - seconds) > WINDOW:
        raise NotPermitted("signature_old", window=WINDOW)
    return switch


def read_events(body: bytes) -> list[Told]:
    """The events of a body: one object, or {"events": [...]} with at most 200.

    NotValid: not_readable, too_many_events, field_not_valid.
    """
    given = read(body)
    rows = given.get("events", [given])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise NotValid("field_not_valid", field="events")
    if len(rows) > MOST_EVENTS:
        raise NotValid("too_many_events", field="events", most=MOST_EVENTS)
    return [_told(row) for row in rows]


def read(body: bytes) -> dict[str, Any]:
    """The object that the body holds. NotValid("not_readable")."""
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        raise NotValid("not_readable", field="body") from None
    if not isinstance(given, dict):
        raise NotValid("not_readable", field="body")
    return given


def _told(row: Mapping[str, Any]) -> Told:
    data, seq, version = row.get("data", {}), row.get("seq"), row.get("v", VERSION)
    if not isinstance(data, dict) or not isinstance(seq, int) or isinstance(seq, bool):
        raise NotValid("field_not_valid", field="seq" if isinstance(data, dict) else "data")
    words = {name: row.get(name, "") for name in ("type", "call_ref", "leg", "at")}
    for name, value in words.items():
        if not isinstance(value, str):
            raise NotValid("field_not_valid", field=name)
    told_at = _time(words["at"])
    return Told(words["type"], words["call_ref"], seq, told_at, words["leg"], data, version)


def _time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise NotValid("field_not_valid", field="at") from None


def written(told: Sequence[Told]) -> bytes:
    """Events as a body: what a vendor sends."""
    rows = [
        {"v": one.v, "type": one.type, "call_ref": one.call_ref, "seq": one.seq, "at": one.at.isoformat(),
         "leg": one.leg, "data": dict(one.data)}
        for one in told
    ]  # fmt: skip
    return json.dumps({"events": rows}, ensure_ascii=False).encode()
