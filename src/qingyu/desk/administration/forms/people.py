"""Forms about staff and roles."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qingyu.desk.administration import labels
from qingyu.desk.administration.forms import CHOOSE, AdminForm, choice, day, line, several, unit_choices
from qingyu.people import permissions
from qingyu.people.models import Role, Staff


def role_choices() -> list[tuple[str, labels.Words]]:
    """Every role by code, in the order of the house; one statement."""
    order = {code: place for place, code in enumerate(permissions.ROLES)}
    roles = sorted(Role.objects.all(), key=lambda role: (order.get(role.code, len(order)), role.code))
    return [(role.code, labels.role_name(role)) for role in roles]


class HireForm(AdminForm):
    """A new person."""

    reason_needed = False
    name = line(_("Name"), _("Write the name."), max_length=80)
    username = line(
        _("Account"), _("Write the account."), _("Letters, figures and - _ . only; it stays for ever."), max_length=60
    )
    unit = choice(_("Unit"), _("Choose the unit."))
    roles = several(_("Roles"), _("Choose at least one role."))

    def fill(self) -> None:
        self.choose("unit", unit_choices())
        self.choose("roles", role_choices())
        widget = self.fields["username"].widget
        widget.attrs.update({"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"})

    def clean_username(self) -> str:
        name = str(self.cleaned_data["username"]).strip()
        if not name.isascii() or not all(sign.isalnum() or sign in "-_." for sign in name):
            raise forms.ValidationError(_("Letters, figures and - _ . only."))
        return name


class RolesForm(AdminForm):
    """Which roles somebody has."""

    roles = several(_("Roles"), "", _("Nothing ticked: the person can sign in but do nothing."))

    def fill(self) -> None:
        self.choose("roles", role_choices())


class MoveForm(AdminForm):
    """To which unit."""

    unit = choice(_("New unit"), _("Choose the unit."))

    def fill(self) -> None:
        self.choose("unit", unit_choices())


class ToSomebodyForm(AdminForm):
    """Who gets the basket."""

    to = choice(_("Who takes it over"), help_text=_("Nobody: the cases go back to the unit's own basket."))

    def __init__(self, *args: Any, staff: Staff, **kwargs: Any) -> None:
        self.staff = staff
        super().__init__(*args, **kwargs)

    def fill(self) -> None:
        others = Staff.objects.filter(unit=self.staff.unit_id, is_active=True).exclude(pk=self.staff.pk)
        rows = others.order_by("name", "pk").values_list("pk", "name", "username")
        self.choose(
            "to", [("", _("nobody in particular")), *((str(pk), f"{name}（{account}）") for pk, name, account in rows)]
        )


class DeputyForm(AdminForm):
    """Who stands in, from when to when. The deputy is named by account: there may be thousands."""

    deputy = line(_("Account of the deputy"), _("Write the account of the deputy."), max_length=60)
    starts = day(_("First day"), _("Write the first day."))
    ends = day(_("Last day"), _("Write the last day."))

    def fill(self) -> None:
        self.fields["starts"].initial = self.today
        self.fields["deputy"].widget.attrs["list"] = "colleagues"
        self.fields["deputy"].widget.attrs["autocomplete"] = "off"

    def clean_deputy(self) -> Staff:
        found = Staff.objects.filter(username=str(self.cleaned_data["deputy"]).strip()).first()
        if found is None:
            raise forms.ValidationError(_("There is no such account."))
        return found


class RoleForm(AdminForm):
    """What a role may do, and how far."""

    scope = forms.ChoiceField(
        label=_("How far it reaches"),
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )
    permissions = several(_("What it may do"))

    def fill(self) -> None:
        self.choose("scope", permissions.SCOPES.items())
        self.choose("permissions", permissions.CODES.items())


class NewRoleForm(RoleForm):
    """A role of the city's own."""

    name = line(_("What it is called"), _("Write what it is called."), max_length=80)
    code = forms.SlugField(
        label=_("Code"),
        max_length=50,
        help_text=_("Letters, figures and - _ only; it stays for ever."),
        error_messages={"required": _("Write the code."), "invalid": _("Letters, figures and - _ only.")},
    )
    field_order = ["name", "code", "scope", "permissions", "reason"]
