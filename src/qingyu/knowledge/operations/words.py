"""Texts as they may be stored."""

from __future__ import annotations

from qingyu.rules.refusals import NotValid

LONGEST = 10_000
LONGEST_TITLE = 120
LONGEST_QUESTION = 500


def needed(text: str, field: str, *, longest: int = LONGEST) -> str:
    """The text without blanks around it; NotValid("<field>_missing" | "text_too_long" | "text_not_unicode")."""
    clean = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not clean:
        raise NotValid(f"{field}_missing", field=field)
    if len(clean) > longest:
        raise NotValid("text_too_long", field=field, longest=longest)
    if any("\ud800" <= sign <= "\udfff" for sign in clean):
        raise NotValid("text_not_unicode", field=field)
    return clean
