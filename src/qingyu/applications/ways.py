"""Applying online as one of the ways to get an item done."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyu.applications import operations
from qingyu.catalog.ports import Way
from qingyu.catalog.queries import Guide
from qingyu.people import queries as people
from qingyu.rules.refusals import NotAllowed


class Online:
    """Named in settings as one of ``ITEM_WAYS``."""

    def of(self, guide: Guide, *, at: datetime) -> list[Way]:
        """The page on which the item is applied for, where it can be."""
        try:
            operations.offered(guide.item.code, channel="web", day=people.city_day(at))
        except NotAllowed:
            return []
        href = reverse("apply", args=[guide.item.code])
        words = _("Photos from a phone are enough. You get a number at once.")
        return [Way("apply", _("Apply online"), words, href, "send", main=True)]
