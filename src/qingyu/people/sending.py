"""One form, acted on once: what lies between a posted page of the apps below the cases and an operation."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import cast
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, QueryDict

from qingyu.people.doors import viewer_of
from qingyu.people.ports import Sent, house
from qingyu.rules.refusals import NotAllowed, NotPermitted, NotValid, Refusal

NOT_THE_BODY = ("csrfmiddlewaretoken", "key")


class Saying(forms.Form):
    """A form that says a refusal in words where the person looks. ``status``: HTTP, of the page that shows it again."""

    status = 422

    def refused(self, refusal: Refusal) -> None:
        """The sentence stands at the field that the refusal names, else above the form."""
        field = refusal.field if isinstance(refusal, NotValid) and refusal.field in self.fields else None
        self.add_error(field, house().sentence(refusal))
        self.status = _status(refusal)


class Keyed(Saying):
    """A form that acts once: it carries a key, and how much had happened when it was shown (``seen``)."""

    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)


def new_key() -> str:
    """A key for one form."""
    return uuid.uuid4().hex


def caller(request: HttpRequest) -> str:
    """By whom the keys of staff are told apart."""
    return f"staff:{viewer_of(request).staff_id}"


def once(request: HttpRequest, form: Keyed, who: str, act: Callable[[], str], *, at: datetime) -> str | None:
    """What ``act`` answers, now or at an earlier press; None where it was refused, with the words in the form."""
    if not form.is_valid():
        return None
    sent = Sent(who, request.path, form.cleaned_data["key"], _body(request.POST))
    try:
        return house().once(sent, lambda: (303, act()), at=at)[1]
    except Refusal as refusal:
        form.refused(refusal)
        return None


def _body(posted: QueryDict) -> bytes:
    """What is compared when the same key comes again."""
    pairs = sorted((name, posted.getlist(name)) for name in posted if name not in NOT_THE_BODY)
    return urlencode(pairs, doseq=True).encode()


def _status(refusal: Refusal) -> int:
    if isinstance(refusal, NotPermitted):
        return 403
    return 409 if isinstance(refusal, NotAllowed) else 422


def again(form: Keyed, *, seen: int | None = None) -> None:
    """Makes a refused form ready to be sent once more: with a key of its own, and having seen what there is now."""
    data = cast("QueryDict", form.data).copy()
    data["key"] = new_key()
    if seen is not None:
        data["seen"] = str(seen)
    form.data = data
