"""Every write about tickets and windows: a verb each, one transaction each, under the lock of the hall's board row."""

from qingyu.hall.operations.appointments import (
    book,
    cancel,
    check_in,
    end_missed,
    move,
    place_opening,
    place_terms,
)
from qingyu.hall.operations.calling import begin, call_next, finish, finish_and_next, no_show, recall, transfer
from qingyu.hall.operations.day import end_forgotten, roll
from qingyu.hall.operations.opening import set_plan, set_terms
from qingyu.hall.operations.placing import place_hall, place_service, place_window
from qingyu.hall.operations.tickets import bring_back, issue, leave
from qingyu.hall.operations.windows import close_window, open_window, pause_window

__all__ = [
    "begin",
    "book",
    "bring_back",
    "call_next",
    "cancel",
    "check_in",
    "close_window",
    "end_forgotten",
    "end_missed",
    "finish",
    "finish_and_next",
    "issue",
    "leave",
    "move",
    "no_show",
    "open_window",
    "pause_window",
    "place_hall",
    "place_opening",
    "place_service",
    "place_terms",
    "place_window",
    "recall",
    "roll",
    "set_plan",
    "set_terms",
    "transfer",
]
