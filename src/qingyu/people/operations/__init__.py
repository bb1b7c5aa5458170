"""Every write about units, staff, roles and calendars: one transaction each, and each leaves an AdminChange.

``by`` is the member of staff who does it; their right is asked here as well as at the door. ``by=None`` is for the
commands that set a house up, which somebody runs who has the machine itself.
"""

from qingyu.people.operations.calendars import publish_year
from qingyu.people.operations.changes import expect, last_change, note_change, require
from qingyu.people.operations.deputies import end_deputy, name_deputy
from qingyu.people.operations.roles import add_role, change_role, derive_rights, set_roles, set_up_roles
from qingyu.people.operations.staff import change_password, hire, leave, move, reset_password
from qingyu.people.operations.units import close_unit, place_unit, reopen_unit

__all__ = [
    "add_role",
    "change_password",
    "change_role",
    "close_unit",
    "derive_rights",
    "end_deputy",
    "expect",
    "hire",
    "last_change",
    "leave",
    "move",
    "name_deputy",
    "note_change",
    "place_unit",
    "publish_year",
    "reopen_unit",
    "require",
    "reset_password",
    "set_roles",
    "set_up_roles",
]
