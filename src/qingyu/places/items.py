"""The items where the house has no catalogue: their titles stand with the offers alone."""

from __future__ import annotations

from collections.abc import Mapping


class OfOffers:
    """Knows no item by itself: ``ports.Items``."""

    def titles(self) -> Mapping[str, str]:
        return {}
