"""What states a case can be in, what may happen to it, and in which states."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    DRAFT = "draft"
    RECEIVED = "received"
    DISPATCHED = "dispatched"
    ACCEPTED = "accepted"
    HANDLING = "handling"
    WAITING = "waiting"
    ANSWERED = "answered"
    CLOSED = "closed"
    ARCHIVED = "archived"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    """Joined to another case (并单). No event leads here yet; the word is fixed for those who read states."""


class Kind(StrEnum):
    """What may happen to a case; past tense, one word for each."""

    OPENED = "opened"
    CLASSIFIED = "classified"
    ANSWERED_AT_ONCE = "answered_at_once"
    REFUSED = "refused"
    DIVERTED = "diverted"
    ROUTED = "routed"
    ACCEPTED = "accepted"
    AUTO_ACCEPTED = "auto_accepted"
    ASSIGNED = "assigned"
    RETURNED = "returned"
    ARBITRATED = "arbitrated"
    CONTACTED = "contacted"
    NOTED = "noted"
    ASKED = "asked"
    REPLIED = "replied"
    RESUMED = "resumed"
    ADDED = "added"
    EXTENSION_ASKED = "extension_asked"
    EXTENSION_DECIDED = "extension_decided"
    ANSWERED = "answered"
    REVIEWED = "reviewed"
    CLOSED = "closed"
    REDONE = "redone"
    REOPENED = "reopened"
    URGED = "urged"
    PRESSED = "pressed"
    WITHDRAWN = "withdrawn"
    FOLLOWED_UP = "followed_up"
    RATED = "rated"
    SERVICE_RATED = "service_rated"
    ARCHIVED = "archived"
    WARNED = "warned"
    OVERDUE = "overdue"
    RESCHEDULED = "rescheduled"
    SUBMITTED = "submitted"
    CORRECTION_ASKED = "correction_asked"
    CORRECTION_PERMITTED = "correction_permitted"
    CORRECTED = "corrected"
    LAPSED = "lapsed"
    ADMITTED = "admitted"
    AUTO_ADMITTED = "auto_admitted"
    NOT_ADMITTED = "not_admitted"
    WINDOW_CHOSEN = "window_chosen"
    WINDOW_TAKEN = "window_taken"
    SPECIAL_BEGUN = "special_begun"
    SPECIAL_ENDED = "special_ended"
    DECIDED = "decided"
    ISSUED = "issued"
    DEPUTY_CALLED = "deputy_called"
    SUPERVISOR_CALLED = "supervisor_called"


class Stage(StrEnum):
    """Where an application (办件) stands; empty for every other case. It refines the state, which lists know."""

    NONE = ""
    PRECHECK = "precheck"
    CORRECTING = "correcting"
    AT_WINDOW = "at_window"
    HANDLING = "handling"
    SPECIAL = "special"
    DECIDED = "decided"
    ISSUED = "issued"
    NOT_ADMITTED = "not_admitted"
    LAPSED = "lapsed"


OPEN = frozenset({State.RECEIVED, State.DISPATCHED, State.ACCEPTED, State.HANDLING, State.WAITING, State.ANSWERED})
OPEN_STATES = tuple(str(state) for state in State if state in OPEN)
"""The same as stored, in the order of a life: for filters and indexes."""
ENDED = frozenset({State.CLOSED, State.ARCHIVED, State.REFUSED, State.WITHDRAWN, State.MERGED})
WITH_UNIT = frozenset({State.ACCEPTED, State.HANDLING, State.WAITING})
EVERYWHERE = frozenset(State) - {State.DRAFT, State.MERGED}

# Which event may happen in which states. What is not listed is refused.
SOURCES: dict[Kind, frozenset[State]] = {
    Kind.OPENED: frozenset({State.DRAFT}),
    Kind.CLASSIFIED: OPEN,
    Kind.ANSWERED_AT_ONCE: frozenset({State.RECEIVED}),
    Kind.REFUSED: frozenset({State.RECEIVED}),
    Kind.DIVERTED: frozenset({State.RECEIVED}),
    Kind.ROUTED: frozenset({State.RECEIVED}),
    Kind.ACCEPTED: frozenset({State.DISPATCHED}),
    Kind.AUTO_ACCEPTED: frozenset({State.DISPATCHED}),
    Kind.ASSIGNED: OPEN - {State.RECEIVED},
    Kind.RETURNED: frozenset({State.DISPATCHED}),
    Kind.ARBITRATED: frozenset({State.DISPATCHED}),
    Kind.CONTACTED: frozenset({State.ACCEPTED, State.HANDLING, State.WAITING}),
    Kind.NOTED: EVERYWHERE,
    Kind.ASKED: frozenset({State.ACCEPTED, State.HANDLING}),
    Kind.REPLIED: frozenset({State.WAITING}),
    Kind.RESUMED: frozenset({State.WAITING}),
    Kind.ADDED: OPEN - {State.WAITING},
    Kind.EXTENSION_ASKED: WITH_UNIT,
    Kind.EXTENSION_DECIDED: WITH_UNIT,
    Kind.ANSWERED: WITH_UNIT,
    Kind.REVIEWED: frozenset({State.ANSWERED}),
    Kind.CLOSED: frozenset({State.RECEIVED, State.ACCEPTED, State.HANDLING, State.WAITING, State.ANSWERED}),
    Kind.REDONE: frozenset({State.CLOSED}),
    Kind.REOPENED: frozenset({State.CLOSED, State.ARCHIVED, State.REFUSED}),
    Kind.URGED: OPEN,
    Kind.PRESSED: OPEN,
    Kind.WITHDRAWN: OPEN,
    Kind.FOLLOWED_UP: frozenset({State.CLOSED}),
    Kind.RATED: frozenset({State.CLOSED, State.ARCHIVED}),
    Kind.SERVICE_RATED: EVERYWHERE,
    Kind.ARCHIVED: frozenset({State.CLOSED}),
    Kind.WARNED: OPEN | {State.CLOSED},
    Kind.OVERDUE: OPEN | {State.CLOSED},
    Kind.RESCHEDULED: OPEN | {State.CLOSED},
    Kind.SUBMITTED: frozenset({State.RECEIVED}),
    Kind.CORRECTION_ASKED: frozenset({State.DISPATCHED}),
    Kind.CORRECTION_PERMITTED: frozenset({State.DISPATCHED}),
    Kind.CORRECTED: frozenset({State.WAITING}),
    Kind.LAPSED: frozenset({State.WAITING}),
    Kind.ADMITTED: frozenset({State.DISPATCHED}),
    Kind.AUTO_ADMITTED: frozenset({State.DISPATCHED}),
    Kind.NOT_ADMITTED: frozenset({State.DISPATCHED}),
    Kind.WINDOW_CHOSEN: frozenset({State.DISPATCHED, State.WAITING}),
    Kind.WINDOW_TAKEN: frozenset({State.WAITING}),
    Kind.SPECIAL_BEGUN: frozenset({State.HANDLING}),
    Kind.SPECIAL_ENDED: frozenset({State.HANDLING}),
    Kind.DECIDED: frozenset({State.HANDLING}),
    Kind.ISSUED: frozenset({State.HANDLING}),
    Kind.DEPUTY_CALLED: frozenset({State.DISPATCHED}),
    Kind.SUPERVISOR_CALLED: frozenset({State.DISPATCHED}),
}

# Which of them may happen to an application at which stage; to no other case. 行政许可法 32, 42, 44, 45.
STAGES: dict[Kind, frozenset[Stage]] = {
    Kind.CORRECTION_ASKED: frozenset({Stage.PRECHECK}),
    Kind.CORRECTION_PERMITTED: frozenset({Stage.PRECHECK}),
    Kind.CORRECTED: frozenset({Stage.CORRECTING, Stage.AT_WINDOW}),
    Kind.LAPSED: frozenset({Stage.CORRECTING, Stage.AT_WINDOW}),
    Kind.ADMITTED: frozenset({Stage.PRECHECK}),
    Kind.AUTO_ADMITTED: frozenset({Stage.PRECHECK}),
    Kind.NOT_ADMITTED: frozenset({Stage.PRECHECK}),
    Kind.WINDOW_CHOSEN: frozenset({Stage.PRECHECK, Stage.CORRECTING}),
    Kind.WINDOW_TAKEN: frozenset({Stage.AT_WINDOW}),
    Kind.SPECIAL_BEGUN: frozenset({Stage.HANDLING}),
    Kind.SPECIAL_ENDED: frozenset({Stage.SPECIAL}),
    Kind.DECIDED: frozenset({Stage.HANDLING}),
    Kind.ISSUED: frozenset({Stage.DECIDED}),
    Kind.DEPUTY_CALLED: frozenset({Stage.PRECHECK}),
    Kind.SUPERVISOR_CALLED: frozenset({Stage.PRECHECK}),
}
# What happens to requests only: an application goes its own way from the law to its result.
OF_REQUESTS = frozenset(
    {
        Kind.ROUTED, Kind.ACCEPTED, Kind.AUTO_ACCEPTED, Kind.RETURNED, Kind.ARBITRATED, Kind.ASKED, Kind.REPLIED,
        Kind.RESUMED, Kind.ANSWERED, Kind.REVIEWED, Kind.CLOSED, Kind.REDONE, Kind.REOPENED,
    }
)  # fmt: skip
