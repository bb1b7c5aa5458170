"""One act, once, on the case as the person saw it: what lies between a posted form and an operation."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from urllib.parse import urlencode

from django.http import QueryDict

from qingyu.cases import actors, wording
from qingyu.cases.idempotency import Call, once
from qingyu.cases.models import Case
from qingyu.cases.operations import seen
from qingyu.cases.staff.acts import Act
from qingyu.cases.staff.forms import ActForm
from qingyu.people.policy import Viewer
from qingyu.rules.refusals import NotAllowed, NotPermitted, NotValid, Refusal

STALE = "changed_meanwhile"
NOT_THE_BODY = ("csrfmiddlewaretoken", "key")


@dataclass(frozen=True)
class Outcome:
    """What came of it. ``code`` empty: done. ``status`` is that of the answer."""

    code: str = ""
    status: int = 303
    seen: int = 0

    @property
    def stale(self) -> bool:
        return self.code == STALE


NONE = Outcome(status=200)


def attempt(act: Act, case: Case, form: ActForm, *, viewer: Viewer, at: datetime) -> Outcome:
    """Does the act at most once; a refusal becomes words in the form, and what was typed stays there."""
    if not form.is_valid():
        return Outcome("fields_not_valid", 422)
    data = form.cleaned_data
    call = Call(f"staff:{viewer.staff_id}", f"{act.name}:{case.number}", data["key"], body(form.data))

    def once_only() -> tuple[int, str]:
        seen.expect(case, length=data["seen"])
        act.do(case, form, by=actors.staff(viewer), at=at)
        return 303, ""

    try:
        once(call, once_only, at=at)
    except (NotAllowed, NotValid, NotPermitted) as refusal:
        return _refused(refusal, form, data["seen"])
    return Outcome()


def _refused(refusal: Refusal, form: ActForm, length: int) -> Outcome:
    if refusal.code == STALE:
        return Outcome(STALE, 409, length)
    words = wording.sentence(refusal)
    if isinstance(refusal, NotValid):
        form.refused(refusal, words)
        return Outcome(refusal.code, 422)
    form.refused(NotValid(refusal.code, field=refusal.code.removesuffix("_missing")), words)
    return Outcome(refusal.code, 403 if isinstance(refusal, NotPermitted) else 409)


def body(data: Mapping[str, Any]) -> bytes:
    """What is compared when the same key comes again; ``data`` is that of a posted form."""
    posted = cast("QueryDict", data)
    pairs = sorted((name, posted.getlist(name)) for name in posted if name not in NOT_THE_BODY)
    return urlencode(pairs, doseq=True).encode()


def again(form: ActForm, case: Case) -> None:
    """Makes a refused form ready to be sent once more, on the case as it is now."""
    data = cast("QueryDict", form.data).copy()
    data["seen"], data["key"] = str(case.length), new_key()
    form.data = data


def new_key() -> str:
    """A key for one form."""
    return uuid.uuid4().hex
