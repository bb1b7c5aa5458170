"""The rows that tell which version is shown when, and by which terms it is found."""

from __future__ import annotations

from qingyu.knowledge.models import Answer, AnswerEntry, AnswerStep, AnswerVersion
from qingyu.knowledge.validity import Span, spans
from qingyu.rules.terms import indexed


def refresh(answer: Answer) -> None:
    """Makes the rows of one answer anew from its versions and steps; none where it is not in force."""
    AnswerEntry.objects.filter(answer=answer).delete()
    if answer.state != Answer.State.IN_FORCE:
        return
    versions = {version.number: version for version in _passed(answer)}
    days = spans([(v.number, v.effective_from, v.expires_on) for v in versions.values()])
    AnswerEntry.objects.bulk_create(_entry(versions[span.version], span) for span in days)


def _passed(answer: Answer) -> list[AnswerVersion]:
    """The versions that passed their review, since the answer was last taken out."""
    steps = list(AnswerStep.objects.filter(answer=answer).order_by("id").values_list("what", "version"))
    ends = [place for place, (what, _) in enumerate(steps) if what == AnswerStep.What.WITHDRAWN]
    since = steps[ends[-1] :] if ends else steps
    numbers = [number for what, number in since if what == AnswerStep.What.IN_FORCE]
    return list(AnswerVersion.objects.filter(answer=answer, number__in=numbers).order_by("number"))


def _entry(version: AnswerVersion, span: Span) -> AnswerEntry:
    return AnswerEntry(
        version=version, answer_id=version.answer_id, shown_from=span.first, shown_to=span.last,
        title_terms=_terms(version.title), text_terms=_terms(version.text),
    )  # fmt: skip


def _terms(text: str) -> str:
    return " ".join(dict.fromkeys(indexed(text)))
