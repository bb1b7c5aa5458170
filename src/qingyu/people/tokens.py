"""Sign-ins of the API: random, stored as a hash, ended after 12 hours, 30 idle minutes, or a change of rights."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from qingyu.people.models import Staff, Token

LONGEST = timedelta(hours=12)
IDLE = timedelta(minutes=30)
NOTED_EVERY = timedelta(minutes=1)  # a use is written down at most so often: reads stay reads


@dataclass(frozen=True)
class Issued:
    """A new sign-in. ``token`` is told once and stored nowhere."""

    token: str
    expires_at: datetime


def issue(staff: Staff, *, at: datetime) -> Issued:
    """A token for somebody who has proved who they are."""
    text = secrets.token_urlsafe(32)
    Token.objects.create(staff=staff, digest=_digest(text), created_at=at, used_at=at)
    return Issued(text, at + LONGEST)


def holder(text: str, *, at: datetime) -> Staff | None:
    """Who signed in with this token, or None where it has ended. One statement, two once a minute."""
    token = Token.objects.select_related("staff").filter(digest=_digest(text)).first()
    if token is None or _has_ended(token, at) or not token.staff.is_active:
        return None
    if at - token.used_at >= NOTED_EVERY:
        Token.objects.filter(pk=token.pk).update(used_at=at)
    return token.staff


def _has_ended(token: Token, at: datetime) -> bool:
    return at - token.created_at >= LONGEST or at - token.used_at >= IDLE


def revoke(text: str) -> None:
    """Ends one sign-in. All of a person end with a new password, other roles or leaving (``people.operations``)."""
    Token.objects.filter(digest=_digest(text)).delete()


def forget(*, at: datetime) -> int:
    """Task: drops the rows of tokens that have ended; how many."""
    old = Token.objects.filter(created_at__lt=at - LONGEST) | Token.objects.filter(used_at__lt=at - IDLE)
    return old.delete()[0]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
