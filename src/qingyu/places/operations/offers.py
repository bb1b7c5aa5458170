"""What a point does: service items by their codes, whole or only the handing in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from qingyu.people.models import Staff
from qingyu.places.models import Point, PointOffer
from qingyu.places.operations import holding
from qingyu.places.ports import items
from qingyu.rules.refusals import NotValid

ITEM = re.compile(r"[A-Za-z0-9._-]{1,60}")
LONGEST = 480


@dataclass(frozen=True)
class OfferIn:
    """``how``: whole or hand_in. Without a title the item must be one of the house."""

    item: str
    title: str = ""
    how: str = "whole"
    minutes: int = 15


@transaction.atomic
def set_offers(point: Point, offers: Sequence[OfferIn], *, by: Staff | None, at: datetime, reason: str = "") -> bool:
    """These and no others, in this order; whether they differ from what was offered.

    NotValid: item_not_valid, item_without_name, item_twice, how_unknown, minutes_not_valid, field_too_long.
    """
    row = holding.locked(point, seen=None, by=by, at=at)
    wanted = [_checked(one) for one in offers]
    codes = [one.item for one in wanted]
    if len(set(codes)) < len(codes):
        raise NotValid("item_twice", field="offers")
    known = PointOffer.objects.filter(point=row).order_by("order", "id")
    if [OfferIn(one.item, one.title, one.how, one.minutes) for one in known] == wanted:
        return False
    known.delete()
    PointOffer.objects.bulk_create(
        PointOffer(point=row, item=one.item, title=one.title, how=one.how, minutes=one.minutes, order=place)
        for place, one in enumerate(wanted)
    )
    holding.note("set_offers", row, by=by, at=at, reason=reason, facts={"items": codes})
    return True


def _checked(offer: OfferIn) -> OfferIn:
    if not ITEM.fullmatch(offer.item):
        raise NotValid("item_not_valid", field="offers", found=offer.item[:60])
    if offer.how not in PointOffer.How.values:
        raise NotValid("how_unknown", field="offers", found=offer.how[:20])
    if not 0 < offer.minutes <= LONGEST:
        raise NotValid("minutes_not_valid", field="offers")
    title = holding.checked(offer.title, "offers", longest=120) or items().titles().get(offer.item, "")[:120]
    if not title:
        raise NotValid("item_without_name", field="offers", found=offer.item)
    return OfferIn(offer.item, title, offer.how, offer.minutes)
