"""What operations share about texts: a reason must be there, and a text becomes facts by its id."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from qingyu.cases import papers
from qingyu.cases.models import Case, CaseText, Notice
from qingyu.rules.listening import Ending, require_ending
from qingyu.rules.refusals import NotValid

LONGEST = 10_000


def needed(text: str, field: str) -> str:
    """The text without blanks around it; NotValid("<field>_missing" | "text_too_long")."""
    clean = text.replace("\x00", "").strip()
    if not clean:
        raise NotValid(f"{field}_missing", field=field)
    if len(clean) > LONGEST:
        raise NotValid("text_too_long", field=field, longest=LONGEST)
    return clean


def written(case: Case, kind: CaseText.Kind, text: str, *, at: datetime, shown: bool) -> dict[str, Any]:
    """Stores a text and returns the facts that refer to it: its id and its salted digest."""
    stored = papers.write_text(case, kind, text, at=at, shown=shown)
    return {"text": stored.id, "digest": stored.digest}


def optional(case: Case, kind: CaseText.Kind, text: str, *, at: datetime, shown: bool) -> dict[str, Any]:
    """The same for a text that may be empty."""
    return written(case, kind, needed(text, "text"), at=at, shown=shown) if text.strip() else {}


def with_ending(case: Case, answer: str, *, ending: str, legal_basis: str) -> tuple[str, dict[str, str]]:
    """The text of an answer, and the facts that say how a matter of the listening desk ended; none for all others.

    NotValid: answer_missing, text_too_long, and for the listening desk ending_missing, legal_basis_missing.
    """
    text = needed(answer, "answer")
    if case.door != "listening":
        return text, {}
    found = require_ending(ending, legal_basis)
    basis = f"\n{legal_basis.strip()}" if found is Ending.NO else ""
    return needed(text + basis, "answer"), {"ending": str(found)}


def notice(group: Notice.Group, code: str) -> Notice:
    """The reason with that code; NotValid("reason_missing" | "reason_unknown")."""
    if not code:
        raise NotValid("reason_missing", field="reason")
    found = Notice.objects.filter(group=group, code=code, active=True).first()
    if found is None:
        raise NotValid("reason_unknown", field="reason", reason=code)
    return found
