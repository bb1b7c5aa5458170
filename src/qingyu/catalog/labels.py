"""Words for what the rules name by codes: limits, what is wrong with a guide, the lists of the desk."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from qingyu.catalog.models import DayKind
from qingyu.people.models import Staff
from qingyu.people.permissions import ROLE_NAMES
from qingyu.rules.guides import Fault

FAULTS: dict[Fault, Promise | str] = {
    Fault.PROMISED_OVER_LEGAL: gettext_lazy("promised later than the law allows"),
    Fault.ONLINE_YET_VISITS: gettext_lazy("offered online, yet one has to come"),
    Fault.NO_VISIT_YET_WINDOW_ONLY: gettext_lazy("no visit needed, yet only a window takes it"),
    Fault.FREE_YET_FEE_NAMED: gettext_lazy("free, yet a fee is named"),
    Fault.MATERIAL_TWICE: gettext_lazy("a paper stands there twice"),
    Fault.SHARED_YET_ASKED: gettext_lazy("a paper is asked for that we look up ourselves"),
    Fault.SAME_NAME: gettext_lazy("another item of the unit has the same name"),
    Fault.LIMIT_MISSING: gettext_lazy("no time limit"),
    Fault.LIMIT_KIND_MISSING: gettext_lazy("working days or calendar days is not said"),
    Fault.LIMIT_KINDS_DIFFER: gettext_lazy("law and promise count different days"),
    Fault.OWNER_MISSING: gettext_lazy("no owner"),
    Fault.DEPUTY_MISSING: gettext_lazy("no deputy"),
    Fault.MATERIALS_MISSING: gettext_lazy("no papers listed"),
    Fault.MATERIALS_OPEN_ENDED: gettext_lazy("a paper is not named (other papers)"),
    Fault.CONDITIONS_MISSING: gettext_lazy("who can is not said"),
    Fault.FEE_UNSAID: gettext_lazy("whether it costs something is not said"),
    Fault.FEE_MISSING: gettext_lazy("how much it costs is not said"),
    Fault.FEE_BASIS_MISSING: gettext_lazy("a fee without its legal basis"),
    Fault.DOOR_MISSING: gettext_lazy("neither window nor online nor post"),
    Fault.WHERE_MISSING: gettext_lazy("where the window is is not said"),
    Fault.REVIEW_OVERDUE: gettext_lazy("review overdue"),
}


def days(amount: int | None, kind: str) -> str:
    """A limit in words, "5 working days"; empty where there is none."""
    if amount is None:
        return ""
    if amount == 0:
        return _("while you wait")
    if kind == DayKind.CALENDAR:
        return ngettext("%(n)s calendar day", "%(n)s calendar days", amount) % {"n": amount}
    if kind == DayKind.WORKING:
        return ngettext("%(n)s working day", "%(n)s working days", amount) % {"n": amount}
    return ngettext("%(n)s day", "%(n)s days", amount) % {"n": amount}


def post_of(person: Staff | None) -> str:
    """The post of a member of staff in words, never the name; empty without one."""
    if person is None:
        return ""
    roles = (person.rights or {}).get("roles") or [""]
    return str(ROLE_NAMES.get(roles[0], _("member of staff")))
