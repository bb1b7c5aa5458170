"""What an application adds to the page of its case, for staff and for its citizen."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode

from qingyu.applications import queries
from qingyu.applications.acts import ACTS
from qingyu.applications.wording import PROCEDURES
from qingyu.cases.citizen.views.filing import qr_picture
from qingyu.cases.labels import STAGES
from qingyu.cases.models import Case
from qingyu.cases.operations import identity
from qingyu.cases.ports import Part
from qingyu.cases.staff.acts import Act
from qingyu.people import queries as people
from qingyu.people.policy import Viewer
from qingyu.rules.lifecycle import Stage


class ApplicationPart:
    """Named in settings as one of ``CASE_PARTS``."""

    def acts(self) -> tuple[Act, ...]:
        return ACTS

    def for_staff(self, viewer: Viewer, case: Case, *, at: datetime, clear: bool = False) -> Part | None:
        application = queries.of_case(case)
        if application is None:
            return None
        shown = queries.show(case, application, clear=clear and identity.may_know(viewer, case))
        context = _common(shown) | {"hidden": not identity.may_see_papers(viewer, case), "clear": clear}
        return Part("applications/staff_part.html", context | {"may_know": identity.may_know(viewer, case)})

    def for_citizen(self, case: Case, *, at: datetime) -> Part | None:
        application = queries.of_case(case)
        if application is None:
            return None
        shown = queries.show(case, application)
        context = _common(shown) | {
            "can_correct": case.stage in (Stage.CORRECTING, Stage.AT_WINDOW),
            "can_choose_window": case.stage in (Stage.PRECHECK, Stage.CORRECTING),
        }  # fmt: skip
        if shown.result:
            link = f"{settings.PUBLIC_URL}{reverse('verify')}?{urlencode({'code': shown.result.code})}"
            code = shown.result.code
            context |= {"qr": qr_picture(link), "code": f"{code[:4]} {code[4:8]} {code[8:]}"}
        return Part("applications/citizen_part.html", context)


def _common(shown: queries.Shown) -> dict[str, Any]:
    case = shown.case
    rests = [
        {"began": one.began, "ended": one.ended, "why": str(PROCEDURES.get(one.reason, STAGES["correcting"]))}
        for one in shown.rests
    ]
    return {
        "shown": shown, "case": case, "stage": STAGES.get(case.stage, ""), "rests": rests,
        "unit": people.units().get(case.lead_id or 0),
    }  # fmt: skip
