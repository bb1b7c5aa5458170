"""What citizens are told. You, in plain words: what happened, what comes next, by when, what they can do."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from qingyu.notify.wording.template import HELP, LOOK, Template

# Lines used by more than one message.
BY = _("You will have an answer by %(due)s.")
REASON = _("The reason: %(reason)s.")
DISAGREE = _("If you do not agree, call %(phone)s and a person will look at it again.")

CITIZEN = {
    "opened": Template(
        _("Request %(number)s: received"),
        (
            _("We have received your request. Its number is %(number)s."),
            _("Next, one unit takes charge of it. You will hear from us when it does."),
            LOOK,
            HELP,
        ),
        _("We have received your request %(number)s. See how it stands: %(link)s"),
    ),
    "refused": Template(
        _("Request %(number)s: we cannot take it up"),
        (_("We cannot take up your request %(number)s."), REASON, DISAGREE, LOOK),
        _("We cannot take up your request %(number)s. The reason: %(reason)s. See more: %(link)s"),
    ),
    "diverted": Template(
        _("Request %(number)s: another office is the right one"),
        (
            _("Your request %(number)s has to go another way."),
            REASON,
            _("The page tells you who is in charge and how to reach them: %(link)s"),
            HELP,
        ),
        _("Your request %(number)s has to go another way: %(reason)s. Where to: %(link)s"),
    ),
    "routed": Template(
        _("Request %(number)s: %(unit)s is in charge"),
        (_("%(unit)s is now in charge of your request %(number)s."), BY, LOOK, HELP),
        _("%(unit)s is in charge of your request %(number)s. Answer by %(due)s. See: %(link)s"),
    ),
    "asked": Template(
        _("Request %(number)s: we need something from you"),
        (
            _("%(unit)s needs to know more before it can go on with your request %(number)s."),
            _("Please answer by %(due)s, so that the unit can go on."),
            _("Read the question and answer it: %(link)s"),
            HELP,
        ),
        _("%(unit)s has a question about your request %(number)s. Please answer by %(due)s: %(link)s"),
    ),
    "extended": Template(
        _("Request %(number)s: it takes longer"),
        (
            _("Your request %(number)s takes longer than promised."),
            REASON,
            _("The new date is %(due)s."),
            LOOK,
            HELP,
        ),
        _("Your request %(number)s takes longer. The new date is %(due)s. See: %(link)s"),
    ),
    "overdue": Template(
        _("Request %(number)s: we are late"),
        (
            _("An answer to your request %(number)s was due by %(due)s. We are late, and we are sorry."),
            _("%(unit)s has been told."),
            LOOK,
            HELP,
        ),
        _("We are late with your request %(number)s and are sorry. %(unit)s has been told. See: %(link)s"),
    ),
    "ended": Template(
        _("Request %(number)s: we have ended it"),
        (
            _("We have ended your request %(number)s without an answer of the unit. The reason stands on its page."),
            DISAGREE,
            LOOK,
        ),
        _("We have ended your request %(number)s. The reason: %(link)s"),
    ),
    "closed": Template(
        _("Request %(number)s: there is an answer"),
        (
            _("%(unit)s has answered your request %(number)s."),
            _("Read the answer and say whether it helped: %(link)s"),
            _("If it is not solved, say so there and we take it up again."),
            HELP,
        ),
        _("%(unit)s has answered your request %(number)s. Read it and say whether it helped: %(link)s"),
    ),
    "redone": Template(
        _("Request %(number)s: taken up again"),
        (
            _("You told us that it is not solved. %(unit)s works on your request %(number)s again."),
            BY,
            LOOK,
            HELP,
        ),
        _("%(unit)s works on your request %(number)s again. Answer by %(due)s. See: %(link)s"),
    ),
    "reopened": Template(
        _("Request %(number)s: open again"),
        (_("There is something new, so your request %(number)s is open again."), LOOK, HELP),
        _("Your request %(number)s is open again. See: %(link)s"),
    ),
    "urged": Template(
        _("Request %(number)s: we have passed on that you are waiting"),
        (_("We have told %(unit)s that you are waiting for your request %(number)s."), LOOK, HELP),
        _("We have told %(unit)s that you are waiting for your request %(number)s. See: %(link)s"),
    ),
    "withdrawn": Template(
        _("Request %(number)s: withdrawn"),
        (
            _("Your request %(number)s was withdrawn, as you asked. Nobody works on it any more."),
            _("If that is wrong, call %(phone)s."),
        ),
        _("Your request %(number)s was withdrawn, as you asked. If that is wrong, call %(phone)s."),
    ),
    "facility_mended": Template(
        _("Report %(number)s: %(unit)s is in order again"),
        (_("What you told us of at %(unit)s is in order again. Thank you."), LOOK, HELP),
        _("What you told us of at %(unit)s is in order again. Thank you. See: %(link)s"),
    ),
    "code_sent": Template(
        _("Request %(number)s: how to look it up"),
        (
            _("You asked for the query code of your request %(number)s."),
            _("This address opens it: %(link)s"),
            _("Whoever has this address can read the request. Do not pass it on."),
        ),
        _("Your request %(number)s opens here: %(link)s Do not pass this on."),
    ),
}
