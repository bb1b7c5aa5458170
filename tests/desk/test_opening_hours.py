"""A hall and its service point say the same hours, or somebody is told."""

from __future__ import annotations

from datetime import date, time

from django.test import Client
from django.urls import reverse

from qingyu.desk.nearest import told_differently
from qingyu.hall.operations import rounds
from tests.hall.places import SINCE, build_place
from tests.people import City
from tests.places.towns import add, place_city

MONDAY = date(2026, 6, 1)


def test_a_hall_that_says_other_hours_than_its_point_is_told_of(city: City) -> None:
    place_city()
    hall = build_place(city).hall
    add(city, "hall-point", hours="1-5 09:00-17:00", kind="hall", hall=hall.code)
    assert told_differently(on=MONDAY) == []
    rounds.place_hours(hall, weekday=5, opens=time(9), closes=time(12), valid_from=SINCE)
    assert told_differently(on=MONDAY) == [hall.name]
    client = Client()
    client.force_login(city.staff["administrator"], backend="django.contrib.auth.backends.ModelBackend")
    assert hall.name in client.get(reverse("admin_desk")).content.decode()


def test_a_hall_whose_hours_nobody_entered_is_left_out(city: City) -> None:
    place_city()
    hall = build_place(city).hall
    hall.hours.all().delete()
    add(city, "hall-point", kind="hall", hall=hall.code)
    assert told_differently(on=MONDAY) == []
