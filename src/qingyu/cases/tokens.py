"""The link by which a person rates a case without number and code: it opens the rating of that case, nothing else."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

from django.conf import settings

from qingyu.cases.models import Case
from qingyu.rules.refusals import NotPermitted

NUMBER_BYTES = 6
SEAL_BYTES = 12
"""96 bits: nobody guesses that, so the link needs no second secret."""


def rating_token(case: Case) -> str:
    """24 signs fit for a URL: the number of the case, which is no secret, and a seal made with the house's secret."""
    number = int(case.number).to_bytes(NUMBER_BYTES)
    return base64.urlsafe_b64encode(number + _seal(case)).decode()


def case_of_token(token: str) -> Case:
    """The case whose rating the link opens; NotPermitted("link_not_valid") for all others."""
    try:
        raw = base64.b64decode(token.encode(), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise NotPermitted("link_not_valid") from None
    number, seal = int.from_bytes(raw[:NUMBER_BYTES]), raw[NUMBER_BYTES:]
    case = Case.objects.select_related("title").filter(number=f"{number:014d}").first()
    if case is None or not hmac.compare_digest(_seal(case), seal):
        raise NotPermitted("link_not_valid")
    return case


def _seal(case: Case) -> bytes:
    key = settings.SECRET_KEY.encode()
    return hmac.new(key, b"rating:" + case.uuid.bytes, hashlib.sha256).digest()[:SEAL_BYTES]
