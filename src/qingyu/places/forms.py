"""What citizens ask and what staff write. What is wrong the operations say; forms give it its place."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from qingyu.people import queries as people
from qingyu.people.sending import Keyed, Saying
from qingyu.places import city
from qingyu.places.models import Point, PointOffer
from qingyu.places.operations import Draft, OfferIn
from qingyu.rules.coverage import Spot
from qingyu.rules.refusals import NotValid

ROUNDED = 3
"""Decimals of a degree that are used of where somebody is: about 100 m."""
NOW, THEN = "now", "then"


class AskForm(Saying):
    """What, where, when, with which needs. Where: the device, a place by its name, or a community, in this order."""

    item = forms.CharField(
        label=_("What do you want to get done?"), required=False, max_length=60,
        help_text=_("A word is enough. Leave it empty for any service point."),
    )  # fmt: skip
    place = forms.CharField(
        label=_("A place near you"), required=False, max_length=80, help_text=_("A community, street or building.")
    )
    area = forms.ChoiceField(label=_("Or choose your community"), required=False)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)
    when = forms.ChoiceField(
        label=_("When do you want to go?"), choices=[(NOW, _("I go now")), (THEN, _("At another time"))], initial=NOW,
        widget=forms.RadioSelect, required=False,
    )  # fmt: skip
    day = forms.DateField(
        label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Write the day as 2026-01-31.")},
    )  # fmt: skip
    hour = forms.TimeField(
        label=_("Time"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Write the time as 09:30.")},
    )  # fmt: skip
    needs = forms.MultipleChoiceField(
        label=_("What the place must have"), required=False, choices=Point.Feature.choices,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    slow = forms.BooleanField(label=_("I walk slowly"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: list[Any] = [("", _("Choose")), *city.communities()]
        self.fields["area"].choices = choices  # type: ignore[attr-defined]
        self.fields["item"].widget.attrs |= {"list": "items", "autocomplete": "off"}
        self.fields["place"].widget.attrs |= {"autocomplete": "off"}

    def spot(self) -> tuple[Spot, str]:
        """Where the person is, rounded to about 100 m, and its name.

        NotValid: place_missing, place_not_known, position_elsewhere.
        """
        said = self.cleaned_data
        if said.get("lat") is not None and said.get("lon") is not None:
            return self._position(said["lat"], said["lon"]), str(_("your position"))
        if said.get("place", "").strip():
            known = city.located(said["place"])
            if known is None and not said.get("area"):
                raise NotValid("place_not_known", field="place")
            if known:
                return rounded(known.spot), known.name
        area = people.areas().get(said.get("area", ""))
        spot = city.spot_of(area) if area else None
        if area is None or spot is None:
            raise NotValid("place_missing", field="place")
        return rounded(spot), area.name

    def _position(self, lat: float, lon: float) -> Spot:
        """What the device says; one outside of the city is forgotten, or it would stand before any other answer."""
        try:
            return rounded(city.spot_in_box(lat, lon))
        except NotValid as refusal:
            if refusal.code != "point_outside_city":
                raise
            kept = cast("QueryDict", self.data).copy()
            for name in ("lat", "lon"):
                kept.pop(name, None)
            self.data = kept
            raise NotValid("position_elsewhere", field="area") from refusal

    def at(self, now: datetime) -> datetime:
        """When the person wants to go; a time of today that is past counts as now. NotValid("time_not_readable")."""
        said = self.cleaned_data
        if said.get("when") != THEN or not (said.get("day") or said.get("hour")):
            return now
        zone = ZoneInfo(settings.TIME_ZONE)
        day: date = said.get("day") or now.astimezone(zone).date()
        if not now.year - 1 <= day.year <= now.year + 1:
            raise NotValid("time_out_of_range", field="day")
        return max(now, datetime.combine(day, said.get("hour") or time(9), zone).astimezone(now.tzinfo))


def rounded(spot: Spot) -> Spot:
    """To three decimals of a degree: nobody's door can be read off it."""
    return Spot(round(spot.lat, ROUNDED), round(spot.lon, ROUNDED))


# The desk -------------------------------------------------------------------------------------------------------


class PointForm(Keyed):
    """All that is said of a point."""

    code = forms.CharField(label=_("Code in addresses"), max_length=40, required=False)
    name = forms.CharField(label=_("Name of the point"), max_length=80, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=Point.Kind.choices)
    unit = forms.TypedChoiceField(label=_("Unit"), coerce=int)
    address = forms.CharField(label=_("Address"), max_length=160, required=False)
    lat = forms.FloatField(label=_("Latitude"), error_messages={"invalid": _("Write a number such as 30.0123.")})
    lon = forms.FloatField(label=_("Longitude"), error_messages={"invalid": _("Write a number such as 115.0123.")})
    datum = forms.ChoiceField(
        label=_("Coordinates are from"), required=False,
        choices=[
            ("wgs84", _("a satellite receiver (WGS-84)")), ("gcj02", _("a Chinese map or phone (GCJ-02)")),
            ("bd09", _("Baidu's map (BD-09)")),
        ],
    )  # fmt: skip
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    way = forms.CharField(
        label=_("How to go there"), max_length=300, required=False, widget=forms.Textarea({"rows": 2})
    )
    hall = forms.CharField(
        label=_("Code of its hall"), max_length=20, required=False, help_text=_("Then its queue is shown.")
    )
    features = forms.MultipleChoiceField(
        label=_("Accessible features"), required=False, choices=Point.Feature.choices,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    keeps_holidays = forms.BooleanField(label=_("Closed on public holidays, open on make-up days"), required=False)
    hours = forms.CharField(
        label=_("Opening hours"), max_length=300, required=False,
        help_text=_("Such as 1-5 09:00-12:00,13:30-17:00; 6 09:00-12:00 (1 is Monday). It holds from today on."),
    )  # fmt: skip
    offers = forms.CharField(
        label=_("What is done there"), max_length=4000, required=False, widget=forms.Textarea({"rows": 5}),
        help_text=_("A line for each item: code | name | whole or hand_in | minutes at the counter"),
    )  # fmt: skip

    def __init__(self, *args: Any, units: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units  # type: ignore[attr-defined]

    def draft(self) -> Draft:
        said = self.cleaned_data
        return Draft(
            name=said["name"], kind=said["kind"], address=said["address"], lat=said["lat"], lon=said["lon"],
            unit=said["unit"], datum=said["datum"] or "wgs84", hall=said["hall"], phone=said["phone"],
            way=said["way"], features=frozenset(said["features"]), keeps_holidays=said["keeps_holidays"],
        )  # fmt: skip

    def offered(self) -> list[OfferIn]:
        """NotValid("offers_not_readable")."""
        return [_offer(line) for line in self.cleaned_data["offers"].splitlines() if line.strip()]


def _offer(line: str) -> OfferIn:
    item, title, how, minutes, *rest = [*(part.strip() for part in line.replace("｜", "|").split("|")), "", "", ""]
    if any(rest) or (minutes and not minutes.isdecimal()):
        raise NotValid("offers_not_readable", field="offers")
    return OfferIn(item, title, how or PointOffer.How.WHOLE, int(minutes[:4] or 15))


def offer_lines(point: Point) -> str:
    """The offers of a point as ``PointForm`` reads them."""
    rows = PointOffer.objects.filter(point=point).order_by("order", "id")
    return "\n".join(f"{one.item} | {one.title} | {one.how} | {one.minutes}" for one in rows)


class CloseForm(Keyed):
    """From when to when, and why; without an end until further notice."""

    starts = forms.DateTimeField(
        label=_("From"), widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M")
    )
    ends = forms.DateTimeField(
        label=_("Closed until"), required=False, help_text=_("Empty: until further notice."),
        widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Reason, as citizens read it"), max_length=200, required=False, widget=forms.TextInput()
    )


class ReasonForm(Keyed):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)
