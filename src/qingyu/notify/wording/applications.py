"""What citizens are told of an application (办件): what happened, what comes next, by when, what they can do."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from qingyu.notify.wording.template import HELP, LOOK, Template

AGAIN = _("You can apply anew at any moment, online or at a window.")
REVIEW = _("If you do not agree, you may ask for a review. Call %(phone)s and a person explains how.")

APPLICATIONS = {
    "applied": Template(
        _("Application %(number)s: received"),
        (
            _("%(unit)s has your application %(number)s."),
            _("You hear by %(due)s whether it is taken up, or all that is missing."),
            LOOK,
            HELP,
        ),
        _("%(unit)s has your application %(number)s and checks it by %(due)s. See: %(link)s"),
    ),
    "correction": Template(
        _("Application %(number)s: something is missing"),
        (
            _("%(unit)s has checked your application %(number)s: something is missing."),
            _("All of it stands on its page. Please hand it in by %(due)s, there or at a window: %(link)s"),
            HELP,
        ),
        _("Something is missing from your application %(number)s. Please hand it in by %(due)s: %(link)s"),
    ),
    "window": Template(
        _("Application %(number)s: please come to a window"),
        (
            _("Your application %(number)s is finished at a window. Nothing has to be filled in again."),
            _("Please come by %(due)s and give this number. What to bring: %(link)s"),
            HELP,
        ),
        _("Please come to a window by %(due)s for your application %(number)s. What to bring: %(link)s"),
    ),
    "admitted": Template(
        _("Application %(number)s: taken up"),
        (
            _("%(unit)s has taken up your application %(number)s."),
            _("It is decided by %(due)s."),
            LOOK,
            HELP,
        ),
        _("%(unit)s has taken up your application %(number)s and decides by %(due)s. See: %(link)s"),
    ),
    "not_admitted": Template(
        _("Application %(number)s: not taken up"),
        (_("%(unit)s does not take up your application %(number)s. The reason stands on its page."), LOOK, REVIEW),
        _("%(unit)s does not take up your application %(number)s. The reason: %(link)s"),
    ),
    "lapsed": Template(
        _("Application %(number)s: counts as taken back"),
        (
            _("What was missing from your application %(number)s did not arrive in time. It counts as taken back."),
            AGAIN,
            HELP,
        ),
        _("Your application %(number)s counts as taken back: what was missing did not arrive. You can apply anew."),
    ),
    "special": Template(
        _("Application %(number)s: a special procedure"),
        (
            _("Your application %(number)s needs a special procedure; its days do not count. It ends about %(due)s."),
            LOOK,
            HELP,
        ),
        _("Your application %(number)s needs a special procedure, until about %(due)s. See: %(link)s"),
    ),
    "deputy": Template(
        _("Application %(number)s: the deputy has it"),
        (
            _("Nobody at %(unit)s had looked at your application %(number)s in time, and we are sorry."),
            _("The deputy has it now."),
            LOOK,
            HELP,
        ),
        _("We are sorry: nobody had looked at your application %(number)s. The deputy has it now. See: %(link)s"),
    ),
    "decided": Template(
        _("Application %(number)s: decided"),
        (_("%(unit)s has decided about your application %(number)s."), LOOK, HELP),
        _("%(unit)s has decided about your application %(number)s. See: %(link)s"),
    ),
    "issued": Template(
        _("Application %(number)s: the result is here"),
        (_("The result of your application %(number)s is here."), LOOK, HELP),
        _("The result of your application %(number)s is here: %(link)s"),
    ),
}  # fmt: skip
