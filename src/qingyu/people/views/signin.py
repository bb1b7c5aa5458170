"""Coming in, going out, changing one's password, and who I am."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from qingyu.people import menu, operations, permissions, policy, queries
from qingyu.people.doors import open_door, staff_door
from qingyu.people.forms import PasswordForm, SignInForm
from qingyu.rules.refusals import NotValid


def beginning(staff: Any) -> str:
    """Where the day of this person begins: at what the own roles do most."""
    viewer = policy.viewer(staff, on=queries.city_day(datetime.now(UTC)))
    return menu.beginning(viewer.roles, viewer.permissions)


class SignIn(LoginView):
    """Account and password. Five wrong ones from one place stop the account there for a quarter of an hour."""

    authentication_form = SignInForm
    template_name = "people/login.html"
    redirect_authenticated_user = True

    def get_success_url(self) -> str:
        staff: Any = self.request.user
        return reverse("password") if staff.must_change_password else self.get_redirect_url() or beginning(staff)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # Django's own "site" would hide ours, which says how this person reads.
        return {name: value for name, value in super().get_context_data(**kwargs).items() if name != "site"}

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


sign_in = open_door(SignIn.as_view())
sign_out = open_door(LogoutView.as_view(http_method_names=["post", "options"]))


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@staff_door()
def password(request: HttpRequest) -> HttpResponse:
    """A new password; at the first sign-in nothing else opens before that."""
    staff: Any = request.user
    form = PasswordForm(staff, request.POST or None)
    if request.method == "POST" and form.is_valid() and _changed(request, form):
        update_session_auth_hash(request, staff)
        messages.success(request, _("Your password is changed. Use the new one from now on."))
        return HttpResponseRedirect(beginning(staff))
    first = staff.must_change_password
    status = 422 if form.errors else 200
    return render(request, "people/password.html", {"form": form, "first": first}, status=status)


def _changed(request: HttpRequest, form: PasswordForm) -> bool:
    try:
        operations.change_password(
            form.staff, password=form.cleaned_data["password"], at=datetime.now(UTC), by=form.staff
        )
    except NotValid as refusal:
        form.add_error("password", [str(line) for line in refusal.facts.get("why", [refusal.code])])  # type: ignore[attr-defined]
        return False
    return True


@require_safe
@staff_door()
def me(request: HttpRequest) -> HttpResponse:
    """Who I am here: unit, roles, what they let me do and how far it reaches."""
    staff: Any = request.user
    rights = staff.rights or {}
    return render(
        request,
        "people/me.html",
        {
            "staff": staff,
            "unit": queries.units().get(staff.unit_id),
            "roles": [permissions.ROLE_NAMES.get(code, code) for code in rights.get("roles", [])],
            "scope": permissions.SCOPES.get(rights.get("scope", "own")),
            "may": [permissions.CODES[code] for code in rights.get("permissions", []) if code in permissions.CODES],
        },
    )
