"""What is counted, for whom, on which day."""

from __future__ import annotations

from datetime import date
from enum import StrEnum


class Measure(StrEnum):
    """What is counted for a unit on a day. ``said_`` comes from follow-up calls, ``rated_`` from ratings.

    LOADED is how many with a limit come from history of another system. What begins with ``person_`` came in through a
    person: phone, window, letter, visit, or was filed for somebody.
    """

    # By the day on which the unit got it
    ROUTED = "routed"
    ACCEPTED_IN_TIME = "accepted_in_time"
    RETURNED = "returned"
    # By the due date of the handle clock
    HANDLING_DUE = "handling_due"
    STILL_RUNNING = "still_running"
    RESPONDED_IN_TIME = "responded_in_time"
    ANSWERED_IN_TIME = "answered_in_time"
    SIGNED = "signed"
    SIGNED_IN_TIME = "signed_in_time"
    PERSON_DUE = "person_due"
    PERSON_IN_TIME = "person_in_time"
    EXTENDED = "extended"
    EXCLUDED_DUE = "excluded_due"
    EXCLUDED_RESPONDED = "excluded_responded"
    LOADED = "loaded"
    # By the day on which it was closed
    CLOSED = "closed"
    SENT_BACK = "sent_back"
    REACHED = "reached"
    RATED = "rated_by_person"
    HEARD = "heard"
    PUSHED = "pushed"
    BOUNCED = "bounced"
    RECEIVED = "received"
    SETTLED = "settled_at_once"
    WAITED = "waited"
    WAITED_SHORT = "waited_short"
    WAITED_BEARABLE = "waited_bearable"
    # By the day of the last answer to a follow-up call
    PERSON_ASKED = "person_asked"
    PERSON_CONTENT = "person_content"
    ASKED = "asked_about_contact"
    DENIED = "contact_denied"
    # By the day of a bad rating
    BAD = "bad_rating"
    MENDED = "bad_rating_mended"
    # Beside the rates, by the day of filing; silence by its own day
    ASSISTED = "assisted"
    PROXY = "proxy"
    PRAISE = "praise"
    SILENT = "owner_silent"


SOLVED = "solved_"
SAID = "said_"
RATED = "rated_"
TOOK = "took_"
Place = tuple[int, date, str]
"""Unit, city day, measure (or SOLVED, SAID, RATED with the answer)."""
Visit = tuple[str, date, str]
"""Subject (``hall:CODE``, ``window:CODE/N``, ``item:CODE/online``), city day, measure (or TOOK with a step)."""
