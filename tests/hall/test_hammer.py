"""Forty windows and eight kiosks at once: no number twice, nobody called twice, nobody lost."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime

import pytest
from django.db import OperationalError, connection

from qingyu.cases import actors
from qingyu.hall import operations
from qingyu.hall.models import Ticket, Window
from tests.hall.floors import build_floor

WINDOWS, KIOSKS, EACH = 40, 8, 12


@pytest.mark.django_db(transaction=True)
def test_forty_windows_and_eight_kiosks_make_no_double(event_guard: None) -> None:  # noqa: C901
    from tests.people import build_city

    city = build_city()
    floor = build_floor(city)
    by, services = actors.staff(city.viewer("clerk")), list(floor.services.values())
    windows = []
    for number in range(WINDOWS):
        window, _ = operations.place_window(floor.hall, code=f"H{number}", label=str(number), services=services)
        operations.open_window(window, by=actors.SYSTEM, at=datetime.now(UTC))
        windows.append(window)
    issued: list[str] = []
    called: list[int] = []
    done, troubles = threading.Event(), []

    def again(act):  # type: ignore[no-untyped-def]
        while True:
            try:
                return act()
            except OperationalError:
                continue  # SQLite: another writer was quicker; a page would answer 503 and be sent again

    def kiosk(place: int) -> None:
        for number in range(EACH):
            service = services[(place + number) % len(services)]
            needs = ("elder",) if number % 5 == 0 else ()
            ticket = again(lambda s=service, n=needs: operations.issue(s, by=by, at=datetime.now(UTC), needs=n))
            issued.append(ticket.number)

    def clerk(window: Window) -> None:
        while True:
            last = done.is_set()
            ticket = again(lambda: operations.call_next(window, by=by, at=datetime.now(UTC)))
            if ticket is None and last:
                return
            if ticket is None:
                done.wait(0.05)
                continue
            called.append(ticket.pk)
            again(lambda: operations.begin(window, by=by, at=datetime.now(UTC)))
            Ticket.objects.filter(pk=ticket.pk).update(state="finished")

    def run(act, *args):  # type: ignore[no-untyped-def]
        try:
            act(*args)
        except Exception as error:
            troubles.append(repr(error))
        finally:
            connection.close()

    kiosks = [threading.Thread(target=run, args=(kiosk, place)) for place in range(KIOSKS)]
    clerks = [threading.Thread(target=run, args=(clerk, window)) for window in windows]
    for thread in [*kiosks, *clerks]:
        thread.start()
    for thread in kiosks:
        thread.join(60)
    done.set()
    for thread in clerks:
        thread.join(60)
    assert troubles == []
    assert [number for number, times in Counter(issued).items() if times > 1] == []
    assert [ticket for ticket, times in Counter(called).items() if times > 1] == []
    assert len(issued) == len(called) == KIOSKS * EACH
