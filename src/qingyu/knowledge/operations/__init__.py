"""All writes of the knowledge base: one verb each, keyword-only, one transaction."""

from qingyu.knowledge.operations.answers import (
    Draft,
    look_at,
    new_version,
    put_in_force,
    send_back,
    withdraw,
    write,
)
from qingyu.knowledge.operations.counting import count_stale, say_helped
from qingyu.knowledge.operations.questions import ask, give, reply

__all__ = [
    "Draft",
    "ask",
    "count_stale",
    "give",
    "look_at",
    "new_version",
    "put_in_force",
    "reply",
    "say_helped",
    "send_back",
    "withdraw",
    "write",
]
