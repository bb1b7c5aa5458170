"""The table of rights in the documents is what the policy says: written by ``table``, compared here."""

from __future__ import annotations

from pathlib import Path

from qingyu.cases import policy
from qingyu.people.permissions import ROLES
from qingyu.rules.lifecycle import OPEN, SOURCES, Kind, State

PAGE = Path(__file__).parents[2] / "docs" / "rules" / "rights.md"
BEGIN, END = "<!-- table of acts -->\n", "<!-- end of the table -->"


def roles_of(kind: Kind) -> list[str]:
    """The roles that hold one of the permissions for it on the first day."""
    needed = set(policy.OPERATIONS[kind])
    return [role for role, (_scope, permissions) in ROLES.items() if needed & set(permissions)]


def states_of(kind: Kind) -> str:
    states = [state for state in State if state in SOURCES[kind]]
    named = ["open"] if set(states) >= OPEN else []
    return ", ".join(named + [state.value for state in states if not (named and state in OPEN)])


def row(kind: Kind) -> str:
    names = roles_of(kind) + (["the citizen"] if kind in policy.OF_THE_CITIZEN else [])
    unit = "its lead unit" if kind in policy.OF_THE_UNIT else "who may read it"
    return f"| `{kind}` | {states_of(kind)} | {', '.join(names)} | {unit} |"


def table() -> str:
    head = "| What happens | In the states | Roles that make it happen | To whose cases |\n|---|---|---|---|\n"
    return head + "\n".join(row(kind) for kind in policy.OPERATIONS) + "\n"


def test_the_table_of_rights_in_the_documents_is_what_the_policy_says() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text.split(BEGIN)[1].split(END)[0] == table()


def test_what_stands_in_no_row_only_the_house_makes_happen() -> None:
    of_the_house = {Kind.AUTO_ACCEPTED, Kind.RESUMED, Kind.WARNED, Kind.OVERDUE, Kind.RESCHEDULED, Kind.AUTO_ADMITTED,
                    Kind.LAPSED, Kind.DEPUTY_CALLED, Kind.SUPERVISOR_CALLED}  # fmt: skip
    assert set(Kind) - set(policy.OPERATIONS) == of_the_house
