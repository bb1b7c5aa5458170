"""The sentences of the codes by which points say no, and the words for directions, features and circles."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qingyu.places.models import Point

SENTENCES: dict[str, Promise | str] = {
    "coordinates_not_valid": _(
        "There is no such place on earth: latitude lies between -90 and 90, longitude between -180 and 180."
    ),
    "coordinates_swapped": _("Latitude and longitude are swapped: write latitude %(lat)s and longitude %(lon)s."),
    "point_outside_city": _("This place lies outside of the city, %(km)s km from its middle. Check both figures."),
    "point_nowhere": _(
        "The nearest place where people live is %(km)s km away: this lies in the sea or in the wild. Check it."
    ),
    "datum_unknown": _("There is no such system of coordinates: wgs84, gcj02 or bd09."),
    "kind_of_point_unknown": _("There is no such kind of service point."),
    "feature_unknown": _("There is no such accessible feature."),
    "point_exists": _("Another point has this code."),
    "point_out_already": _("This point has been taken out already."),
    "point_in_use": _("This point is in use."),
    "point_closed_then": _("The point is closed already at that time."),
    "closure_over": _("This closing is over already."),
    "hours_missing": _("Write when it is open."),
    "hours_not_readable": _("Write hours like 1-5 09:00-12:00,13:30-17:00; 6 09:00-12:00 (1 is Monday)."),
    "item_not_valid": _("The code of an item has letters, digits, dots, - and _ only."),
    "item_without_name": _("No item has the code %(found)s. Write its name behind it."),
    "item_twice": _("An item stands there twice."),
    "item_not_offered": _("No service point offers this under that name. Try another word, or leave it empty."),
    "holidays_unknown": _("Write closed or as_usual."),
    "how_unknown": _("Write whole or hand_in."),
    "minutes_not_valid": _("The minutes at the counter lie between 1 and 480."),
    "people_not_valid": _("The number of people is not right."),
    "elderly_not_valid": _("There cannot be more old people than people."),
    "place_not_known": _("We do not know this place. Choose your community from the list instead."),
    "place_missing": _("Say where you are: choose your community, or write a place near you."),
    "position_elsewhere": _(
        "Your device says that you are outside of the city, or it is mistaken. Choose your community instead."
    ),
    "pace_unknown": _("There is no such pace."),
    "circle_unknown": _("There is no such circle."),
    "offers_not_readable": _("Write a line for each item: code | name | whole or hand_in | minutes."),
}

FEATURE_ICONS = {
    Point.Feature.STEP_FREE: "accessibility",
    Point.Feature.LOW_WINDOW: "accessibility",
    Point.Feature.HEARING_LOOP: "volume-2",
    Point.Feature.TOILET: "accessibility",
    Point.Feature.PARKING: "flag",
}
KIND_ICONS = {
    Point.Kind.HALL: "building-2",
    Point.Kind.STATION: "house",
    Point.Kind.BANK: "key",
    Point.Kind.POST: "send",
    Point.Kind.KIOSK: "inbox",
}
DIRECTIONS = (
    _("north"), _("north-east"), _("east"), _("south-east"), _("south"), _("south-west"), _("west"), _("north-west"),
)  # fmt: skip
CIRCLES: dict[str, Promise | str] = {
    "hr": _("Circle of labour services: 15 minutes on foot in town, 5 km in the country (人力资源社会保障部 2021)"),
    "commerce": _("Quarter-hour circle of daily life: 15 minutes on foot (商务部)"),
    "housing": _("Complete residential community: 1,000 m around (住房和城乡建设部: 800 to 1,000 m)"),
}
CIRCLE_NAMES: dict[str, Promise | str] = {
    "hr": _("Labour services circle"),
    "commerce": _("Quarter-hour circle"),
    "housing": _("Residential community circle"),
}
