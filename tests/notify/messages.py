"""Messages to plan, with all facts any wording asks for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from qingyu.notify import operations
from qingyu.notify.messages import Message
from qingyu.notify.models import Delivery

AT = datetime(2026, 4, 1, 2, 0, tzinfo=UTC)
PHONE, MAIL = "+8613800001234", "wang@example.org"
FACTS = {
    "number": "26040112345676",
    "unit": "青川区城市管理局",
    "due": datetime(2026, 4, 8, 16, 0, tzinfo=UTC),
    "reason": "已进入诉讼程序",
    "link": "https://qingyu.example.org/track/26040112345676/?code=AB23CD45",
}
SMS = Message(
    source_event=1, follower="notices", audience="citizen", channel="sms", address=PHONE,
    event_code="opened", language="zh-hans", facts=FACTS,
)  # fmt: skip
EMAIL = replace(SMS, channel="email", address=MAIL)


def planned(message: Message = SMS, **changes: Any) -> Delivery:
    """The row of one message that was just planned."""
    message = replace(message, **changes)
    operations.plan([message], at=AT)
    return Delivery.objects.get(source_event=message.source_event, audience=message.audience, channel=message.channel)
