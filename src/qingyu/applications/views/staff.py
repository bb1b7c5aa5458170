"""What staff do on the page of an application beside its acts: see answers in clear, for a purpose that is kept."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from qingyu.cases import wording
from qingyu.cases.operations import identity
from qingyu.cases.staff.doing import Outcome
from qingyu.cases.staff.views.page import case_or_404, shown
from qingyu.people.doors import staff_door
from qingyu.rules.refusals import NotPermitted, NotValid


@require_POST
@staff_door("contact.view", "contact.view_reports", "contact.view_confidential")
def in_clear(request: HttpRequest, number: str) -> HttpResponse:
    """The answers with identity numbers and phones as they were given; logged with who, when and why."""
    case, at = case_or_404(request, number), datetime.now(UTC)
    try:
        identity.note_look(
            case, viewer=request.viewer, fields=("answers",), purpose=request.POST.get("purpose", ""), at=at  # type: ignore[attr-defined]
        )  # fmt: skip
    except (NotValid, NotPermitted) as refusal:
        status = 422 if isinstance(refusal, NotValid) else 403
        also = {"answers_error": wording.sentence(refusal)}
        return shown(request, case, at=at, outcome=Outcome(refusal.code, status), also=also)
    return shown(request, case, at=at, also={"answers_clear": True})
