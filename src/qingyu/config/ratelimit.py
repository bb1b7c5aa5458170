"""How often somebody may try: filings, guesses of query codes, sign-ins. Read off one table, kept in memory.

Each process counts for itself: with ``QINGYU_WORKERS=4`` an address has up to four times as many tries. That is
enough to stop guessing; a flood is the proxy's business.
"""

from __future__ import annotations

import ipaddress
import re
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from qingyu.cases.wording import wording
from qingyu.people.api import token_text
from qingyu.rules import identifiers
from qingyu.rules.refusals import NotValid

MOST_KEYS = 50_000
Handler = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True)
class Limit:
    """At most ``tries`` in ``seconds`` for one address.

    ``refusals``: only answers with these statuses count, so that those who know the code are never held up.
    ``of_staff``: whoever is signed in counts alone, since all windows of a hall share one address.
    """

    name: str
    methods: tuple[str, ...]
    path: re.Pattern[str]
    tries: int
    seconds: int
    refusals: frozenset[int] = frozenset()
    spares_staff: bool = False
    of_staff: bool = False


FILING = re.compile(r"/api/v1/cases|/api/v1/applications(?:/files)?")
FILING_PAGES = re.compile(r"/file/.*|/apply/.*")
RESULTS = re.compile(r"/verify/|/api/v1/results/[^/]+|/apply/continue/")
QUESTIONS = re.compile(r"/api/v1/questions|/answers/ask/")
HELPED = re.compile(r"/api/v1/answers/[^/]+/helped|/answers/[^/]+/helped/")
OPEN311 = re.compile(r"/open311/v2/requests\.(?:json|xml)")
SIGN_IN = re.compile(r"/api/v1/session|/login/")
BY_CODE = re.compile(r"/api/v1/(?:cases|applications)/[^/]+(?:/.*)?|/track/.*|/rate/.*")
CASE_IN_PATH = re.compile(r"/api/v1/(?:cases|applications)/([^/]+)(?:/.*)?")
LOST_CODE = re.compile(r"/track/lost/")
TICKETS = re.compile(r"/api/v1/halls/[^/]+/tickets|/hall/[^/]+/kiosk/")
ONE_TICKET = re.compile(r"/t/.*")
FAULTS = re.compile(r"/f/[^/]+/|/api/v1/facilities/[^/]+/reports")
BOOKING = re.compile(r"/api/v1/halls/[^/]+/appointments|/hall/[^/]+/appointments/")
ONE_APPOINTMENT = re.compile(r"/api/v1/halls/[^/]+/appointments/.*|/hall/[^/]+/appointments/.+")
ARRIVALS = re.compile(r"/api/v1/halls/[^/]+/arrivals|/hall/[^/]+/kiosk/arrival/")
AT_A_WINDOW = re.compile(r"/desk/hall/[^/]+/window/[^/]+/application/")
WRONG = frozenset({401, 403, 404})
UNKNOWN = WRONG | {422}
ANY = ("GET", "POST", "HEAD")

LIMITS = (
    Limit("filings of an address", ("POST",), FILING, tries=120, seconds=3600, spares_staff=True),
    Limit("filing pages of an address", ("POST",), FILING_PAGES, tries=600, seconds=3600),
    Limit("questions of an address", ("POST",), QUESTIONS, tries=60, seconds=3600, spares_staff=True),
    Limit("words of help of an address", ("POST",), HELPED, tries=120, seconds=3600),
    Limit("filings through Open311", ("POST",), OPEN311, tries=1200, seconds=3600),
    Limit("sign-ins of an address", ("POST",), SIGN_IN, tries=100, seconds=600),
    Limit("lost codes of an address", ("POST",), LOST_CODE, tries=10, seconds=3600),
    Limit("tickets of an address", ("POST",), TICKETS, tries=1200, seconds=600, spares_staff=True),
    Limit("reported faults of an address", ("POST",), FAULTS, tries=240, seconds=3600, spares_staff=True),
    Limit("ticket guesses of an address", ANY, ONE_TICKET, tries=30, seconds=3600, refusals=WRONG),
    Limit("bookings of an address", ("POST",), BOOKING, tries=120, seconds=3600, spares_staff=True),
    Limit("appointment guesses of an address", ANY, ONE_APPOINTMENT, tries=30, seconds=3600, refusals=WRONG),
    Limit("arrival guesses of an address", ("POST",), ARRIVALS, tries=300, seconds=3600, refusals=UNKNOWN),
    Limit("result guesses of an address", ANY, RESULTS, tries=30, seconds=3600, refusals=WRONG),
    Limit("code guesses of an address", ANY, BY_CODE, tries=30, seconds=3600, refusals=WRONG),
    Limit("code guesses of a clerk", ("POST",), AT_A_WINDOW, tries=30, seconds=3600, refusals=WRONG, of_staff=True),
)
# Strangers who guess must not shut out the owner, so a case is never held up itself: once it has seen this many wrong
# codes, a further one costs the address that sends it as much as DEARER of its own tries.
AT_ONE_CASE = Limit("code guesses at one case", ANY, BY_CODE, tries=20, seconds=3600, refusals=WRONG)
DEARER = 10


class Counter:
    """When the last tries of each key were; the keys that were quiet longest are forgotten first."""

    def __init__(self) -> None:
        self.tries: OrderedDict[tuple[str, str], deque[float]] = OrderedDict()
        self.lock = Lock()

    def wait(self, limit: Limit, key: str, now: float) -> int:
        """Seconds until the key may try again; 0 for now."""
        with self.lock:
            times = self._recent(limit, key, now)
            return 0 if len(times) < limit.tries else max(1, round(times[0] + limit.seconds - now))

    def count(self, limit: Limit, key: str, now: float) -> None:
        """One more try of the key."""
        with self.lock:
            self._recent(limit, key, now).append(now)
            while len(self.tries) > MOST_KEYS:
                self.tries.popitem(last=False)

    def _recent(self, limit: Limit, key: str, now: float) -> deque[float]:
        times = self.tries.setdefault((limit.name, key), deque())
        self.tries.move_to_end((limit.name, key))
        while times and times[0] <= now - limit.seconds:
            times.popleft()
        return times


counter = Counter()


class RateLimits:
    """Answers 429 with ``Retry-After`` to those who try too often."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.RATE_LIMITS:
            return self.get_response(request)
        now, limits = time.monotonic(), applying(request)
        wait = max((counter.wait(limit, key, now) for limit, key in limits), default=0)
        if wait:
            return too_many(request, wait)
        response = self.get_response(request)
        price = DEARER if is_guessed(request, response, now) else 1
        for limit, key in limits:
            if not limit.refusals or response.status_code in limit.refusals:
                for _ in range(price if limit.refusals else 1):
                    counter.count(limit, key, now)
        return response


def applying(request: HttpRequest) -> list[tuple[Limit, str]]:
    """The limits that apply to the request, each with the key it counts for."""
    found = [limit for limit in LIMITS if request.method in limit.methods and limit.path.fullmatch(request.path)]
    key = sender(request)
    # The filing door itself refuses a token that does not hold, so whoever comes with one there is staff.
    spared = [limit for limit in found if not (limit.spares_staff and token_text(request))]
    return [(limit, _staff(request) or key if limit.of_staff else key) for limit in spared]


def _staff(request: HttpRequest) -> str:
    return f"staff:{request.user.pk}" if request.user.is_authenticated else ""


def is_guessed(request: HttpRequest, response: HttpResponse, now: float) -> bool:
    """Whether this was a wrong code for a case that has seen too many; counts it for the case."""
    number = number_tried(request) if response.status_code in WRONG else ""
    if not number:
        return False
    full = counter.wait(AT_ONE_CASE, number, now) > 0
    if not full:
        counter.count(AT_ONE_CASE, number, now)
    return full


def number_tried(request: HttpRequest) -> str:
    """The 14 digits of the case, however they were spelled, in path, form or query; empty where there are none."""
    match = CASE_IN_PATH.fullmatch(request.path)
    # Only a form that the view has read: reading it here would store what nobody asked for.
    said = getattr(request, "_post", {}).get("number") or request.GET.get("number", "")
    try:
        return identifiers.check_case_number(match[1] if match else said)
    except NotValid:
        return ""


def sender(request: HttpRequest) -> str:
    """Whom the request counts for."""
    return network(address(request))


def network(found: str) -> str:
    """What counts as one sender: an IPv4 address, or the /64 of an IPv6 address, which one household has alone."""
    try:
        parsed = ipaddress.ip_address(found)
    except ValueError:
        return found
    if parsed.version == 6 and parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return found if parsed.version == 4 else str(ipaddress.ip_network((int(parsed), 64), strict=False))


def address(request: HttpRequest) -> str:
    """Where the request comes from; behind trusted proxies the last address that is none of them."""
    proxies, found = set(settings.TRUSTED_PROXIES), request.META.get("REMOTE_ADDR", "")
    if found not in proxies:
        return str(found)
    for hop in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
        if hop.strip() and hop.strip() not in proxies:
            return hop.strip()
    return str(found)


def too_many(request: HttpRequest, wait: int) -> HttpResponse:
    """429 as JSON or XML where a program asks, else as a page."""
    message = wording("too_many_requests")
    response: HttpResponse
    if request.path.startswith("/api/"):
        response = JsonResponse({"code": "too_many_requests", "message": message}, status=429)
    elif request.path.startswith("/open311/"):
        response = JsonResponse([{"code": "429", "description": message}], status=429, safe=False)
    else:
        response = render(request, "429.html", status=429)
    response["Retry-After"] = str(wait)
    return response
