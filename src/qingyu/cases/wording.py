"""One plain sentence for every code by which the house says no; shared by pages and the API.

A test holds that every code raised anywhere has its sentence.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qingyu.rules.refusals import Refusal

SENTENCES: dict[str, Promise | str] = {
    # The case as it stands
    "already_ended": _("This matter has ended already."),
    "not_in_this_state": _("This cannot be done as the matter stands now."),
    "nothing_to_arbitrate": _("No return is waiting for a decision."),
    "return_already_pending": _("A return is already waiting for a decision."),
    "extension_already_pending": _("An extension is already waiting for a decision."),
    "no_extension_asked": _("Nobody has asked for an extension."),
    "before_opening": _("The time lies before the request was filed."),
    "changed_meanwhile": _("Somebody else has changed this case meanwhile. Look at it again."),
    "citizen_not_reachable": _("The person left no way to be reached, so they cannot be asked."),
    "extension_too_late": _("The time limit has passed; it can no longer be extended."),
    "own_request": _("Whoever asked for the extension cannot decide it."),
    "rated_twice": _("This has been rated already."),
    "report_type_is_fixed": _("A report of wrongdoing stays one, and nothing else becomes one."),
    "return_too_late": _("The time to return the case has passed."),
    "returned_too_often": _(
        "The case has been returned as often as is allowed; the centre decides who is responsible."
    ),
    "unit_returned_it": _("That unit has just returned the case."),
    "unit_designated": _("The centre has decided that this unit is responsible; the case cannot be returned."),
    "too_early": _("The time for this has not come yet."),
    "clock_not_running": _("This time limit is not running."),
    "marked_already": _("This has been noted already."),
    "urged_already": _("You have urged within the last 24 hours. The unit and its supervisor know."),
    # What was handed in
    "answer_missing": _("Write the answer."),
    "comment_missing": _("Write a comment."),
    "purpose_missing": _("Say what you need it for."),
    "question_missing": _("Write the question."),
    "reason_missing": _("Give a reason."),
    "reason_unknown": _("This reason is not on the list."),
    "legal_basis_missing": _("Name the legal basis."),
    "text_missing": _("Write what it is about."),
    "text_too_long": _("The text is too long: at most %(longest)s characters."),
    "text_not_unicode": _("The text holds signs that cannot be stored."),
    "type_unknown": _("There is no such type of request."),
    "channel_unknown": _("There is no such channel."),
    "urgency_unknown": _("There is no such urgency."),
    "topic_unknown": _("There is no such topic."),
    "area_unknown": _("There is no such area."),
    "state_unknown": _("There is no such state."),
    "basket_unknown": _("There is no such list."),
    "unit_unknown": _("There is no such unit."),
    "unit_twice": _("The lead unit cannot assist itself."),
    "handler_unknown": _("There is no such person."),
    "handler_not_of_unit": _("This person does not work in the unit that has the case."),
    "contact_needed": _("For this topic we need a phone number or an e-mail address."),
    "contact_unknown": _("Say how the person was contacted."),
    "phone_not_valid": _("This is not a phone number."),
    "email_not_valid": _("This is not an e-mail address."),
    "case_number_not_valid": _("This is not a case number. Please check the 14 digits."),
    "query_code_not_valid": _("This is not a query code. It has eight signs."),
    "resident_id_not_valid": _("This is not a resident identity number."),
    "credit_code_not_valid": _("This is not a unified social credit code."),
    "organisation_code_not_valid": _("This is not an organisation code."),
    "division_code_not_valid": _("This is not a division code."),
    "item_code_not_valid": _("This is not the code of a service item."),
    "outcome_unknown": _("Say how the call ended."),
    "answers_without_call": _("Answers can only be noted when the person was reached."),
    "answer_without_conversation": _("Answers can only be noted when the person was reached."),
    "contacted_missing": _("Say whether the unit contacted the person."),
    "solved_missing": _("Say whether the matter is solved."),
    "satisfied_missing": _("Say how content the person is."),
    "level_unknown": _("Choose one of the five levels."),
    "stars_not_valid": _("Give one to five stars."),
    "partner_code_unknown": _("The partner's code is not known."),
    "partner_has_no_code": _("The partner has no code for this."),
    "time_out_of_range": _("The time lies outside of what can be counted."),
    "time_without_zone": _("The time needs an offset, such as +08:00."),
    "fields_not_valid": _("Some fields are not right."),
    "field_missing": _("This is needed."),
    "field_not_valid": _("This is not right."),
    "field_too_long": _("This is too long."),
    "idempotency_mismatch": _("This key has been used with another content."),
    "not_readable": _("We could not read what was sent."),
    "too_large": _("This is too large."),
    # Files
    "file_empty": _("The file is empty."),
    "file_too_big": _("The file is too big: at most %(megabytes)s MB."),
    "file_type_refused": _("We cannot take this kind of file. Photos, PDF, Word, Excel and sound are fine."),
    "file_gone": _("The file is no longer here. Please choose it again."),
    "too_many_files": _("At most %(most)s files at once."),
    "image_broken": _("The photo is damaged. Please take or save it once more."),
    "image_too_large": _("The photo has too many dots. Please send a smaller one."),
    "pdf_broken": _("The PDF is damaged. Please save it once more."),
    "pdf_active": _("This PDF holds a program. Please print it as a plain PDF and send that."),
    "document_refused": _("This document is damaged or holds macros. Please save it as a plain document."),
    "link_not_valid": _("This link opens nothing."),
    # Who may
    "code_wrong": _("Number and query code do not belong together."),
    "facts_do_not_match": _("What was said does not match what we have."),
    "not_for_citizens": _("Only staff can do this."),
    "not_permitted": _("You have no right to do this."),
    "permission_missing": _("You have no right to do this."),
    "channel_for_staff": _("Requests of this channel are filed by staff. Please sign in."),
    "sign_in_needed": _("Please sign in."),
    "sign_in_failed": _("User name or password is wrong."),
    "sign_in_locked": _("Too many wrong passwords. Please try again later."),
    "otp_required": _("A one-time code is needed."),
    "password_must_change": _("Please set a password of your own first, on the sign-in page."),
    "case_not_found": _("There is no such case, or you may not see it."),
    "not_found": _("There is nothing at this address."),
    "method_not_allowed": _("This address does not take that method."),
    "too_many_requests": _("Too many attempts. Please wait and try again."),
    "request_refused": _("This request was refused."),
    # The house
    "password_weak": _("This password is too weak."),
    "api_key_unknown": _("No key of that name is in force."),
    "username_taken": _("This user name is taken."),
    "role_unknown": _("There is no such role."),
    "permission_unknown": _("There is no such right."),
    "deputy_inactive": _("The deputy no longer works here."),
    "deputy_is_self": _("Nobody can be their own deputy."),
    "ends_before_start": _("The end lies before the start."),
    "day_of_another_year": _("This day is of another year."),
    "unit_under_itself": _("A unit cannot stand under itself."),
    "opening_not_valid": _("These opening hours are not right."),
    "closing_not_valid": _("This closing time is not right."),
    "limit_not_positive": _("A time limit must be more than nothing."),
    "limit_not_readable": _("This time limit cannot be read."),
    "limit_not_whole": _("A time limit is a whole number."),
    "limit_too_long": _("This time limit is too long: at most %(longest)s."),
    "limit_unit_unknown": _("There is no such unit of time."),
    "follower_unknown": _("There is no follower of that name."),
    "not_rebuildable": _("This cannot be made anew from the log."),
    "delivery_waiting": _("The message is still waiting."),
    "delivery_sent": _("The message has been sent already."),
    "delivery_dead": _("The message could not be delivered."),
    "delivery_cancelled": _("The message has been cancelled."),
    "unit_inactive": _("This unit no longer exists."),
}

# What no person who uses the house can bring about: broken keys, broken data, a mistake of ours.
INNER = frozenset(
    {
        "fact_missing",
        "wording_unknown",
        "hash_not_valid",
        "key_malformed",
        "key_missing",
        "key_wrong",
        "seal_broken",
        "key_not_text",
        "key_too_short",
        "float_in_facts",
        "kind_of_fact_unknown",
        "lengths_differ",
        "partly_out_of_range",
        "probability_out_of_range",
        "random_digits_not_valid",
        "rate_out_of_range",
        "salt_too_short",
        "steps_not_falling",
        "weights_not_whole",
    }
)
OUT_OF_ORDER = _("Something is wrong on our side. Please tell the operator the code.")


def sentence(refusal: Refusal) -> str:
    """What the refusal says to a person, in the language of the request."""
    return wording(refusal.code, **refusal.facts)


def wording(code: str, **facts: object) -> str:
    """The sentence of a code. A code without one, which a test forbids, says that something is wrong here."""
    template = str(SENTENCES.get(code, OUT_OF_ORDER))
    try:
        return template % facts
    except KeyError:
        return template
