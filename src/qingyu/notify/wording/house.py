"""What units and staff are told: short, the number first, the time limit, one address to open."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from qingyu.notify.wording.template import OPEN, Template

DUE = _("Due by %(due)s.")


def _of(subject: str, *lines: str) -> Template:
    return Template(subject, (*lines, OPEN), subject)


HOUSE = {
    "routed": _of(_("Case %(number)s: new for you"), _("A case has come to your unit. Accept or return it."), DUE),
    "assigned": _of(_("Case %(number)s: you are in charge"), _("You are in charge of this case."), DUE),
    "returned": _of(_("Case %(number)s: returned by %(unit)s"), _("A unit returned this case. Please decide.")),
    "arbitrated": _of(_("Case %(number)s: the return was decided"), _("The centre has decided about the return.")),
    "replied": _of(_("Case %(number)s: the person has replied"), _("Handling goes on, and so does the time."), DUE),
    "added": _of(_("Case %(number)s: the person added something"), _("There is something new from the person.")),
    "extension_asked": _of(
        _("Case %(number)s: %(unit)s asks for more time"), _("Please decide about the extension."), DUE
    ),
    "extension_granted": _of(_("Case %(number)s: more time granted"), _("The extension was granted."), DUE),
    "extension_declined": _of(_("Case %(number)s: no more time"), _("The extension was declined."), DUE),
    "answered": _of(_("Case %(number)s: answer to review"), _("A unit has answered. Please review.")),
    "sent_back": _of(
        _("Case %(number)s: answer sent back"),
        _("The review sent your answer back. The time counts on."),
        DUE,
    ),
    "redone": _of(
        _("Case %(number)s: not solved, once more"),
        _("The person says it is not solved. Please handle it again."),
        DUE,
    ),
    "reopened": _of(_("Case %(number)s: open again"), _("There are new facts."), DUE),
    "urged": _of(_("Case %(number)s: the person is waiting"), _("The person asked how it stands."), DUE),
    "pressed": _of(_("Case %(number)s: pressed by the centre"), _("The centre asks you to hurry."), DUE),
    "warned": _of(_("Case %(number)s: due soon"), _("The time is nearly used up."), DUE),
    "overdue": _of(_("Case %(number)s: overdue"), _("The time limit has passed."), DUE),
    "facility_fault": _of(
        _("Case %(number)s: %(unit)s"), _("Something you answer for is not in order. Please see to it."), DUE
    ),
    "round_late": _of(_("%(unit)s: %(number)s has not been done"), _("Please send somebody round now."), DUE),
    "applied": _of(_("Application %(number)s: new for you"), _("Check it and say all that is missing at once."), DUE),
    "corrected": _of(_("Application %(number)s: corrected"), _("What was missing has arrived. Check it again."), DUE),
    "deputy": _of(_("Application %(number)s: the deputy has it"), _("The owner was silent."), DUE),
    "silent": _of(_("Application %(number)s: %(unit)s is silent"), _("Owner and deputy were silent: see to it.")),
    "withdrawn": _of(_("Case %(number)s: withdrawn"), _("The person withdrew it. Nothing more to do.")),
}
