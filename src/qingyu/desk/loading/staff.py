"""Staff from a file: username, name, unit, roles. New staff get a one-time password, told once."""

from __future__ import annotations

from dataclasses import dataclass, field

from qingyu.desk.loading.reading import Line
from qingyu.desk.loading.report import Did, Source
from qingyu.people import operations as people
from qingyu.people.models import Role, Staff, Unit
from qingyu.rules.refusals import NotValid


@dataclass
class Hiring:
    """Takes lines of staff one after the other and keeps the one-time passwords it gave out."""

    passwords: dict[str, str] = field(default_factory=dict)

    def person(self, line: Line, source: Source) -> Did:
        """NotValid: unit_unknown, role_unknown. An existing person gets name, unit and roles of the line."""
        unit, roles = unit_of(line), roles_of(line)
        found = Staff.objects.filter(username=line.text("username")).first()
        if found:
            return _change(found, line, unit, roles, source)
        _, password = people.hire(
            username=line.text("username"), name=line.text("name"), unit=unit, roles=roles, by=None, at=source.at,
            reason=source.reason,
        )  # fmt: skip
        self.passwords[line.text("username")] = password
        return Did.MADE


def unit_of(line: Line) -> Unit:
    """The unit named in the line; NotValid("unit_unknown")."""
    unit = Unit.objects.filter(code=line.text("unit")).first()
    if unit is None:
        raise NotValid("unit_unknown", field="unit", found=line.text("unit"))
    return unit


def roles_of(line: Line) -> list[str]:
    """The roles named in the line; NotValid("role_unknown")."""
    roles = line.parts("roles")
    known = set(Role.objects.values_list("code", flat=True))
    strange = [role for role in roles if role not in known]
    if strange:
        raise NotValid("role_unknown", field="roles", found=strange[0])
    return roles


def _change(staff: Staff, line: Line, unit: Unit, roles: list[str], source: Source) -> Did:
    same_roles = sorted(staff.roles.values_list("code", flat=True)) == sorted(set(roles))
    same_place = (staff.name, staff.unit_id) == (line.text("name"), unit.pk)
    if same_roles and same_place:
        return Did.SAME
    if not same_place:
        staff.name, staff.unit = line.text("name"), unit
        staff.save(update_fields=["name", "unit"])
        facts = {"unit": unit.code}
        people.note_change(
            "change_staff", f"staff:{staff.username}", by=None, at=source.at, reason=source.reason, facts=facts
        )
    if not same_roles:
        people.set_roles(staff, roles=roles, by=None, at=source.at, reason=source.reason)
    return Did.CHANGED
