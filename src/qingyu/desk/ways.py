"""How an item is done in person: at a window of a hall, or at the service point that is nearest."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyu.catalog.ports import Way
from qingyu.catalog.queries import Guide
from qingyu.hall.models import Service
from qingyu.people import queries as people
from qingyu.places.models import PointOffer


class Windows:
    """Halls that serve the item: named in settings as one of ``ITEM_WAYS``."""

    def of(self, guide: Guide, *, at: datetime) -> list[Way]:
        """A way for each hall, three at most; one statement."""
        rows = Service.objects.filter(item=guide.item.code, active=True, hall__active=True).select_related("hall")
        return [_hall(service) for service in rows.order_by("hall_id", "id")[:3]]


def _hall(service: Service) -> Way:
    words = _("%(service)s: how long it takes now, a ticket by phone, an appointment.") % {"service": service.name}
    return Way("window", service.hall.name, words, reverse("hall", args=[service.hall.code]), "building-2")


class Near:
    """The nearest point that offers the item: named in settings as one of ``ITEM_WAYS``."""

    def of(self, guide: Guide, *, at: datetime) -> list[Way]:
        """One way where any point offers it; no statement but once in ten seconds."""
        if guide.item.code not in _offered():
            return []
        href = f"{reverse('points')}?{urlencode({'item': guide.item.name})}"
        return [Way("place", _("Nearest service point"), _("Open now, on foot, with the wait."), href, "map-pin")]


@people.remembered
def _offered() -> frozenset[str]:
    return frozenset(PointOffer.objects.values_list("item", flat=True).distinct())
