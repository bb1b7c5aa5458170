"""Answers of the knowledge base from a file; saved answers for staff where a line has no code."""

from __future__ import annotations

import re

from qingyu.desk.loading import policy
from qingyu.desk.loading.reading import Line
from qingyu.desk.loading.report import Did, Source
from qingyu.knowledge import operations
from qingyu.knowledge.models import Answer, AnswerVersion
from qingyu.knowledge.operations import Draft
from qingyu.people import queries as people
from qingyu.rules.refusals import NotAllowed, NotValid

CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")


def answer(line: Line, source: Source) -> Did:
    """code, title, text, unit[, topic, effective_from, expires_on, review_on]: in force as it is loaded.

    A line whose words or days differ from the newest version becomes a new version. One that was taken out stays out.
    NotValid: code_not_valid, unit_unknown, topic_unknown, not_a_date, expires_before_effective, text_too_long.
    NotAllowed: answer_of_other_unit, withdrawn_already.
    """
    if "code" not in line.values:
        return policy.answer(line, source)
    found = Answer.objects.filter(code=_code(line)).first()
    if found is None:
        made = operations.write(
            _draft(line), unit=_unit(line), topic=line.text("topic", ""), code=_code(line),
            review_on=line.day("review_on"), by=None, at=source.at,
        )  # fmt: skip
        operations.put_in_force(made, by=None, at=source.at)
        return Did.MADE
    return _change(found, line, source)


def _change(found: Answer, line: Line, source: Source) -> Did:
    if found.unit_id != _unit(line):
        raise NotAllowed("answer_of_other_unit")
    if found.state == Answer.State.WITHDRAWN:
        raise NotAllowed("withdrawn_already")
    if _is_same(found, line):
        return Did.SAME
    operations.new_version(found, _draft(line), review_on=line.day("review_on"), by=None, at=source.at)
    operations.put_in_force(found, by=None, at=source.at)
    return Did.CHANGED


def _is_same(found: Answer, line: Line) -> bool:
    """Days that the line leaves out are as they were."""
    version, draft = AnswerVersion.objects.get(answer=found, number=found.newest), _draft(line)
    first = draft.effective_from or version.effective_from
    days = (first, draft.expires_on, line.day("review_on") or found.review_on)
    words = (draft.title, draft.text.replace("\r\n", "\n"))
    return (words, days) == (
        (version.title, version.text), (version.effective_from, version.expires_on, found.review_on)
    )  # fmt: skip


def _draft(line: Line) -> Draft:
    return Draft(line.text("title"), line.text("text"), line.day("effective_from"), line.day("expires_on"))


def _code(line: Line) -> str:
    code = line.text("code")
    if not CODE.fullmatch(code):
        raise NotValid("code_not_valid", field="code", found=code[:80])
    return code


def _unit(line: Line) -> int:
    try:
        return people.unit_ids()[line.text("unit")]
    except KeyError:
        raise NotValid("unit_unknown", field="unit", found=line.text("unit")) from None
