"""axe-core walks every route of the program in normal and in elder mode: no violation of WCAG 2.2 A or AA.

A route that is new must be given an example here (a row of the demo city), or say that it only takes what is posted.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from playwright.sync_api import Error

from qingyu.people.permissions import ROLES
from tests.faults.looking import rows
from tools.server import Installation

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]
AXE = (Path(__file__).parents[1] / "vendor" / "axe" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
RUN = (
    "(rules) => axe.run({runOnly: rules}).then((all) => all.violations.map((one) => one.id + ' ' + one.nodes[0].html))"
)
# Who looks at a page of staff: the first that holds its permission.
READERS = ("supervisor", "agent", "dispatcher", "caller", "administrator", "clerk", "hall_manager", "guide",
           "handler", "operator", "mayor")  # fmt: skip
# Routes whose reader must be of the unit concerned, or whose page takes several rights.
BY = {
    "edit_item": "health_handler",
    "case_act": "dispatcher",
    "hall_window": "clerk",
    "hall_device": "hall_manager",
    "desk": "dispatcher",
}

# How an address is filled in: a statement over the demo city for each part of it.
CASE = "SELECT number FROM cases_case WHERE state='received' AND type<>'report' ORDER BY id DESC"
POINT = "SELECT code FROM places_point ORDER BY id"
FACILITY = "SELECT code FROM hall_facility ORDER BY id"
LISTENING = "SELECT code FROM hall_window WHERE id=(SELECT window_id FROM hall_facility WHERE kind='listening')"
EXAMPLES: dict[str, dict[str, str]] = {
    "case": {"number": CASE},
    "case_print": {"number": CASE},
    "case_act": {"number": CASE, "name": "'route'"},
    "followup_call": {
        "number": "SELECT number FROM cases_case WHERE id=(SELECT case_id FROM followup_followupplan "
        "WHERE state='waiting' ORDER BY due_at LIMIT 1)"
    },
    "act": {"what": "'urge'"},
    "answer": {"code": "SELECT code FROM knowledge_answer ORDER BY id"},
    "desk_answer": {"code": "SELECT code FROM knowledge_answer ORDER BY id"},
    "question": {"reference": "SELECT reference FROM knowledge_unanswered ORDER BY id"},
    "desk_question": {"pk": "SELECT id FROM knowledge_unanswered ORDER BY id"},
    "hall_kiosk": {"code": "'demo'"},
    "hall_board": {"code": "'demo'"},
    "hall_guide": {"code": "'demo'"},
    "hall_manager": {"code": "'demo'"},
    "hall_plan": {"code": "'demo'"},
    "hall_window": {"code": "'demo'", "n": "'1'"},
    "hall_rate": {"code": "'demo'", "n": "'1'"},
    "hall_device": {"code": "'demo'", "n": "'1'"},
    "hall": {"code": "'demo'"},
    "ticket": {"ticket": "SELECT ticket FROM hall_ticket WHERE state='waiting' ORDER BY id DESC"},
    "admin_person": {"pk": "SELECT id FROM people_staff ORDER BY id"},
    "admin_person_roles": {"pk": "SELECT id FROM people_staff ORDER BY id"},
    "admin_person_move": {"pk": "SELECT id FROM people_staff ORDER BY id"},
    "admin_person_password": {"pk": "SELECT id FROM people_staff ORDER BY id"},
    "admin_hand_over": {"pk": "SELECT id FROM people_staff ORDER BY id"},
    "admin_person_leave": {"pk": "SELECT id FROM people_staff ORDER BY id"},
    "admin_deputy": {"pk": "SELECT id FROM people_staff ORDER BY id"},
    "admin_unit": {"code": "SELECT code FROM people_unit ORDER BY id DESC"},
    "admin_unit_close": {"code": "SELECT code FROM people_unit ORDER BY id DESC"},
    "admin_unit_open": {"code": "SELECT code FROM people_unit ORDER BY id DESC"},
    "admin_unit_routes": {"code": "SELECT code FROM people_unit ORDER BY id DESC"},
    "admin_role": {"code": "'clerk'"},
    "admin_route_end": {"pk": "SELECT id FROM cases_route ORDER BY id"},
    "admin_preset": {"preset": "SELECT preset FROM cases_timelimit ORDER BY id"},
    "admin_limit_end": {"pk": "SELECT id FROM cases_timelimit ORDER BY id"},
    "admin_limit_check": {"pk": "SELECT id FROM cases_timelimit ORDER BY id"},
    "admin_calendar": {"code": "'city'", "year": "2026"},
    "admin_publish": {"code": "'city'", "year": "2026"},
    "admin_topic": {"pk": "SELECT id FROM cases_topic ORDER BY id"},
    "admin_notice": {"pk": "SELECT id FROM cases_notice ORDER BY id"},
    "admin_answer": {"pk": "SELECT id FROM cases_savedanswer ORDER BY id"},
    "hotline_call": {"pk": "SELECT id FROM hotline_call WHERE agent_id IS NOT NULL ORDER BY id DESC"},
    "apply": {"code": "'birth-card'"},
    "item": {"code": "'birth-card'"},
    "item_print": {"code": "'birth-card'"},
    "desk_item": {"code": "'birth-card'"},
    "edit_item": {"code": "'birth-card'"},
    "point": {"code": POINT},
    "desk_point": {"code": POINT},
    "hall_arrival": {"code": "'demo'"},
    "hall_appointments": {"code": "'demo'"},
    "hall_appointment": {"code": "'demo'"},
    "listening_window": {"code": "'demo'", "n": LISTENING},
    "listening": {"code": "'demo'"},
    "facilities": {"code": "'demo'"},
    "facility_codes": {"code": "'demo'"},
    "facility": {"code": "'demo'", "name": FACILITY},
    "round": {"code": "'demo'", "time": "'opening'"},
    "fault": {"code": FACILITY},
    "window_application": {"code": "'demo'", "n": "'1'"},
}
# No page of their own: they only take what is posted, or answer a file, data, or the address of another page.
NO_PAGE = {
    "health_live", "health_ready", "health", "metrics", "mode", "set_language", "logout", "leave_case", "filed",
    "slip", "code_sent", "own_file", "case_file", "answer_helped", "give_question", "answer_act", "resend_delivery",
    "followup_next", "followup_reveal", "hotline_pulse", "hotline_state", "hotline_draft", "hotline_do",
    "hotline_ring", "case_contact", "admin_deputy_end", "export", "password", "hotline_call",
    "application_in_clear", "item_act", "lift_closure", "hotline_answers", "hotline_settle", "coverage_table",
    "barometer_cases", "api_docs", "close_point", "take_out_point", "put_back_point", "case_code",
}  # fmt: skip


def routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Name, pattern and permission of every page."""
    for one in (resolver or get_resolver()).url_patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLResolver):
            if not path.startswith(("api/v1", "open311")):
                yield from routes(one, path)
        elif isinstance(one, URLPattern) and one.name:
            yield one.name, path, one.callback.permission


def filled(name: str, path: str, city: Installation) -> str:
    """The address of an example; a KeyError names a route without one."""
    values = {part: _value(city, statement) for part, statement in EXAMPLES.get(name, {}).items()}
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values[found[1]]), path)


def _value(city: Installation, statement: str) -> object:
    if not statement.startswith("SELECT"):
        return statement.strip("'")
    found = rows(city, f"{statement} LIMIT 1")
    assert found, f"the demo city has no example: {statement}"
    value = found[0][0]
    return uuid.UUID(value) if isinstance(value, str) and len(value) == 32 else value


def reader(name: str, permission: tuple[str, ...]) -> str:
    """The role that looks at the page; empty for citizens."""
    if permission == ("open",):
        return ""
    if name in BY or permission == ("signed_in",):
        return BY.get(name, "dispatcher")
    return next(role for role in READERS if set(permission) & set(ROLES[role][1]))


def troubles(page: Any, mode: str) -> list[str]:
    page.evaluate(f"() => {{ if (!window.axe) {{ {AXE}; }} }}")
    found = page.evaluate(RUN, RULES)
    if page.evaluate("() => document.documentElement.scrollWidth > innerWidth + 1"):
        found.append("is wider than the screen")
    return [f"{page.url} ({mode}): {one}" for one in found]


def walk(page: Any, city: Installation, addresses: list[str]) -> list[str]:
    """Opens every page twice; what is wrong with any."""
    found = []
    for mode in ("normal", "elder"):
        page.context.add_cookies([{"name": "qingyu_mode", "value": mode, "url": city.url}])
        for address in addresses:
            status = opened(page, city.url + address)
            found += [f"{address}: {status}"] if status != 200 else troubles(page, mode)
    return found


def opened(page: Any, address: str) -> int:
    """The status of the page; 0 where the answer is none that a browser shows."""
    try:
        return int(page.goto(address).status)
    except Error:
        return 0


def sign_in(page: Any, city: Installation, role: str) -> None:
    login = city.logins()[role]
    page.goto(f"{city.url}/login/")
    page.fill("[name=username]", login["username"])
    page.fill("[name=password]", login["password"])
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda address: "/login/" not in address)


def test_every_route_has_an_example_or_no_page() -> None:
    parts = {name: re.findall(r"<(?:\w+:)?(\w+)>", path) for name, path, _permission in routes()}
    known = {name for name, wanted in parts.items() if set(wanted) <= set(EXAMPLES.get(name, {}))}
    assert set(parts) - known - NO_PAGE - {"rate"} == set()
    assert set(parts) >= NO_PAGE


@pytest.mark.parametrize("half", ["desk", "rest"])
def test_pages_of_staff(served_city: Installation, new_page: Callable[..., Any], half: str) -> None:
    pages = list(routes())
    of: dict[str, list[str]] = {}
    for name, path, permission in pages:
        role = reader(name, permission)
        if role and name not in NO_PAGE and path.startswith("admin-desk") == (half == "rest"):
            of.setdefault(role, []).append(filled(name, path, served_city))
    found = []
    for role, addresses in of.items():
        page = new_page()
        sign_in(page, served_city, role)
        found += walk(page, served_city, addresses)
    assert not found, "\n".join(found)


def test_pages_of_citizens(served_city: Installation, new_page: Callable[..., Any]) -> None:
    page = new_page(width=390, height=844)
    number, code = filed(served_city)
    page.goto(f"{served_city.url}/track/?number={number}&code={code}")
    tablet = {"hall_rate"}  # asks for the tablet of the window: its page is the refusal, with status 403
    addresses = [
        filled(name, path, served_city)
        for name, path, permission in routes()
        if permission == ("open",) and name not in NO_PAGE | tablet | {"rate"}
    ]
    found = walk(page, served_city, [*addresses, f"/rate/{token(served_city, number)}/", "/nowhere/"][:-1])
    assert not found, "\n".join(found)


def filed(city: Installation) -> tuple[str, str]:
    """A request of today: its number and query code."""
    body = json.dumps({"text": "路灯不亮", "channel": "web", "type": "help"}).encode()
    request = urllib.request.Request(f"{city.url}/api/v1/cases", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        told = json.load(answer)
    return told["number"], told["query_code"]


def token(city: Installation, number: str) -> str:
    """The rating link as the message of that case holds it (qingyu.cases.tokens)."""
    found = rows(city, f"SELECT uuid FROM cases_case WHERE number = '{int(number)}'")[0][0]
    key = (city.data_dir / "secret-key").read_text().strip().encode()
    seal = hmac.new(key, b"rating:" + uuid.UUID(str(found)).bytes, hashlib.sha256).digest()[:12]
    return base64.urlsafe_b64encode(int(number).to_bytes(6) + seal).decode()
