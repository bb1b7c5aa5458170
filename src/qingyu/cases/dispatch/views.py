"""Where it is decided how sure a suggestion must be before the house sends by itself."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qingyu.cases import wording
from qingyu.cases.dispatch import operations, suggesting
from qingyu.cases.models import DispatchSetting
from qingyu.people.doors import staff_door
from qingyu.people.models import Staff
from qingyu.rules.refusals import NotValid

if TYPE_CHECKING:  # it brings numpy, which a start does without
    from qingyu.cases.dispatch.evaluation import ThresholdRow

STEPS = (50, 60, 70, 75, 80, 85, 90, 92, 94, 95, 96, 97, 98, 99)
ACCURACY = 0.97


@require_http_methods(["GET", "POST"])
@staff_door("dispatch.manage")
def settings(request: HttpRequest) -> HttpResponse:
    """GET: what each threshold would send and how rightly. POST: one of them, or off, from now on."""
    rows = _rows()
    error = _decide(request, rows) if request.method == "POST" else ""
    if request.method == "POST" and not error:
        return HttpResponseRedirect(reverse("dispatch_settings"))
    newest = DispatchSetting.objects.order_by("-id").first()
    by = Staff.objects.filter(pk=newest.by).first() if newest and newest.by else None
    shown = [_shown(row, newest) for row in rows]
    context: dict[str, Any] = {"rows": shown, "newest": newest, "by": by, "error": error}
    in_force = f"{newest.threshold:.0%}" if newest and newest.threshold else ""
    context |= {"in_force": in_force, "advised": _advised(), "trained": suggesting.learner() is not None}
    return render(request, "cases/dispatch_settings.html", context, status=422 if error else 200)


def _rows() -> list[ThresholdRow]:
    """The thresholds to choose from, as the model measured them on texts it had not seen."""
    model = suggesting.learner()
    return [row for row in model.thresholds() if round(row.threshold * 100) in STEPS] if model else []


def _advised() -> int | None:
    """The lowest threshold that keeps 97 of 100 right, in percent rounded up; None: none does."""
    model = suggesting.learner()
    found = model.threshold_for(ACCURACY) if model else math.inf
    return math.ceil(found * 100) if found <= 1 else None


def _shown(row: ThresholdRow, newest: DispatchSetting | None) -> dict[str, Any]:
    percent = round(row.threshold * 100)
    in_force = newest is not None and newest.threshold is not None and round(newest.threshold * 100) == percent
    return {"percent": percent, "share": row.share * 100, "accuracy": row.accuracy * 100, "in_force": in_force}


def _decide(request: HttpRequest, rows: list[ThresholdRow]) -> str:
    """Puts the choice in force; the words of the refusal otherwise. Share and accuracy are the house's own figures."""
    chosen = request.POST.get("threshold", "")
    row = next((row for row in rows if str(round(row.threshold * 100)) == chosen), None)
    if row is None and chosen != "off":
        return _("Choose one of the rows, or switch it off.")
    staff: Any = request.user
    try:
        operations.set_threshold(
            threshold=round(row.threshold, 2) if row else None, share=row.share if row else None,
            accuracy=row.accuracy if row else None, by=staff, at=datetime.now(UTC),
        )  # fmt: skip
    except NotValid as refusal:
        return wording.sentence(refusal)
    messages.success(request, _("This holds from now on."))
    return ""
