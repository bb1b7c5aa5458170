"""Files leave the house through the policy: the citizen by number and code, staff by what they may read."""

from __future__ import annotations

import io
import uuid
from datetime import UTC, datetime

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from qingyu.cases import attachments, policy, queries
from qingyu.cases.citizen import cookies
from qingyu.cases.models import Attachment
from qingyu.cases.operations import identity
from qingyu.people.doors import open_door, staff_door
from qingyu.rules.refusals import NotPermitted, NotValid


@open_door
@never_cache
@require_safe
def own_file(request: HttpRequest, file: uuid.UUID) -> HttpResponseBase:
    """A file the citizen has handed in; 404 for every other, also for those of other cases."""
    shown = cookies.remembered(request)
    if shown is None:
        raise Http404
    try:
        case = queries.case_of_citizen(shown.number, shown.code)
    except NotPermitted:
        raise Http404 from None
    return _download(Attachment.objects.filter(uuid=file, case=case, by_citizen=True).first())


@staff_door("case.read")
@never_cache
@require_safe
def case_file(request: HttpRequest, file: uuid.UUID) -> HttpResponseBase:
    """A file of a case that this member of staff may read; 404 for every other."""
    row = Attachment.objects.select_related("case").filter(uuid=file).first()
    if row is None or not policy.may_read(request.viewer, row.case):  # type: ignore[attr-defined]
        raise Http404
    if row.case.stage:
        _note(request, row)
    return _download(row, inline="look" in request.GET)


def _note(request: HttpRequest, row: Attachment) -> None:
    viewer = request.viewer  # type: ignore[attr-defined]
    try:
        identity.note_file(row.case, viewer=viewer, file=str(row.uuid), at=datetime.now(UTC))
    except NotPermitted:
        raise Http404 from None


def _download(row: Attachment | None, *, inline: bool = False) -> HttpResponseBase:
    if row is None:
        raise Http404
    try:
        content = attachments.read(row)
    except NotValid:
        raise Http404 from None
    response = FileResponse(
        io.BytesIO(content), as_attachment=not (inline and row.content_type.startswith("image/")),
        filename=attachments.name_of(row), content_type=row.content_type,
    )  # fmt: skip
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    return response
