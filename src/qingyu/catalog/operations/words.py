"""Texts as they may be stored."""

from __future__ import annotations

from qingyu.rules.refusals import NotValid

LONGEST = 10_000


def clean(text: str, field: str, *, longest: int = LONGEST) -> str:
    """The text without blanks around it; NotValid("text_too_long" | "text_not_unicode")."""
    found = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if len(found) > longest:
        raise NotValid("text_too_long", field=field, longest=longest)
    if any("\ud800" <= sign <= "\udfff" for sign in found):
        raise NotValid("text_not_unicode", field=field)
    return found


def needed(text: str, field: str, *, longest: int = LONGEST) -> str:
    """The same of a text that must be there; NotValid("<field>_missing")."""
    found = clean(text, field, longest=longest)
    if not found:
        raise NotValid(f"{field}_missing", field=field)
    return found
