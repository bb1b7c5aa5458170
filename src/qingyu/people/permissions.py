"""The permission codes of the house. A role is a set of them plus a scope; codes are stable, roles are data."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

CODES = {
    "case.file": _("file a request for a person"),
    "case.read": _("read cases in scope"),
    "case.read_reports": _("read reports of wrongdoing in scope"),
    "case.answer_at_once": _("answer at once"),
    "case.refuse": _("refuse or divert with notice"),
    "case.dispatch": _("send cases to units"),
    "case.arbitrate": _("decide disputed returns"),
    "case.handle": _("handle cases of the unit"),
    "case.decide_extension": _("decide extensions"),
    "case.review": _("review answers"),
    "case.followup": _("make follow-up calls"),
    "case.supervise": _("press and supervise units"),
    "case.export": _("export lists"),
    "contact.view": _("see a person's name and phone in clear"),
    "contact.view_reports": _("see who made a report of wrongdoing"),
    "contact.view_confidential": _("see who filed a confidential case"),
    "contact.find": _("find cases by phone number"),
    "code.reveal": _("give a person a lost query code"),
    "people.manage": _("manage units, staff and roles"),
    "routes.manage": _("manage routes and time limits"),
    "calendar.manage": _("manage working calendars"),
    "dispatch.manage": _("decide when the house sends by itself"),
    "hotline.answer": _("answer calls and ring back"),
    "hotline.manage": _("see the figures of the hotline"),
    "answer.read": _("read the answers of all units"),
    "answer.write": _("write answers of the own unit"),
    "answer.review": _("put answers in force"),
    "item.read": _("read the guides of the own unit"),
    "item.edit": _("keep the guides of the own unit"),
    "item.review": _("review and withdraw service items"),
    "assessment.read": _("read scorecards"),
    "operation.read": _("see health and failed messages"),
    "point.manage": _("manage service points of the unit"),
    "hall.ticket": _("give out tickets in the hall"),
    "hall.window": _("serve at a window"),
    "hall.manage": _("see and run a hall"),
    "application.handle": _("check and handle applications of the unit"),
    "application.decide": _("decide applications of the unit"),
    "application.permit": _("permit a second correction notice"),
    "application.window": _("go on with an application at a window"),
}

SCOPES = {"own": _("own unit"), "subtree": _("own unit and below"), "all": _("whole city")}

_HANDLER = ("case.read", "case.handle", "contact.view")
_AGENT = (
    "case.file", "case.read", "case.answer_at_once", "case.refuse", "contact.view", "contact.view_confidential",
    "contact.find", "code.reveal",
)  # fmt: skip

# What the roles hold on the first day (settled by the city afterwards): code -> (scope, permissions).
ROLES: dict[str, tuple[str, tuple[str, ...]]] = {
    "guide": ("own", ("case.file", "hall.ticket")),
    "clerk": (
        "own",
        ("case.file", "case.read", "case.answer_at_once", "case.handle", "contact.view", "hall.ticket", "hall.window"),
    ),
    "agent": ("all", (*_AGENT, "hotline.answer")),
    "dispatcher": (
        "all",
        (*_AGENT, "case.dispatch", "case.arbitrate", "case.review", "case.read_reports", "case.export"),
    ),
    "handler": ("own", _HANDLER),
    "caller": ("all", ("case.read", "case.followup", "contact.view", "contact.view_confidential", "contact.find")),
    # A supervisor also makes the follow-up calls about reports of wrongdoing: few may know who made them.
    "supervisor": (
        "all",
        (
            "case.read", "case.read_reports", "contact.view_reports", "contact.view_confidential", "case.followup",
            "case.supervise", "case.arbitrate", "case.decide_extension", "case.review", "case.export",
            "assessment.read", "hotline.manage",
        ),
    ),
    "hall_manager": (
        "subtree",
        (
            "case.file", "case.read", "case.handle", "case.decide_extension", "assessment.read", "hall.ticket",
            "hall.manage",
        ),
    ),
    "mayor": ("all", ("case.read", "assessment.read")),
    "administrator": (
        "all",
        ("people.manage", "routes.manage", "calendar.manage", "dispatch.manage", "assessment.read"),
    ),
    "operator": ("all", ("operation.read", "calendar.manage", "dispatch.manage")),
}  # fmt: skip

# Every role reads the answers of the house; some write those of their own unit, some put them in force.
_WRITES, _REVIEWS = ("answer.read", "answer.write"), ("answer.read", "answer.review")
_ANSWERS = dict.fromkeys(ROLES, ("answer.read",)) | dict.fromkeys(("handler", "clerk", "agent"), _WRITES)
_ANSWERS |= dict.fromkeys(("supervisor", "dispatcher"), _REVIEWS)
ROLES = {role: (scope, (*held, *_ANSWERS[role])) for role, (scope, held) in ROLES.items()}

# Those who work in the units keep the guides of their service items; supervisors and administrators review them.
_ITEMS: dict[str, tuple[str, ...]] = dict.fromkeys(("handler", "hall_manager"), ("item.read", "item.edit"))
_ITEMS |= dict.fromkeys(("supervisor", "administrator"), ("item.read", "item.review"))
_ITEMS |= dict.fromkeys(("clerk", "guide", "mayor"), ("item.read",))
ROLES = {role: (scope, (*held, *_ITEMS.get(role, ()))) for role, (scope, held) in ROLES.items()}
# Service points are kept by who runs halls, and by the administrator.
_POINTS = dict.fromkeys(("hall_manager", "administrator"), ("point.manage",))
ROLES = {role: (scope, (*held, *_POINTS.get(role, ()))) for role, (scope, held) in ROLES.items()}

# Applications: whoever handles in a unit checks and decides there; a clerk goes on with them at a window.
_DECIDES = ("application.handle", "application.decide")
_APPLIES = dict.fromkeys(ROLES, ()) | {
    "handler": _DECIDES, "clerk": (*_DECIDES, "application.window"), "hall_manager": _DECIDES,
    "supervisor": ("application.permit",),
}  # fmt: skip
ROLES = {role: (scope, (*held, *_APPLIES[role])) for role, (scope, held) in ROLES.items()}

ROLE_NAMES = {
    "guide": _("guide"),
    "clerk": _("window clerk"),
    "agent": _("hotline agent"),
    "dispatcher": _("dispatcher"),
    "handler": _("handler"),
    "caller": _("follow-up caller"),
    "supervisor": _("supervisor"),
    "hall_manager": _("hall manager"),
    "mayor": _("mayor"),
    "administrator": _("administrator"),
    "operator": _("operator"),
}
