"""One form, acted on once: what lies between a posted page and an operation."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest

from qingyu.catalog.forms import Sent as SentForm
from qingyu.catalog.ports import Sent, house
from qingyu.rules.refusals import NotAllowed, NotPermitted, Refusal

NOT_THE_BODY = ("csrfmiddlewaretoken", "key")


def new_key() -> str:
    """A key for one form."""
    return uuid.uuid4().hex


def once(request: HttpRequest, form: SentForm, caller: str, act: Callable[[], str], *, at: datetime) -> str | None:
    """What ``act`` answers, now or at an earlier press; None where it was refused, with the words in the form."""
    if not form.is_valid():
        return None
    pairs = sorted((name, request.POST.getlist(name)) for name in request.POST if name not in NOT_THE_BODY)
    sent = Sent(caller, request.path, form.cleaned_data["key"], urlencode(pairs, doseq=True).encode())
    try:
        return house().once(sent, lambda: (303, act()), at=at)[1]
    except Refusal as refusal:
        form.refused(refusal)
        form.status = _status(refusal)  # type: ignore[attr-defined]
        return None


def _status(refusal: Refusal) -> int:
    if isinstance(refusal, NotPermitted):
        return 403
    return 409 if isinstance(refusal, NotAllowed) else 422


def status(form: SentForm) -> int:
    """That of the page which shows the form again."""
    found: int = getattr(form, "status", 422)
    return found


def again(form: SentForm, *, seen: int) -> None:
    """Makes a refused form ready to be sent once more: with a key of its own, and having seen what there is now."""
    data = form.data.copy()  # type: ignore[union-attr]
    data["key"], data["seen"] = new_key(), str(seen)
    form.data = data
