"""The sentences of the codes by which the knowledge base says no; the shared ones stand with those of the cases."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise | str] = {
    "answer_code_taken": _("Another answer has this code."),
    "answer_of_other_unit": _("Another unit owns the answer with this code."),
    "answer_not_in_force": _("This answer is not in force."),
    "code_not_valid": _("A code has small letters, digits, - and _ only."),
    "expires_before_effective": _("The last day lies before the first."),
    "nothing_to_review": _("No version of this answer waits for its review."),
    "own_answer": _("You wrote this version yourself; somebody else has to put it in force."),
    "question_answered": _("This question has been answered already."),
    "title_missing": _("Write a title."),
    "unit_has_it": _("This unit has the question already."),
    "withdrawn_already": _("This answer has been taken out already."),
}
