"""Every write about applications: a verb each, one transaction each. Rights and rules are asked by the log itself."""

from qingyu.applications.operations.checking import admit, ask_correction, correct, not_admit, permit_correction
from qingyu.applications.operations.deciding import begin_special, decide, end_special, issue
from qingyu.applications.operations.drafts import KEPT, forget_drafts, save_draft
from qingyu.applications.operations.sending import Proxy, Sending, Sent, check_people, offered, send
from qingyu.applications.operations.waiting import admit_silently, call_next, lapse
from qingyu.applications.operations.windows import choose_window, take_at_window

__all__ = [
    "KEPT",
    "Proxy",
    "Sending",
    "Sent",
    "admit",
    "admit_silently",
    "ask_correction",
    "begin_special",
    "call_next",
    "check_people",
    "choose_window",
    "correct",
    "decide",
    "end_special",
    "forget_drafts",
    "issue",
    "lapse",
    "not_admit",
    "offered",
    "permit_correction",
    "save_draft",
    "send",
    "take_at_window",
]
