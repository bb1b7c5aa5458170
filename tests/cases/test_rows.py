"""Statements made once store and read exactly what the ORM would."""

from __future__ import annotations

import pytest
from django.db import connection, models

from qingyu.cases import rows
from qingyu.cases.models import Case, CaseClock, CaseEvent, CaseText, Contact, IdempotencyKey, LogHead
from tests.lives import live
from tests.people import MONDAY, City

pytestmark = pytest.mark.django_db


def columns(row: models.Model) -> dict[str, object]:
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {name: bytes(value) if isinstance(value, memoryview) else value for name, value in values.items()}


@pytest.mark.parametrize("model", [Case, CaseClock, CaseEvent, CaseText, Contact])
def test_a_row_read_is_the_row_the_orm_reads(city: City, model: type[models.Model]) -> None:
    for seed in range(6):
        live(city, seed)
    stored = {row.pk: columns(row) for row in model._default_manager.all()}
    assert stored
    assert {pk: columns(rows.find(model, model._meta.pk.attname, pk)[0]) for pk in stored} == stored


def test_rows_are_inserted_with_their_keys_in_order(city: City) -> None:
    case = live(city, 1, steps=0)
    texts = [CaseText(case=case, kind="note", body=f"第{n}段", salt=bytes(16), at=MONDAY) for n in range(5)]
    rows.insert(texts)
    assert [CaseText.objects.get(pk=text.pk).body for text in texts] == [text.body for text in texts]


def test_a_row_that_is_there_is_brought_up_to_date(city: City) -> None:
    case = live(city, 1, steps=0)
    clock = CaseClock.objects.get(case=case, kind="dispatch")
    clock.pk, clock.limit = None, "9 hour"
    rows.insert([clock], conflict=("case_id", "kind", "unit_id", "round"))
    assert CaseClock.objects.get(case=case, kind="dispatch").limit == "9 hour"


def test_a_claim_that_is_taken_says_so_and_leaves_the_transaction_usable(city: City) -> None:
    key = {"caller": "a", "route": "b", "key": "c", "digest": "d", "created_at": MONDAY}
    assert rows.claim(IdempotencyKey(**key), unique=("caller", "route", "key"))
    assert not rows.claim(IdempotencyKey(**key), unique=("caller", "route", "key"))
    assert IdempotencyKey.objects.count() == 1


def test_an_update_writes_the_columns_named_and_no_other(city: City) -> None:
    case = live(city, 1, steps=0)
    before = columns(Case.objects.get(pk=case.pk))
    rows.update(case, {"urges": 7})
    assert columns(Case.objects.get(pk=case.pk)) == before | {"urges": 7}


def test_what_is_locked_is_the_row(city: City) -> None:
    assert columns(rows.locked(LogHead, 3)) == columns(LogHead.objects.get(pk=3))
    with pytest.raises(LogHead.DoesNotExist):
        rows.locked(LogHead, 99)
    assert connection.in_atomic_block
