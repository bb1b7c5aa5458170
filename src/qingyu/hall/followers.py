"""What the place of a hall does when events arrive: tells who is in charge, follows its faults, counts matters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings

from qingyu.cases.following import Follower
from qingyu.cases.models import CaseEvent
from qingyu.hall.models import Facility, FacilityEvent, FacilityFault, FaultReport, Heard
from qingyu.hall.operations.facilities import PHONE
from qingyu.notify import operations as notify
from qingyu.notify.messages import Message
from qingyu.people import queries as people
from qingyu.people import sealing
from qingyu.people.models import Staff
from qingyu.rules.facilities import AS_SAID, FacilityState, Trouble

FOLLOWER = "facilities"
ENDS = frozenset({"reviewed", "answered_at_once", "closed", "withdrawn", "refused", "diverted"})
AGAIN = frozenset({"redone", "reopened"})


def ends(event: CaseEvent) -> bool:
    """Whether the matter has ended by this event."""
    return event.kind in ENDS and (event.kind != "reviewed" or event.facts["passed"])


class Facilities(Follower):
    """The person in charge hears of a fault; a case that ends or is taken up again elsewhere moves its facility too.

    Not rebuildable: it writes to people.
    """

    name = FOLLOWER
    rebuildable = False

    def follow(self, events: Sequence[CaseEvent]) -> None:
        telling = [one for one in events if one.kind in ENDS | AGAIN | {"assigned"} and not one.imported]
        faults = FacilityFault.objects.filter(case_id__in={one.case_id for one in telling}) if telling else []
        by_case = {fault.case_id: fault for fault in faults}
        for event in telling:
            if event.case_id in by_case:
                _apply(event, by_case[event.case_id].pk)


def _apply(event: CaseEvent, pk: int) -> None:
    fault = FacilityFault.objects.select_related("case", "facility__hall", "facility__window").get(pk=pk)
    if event.kind == "assigned":
        _tell_person(event, fault)
    elif ends(event):
        _end(event, fault)
        _tell_people(event, fault)
    elif event.kind in AGAIN:
        _again(event, fault)


def _tell_person(event: CaseEvent, fault: FacilityFault) -> None:
    person = Staff.objects.filter(pk=event.facts["handler"]).first()
    if person is None:
        return
    called = " ".join(filter(None, (fault.facility.hall.name, fault.facility.where, str(fault.facility))))
    facts = {
        "number": fault.case.number, "unit": called, "due": fault.case.due_at or event.at,
        "link": f"{settings.PUBLIC_URL}/hall/{fault.facility.hall.code}/facilities/{fault.facility.code}/",
    }  # fmt: skip
    message = _message(event, f"staff:{person.username}", "inbox", person.username, "facility_fault", facts)
    notify.plan([message], at=event.recorded_at)


def _message(
    event: CaseEvent, audience: str, channel: str, address: str, code: str, facts: dict[str, Any], language: str = ""
) -> Message:
    return Message(
        source_event=event.pk, follower=FOLLOWER, audience=audience[:60], channel=channel, address=address,
        event_code=code, language=language or settings.LANGUAGE_CODE, facts=facts,
    )  # fmt: skip


def _end(event: CaseEvent, fault: FacilityFault) -> None:
    """Answered on the page of the case: it is in order. Ended by the centre without an answer: nobody can use it."""
    facility = Facility.objects.select_for_update().get(pk=fault.facility_id)
    if facility.fault_id != fault.pk:
        return
    state = FacilityState.OUT_OF_USE if event.kind == "closed" else FacilityState.IN_ORDER
    FacilityFault.objects.filter(pk=fault.pk).update(ended_at=event.at)
    _move(facility, str(state), event, fault=None)


def _again(event: CaseEvent, fault: FacilityFault) -> None:
    """Not mended after all, unless somebody has told of it anew meanwhile."""
    facility = Facility.objects.select_for_update().get(pk=fault.facility_id)
    if facility.fault_id is None:
        FacilityFault.objects.filter(pk=fault.pk).update(ended_at=None)
        _move(facility, str(AS_SAID.get(Trouble(fault.trouble), FacilityState.REPORTED)), event, fault=fault)


def _move(facility: Facility, state: str, event: CaseEvent, *, fault: FacilityFault | None) -> None:
    facility.state, facility.state_at, facility.fault = state, event.at, fault
    facility.save(update_fields=["state", "state_at", "fault"])
    FacilityEvent.objects.create(
        facility=facility, at=event.at, by_kind=event.by_kind, by_staff_id=event.by_staff, said=state, state=state,
        fault=fault,
    )  # fmt: skip


def _tell_people(event: CaseEvent, fault: FacilityFault) -> None:
    """Those who joined and left a phone are told once, and their phones are forgotten."""
    if event.kind not in ("reviewed", "answered_at_once"):
        return
    rows = list(FaultReport.objects.filter(fault=fault).exclude(phone=b""))
    if not rows:
        return
    notify.plan(list(_good_news(event, fault, rows)), at=event.recorded_at)
    FaultReport.objects.filter(pk__in=[row.pk for row in rows]).update(phone=b"")


def _good_news(event: CaseEvent, fault: FacilityFault, rows: Sequence[FaultReport]) -> Iterator[Message]:
    hall = fault.facility.hall
    facts = {"number": fault.case.number, "unit": hall.name, "link": f"{settings.PUBLIC_URL}/hall/{hall.code}/"}
    for row in rows:
        phone = sealing.unseal(row.phone, column=PHONE, row=row.uuid)
        yield _message(event, f"citizen:{row.pk}", "sms", phone, "facility_mended", facts, row.language)


class Listening(Follower):
    """One row for each matter of the listening desk, as the log tells it."""

    name = "listening"
    rebuildable = True

    def follow(self, events: Sequence[CaseEvent]) -> None:
        Heard.objects.bulk_create(map(_heard, filter(_is_heard, events)))
        later = [event for event in events if event.kind in HEARD]
        found = Heard.objects.in_bulk({event.case_id for event in later}) if later else {}
        for event in later:
            if event.case_id in found:
                HEARD[event.kind](found[event.case_id], event)
        Heard.objects.bulk_update(found.values(), ["unit", "said", "ending", "ended_on", "late"])

    def clear(self) -> None:
        Heard.objects.all().delete()


def _is_heard(event: CaseEvent) -> bool:
    return event.kind == "opened" and "listening" in event.facts


def _heard(event: CaseEvent) -> Heard:
    facts = event.facts
    return Heard(
        case_id=event.case_id, hall=facts.get("hall", ""), window=facts.get("window", ""), cause=facts["listening"],
        item=facts.get("item", ""), day=_day(event),
    )  # fmt: skip


def _day(event: CaseEvent) -> Any:
    return people.city_day(datetime.fromisoformat(event.content["at"]))


def _sent(row: Heard, event: CaseEvent) -> None:
    row.unit = event.facts.get("unit") or row.unit


def _said(row: Heard, event: CaseEvent) -> None:
    row.said = event.facts.get("ending", "")


def _over(row: Heard, event: CaseEvent) -> None:
    """What the centre does not take up, sends elsewhere or ends is a no with its reason."""
    if ends(event):
        by_answer = event.facts.get("ending") or row.said if event.kind in ("reviewed", "answered_at_once") else ""
        row.ending = "withdrawn" if event.kind == "withdrawn" else by_answer or "no"
        row.ended_on = _day(event)


def _open_again(row: Heard, event: CaseEvent) -> None:
    row.said, row.ending, row.ended_on = "", "", None


def _late(row: Heard, event: CaseEvent) -> None:
    row.late = row.late or event.facts.get("clock") == "handle"


HEARD = {
    "routed": _sent, "arbitrated": _sent, "answered": _said, "overdue": _late, **dict.fromkeys(ENDS, _over),
    **dict.fromkeys(AGAIN, _open_again),
}  # fmt: skip
