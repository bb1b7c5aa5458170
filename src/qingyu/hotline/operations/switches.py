"""Setting up a telephone switch."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction

from qingyu.hotline.models import Switch
from qingyu.rules.refusals import NotAllowed, NotValid

SHORTEST = 24


def new_secret() -> str:
    """A secret for signatures."""
    return secrets.token_urlsafe(32)


@transaction.atomic
def add_switch(*, code: str, name: str, kind: str, secret: str, at: datetime) -> Switch:
    """A new switch. NotAllowed("switch_exists"), NotValid("secret_short")."""
    if len(secret) < SHORTEST:
        raise NotValid("secret_short", field="secret")
    if Switch.objects.filter(code=code).exists():
        raise NotAllowed("switch_exists")
    switch = Switch(code=code, name=name or code, kind=kind, created_at=at)
    switch.seal_secret(secret)
    switch.save()
    return switch
