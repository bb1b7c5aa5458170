"""Calls of a phone number, for the search that spans all doors."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from qingyu.cases.ports import Finding, Sought
from qingyu.cases.sight import whose_case
from qingyu.hotline.models import Call, CallCase
from qingyu.people.policy import Viewer

LISTED = 20


def calls(viewer: Viewer, sought: Sought, *, at: datetime) -> list[Finding]:
    """The newest 20 calls of the number, for those who answer or oversee calls; two statements at most.

    A link stands only where the call is still at hand: the page of a call shows its number in clear.
    """
    if not sought.phone_index or not (viewer.may("hotline.answer") or viewer.may("hotline.manage")):
        return []
    found = Call.objects.filter(phone_index=sought.phone_index, hidden=False, offered_at__isnull=False)
    rows = list(found.order_by("-offered_at")[:LISTED])
    numbers = _numbers(viewer, rows)
    return [_finding(viewer, call, numbers.get(call.pk, "")) for call in rows]


def _numbers(viewer: Viewer, calls: list[Call]) -> dict[int, str]:
    """The first case that came of each call, where the viewer may see it."""
    rows = CallCase.objects.filter(whose_case(viewer), call__in=calls).order_by("-id")
    return dict(rows.values_list("call_id", "case__number"))


def _finding(viewer: Viewer, call: Call, number: str) -> Finding:
    assert call.offered_at is not None
    name = _("Call made") if call.outbound else _("Call received")
    said = _("talked %(minutes)s min") % {"minutes": (call.talked + 59) // 60} if call.talked else _("no conversation")
    may_open = viewer.may("hotline.answer") and call.agent_id == viewer.staff_id and call.wrapped_at is None
    href = reverse("hotline_call", args=[call.pk]) if may_open else ""
    return Finding("phone", name, said, call.offered_at, number, href)
