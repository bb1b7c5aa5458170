"""Words for the codes that the pages of the administrator show."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qingyu.cases.models import Notice
from qingyu.people import permissions
from qingyu.people.models import Role
from qingyu.rules.hours import Unit as LimitUnit

Words = str | Promise
Choices = list[tuple[str, Words]]

CLOCKS: dict[str, Words] = {
    "dispatch": _("Send to a unit"),
    "sign": _("Accept by the unit"),
    "contact": _("First contact"),
    "handle": _("Handle and answer"),
    "review": _("Review of the answer"),
    "followup": _("Follow-up call"),
    "extend": _("Extension, once granted"),
    "return": _("Time to return"),
    "ask_pause": _("Longest wait for the citizen"),
    "question": _("Question nobody could answer"),
    "accept": _("Take up an application"),
    "correct": _("Correct an application"),
    "prolong": _("Extension of an application"),
    "issue": _("Hand over a result"),
}
AMOUNTS: dict[str, Words] = {
    LimitUnit.MINUTE: _("minutes"),
    LimitUnit.HOUR: _("hours"),
    LimitUnit.WORKING_DAY: _("working days"),
    LimitUnit.CALENDAR_DAY: _("calendar days"),
}
DOORS: dict[str, Words] = {
    "listening": _("listening desk"),
    "facility": _("facility of a hall"),
}
GROUPS: dict[str, Words] = {
    Notice.Group.REFUSE: _("Not taken up"),
    Notice.Group.DIVERT: _("Diverted"),
    Notice.Group.RETURN: _("Returns"),
    Notice.Group.PAUSE: _("Questions to the citizen"),
    Notice.Group.EXTENSION: _("Extensions"),
    Notice.Group.OUTCOME: _("Outcomes of follow-up calls"),
    Notice.Group.CLOSE: _("Closing without an answer"),
}
ACTS: dict[str, Words] = {
    "add_role": _("role added"),
    "change_role": _("rights of a role changed"),
    "set_roles": _("roles given"),
    "hire": _("person added"),
    "change_staff": _("person changed from a file"),
    "change_password": _("password changed"),
    "reset_password": _("password reset"),
    "move": _("moved to another unit"),
    "leave": _("left"),
    "hand_over": _("basket handed over"),
    "name_deputy": _("deputy named"),
    "end_deputy": _("deputy ended"),
    "publish_year": _("working days published"),
    "place_unit": _("unit added or changed"),
    "close_unit": _("unit closed"),
    "reopen_unit": _("unit opened again"),
    "place_area": _("area added or changed"),
    "place_topic": _("topic added or changed"),
    "place_route": _("route added or changed"),
    "end_route": _("route ended"),
    "place_limit": _("time limit loaded"),
    "choose_preset": _("set of time limits chosen"),
    "set_limit": _("time limit set"),
    "end_limit": _("time limit ended"),
    "verify_limit": _("time limit checked against its source"),
    "place_notice": _("notice added or changed"),
    "save_answer": _("saved answer added or changed"),
    "change_answer": _("saved answer changed"),
    "set_threshold": _("automatic dispatch set"),
    "export": _("list exported"),
    "set_plan": _("opening plan of a hall set"),
    "set_terms": _("terms of appointments set"),
    "resend_delivery": _("message sent again"),
    "cancel_delivery": _("message cancelled"),
}
SUBJECTS: dict[str, Words] = {
    "staff": _("member of staff"), "unit": _("unit"), "role": _("role"), "calendar": _("calendar"), "route": _("route"),
    "limit": _("time limit"), "preset": _("set of time limits"), "notice": _("notice"), "answer": _("saved answer"),
    "topic": _("topic"), "area": _("area"), "delivery": _("message"), "dispatch": _("automatic dispatch"),
    "cases": _("cases"), "hall": _("hall"),
}  # fmt: skip
FACTS: dict[str, Words] = {
    "name": _("name"), "short": _("short name"), "kind": _("kind"), "fallback": _("takes what has no route"),
    "phone": _("phone"), "parent": _("belongs to"), "area": _("area"), "calendar": _("calendar"), "unit": _("unit"),
    "roles": _("roles"), "scope": _("reach"), "permissions": _("rights"), "deputy": _("deputy"), "from": _("from"),
    "to": _("to"), "year": _("year"), "days": _("days"), "source": _("source"), "topic": _("topic"),
    "lead": _("lead unit"), "assisting": _("assisting units"), "clock": _("step"), "type": _("type"),
    "urgency": _("urgency"), "amount": _("amount"), "verified": _("checked"), "title": _("title"), "text": _("words"),
    "active": _("in use"), "message": _("words told"), "law": _("legal basis"), "anonymous": _("may be anonymous"),
    "open": _("offered"), "words": _("search words"), "cases": _("cases"), "where_to": _("where to turn"),
    "name_en": _("name in English"), "message_en": _("words in English"), "needs_basis": _("needs a legal basis"),
    "service": _("service"), "openings": _("opening plan"), "share": _("share"), "slot_minutes": _("minutes of a slot"),
}  # fmt: skip


def role_name(role: Role) -> Words:
    """The city's own name of a role, else the house's."""
    return role.name or permissions.ROLE_NAMES.get(role.code, role.code)


def role_names(roles: list[Role]) -> dict[str, Words]:
    """Names by code."""
    return {role.code: role_name(role) for role in roles}
