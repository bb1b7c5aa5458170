"""The life of a delivery is a table: what it does not list is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingyu.notify import states
from qingyu.rules.refusals import NotAllowed

AT = datetime(2026, 4, 1, tzinfo=UTC)

#             deliver  fail       give_up  resend     cancel
TABLE = {
    "waiting": ("sent", "waiting", "dead", None, "cancelled"),
    "sent": (None, None, None, None, None),
    "dead": ("sent", None, None, "waiting", "cancelled"),
    "cancelled": ("sent", None, None, None, None),
}
CASES = [(state, act, after) for state, row in TABLE.items() for act, after in zip(states.ACTS, row, strict=True)]


@pytest.mark.parametrize(("state", "act", "after"), CASES)
def test_each_act_leads_where_the_table_says(state: str, act: str, after: str | None) -> None:
    if after is not None:
        assert states.after(state, act) == after
        return
    with pytest.raises(NotAllowed) as refusal:
        states.after(state, act)
    assert refusal.value.code == f"delivery_{state}"


@pytest.mark.parametrize(
    ("attempts", "pause"),
    [
        (1, timedelta(minutes=1)),
        (2, timedelta(minutes=5)),
        (3, timedelta(minutes=15)),
        (4, timedelta(hours=1)),
        (5, timedelta(hours=6)),
        (6, timedelta(hours=12)),
        (7, timedelta(hours=24)),
        (8, None),
        (9, None),
    ],
)
def test_the_pause_grows_and_ends_after_the_eighth_try(attempts: int, pause: timedelta | None) -> None:
    assert states.next_try(attempts, at=AT) == (AT + pause if pause else None)


@given(st.lists(st.sampled_from(states.ACTS), max_size=20))
def test_what_was_sent_stays_sent_and_no_life_leaves_the_known_states(acts: list[str]) -> None:
    state = states.WAITING
    for act in acts:
        if (state, act) in states.AFTER:
            assert state != states.SENT
            state = states.after(state, act)
        assert state in states.STATES
