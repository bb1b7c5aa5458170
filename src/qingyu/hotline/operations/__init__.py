"""Every write about calls: what a switch tells, what an agent does, who is rung back, how a switch is set up."""

from qingyu.hotline.operations.agents import agent_state
from qingyu.hotline.operations.calling import make_callback, note_result, owe_cut_off, ring, settle
from qingyu.hotline.operations.commands import expire, fetch, finish
from qingyu.hotline.operations.events import apply_stored, take_event, take_events
from qingyu.hotline.operations.settling import answer_at_once, file, save_draft, throw_away_draft, wrap_up
from qingyu.hotline.operations.switches import add_switch, new_secret

__all__ = [
    "add_switch",
    "agent_state",
    "answer_at_once",
    "apply_stored",
    "expire",
    "fetch",
    "file",
    "finish",
    "make_callback",
    "new_secret",
    "note_result",
    "owe_cut_off",
    "ring",
    "save_draft",
    "settle",
    "take_event",
    "take_events",
    "throw_away_draft",
    "wrap_up",
]
