"""Forms of signing in and of changing one's password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _

from qingyu.people.models import Staff


class SignInForm(AuthenticationForm):
    """Account and password; one sentence for whatever is wrong, so that nobody learns which accounts exist."""

    error_messages = {
        "invalid_login": _("Account or password is not right. Mind upper and lower case."),
        "inactive": _("Account or password is not right. Mind upper and lower case."),
    }
    username = forms.CharField(label=_("Account"), max_length=60, error_messages={"required": _("Enter your account.")})
    password = forms.CharField(
        label=_("Password"), strip=False, error_messages={"required": _("Enter your password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].widget.attrs.update({"autocapitalize": "none", "autocomplete": "username"})


class PasswordForm(forms.Form):
    """The old password and, twice, the new one. Whether it is strong enough the operation says."""

    old = forms.CharField(
        label=_("Password so far"), strip=False, error_messages={"required": _("Enter your password.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip
    password = forms.CharField(
        label=_("New password"), strip=False, error_messages={"required": _("Enter a new password.")},
        help_text=_("At least 10 characters, not only figures, not your name, not a common password."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    again = forms.CharField(
        label=_("New password once more"), strip=False,
        error_messages={"required": _("Enter the new password once more.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip

    def __init__(self, staff: Staff, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.staff = staff

    def clean_old(self) -> str:
        old = str(self.cleaned_data["old"])
        if not self.staff.check_password(old):
            raise forms.ValidationError(_("This is not your password so far."))
        return old

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        new, again = data.get("password"), data.get("again")
        if new and again and new != again:
            self.add_error("again", _("The two new passwords differ."))
        if new and new == data.get("old"):
            self.add_error("password", _("Choose another one than before."))
        return data
