"""Service points name items by their code; their titles stand in the catalog."""

from __future__ import annotations

from collections.abc import Mapping

from qingyu.catalog.models import Item
from qingyu.people import queries as people


class OfCatalog:
    """``places.ports.Items`` over the catalog."""

    def titles(self) -> Mapping[str, str]:
        """Of all items but those withdrawn, remembered for ten seconds; one statement."""
        return _titles()


@people.remembered
def _titles() -> dict[str, str]:
    return dict(Item.objects.filter(withdrawn_on__isnull=True).order_by("id").values_list("code", "name"))
