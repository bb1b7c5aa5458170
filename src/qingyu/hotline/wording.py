"""One plain sentence for every code by which the hotline says no; they stand beside those of the cases."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise | str] = {
    "agent_busy": _("You are on a call. End it first."),
    "call_going_on": _("The call is still going on."),
    "call_ref_missing": _("The event names no call."),
    "call_not_outbound": _("This call was not made by us."),
    "callback_over": _("This caller has been reached, or needs no call-back any more."),
    "callback_taken": _("Somebody else is ringing this caller."),
    "callback_too_early": _("Nobody answered not long ago. Try again later."),
    "draft_changed_elsewhere": _("This was typed on in another window. Look at it there, or load this page again."),
    "event_unknown": _("There is no such event."),
    "event_version_unknown": _("This version of events is not known."),
    "extension_missing": _("Say at which extension you answer."),
    "extension_taken": _("Somebody else answers at this extension."),
    "no_phone_of_caller": _("The caller kept the number back, so nobody can ring them."),
    "not_at_phone": _("Sign in at an extension first."),
    "not_your_call": _("This is another agent's call."),
    "pause_reason_unknown": _("There is no such reason for a pause."),
    "result_unknown": _("Say how the call came out."),
    "secret_short": _("The secret is too short: at least 24 characters."),
    "signature_old": _("The signature is too old, or the clock of the switch is wrong."),
    "signature_wrong": _("The signature is not right."),
    "span_backwards": _("The first day lies after the last."),
    "switch_exists": _("There is a switch of this code already."),
    "switch_unknown": _("There is no such switch."),
    "too_many_events": _("These are too many events at once."),
    "wrapped_already": _("This call has been wrapped up."),
}
