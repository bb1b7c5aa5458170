"""Requests made at random from the schema: whatever comes, the house answers in order and never breaks down."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import status_code_conformance

from tests.api.doors import API, filed, signed_in
from tests.people import City

EXAMPLES = 15
FEW = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)


@contextmanager
def one_connection() -> Iterator[None]:
    """A request from outside would close the connection first, and with it the transaction of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_no_request_breaks_the_house(city: City) -> None:
    """A case that exists, its code and a dispatcher's token, so that random bodies get past the door."""
    from django.core.wsgi import get_wsgi_application

    known = filed() | signed_in("dispatcher").headers
    with one_connection():
        schema = schemathesis.openapi.from_wsgi(f"{API}/openapi.json", get_wsgi_application())
        doors = [found.ok() for found in schema.get_all_operations()]
        assert len(doors) > 35
        for door in doors:
            FEW(given(case=door.as_strategy())(lambda case: ask(case, known)))()


def ask(case: Any, known: dict[str, str]) -> None:
    """Sends one random request; any answer is right that the schema names, but none that says we broke."""
    if "number" in case.path_parameters:
        case.path_parameters["number"] = known["number"]
    answer = case.call(headers={"Authorization": known["Authorization"], "X-Query-Code": known["query_code"]})
    assert answer.status_code < 500, answer.text
    case.validate_response(answer, checks=[status_code_conformance])
