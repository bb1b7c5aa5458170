"""XML and JSON say the same, with the names and the nesting of the specification."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.open311.test_requests import filed
from tests.people import City

REQUEST = [
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description",
    "agency_responsible", "service_notice", "requested_datetime", "updated_datetime", "expected_datetime", "address",
    "address_id", "zipcode", "lat", "long", "media_url",
]  # fmt: skip
SERVICE = ["service_code", "service_name", "description", "metadata", "type", "keywords", "group"]
ATTRIBUTE = ["variable", "code", "datatype", "required", "datatype_description", "order", "description", "values"]


def asked(path: str) -> tuple[Any, Any]:
    """The root of the XML answer and the value of the JSON answer to the same question."""
    answers = [Client().get(f"/open311/{path}.{form}") for form in ("xml", "json")]
    assert [answer.status_code for answer in answers] == [200, 200]
    return fromstring(answers[0].content), answers[1].json()


def with_attribute() -> None:
    from qingyu.cases.models import ServiceAttribute, Topic
    from qingyu.people import queries as people

    ServiceAttribute.objects.create(
        topic=Topic.objects.get(code="house.lift"), code="kind", description="电梯类型？", datatype="singlevaluelist",
        values=[["1", "客梯"]],
    )  # fmt: skip
    people.forget()


@pytest.mark.django_db
def test_discovery(city: City) -> None:
    root, value = asked("discovery")
    assert [child.tag for child in root] == ["changeset", "contact", "key_service", "endpoints"]
    assert value["endpoints"][0]["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert value["endpoints"][0]["url"].endswith("/open311/v2")
    assert [form.text for form in root.iter("format")] == ["text/xml", "application/json"]


@pytest.mark.django_db
def test_services_and_their_definition(city: City) -> None:
    with_attribute()
    root, value = asked("v2/services")
    assert (root.tag, {child.tag for child in root}) == ("services", {"service"})
    assert [child.tag for child in root[0]] == SERVICE == list(value[0])
    assert {row["service_code"] for row in value} == {"city.noise.night", "city.street", "house.lift", "labour.wages"}
    assert {row["service_code"]: row["metadata"] for row in value}["house.lift"] is True
    root, value = asked("v2/services/house.lift")
    assert (root.tag, root[0].text, root[1].tag) == ("service_definition", "house.lift", "attributes")
    assert [child.tag for child in root[1][0]] == ATTRIBUTE == list(value["attributes"][0])
    assert root.find("attributes/attribute/values/value/name").text == "客梯"


@pytest.mark.django_db
def test_requests(city: City) -> None:
    number = filed()
    for path in ("v2/requests", f"v2/requests/{number}"):
        root, value = asked(path)
        assert (root.tag, root[0].tag) == ("service_requests", "request")
        assert [child.tag for child in root[0]] == REQUEST == list(value[0])


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["xml", "json"])
def test_any_site_may_read_and_ask_first(city: City, form: str) -> None:
    for answer in (Client().get(f"/open311/v2/services.{form}"), Client().options(f"/open311/v2/requests.{form}")):
        assert answer["Access-Control-Allow-Origin"] == "*"
    assert Client().delete(f"/open311/v2/requests.{form}").status_code == 405
    assert Client().get("/open311/v2/services.yaml").status_code == 404


@given(st.text())
def test_no_text_breaks_the_xml(text: str) -> None:
    from qingyu.cases.open311.formats import as_xml

    root = fromstring(as_xml("errors", [{"code": "400", "description": text}]))
    assert root[0][0].text == "400"


# The examples of the specification ---------------------------------------------------------------------------------


def example(number: str) -> Any:
    """A piece of the specification's replies, put under one root."""
    [path] = (Path(os.environ.get("QINGYU_DATA", "../shared/data")) / "open311").glob(f"{number}.*")
    text = path.read_text(encoding="utf-8")
    return json.loads(text) if path.suffix == ".json" else fromstring(f"<root>{text}</root>")


def names(element: Any) -> set[str]:
    return {child.tag for child in element}


@pytest.mark.data
@pytest.mark.django_db
def test_our_replies_have_the_structure_of_the_examples(city: City) -> None:
    with_attribute()
    number = filed()
    assert names(example("00")[0]) == names(asked("v2/services")[0][0])
    definition, ours = example("01"), asked("v2/services/house.lift")
    assert names(definition) == names(ours[0])
    assert names(definition.find("attributes")[0]) == names(ours[0].find("attributes")[0])
    assert set(example("02")) == set(ours[1]["attributes"][0])
    posted = {"service_request_id", "service_notice", "account_id"}
    assert names(example("03")[0]) == posted
    assert names(example("04")[0]) == names(asked(f"v2/tokens/{number}")[0][0])
    assert names(example("05")[0]) == names(asked("v2/requests")[0][0])
    assert names(example("06")[0]) == names(asked(f"v2/requests/{number}")[0][0])
    assert names(example("07")[0]) == {"code", "description"}
