"""How callers to be rung back look in a list. Made here and not in a template: fifty of them stand on a page."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from qingyu.hotline import forms
from qingyu.hotline.queries import Owed
from qingyu.people import parts
from qingyu.people.parts import filled

HIDDEN = '<input type="hidden" name="csrfmiddlewaretoken" value="{}"><input type="hidden" name="key" value="{}">'
ROW = (
    '<tr><th scope="row"><span class="code nowrap">{}</span></th><td class="nowrap">{}</td>'
    '<td class="nowrap">{}</td><td class="nowrap">{}{}</td><td class="num">{}</td>\n<td class="nowrap">{}</td>'
    '<td class="hotline-done">{}</td></tr>'
)
RING = '<form method="post" action="{}">{}<button class="btn btn-small" aria-label="{}">{}{}</button></form>'
DONE = (
    '<details class="more"><summary>{}<span class="sr">{}{}</span>{}</summary>'
    '<form class="btns" method="post" action="{}">{}{}</form></details>'
)
SOFT = '<span class="soft">{}</span>'


@dataclass(frozen=True)
class Acts:
    """What the forms of all rows have in common; made once for a page."""

    may_ring: bool
    hidden: SafeString
    outcomes: SafeString
    ring: str
    settle: str


def call_backs(request: HttpRequest, owed: Iterable[Owed], *, may_ring: bool) -> SafeString:
    """Who is to be rung back, as rows of a table."""
    button = '<button class="btn btn-small" name="outcome" value="{}">{}</button>'
    acts = Acts(
        may_ring, filled(HIDDEN, get_token(request), uuid.uuid4().hex),
        SafeString("".join(filled(button, code, label) for code, label in forms.OUTCOMES.items())),
        reverse("hotline_ring", args=[0]), reverse("hotline_settle", args=[0]),
    )  # fmt: skip
    return SafeString("".join(_row(one, acts) for one in owed))


def _row(one: Owed, acts: Acts) -> SafeString:
    late = filled(" {}", parts.tag("late", "triangle-alert", _("late"))) if one.late else SafeString("")
    why = forms.WHYS.get(one.why, "")  # type: ignore[call-overload]
    called, due = parts.moment(one.owed_at), parts.moment(one.due_at)
    return filled(ROW, one.phone, why, called, due, late, one.attempts, _now(one, acts), _done(one, acts))


def _now(one: Owed, acts: Acts) -> SafeString:
    """What to do now: ring, or why not."""
    if one.state == "dialling":
        return parts.tag("wait", "phone", pgettext("call-back", "being rung"))
    if not one.ready:
        outcome = forms.RESULTS.get(one.outcome, "")  # type: ignore[call-overload]
        again = _("again from %(at)s") % {"at": parts.clock(localtime(one.next_try), "H:i")}
        return filled(SOFT, f"{outcome} · {again}")
    if not acts.may_ring:
        return filled(SOFT, pgettext("call-back", "to ring"))
    label, url = _("Ring %(phone)s back") % {"phone": one.phone}, acts.ring.replace("0", str(one.pk))
    return filled(RING, url, acts.hidden, label, parts.icon("phone"), _("Ring back"))


def _done(one: Owed, acts: Acts) -> SafeString:
    url, chevron = acts.settle.replace("0", str(one.pk)), parts.icon("chevron-down")
    words = pgettext("call-back", "Done")
    return filled(DONE, words, _(": "), one.phone, chevron, url, acts.hidden, acts.outcomes)
