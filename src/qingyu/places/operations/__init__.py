"""All writes about points: one verb each, keyword-only, one transaction, each noted in the record of changes."""

from qingyu.places.operations.closing import close_for, lift
from qingyu.places.operations.offers import OfferIn, set_offers
from qingyu.places.operations.points import Draft, add, change, put_back, set_hours, take_out
from qingyu.places.operations.settling import Settled, settle

__all__ = [
    "Draft",
    "OfferIn",
    "Settled",
    "add",
    "change",
    "close_for",
    "lift",
    "put_back",
    "set_hours",
    "set_offers",
    "settle",
    "take_out",
]
