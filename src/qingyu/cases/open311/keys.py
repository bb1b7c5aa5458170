"""Keys of partners: random, told once, stored as a hash."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from qingyu.cases.models import ApiKey
from qingyu.rules.refusals import NotAllowed


def make(name: str, *, at: datetime) -> str:
    """A new key for the partner of that name; it cannot be shown again."""
    key = secrets.token_urlsafe(32)
    ApiKey.objects.create(name=name[:120], digest=_digest(key), created_at=at)
    return key


def holder(key: str) -> ApiKey | None:
    """The partner who holds the key, if it is in force; one statement."""
    return ApiKey.objects.filter(digest=_digest(key), revoked_at=None).first() if key else None


def revoke(name: str, *, at: datetime) -> int:
    """Ends all keys of that name; how many. NotAllowed("api_key_unknown") where none is in force."""
    ended = ApiKey.objects.filter(name=name, revoked_at=None).update(revoked_at=at)
    if not ended:
        raise NotAllowed("api_key_unknown", name=name)
    return ended


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
