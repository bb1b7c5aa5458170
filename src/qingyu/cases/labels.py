"""What each kind of event is called on staff pages, and how it is told to the citizen. No entry: not shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qingyu.cases.models import Case
from qingyu.rules.lifecycle import Kind, Stage, State

Words = str | Promise


@dataclass(frozen=True)
class EventWords:
    """``label`` for staff; ``citizen`` with the placeholder ``%(unit)s``, or empty where a citizen is not told."""

    label: Words
    citizen: Words = ""


EVENTS: dict[Kind, EventWords] = {
    Kind.OPENED: EventWords(_("Filed"), _("We have received your request.")),
    Kind.CLASSIFIED: EventWords(_("Classified")),
    Kind.ANSWERED_AT_ONCE: EventWords(_("Answered at once"), _("We have answered you at once.")),
    Kind.REFUSED: EventWords(_("Not taken up"), _("We cannot take this up; the reason stands below.")),
    Kind.DIVERTED: EventWords(_("Diverted"), _("Another office is responsible; where to turn stands below.")),
    Kind.ROUTED: EventWords(_("Sent to the unit"), _("%(unit)s has your request now.")),
    Kind.ACCEPTED: EventWords(_("Accepted"), _("%(unit)s has accepted it.")),
    Kind.AUTO_ACCEPTED: EventWords(_("Accepted by silence"), _("%(unit)s has it and must handle it.")),
    Kind.ASSIGNED: EventWords(_("Given to a person")),
    Kind.RETURNED: EventWords(
        _("Return asked"), _("%(unit)s says it is not responsible. We decide; your time limit runs on.")
    ),
    Kind.ARBITRATED: EventWords(_("Return decided"), _("We have decided who is responsible.")),
    Kind.CONTACTED: EventWords(_("Person contacted"), _("%(unit)s has been in touch with you.")),
    Kind.NOTED: EventWords(_("Note")),
    Kind.ASKED: EventWords(_("Citizen asked"), _("%(unit)s has a question for you.")),
    Kind.REPLIED: EventWords(_("Citizen replied"), _("You have replied.")),
    Kind.RESUMED: EventWords(_("Pause ended"), _("The pause has ended; handling goes on.")),
    Kind.ADDED: EventWords(_("Citizen added"), _("You have added something.")),
    Kind.EXTENSION_ASKED: EventWords(_("Extension asked")),
    Kind.EXTENSION_DECIDED: EventWords(_("Extension decided")),
    Kind.ANSWERED: EventWords(_("Answered"), _("%(unit)s has answered; we are checking the answer.")),
    Kind.REVIEWED: EventWords(_("Reviewed")),
    Kind.CLOSED: EventWords(_("Closed by the centre"), _("We have ended handling; the reason stands below.")),
    Kind.REDONE: EventWords(_("To be done again"), _("You were not content: %(unit)s must do it again.")),
    Kind.REOPENED: EventWords(_("Reopened"), _("Because of new facts we have taken it up again.")),
    Kind.URGED: EventWords(_("Citizen urges"), _("You have urged; the unit and its supervisor know.")),
    Kind.PRESSED: EventWords(_("Pressed"), _("A supervisor has pressed the unit.")),
    Kind.WITHDRAWN: EventWords(_("Withdrawn"), _("You have withdrawn it.")),
    Kind.FOLLOWED_UP: EventWords(_("Follow-up call"), _("We have called you about the result.")),
    Kind.RATED: EventWords(_("Rated"), _("You have rated it.")),
    Kind.SERVICE_RATED: EventWords(_("Service rated"), _("You have told us how you were served.")),
    Kind.ARCHIVED: EventWords(_("Archived"), _("All is done. It is kept in the archive.")),
    Kind.WARNED: EventWords(_("Due soon")),
    Kind.OVERDUE: EventWords(_("Overdue"), _("The time limit has passed. A supervisor can see that.")),
    Kind.RESCHEDULED: EventWords(
        _("Due date counted anew"), _("The official calendar is out: the due date is now final.")
    ),
    Kind.SUBMITTED: EventWords(_("Submitted for pre-check"), _("%(unit)s has your application and checks the papers.")),
    Kind.CORRECTION_ASKED: EventWords(
        _("Correction notice"), _("%(unit)s tells you all that is missing. Time rests until you have corrected it.")
    ),
    Kind.CORRECTION_PERMITTED: EventWords(_("Second correction notice permitted")),
    Kind.CORRECTED: EventWords(_("Corrected"), _("What was missing has arrived. The check goes on.")),
    Kind.LAPSED: EventWords(
        _("Not corrected in time"), _("What was missing did not arrive in time: the application counts as taken back.")
    ),
    Kind.ADMITTED: EventWords(_("Taken up"), _("%(unit)s has taken up your application.")),
    Kind.AUTO_ADMITTED: EventWords(
        _("Taken up by silence"), _("%(unit)s did not speak in time, so your application counts as taken up by law.")
    ),
    Kind.NOT_ADMITTED: EventWords(
        _("Application not taken up"), _("%(unit)s does not take it up; the reason stands below.")
    ),
    Kind.WINDOW_CHOSEN: EventWords(_("To be finished at a window"), _("It is finished at a window, with this number.")),
    Kind.WINDOW_TAKEN: EventWords(_("Taken up at a window"), _("A window has your application before it.")),
    Kind.SPECIAL_BEGUN: EventWords(
        _("Special procedure begun"), _("A special procedure has begun. Its days do not count.")
    ),
    Kind.SPECIAL_ENDED: EventWords(_("Special procedure ended"), _("The special procedure has ended. Time goes on.")),
    Kind.DECIDED: EventWords(_("Decided")),
    Kind.ISSUED: EventWords(_("Result issued"), _("The result is here.")),
    Kind.DEPUTY_CALLED: EventWords(
        _("Handed to the deputy"), _("Nobody had looked at it in time: the deputy at %(unit)s has it now.")
    ),
    Kind.SUPERVISOR_CALLED: EventWords(
        _("Supervisor told of silence"), _("The deputy was silent too: a supervisor has been told.")
    ),
}

CLOCKS: dict[str, Words] = {
    "dispatch": _("dispatch"),
    "sign": _("sign"),
    "contact": _("first contact"),
    "handle": _("handle"),
    "review": _("review"),
    "followup": _("follow-up"),
    "accept": _("take up"),
    "correct": _("correction by the person"),
    "legal": _("limit of the law"),
    "special": _("special procedure"),
    "issue": _("hand over the result"),
}

# Where an application stands: it says more than the state of its case, which lists go by.
STAGES: dict[str, Words] = {
    "precheck": _("pre-check"),
    "correcting": _("to be corrected"),
    "at_window": _("on its way to a window"),
    "handling": _("being handled"),
    "special": _("special procedure"),
    "decided": _("decided"),
    "issued": _("result issued"),
    "not_admitted": _("not taken up"),
    "lapsed": _("not corrected in time"),
}

# The same event reads differently either way.
ASKED = {
    True: EventWords(_("Citizen asked"), _("%(unit)s has a question for you. Time rests until you reply.")),
    False: EventWords(_("Citizen asked"), _("%(unit)s has a question for you. Your time limit runs on.")),
}
REVIEWED = {True: EventWords(_("Answer passed"), _("The answer is here.")), False: EventWords(_("Answer sent back"))}
EXTENDED = {
    True: EventWords(_("Extension granted"), _("%(unit)s needs more time; the new date stands above.")),
    False: EventWords(_("Extension denied")),
}

OPENED_FOR_ITEM = EventWords(_("Filed"), _("We have received it."))
DECIDED = {
    True: EventWords(_("Granted"), _("%(unit)s has granted it.")),
    False: EventWords(_("Not granted"), _("%(unit)s has not granted it; the reason stands below.")),
}


def standing(state: str, stage: str = "") -> str:
    """Where a case stands, in the words of staff: an application by its stage, until it is taken back or archived."""
    over = state in (State.WITHDRAWN, State.ARCHIVED, State.MERGED) and stage != Stage.LAPSED
    return str(Case.State(state).label if over or not stage else STAGES[stage])


def words(kind: str, facts: dict[str, Any]) -> EventWords:
    """The words for one event."""
    if kind == Kind.OPENED and facts.get("item"):
        return OPENED_FOR_ITEM
    if kind == Kind.REVIEWED:
        return REVIEWED[bool(facts.get("passed"))]
    if kind == Kind.ASKED:
        return ASKED[any(change["do"] == "pause" for change in facts.get("clocks", ()))]
    if kind == Kind.EXTENSION_DECIDED:
        return EXTENDED[bool(facts.get("approved"))]
    if kind == Kind.DECIDED:
        return DECIDED[bool(facts.get("granted"))]
    if kind in (Kind.WARNED, Kind.OVERDUE) and facts.get("clock") != "handle":
        return EventWords(EVENTS[Kind(kind)].label)
    return EVENTS[Kind(kind)]
