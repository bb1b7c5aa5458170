"""What ``qingyu verify`` notices, each alteration made behind the application's back."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection

from qingyu.cases import operations
from qingyu.cases.actors import CITIZEN
from qingyu.cases.models import Case
from tests.people import MONDAY, City

pytestmark = pytest.mark.django_db
TABLE = "cases_caseevent"


def filed(city: City) -> Case:
    case = operations.open_case(operations.Filing(text="路灯坏了", channel="web"), by=CITIZEN, at=MONDAY).case
    operations.route(case, unit=city.unit("urban"), by=city.actor("dispatcher"), at=MONDAY + timedelta(hours=1))
    operations.accept(case, by=city.actor("handler"), at=MONDAY + timedelta(hours=2))
    return case


def without_guards(*statements: str) -> None:
    """Carries statements out as somebody could who owns the database."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER case_event_no_update")
            cursor.execute("DROP TRIGGER case_event_no_delete")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {TABLE} DISABLE TRIGGER case_event_no_change")
        for statement in statements:
            cursor.execute(statement)


def verified() -> tuple[int, list[dict[str, object]]]:
    out = io.StringIO()
    try:
        call_command("verify", "--json", stdout=out)
    except SystemExit as exit_:
        return int(exit_.code or 0), json.loads(out.getvalue())["troubles"]
    return 0, json.loads(out.getvalue())["troubles"]


def test_an_untouched_log_is_sound(city: City) -> None:
    filed(city)
    assert verified() == (0, [])


@pytest.mark.parametrize(
    ("statement", "code", "seq"),
    [
        (f"UPDATE {TABLE} SET body = REPLACE(body, '0', '1') WHERE case_id = {{case}} AND seq = 2", "body_altered", 2),
        (f"UPDATE {TABLE} SET kind = 'noted' WHERE case_id = {{case}} AND seq = 3", "column_altered", 3),
        (f"UPDATE {TABLE} SET by_staff = 1000 WHERE case_id = {{case}} AND seq = 2", "column_altered", 2),
        (f"UPDATE {TABLE} SET at = recorded_at WHERE case_id = {{case}} AND seq = 2", "column_altered", 2),
        (f"UPDATE {TABLE} SET partition = 17 WHERE case_id = {{case}} AND seq = 1", "column_altered", 1),
        (f"DELETE FROM {TABLE} WHERE case_id = {{case}} AND seq = 2", "gap", 2),
        (f"DELETE FROM {TABLE} WHERE case_id = {{case}} AND seq = 3", "length", 3),
        ("UPDATE cases_casetext SET body = 'x' WHERE case_id = {case} AND kind = 'text'", "text_altered", 1),
        ("UPDATE cases_case SET head = 'x' WHERE id = {case}", "head", 3),
    ],
)  # fmt: skip
def test_the_first_altered_event_is_named_with_its_case(city: City, statement: str, code: str, seq: int) -> None:
    filed(city)
    case = filed(city)
    without_guards(statement.format(case=case.pk))
    exit_code, troubles = verified()
    assert exit_code == 1
    assert (troubles[0]["code"], troubles[0]["number"], troubles[0]["seq"]) == (code, case.number, seq)


def test_a_case_removed_with_all_its_rows_is_noticed_by_the_head_of_its_partition(city: City) -> None:
    case = filed(city)
    without_guards(
        *(f"DELETE FROM cases_{name} WHERE case_id = {case.pk}" for name in ("caseevent", "caseclock")),
        f"UPDATE cases_case SET title_id = NULL WHERE id = {case.pk}",
        f"DELETE FROM cases_casetext WHERE case_id = {case.pk}",
        f"DELETE FROM cases_case WHERE id = {case.pk}",
    )
    assert [trouble["code"] for trouble in verified()[1]] == ["partition_head"]


def test_a_tail_cut_off_together_with_the_case_row_is_noticed(city: City) -> None:
    case = filed(city)
    without_guards(
        f"DELETE FROM {TABLE} WHERE case_id = {case.pk} AND seq = 3",
        f"UPDATE cases_case SET length = 2, head = (SELECT hash FROM {TABLE} WHERE case_id = {case.pk} AND seq = 2)"
        f" WHERE id = {case.pk}",
    )
    assert [trouble["code"] for trouble in verified()[1]] == ["partition_head"]
