"""Every write about cases: a verb each, one transaction each. Rights and rules are asked by the log itself."""

from qingyu.cases.log import expect
from qingyu.cases.operations.centre import answer_at_once, arbitrate, classify, close, divert, refuse, review, route
from qingyu.cases.operations.citizen import add, reply, urge, withdraw
from qingyu.cases.operations.ending import (
    archive,
    check_unrated,
    follow_up,
    press,
    rate,
    rate_service,
    rating_occasion,
    redo,
    reopen,
)  # fmt: skip
from qingyu.cases.operations.files import attach
from qingyu.cases.operations.opening import Filing, Opened, Place, handle_at_once, open_case
from qingyu.cases.operations.passing import accept_silently, mark_overdue, reschedule, resume, warn
from qingyu.cases.operations.unit import (
    accept,
    answer,
    ask,
    assign,
    contact,
    decide_extension,
    extend,
    hand_over,
    note,
    return_,
)  # fmt: skip
from qingyu.cases.papers import Person
from qingyu.cases.standing import state_of

__all__ = [
    "Filing",
    "Opened",
    "Person",
    "Place",
    "accept",
    "accept_silently",
    "add",
    "answer",
    "answer_at_once",
    "arbitrate",
    "archive",
    "ask",
    "assign",
    "attach",
    "check_unrated",
    "classify",
    "close",
    "contact",
    "decide_extension",
    "divert",
    "expect",
    "extend",
    "follow_up",
    "hand_over",
    "handle_at_once",
    "mark_overdue",
    "note",
    "open_case",
    "press",
    "rate",
    "rate_service",
    "rating_occasion",
    "redo",
    "refuse",
    "reopen",
    "reply",
    "reschedule",
    "resume",
    "return_",
    "review",
    "route",
    "state_of",
    "urge",
    "warn",
    "withdraw",
]
