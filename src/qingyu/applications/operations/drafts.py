"""Half-filled applications, kept under a code until the person comes back or their time is over."""

from __future__ import annotations

import json
import secrets
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from qingyu.applications.models import Draft
from qingyu.cases import attachments
from qingyu.cases.attachments import Held
from qingyu.catalog.models import Item
from qingyu.people import sealing
from qingyu.rules.identifiers.numbers import QUERY_ALPHABET

KEPT = timedelta(days=14)
CODE_LENGTH = 10
SAID = "draft:said"


@transaction.atomic
def save_draft(
    item: Item, said: dict[str, Any], *, files: Sequence[Held], at: datetime, code: str = ""
) -> str:  # fmt: skip
    """Keeps what was said so far, for two weeks; answers the code. ``code``: of an earlier draft to replace."""
    row = Draft.objects.select_for_update().filter(code=blind(code), item=item).first() if code else None
    if row is None:
        code = "".join(secrets.choice(QUERY_ALPHABET) for _ in range(CODE_LENGTH))
        row = Draft(code=blind(code), uuid=uuid.uuid4(), item=item)
    row.said = sealing.seal(json.dumps(said, ensure_ascii=False), column=SAID, row=row.uuid)
    row.updated_at, row.expires_at = at, at + KEPT
    row.save()
    for held in files:
        attachments.hold_until(held, row.expires_at)
    return code


def blind(code: str) -> str:
    """By which a draft is found; the code itself is stored nowhere."""
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return sealing.blind(plain, column="draft:code")


def forget_drafts(*, at: datetime) -> int:
    """Those whose time is over are gone with what was said in them."""
    return Draft.objects.filter(expires_at__lt=at).delete()[0]
