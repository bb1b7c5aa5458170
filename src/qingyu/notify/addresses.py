"""Addresses: whether a channel can use one, and how it is shown without giving it away."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

_PHONE = re.compile(r"\+?\d{5,15}")


def trouble(address: str, *, channel: str) -> str:
    """Empty if the channel can use the address, else ``address_missing`` or ``address_unusable``."""
    if not address:
        return "address_missing"
    usable = {"email": _is_email, "sms": _is_phone}.get(channel, _is_one_line)
    return "" if usable(address) else "address_unusable"


def masked(address: str) -> str:
    """``138****1234``, ``w***@example.org``; anything else is hidden whole."""
    name, at, host = address.rpartition("@")
    if at:
        return f"{name[:1]}***@{host}"
    if _PHONE.fullmatch(address) and len(address) > 9:
        return f"{address[:-8]}****{address[-4:]}"
    return "***" if address else ""


def _is_email(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return True


def _is_phone(address: str) -> bool:
    return _PHONE.fullmatch(address) is not None


def _is_one_line(address: str) -> bool:
    return address.isprintable()
