"""An application that ended badly for somebody: what was wrong is put right by a case of its own, once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from qingyu.applications import operations as applications
from qingyu.cases import operations
from qingyu.cases.actors import CITIZEN
from qingyu.cases.models import Case
from qingyu.followup import operations as calls
from qingyu.followup import queries
from qingyu.followup.models import PendingAct
from qingyu.followup.operations import Call
from qingyu.followup.tasks import apply_answers
from tests.applications.scenes import day, item, sent
from tests.cases.staff_desk import signed_in
from tests.followup.stories import HOUR, follow
from tests.people import City

pytestmark = pytest.mark.django_db
ISSUED = day(3)
BAD = Call("completed", False, "no", "dissatisfied", "说好三天，跑了三趟")


def issued(city: City, *, at: datetime = ISSUED) -> Case:
    item(city)
    case, by = sent(), city.actor("handler")
    applications.admit(case, by=by, at=at - 3 * HOUR)
    applications.decide(case, granted=True, by=by, at=at - 2 * HOUR)
    applications.issue(case, how="online", by=by, at=at - HOUR)
    follow(at=at)
    return case


def test_a_call_about_an_application_that_satisfied_nobody_is_kept_and_opens_a_case_at_the_unit(city: City) -> None:
    case = issued(city)
    assert calls.make_call(case, BAD, viewer=city.viewer("caller"), at=ISSUED) == "mend"
    follow(at=ISSUED)
    assert [apply_answers(at=ISSUED + HOUR) for _ in range(2)] == [1, 0]
    mending = Case.objects.exclude(pk=case.pk).get()
    assert (mending.type, mending.state, mending.lead_id) == ("complaint", "dispatched", city.unit("urban"))
    assert mending.events.get(seq=1).facts["mends"] == case.pk
    words = mending.texts.get(kind="text").body
    assert case.number in words
    assert "跑了三趟" in words
    case.refresh_from_db()
    assert (case.state, case.stage) == ("archived", "issued")
    assert queries.left_to_a_person(city.viewer("caller")) == []


@pytest.mark.parametrize("late", [False, True])
def test_a_poor_rating_opens_one_case_also_after_the_archive_and_a_poor_call_no_second_one(
    city: City, *, late: bool
) -> None:
    case = issued(city)
    if late:
        calls.make_call(case, Call("completed", True, "yes", "satisfied"), viewer=city.viewer("caller"), at=ISSUED)
        case.refresh_from_db()
    operations.rate(case, level="dissatisfied", channel="web", occasion=1, by=CITIZEN, at=ISSUED + HOUR)
    follow(at=ISSUED + HOUR)
    apply_answers(at=ISSUED + HOUR)
    if not late:
        calls.make_call(case, BAD, viewer=city.viewer("caller"), at=ISSUED + 2 * HOUR)
        follow(at=ISSUED + 2 * HOUR)
        apply_answers(at=ISSUED + timedelta(days=1))
    assert Case.objects.exclude(pk=case.pk).count() == 1
    assert not PendingAct.objects.filter(state="refused").exists()
    case.refresh_from_db()
    assert case.state == "archived"


def test_the_caller_reads_what_will_come_of_it(city: City) -> None:
    case = issued(city)
    calls.take(case, viewer=city.viewer("caller"), at=datetime.now(ISSUED.tzinfo))
    html = signed_in(city, "caller").get(f"/desk/followup/{case.number}/").content.decode()
    assert "另开整改工单交承办单位" in html
    assert "退回承办单位重办" not in html
