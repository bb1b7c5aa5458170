"""Requests made at random from the schema: whatever comes, the house answers in order and never breaks down."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import status_code_conformance

from tests.api.doors import API, filed, signed_in
from tests.people import City

EXAMPLES = 12


@pytest.fixture
def schema(city: City) -> Any:
    """The schema as a client reads it, sent to the application in this process."""
    from django.core.wsgi import get_wsgi_application

    return schemathesis.openapi.from_wsgi(f"{API}/openapi.json", get_wsgi_application())


fuzzed = schemathesis.pytest.from_fixture("schema")


@fuzzed.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
def test_no_request_breaks_the_house(case: Any) -> None:
    """A fixed case, its code and a dispatcher's token, so that random bodies get past the door."""
    known = KNOWN or KNOWN.update(filed(), **signed_in("dispatcher").headers) or KNOWN
    if "number" in case.path_parameters:
        case.path_parameters["number"] = known["number"]
    answer = case.call(headers={"Authorization": known["Authorization"], "X-Query-Code": known["query_code"]})
    assert answer.status_code < 500, answer.text
    if answer.status_code != 405:
        case.validate_response(answer, checks=[status_code_conformance])


KNOWN: dict[str, str] = {}


@pytest.fixture(autouse=True)
def nothing_known() -> None:
    KNOWN.clear()
