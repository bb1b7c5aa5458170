"""One plain sentence for every code by which the house says no; shared by pages and the API.

A test holds that every code raised anywhere has its sentence.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qingyu.catalog.wording import SENTENCES as OF_ITEMS
from qingyu.knowledge.wording import SENTENCES as OF_ANSWERS
from qingyu.places.wording import SENTENCES as OF_POINTS
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
    "own_unit_request": _("The unit that has the case cannot decide its own extension."),
    "extension_needs_supervisor": _("It has been extended once; only a supervisor can extend it again."),
    "follow_up_waiting": _("The person has not been asked yet. Make the follow-up call first, or wait for its limit."),
    "not_for_staff": _("A rating is given by the person who was served, not by staff."),
    "rated_twice": _("This has been rated already."),
    "report_type_is_fixed": _("A report of wrongdoing stays one, and nothing else becomes one."),
    "return_too_late": _("The time to return the case has passed."),
    "returned_too_often": _(
        "The case has been returned as often as is allowed; the centre decides who is responsible."
    ),
    "unit_returned_it": _("That unit has just returned the case."),
    "urged_already": _("You have urged within the last 24 hours. The unit and its supervisor know."),
    # What was handed in
    "answer_missing": _("Write the answer."),
    "ending_missing": _("Say how it ended: something was changed, or it is a no for a legal reason."),
    "comment_missing": _("Write a comment."),
    "purpose_missing": _("Say what you need it for."),
    "question_missing": _("Write the question."),
    "reason_missing": _("Give a reason."),
    "reason_unknown": _("This reason is not on the list."),
    "legal_basis_missing": _("Name the legal basis."),
    "text_missing": _("Write what it is about."),
    "text_too_long": _("The text is too long: at most %(longest)s characters."),
    "text_not_unicode": _("The text holds signs that cannot be stored."),
    "rated_service_unknown": _("There is no such service to rate."),
    "photo_missing": _("Take a photo of the letter: it is what others can check."),
    "received_in_future": _("A letter cannot have come after today."),
    "window_unknown": _("There is no such window."),
    "staff_unknown": _("Nobody of this name works there. Check the name, or leave it empty and name the unit."),
    "staff_ambiguous": _("Several people have this name. Choose their unit or window as well."),
    "own_letter": _("The letter is about you: somebody else must enter it."),
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
    "file_empty": _("This file is empty."),
    "file_gone": _("This file is no longer there. Please choose it again."),
    "file_too_big": _("This file is too big: at most %(megabytes)s MB."),
    "file_type_refused": _("Files of this kind are not taken. Send a photo, a PDF or an office document."),
    "image_too_large": _("This picture has too many points."),
    "image_broken": _("This picture cannot be read."),
    "pdf_broken": _("This PDF cannot be read."),
    "pdf_active": _("This PDF holds programs and is not taken."),
    "document_refused": _("This document is damaged or holds programs and is not taken."),
    "too_many_files": _("These are too many files."),
    "too_many_held": _(
        "Too many files have come from your connection that belong to no request yet. "
        "Send the words alone, and add the files tomorrow."
    ),
    "no_room_for_files": _("We cannot take files right now. Send the words alone, and add the files tomorrow."),
    "idempotency_mismatch": _("This key has been used with another content."),
    "idempotency_key_short": _("The idempotency key is too short: at least %(shortest)s random characters."),
    "not_readable": _("We could not read what was sent."),
    "too_large": _("This is too large."),
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
    "call_taken": _("Somebody else is making this call."),
    "call_too_early": _("Nobody answered not long ago. Try again later, at another time of day."),
    "no_call_to_make": _("No follow-up call is due for this case."),
    "clock_not_running": _("This clock is not running."),
    "marked_already": _("This has been marked already."),
    "too_early": _("It is too early for this."),
    "group_unknown": _("There is no such group of reasons."),
    "kind_unknown": _("There is no such kind of unit."),
    "parent_unknown": _("There is no such code one level up."),
    "calendar_unknown": _("There is no such working calendar."),
    "preset_unknown": _("There is no such set of time limits."),
    "too_deep": _("The tree of topics has three levels."),
    "threshold_out_of_range": _("The threshold lies between 50 and 100 percent, or is left empty."),
    "nothing_to_learn": _("There are too few examples to learn from."),
    "columns_missing": _("The file lacks columns that are needed."),
    "file_not_readable": _("This file cannot be read."),
    "not_a_date": _("This is not a date."),
    "not_a_number": _("This is not a number."),
    "not_a_whole_number": _("This is not a whole number."),
    "not_yes_or_no": _("Write yes or no."),
    "database_not_empty": _("The database holds cases of others; the demo city needs one of its own."),
    "demo_data_damaged": _("A file of the demo city is damaged."),
    "demo_on_public_host": _("Demo accounts exist: only this machine may be served, unless --allow-demo is given."),
    "data_dir_readonly": _("The data directory cannot be written."),
    "database_refuses": _("The database refuses to talk to us."),
    "not_migrated": _("The database must be brought up to date first: qingyu migrate."),
    "made_by_newer": _("The database belongs to a newer version of this program."),
    "one_worker_on_sqlite": _("SQLite takes one web worker."),
    "port_in_use": _("Something else answers on this port already."),
    "port_forbidden": _("This port needs rights that we do not have."),
    "address_unknown": _("This machine has no such address."),
    "from_after_to": _("The first day lies after the last."),
    "span_too_long": _("The span is too long: at most 366 days."),
    "month_not_valid": _("Write a month like 2026-11."),
    "link_not_valid": _("This link is not valid or has expired."),
    "id_too_long": _("The id of the source is too long."),
    "in_the_future": _("This time lies in the future."),
    "not_utf8": _("The file is not written in UTF-8."),
    "rejections_not_writable": _("The list of rejected lines cannot be written there."),
    "reply_before_opening": _("The reply lies before the opening."),
    "reply_without_time": _("There is a reply without its time."),
    "time_without_reply": _("There is a time of reply without a reply."),
    "sign_not_allowed": _("This sign is not allowed here."),
    "time_not_readable": _("This time cannot be read."),
    "answer_exists": _("An answer with this title exists already."),
    "basket_not_empty": _("%(open)s open cases are still in hand. Hand them over first."),
    "clock_unknown": _("There is no such step."),
    "deputy_has_ended": _("This deputy's time has ended."),
    "deputy_is_absent": _("On one of these days somebody stands in for the deputy too."),
    "deputy_named_already": _("This person is deputy on one of these days already."),
    "ends_in_past": _("The end lies in the past."),
    "last_administrator": _("This would leave nobody who can manage staff. Give somebody else that right first."),
    "limit_has_ended": _("This time limit has ended already."),
    "one_centre": _("There is a centre already."),
    "role_exists": _("A role of this code exists already."),
    "route_exists": _("There is this route from that day on already."),
    "route_has_ended": _("This route has ended already."),
    "row_changed_meanwhile": _("Somebody else has changed this meanwhile. Look at it now, then send it again."),
    "source_missing": _("Name the source."),
    "staff_has_left": _("This person no longer works here."),
    "starts_in_past": _("Choose today or a later day: what was promised so far stays as it is."),
    "topic_has_children": _("Topics stand below it; it cannot be moved."),
    "unit_is_centre": _("The centre receives and sends all cases; it stays as it is."),
    "unit_is_open": _("This unit is open already."),
    "unit_designated": _("The centre has named this unit; it cannot return the case."),
    "unit_has_units": _("%(count)s units stand below it. Move or close them first."),
    "unit_has_staff": _("%(count)s people still work there. Move them first."),
    "unit_has_cases": _("%(count)s cases are still open there. They must be closed or sent on first."),
    "administrator_exists": _("There is an administrator already."),
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
    "done_already": _("This has been done already; it was not done twice."),
    "unit_inactive": _("This unit no longer exists."),
    # The cases behind a figure of the barometer
    "indicator_unknown": _("There is no such indicator here."),
    "hall_unknown": _("There is no such hall."),
    "part_unknown": _("The part is all, yes or no."),
    "cursor_not_valid": _("This page of the list does not exist; begin at the first."),
}


def add_sentences(more: Mapping[str, Promise | str]) -> None:
    """Take in the sentences of another app. ValueError where a code has one already: the last app would win."""
    twice = SENTENCES.keys() & more.keys()
    if twice:
        raise ValueError(f"codes with two sentences: {', '.join(sorted(twice))}")
    SENTENCES.update(more)


for _of_an_app in (OF_ANSWERS, OF_ITEMS, OF_POINTS):
    add_sentences(_of_an_app)

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
        "side_missing",
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
