"""Reads of service items. Days are days of the city (``people.queries.city_day``)."""

from qingyu.catalog.queries.checking import Faulty, faults_of, faulty, stale, stale_counts
from qingyu.catalog.queries.desk import LISTS, counts, item_for, on_desk, steps_of, versions_of
from qingyu.catalog.queries.guides import (
    Guide,
    NoSuchItem,
    form_for,
    forms_of,
    guide,
    legal,
    materials_of,
    promised,
    version_on,
)
from qingyu.catalog.queries.lists import Listed, Named, browse, found_for, listed, of_hits, themes, units_with_items
from qingyu.catalog.search import Asked, ranked
from qingyu.rules.guides import CONTRADICTIONS

__all__ = [
    "CONTRADICTIONS",
    "LISTS",
    "Asked",
    "Faulty",
    "Guide",
    "Listed",
    "Named",
    "NoSuchItem",
    "browse",
    "counts",
    "faults_of",
    "faulty",
    "form_for",
    "forms_of",
    "found_for",
    "guide",
    "item_for",
    "legal",
    "listed",
    "materials_of",
    "of_hits",
    "on_desk",
    "promised",
    "ranked",
    "stale",
    "stale_counts",
    "steps_of",
    "themes",
    "units_with_items",
    "version_on",
    "versions_of",
]
