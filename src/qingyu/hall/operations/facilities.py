"""Writes about facilities: placing them, a fault with its case and its named person, in order again, out of use."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from qingyu.cases import attachments, rows
from qingyu.cases import operations as cases
from qingyu.cases.actors import SYSTEM, Actor, ActorKind
from qingyu.cases.models import Attachment, Case
from qingyu.hall.facilities import queries
from qingyu.hall.models import Facility, FacilityEvent, FacilityFault, FaultReport, Hall, Round
from qingyu.people import queries as people
from qingyu.people import sealing
from qingyu.people.models import Staff
from qingyu.rules import identifiers
from qingyu.rules.facilities import FacilityKind, FacilityState, Trouble, is_urgent, state_after
from qingyu.rules.lifecycle import WITH_UNIT, State
from qingyu.rules.refusals import NotPermitted, NotValid

PHONE = "fault_report:phone"
MOST_PHOTOS = 20
"""Of the reports that join a fault so many bring their photo along; more show nothing new."""
LONGEST_NOTE = 200


@dataclass(frozen=True)
class Reported:
    """What a report came to. ``joined``: others had said so before; ``query_code`` is empty then."""

    fault: FacilityFault
    joined: bool
    query_code: str = ""


@dataclass(frozen=True)
class Seen:
    """What somebody tells of a facility besides its state: how many there are, a photo, a word, in which round."""

    photo: attachments.Held | None = None
    note: str = ""
    count: int | None = None
    round: Round | None = None


NOTHING = Seen()


@transaction.atomic
def place_facility(hall: Hall, *, code: str, kind: str, person: Staff, **values: Any) -> tuple[Facility, bool]:
    """The facility with that code, made or brought up to date; whether it is new. Its state stays.

    NotValid: kind_of_facility_unknown, person_of_centre (the centre handles nothing), facility_of_another_hall.
    """
    if kind not in Facility.Kind.values:
        raise NotValid("kind_of_facility_unknown", field="kind")
    for one in (person, values.get("deputy")):
        if one is not None and people.units()[one.unit_id].kind == "centre":
            raise NotValid("person_of_centre", field="person")
    found = Facility.objects.filter(code=code).first()
    if found and found.hall_id != hall.pk:
        raise NotValid("facility_of_another_hall", field="code")
    row = found or Facility(code=code)
    for name, value in ({"hall": hall, "kind": kind, "person": person} | values).items():
        setattr(row, name, value)
    row.save()
    return row, found is None


# A fault ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def report(
    facility: Facility, *, trouble: str, by: Actor, at: datetime, phone: str = "", language: str = "",
    seen: Seen = NOTHING,
) -> Reported:  # fmt: skip
    """Something is wrong: a case of the person in charge with a short limit, or one more voice for the open one.

    At most 44 statements for the first report, 12 for a further one. NotValid: trouble_unknown, phone_not_valid.
    """
    if trouble not in list(Trouble):
        raise NotValid("trouble_unknown", field="trouble")
    told = identifiers.normalise_phone(phone) if phone.strip() else ""
    _hold(facility)
    if facility.fault_id is None:
        return _open(facility, Trouble(trouble), by=by, at=at, phone=told, language=language, seen=seen)
    return _join(facility, Trouble(trouble), by=by, at=at, phone=told, language=language, seen=seen)


def _hold(facility: Facility) -> None:
    """Locks the facility to the end of the transaction and brings it up to date."""
    fresh = rows.locked(Facility, facility.pk)
    for name in ("state", "state_at", "counted", "fault_id"):
        setattr(facility, name, getattr(fresh, name))


def _open_fault(facility: Facility) -> FacilityFault | None:
    """The fault that stands, with its case as it is now."""
    if facility.fault_id is None:
        return None
    return FacilityFault.objects.select_related("case").get(pk=facility.fault_id)


def _open(
    facility: Facility, trouble: Trouble, *, by: Actor, at: datetime, phone: str, language: str, seen: Seen
) -> Reported:
    opened = cases.open_case(
        _filing(facility, trouble, by, at, cases.Person(phone=phone, language=language), seen), by=by, at=at,
        **_facts(facility),
    )  # fmt: skip
    _give(facility, opened.case, by=by, at=at)
    fault = FacilityFault.objects.create(facility=facility, case=opened.case, trouble=trouble, opened_at=at)
    photo = Attachment.objects.filter(case=opened.case).first() if seen.photo else None
    _become(facility, state_after(trouble, FacilityState(facility.state)), fault=fault, at=at, count=seen.count)
    _note(facility, str(trouble), by=by, at=at, seen=seen, photo=photo)
    return Reported(fault, joined=False, query_code=opened.query_code)


def _facts(facility: Facility) -> dict[str, str | int]:
    window = {"window": facility.window.code} if facility.window else {}
    return {"facility": facility.code, "hall": facility.hall.code, **window}


def _filing(
    facility: Facility, trouble: Trouble, by: Actor, at: datetime, person: cases.Person, seen: Seen
) -> cases.Filing:
    """The words of the case in the city's own language, whoever pressed the button in which."""
    urgent = is_urgent(FacilityKind(facility.kind), people.city_day(at))
    with translation.override(settings.LANGUAGE_CODE):
        what = FacilityFault.Trouble(trouble).label
        title = _("%(what)s: %(facility)s") % {"what": what, "facility": _called(facility)}
        place = _("%(hall)s, %(place)s") % {"hall": facility.hall.name, "place": facility.where or facility.hall.name}
        words = [title, place, *([_counted(facility, seen.count)] if seen.count is not None else []), seen.note]
    return cases.Filing(
        text="\n".join(filter(None, words)), title=title, type=Case.Type.HELP,
        channel="unit" if by.kind is ActorKind.STAFF else "web",
        urgency=Case.Urgency.URGENT if urgent else Case.Urgency.GENERAL,
        person=person if person.phone else None, files=(seen.photo,) if seen.photo else (),
    )  # fmt: skip


def _called(facility: Facility) -> str:
    return f"{facility.where} {facility}".strip()


def _counted(facility: Facility, count: int | None) -> str:
    return _("%(there)s of %(wanted)s are there.") % {"there": count, "wanted": facility.wanted}


def _give(facility: Facility, case: Case, *, by: Actor, at: datetime) -> None:
    """To the person in charge; to the unit of the hall where nobody is. The centre has it where that is the centre."""
    person = queries.in_charge(facility, on=people.city_day(at))
    unit = people.units()[person.unit_id if person else facility.hall.unit_id]
    if unit.kind == "centre":
        return
    actor = replace(by, entrusted=case.pk) if by.kind is ActorKind.STAFF else SYSTEM
    cases.route(case, unit=unit.id, why="route", by=actor, at=at)
    if person:
        cases.assign(case, handler=person.pk, by=actor, at=at)


def _join(
    facility: Facility, trouble: Trouble, *, by: Actor, at: datetime, phone: str, language: str, seen: Seen
) -> Reported:
    fault = _open_fault(facility)
    assert fault is not None  # the caller has looked
    photos = [seen.photo] if seen.photo and fault.reports < MOST_PHOTOS else []
    kept = cases.attach(fault.case, files=photos, by=_actor(by, fault.case), at=at) if photos else []
    FacilityFault.objects.filter(pk=fault.pk).update(reports=F("reports") + 1)
    fault.reports += 1
    if phone:
        _remember(fault, phone, language, at)
    _become(facility, state_after(trouble, FacilityState(facility.state)), fault=fault, at=at, count=seen.count)
    _note(facility, str(trouble), by=by, at=at, seen=seen, photo=kept[0] if kept else None)
    return Reported(fault, joined=True)


def _actor(by: Actor, case: Case) -> Actor:
    return replace(by, entrusted=case.pk) if by.kind is ActorKind.STAFF else by


def _remember(fault: FacilityFault, phone: str, language: str, at: datetime) -> None:
    row = FaultReport(uuid=uuid.uuid4(), fault=fault, language=language, at=at)
    row.phone = sealing.seal(phone, column=PHONE, row=row.uuid)
    row.save()


def _become(
    facility: Facility, state: FacilityState, *, fault: FacilityFault | None, at: datetime, count: int | None
) -> None:
    values: dict[str, Any] = {"state": str(state), "fault_id": fault.pk if fault else None}
    if facility.state != state:
        values["state_at"] = at
    if count is not None:
        values["counted"] = count
    rows.update(facility, values)
    facility.fault = fault


def _note(
    facility: Facility, said: str, *, by: Actor, at: datetime, seen: Seen, photo: Attachment | None
) -> FacilityEvent:
    return FacilityEvent.objects.create(
        facility=facility, at=at, by_kind=str(by.kind), by_staff_id=by.staff_id, said=said, state=facility.state,
        count=seen.count, note=seen.note.strip()[:LONGEST_NOTE], round=seen.round, fault_id=facility.fault_id,
        photo=photo,
    )  # fmt: skip


# In order again, or out of use ------------------------------------------------------------------------------------


def require_keeper(by: Actor, facility: Facility) -> None:
    """NotPermitted("facility_denied") to all but who answers for it and who works in its hall."""
    if by.kind is ActorKind.SYSTEM:
        return
    if by.viewer is None or not queries.may_keep(by.viewer, facility):
        raise NotPermitted("facility_denied")


@transaction.atomic
def put_in_order(facility: Facility, *, by: Actor, at: datetime, seen: Seen = NOTHING) -> None:
    """It is in order: seen so in a round, or mended. Its open case is answered and closed, and its clocks stop.

    At most 45 statements with an open case, four without. NotPermitted("facility_denied").
    """
    require_keeper(by, facility)
    _hold(facility)
    fault = _open_fault(facility)
    kept: list[Attachment] = []
    if fault:
        kept = _settle(fault.case, by=_actor(by, fault.case), at=at, seen=seen)
        rows.update(fault, {"ended_at": at})
    elif seen.photo:
        raise NotValid("photo_without_fault", field="photo")
    _become(facility, FacilityState.IN_ORDER, fault=None, at=at, count=seen.count)
    _note(facility, str(FacilityState.IN_ORDER), by=by, at=at, seen=seen, photo=kept[0] if kept else None)


def _settle(case: Case, *, by: Actor, at: datetime, seen: Seen) -> list[Attachment]:
    """The case ends with the answer that it is in order, from whichever state it stands in."""
    kept: list[Attachment] = []
    if case.state not in (State.RECEIVED, State.DISPATCHED, State.ANSWERED, *WITH_UNIT):
        return kept
    if seen.photo:
        kept = cases.attach(case, files=[seen.photo], by=by, at=at)
    with translation.override(settings.LANGUAGE_CODE):
        words = seen.note.strip() or _("It is in order again.")
    if case.state == State.RECEIVED:
        cases.answer_at_once(case, answer=words, by=by, at=at)
        return kept
    if case.state == State.DISPATCHED:
        cases.accept(case, by=by, at=at)
    if case.state in WITH_UNIT:
        cases.answer(case, answer=words, by=by, at=at)
    cases.review(case, passed=True, by=SYSTEM, at=at)
    return kept


@transaction.atomic
def take_out_of_use(facility: Facility, *, note: str, by: Actor, at: datetime) -> None:
    """Nobody can use it for a while, and people are told why. An open fault stays open. NotValid("reason_missing")."""
    require_keeper(by, facility)
    if not note.strip():
        raise NotValid("reason_missing", field="note")
    _hold(facility)
    fault = _open_fault(facility)
    _become(facility, FacilityState.OUT_OF_USE, fault=fault, at=at, count=None)
    _note(facility, str(FacilityState.OUT_OF_USE), by=by, at=at, seen=Seen(note=note), photo=None)
