"""Writing the city's policy about cases: topics, routes, time limits, notices and saved answers.

Each asks the right, is one transaction, and leaves an AdminChange with the reason. ``by=None`` is for the commands
that set a house up.
"""

from qingyu.cases.operations.reference.limits import choose_preset, end_limit, place_limit, set_limit, verify_limit
from qingyu.cases.operations.reference.routes import add_route, end_route, hand_over_routes, place_route
from qingyu.cases.operations.reference.topics import place_topic
from qingyu.cases.operations.reference.words import add_answer, change_answer, place_notice, save_answer

__all__ = [
    "add_answer",
    "add_route",
    "change_answer",
    "choose_preset",
    "end_limit",
    "end_route",
    "hand_over_routes",
    "place_limit",
    "place_notice",
    "place_route",
    "place_topic",
    "save_answer",
    "set_limit",
    "verify_limit",
]
