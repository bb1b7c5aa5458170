"""What a caller presses after the call: the rating of that service, kept with the case that came of it."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from django.db import transaction

from qingyu.cases import operations as cases
from qingyu.cases.actors import CITIZEN
from qingyu.hotline.models import Call, CallCase
from qingyu.rules import rating
from qingyu.rules.rating import Channel
from qingyu.rules.refusals import NotAllowed


def pass_on(call: Call, *, at: datetime) -> None:
    """Once, whether the case or the rating was there first; a call of which nothing came keeps it to itself."""
    came = CallCase.objects.filter(call=call).select_related("case").order_by("id").first() if call.rating else None
    if came is None:
        return
    level, service = rating.of_stars(call.rating), f"call:{call.pk}"
    with suppress(NotAllowed), transaction.atomic():  # rated_twice: the switch has told it before
        cases.rate_service(came.case, service=service, level=level, channel=Channel.PHONE, by=CITIZEN, at=at)
