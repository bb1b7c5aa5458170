"""Loading messages: what a row becomes, what is refused, and that nothing is loaded twice."""

from __future__ import annotations

import csv
import gzip
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import call_command

from qingyu.cases import importing, operations, standing, verifying
from qingyu.cases.actors import SYSTEM
from qingyu.cases.importing import History
from qingyu.cases.models import Case, CaseClock, CaseEvent, CaseText, ImportedRow
from qingyu.cases.operations import importing as bulk
from tests.people import City

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 1, tzinfo=UTC)
OPENED, REPLIED = datetime(2026, 3, 2, 1, 30, tzinfo=UTC), datetime(2026, 3, 20, 7, 0, tzinfo=UTC)
HEADER = "id,user,opened_at,title,text,topic,replied_at,reply\n"


def matter(key: str = "1", **more: object) -> History:
    values: dict[str, object] = {"title": "路灯不亮", "text": "门前路灯坏了一周", "opened_at": OPENED, **more}
    return History(key=key, **values)  # type: ignore[arg-type]


def answered(key: str = "1", **more: object) -> History:
    return matter(key, reply="已修复", replied_at=REPLIED, **more)


def one_by_one(found: History) -> Case:
    """The same history through the operations, each in a statement of its own."""
    way = importing.ways([found], at=NOW)[0]
    filing = operations.Filing(
        text=found.text, title=found.title, channel=found.channel, topic=found.topic, imported=True
    )
    case = operations.open_case(filing, by=SYSTEM, at=found.opened_at).case
    if way.topic and way.topic != found.topic:
        operations.classify(case, topic=way.topic, by=SYSTEM, at=found.opened_at)
    why = "fallback" if way.fallback else "suggestion"
    operations.route(case, unit=way.unit, assisting=way.assisting, why=why, by=SYSTEM, at=found.opened_at)
    if found.replied_at:
        operations.accept(case, by=SYSTEM, at=found.opened_at)
        operations.answer(case, answer=found.reply, by=SYSTEM, at=found.replied_at)
        operations.review(case, passed=True, by=SYSTEM, at=found.replied_at)
    return case


OWN = {"id", "uuid", "number", "head", "title", "case", "recorded_at", "body", "hash", "salt", "partition"}


def plain(rows: object) -> list[dict[str, object]]:
    """Rows without what is of chance: ids, salts, hashes, the time of writing."""
    return [
        {field.name: getattr(row, field.attname) for field in row._meta.concrete_fields if field.name not in OWN}
        for row in rows  # type: ignore[attr-defined]
    ]


def facts(case: Case) -> list[dict[str, object]]:
    chance = ("title", "text", "digest", "title_digest")
    events = CaseEvent.objects.filter(case=case).order_by("seq")
    return [{name: value for name, value in event.facts.items() if name not in chance} for event in events]


@pytest.mark.parametrize("found", [matter(), answered(), answered(topic="house.lift"), matter(topic="city.noise")])
def test_in_bulk_and_one_by_one_give_the_same_rows(city: City, found: History) -> None:
    bulk.load_answered([found], source="test", at=NOW)
    loaded = Case.objects.get()
    other = one_by_one(found)
    loaded.refresh_from_db()
    other.refresh_from_db()
    assert plain([loaded]) == plain([other])
    assert facts(loaded) == facts(other)
    for model, order in ((CaseEvent, "seq"), (CaseClock, "kind"), (CaseText, "id")):
        mine, theirs = (model.objects.filter(case=case).order_by(order) for case in (loaded, other))  # type: ignore[attr-defined]
        assert plain(mine) == plain(theirs)
    assert not verifying.verify().troubles


def test_the_events_of_a_loaded_case_replay_to_its_row(city: City) -> None:
    bulk.load_answered([answered(str(number)) for number in range(40)], source="test", at=NOW)
    for case in Case.objects.all():
        state, clocks = standing.replay(case)
        assert state == standing.state_of(case)
        assert clocks == standing.clocks_of(case)
    assert not verifying.verify().troubles


def test_a_case_that_was_loaded_goes_on_by_ordinary_operations(city: City) -> None:
    bulk.load_answered([matter(topic="city.noise")], source="test", at=NOW)
    case = Case.objects.get()
    operations.accept(case, by=city.actor("handler"), at=NOW)
    assert case.state == "accepted"
    assert not verifying.verify().troubles


def test_live_rows_are_only_opened_and_not_history(city: City) -> None:
    bulk.load_live([answered()], source="test", at=NOW)
    case = Case.objects.get()
    assert (case.state, case.imported, case.length) == ("received", False, 1)


# Files ----------------------------------------------------------------------------------------------------------


def run(path: Path, *more: str) -> tuple[int, dict[str, object]]:
    out = io.StringIO()
    code = 0
    try:
        call_command("load", "messages", str(path), "--json", *more, stdout=out)
    except SystemExit as exit_:
        code = int(exit_.code or 0)
    return code, json.loads(out.getvalue())


def write(path: Path, *rows: str) -> Path:
    path.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_a_file_is_loaded_once_whatever_its_packing(city: City, tmp_path: Path) -> None:
    plain_file = write(
        tmp_path / "old.csv",
        '7,u1,2026/3/2 9:30,路灯,"坏了,一周",,2026-03-20T15:00:00,已修复',
        "8,u2,2026/3/3 9:30:01,噪声,太吵,,,",
    )
    packed = tmp_path / "old.csv.gz"
    packed.write_bytes(gzip.compress(plain_file.read_bytes()))
    assert run(plain_file)[1]["made"] == 2
    code, told = run(packed)
    assert (code, told["made"], told["known"]) == (0, 0, 2)
    assert sorted(Case.objects.values_list("state", flat=True)) == ["closed", "dispatched"]
    first = ImportedRow.objects.get(source_id="7").case
    assert (first.opened_at, first.closed_at) == (OPENED, REPLIED)


def test_who_wrote_is_not_stored(city: City, tmp_path: Path) -> None:
    run(write(tmp_path / "old.csv", "7,U00099,2026/3/2 9:30,路灯,坏了,,,"))
    assert not CaseText.objects.filter(body__contains="U00099").exists()
    assert not CaseEvent.objects.filter(body__contains="U00099").exists()


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",u,2026/3/2 9:30,a,b,,,", "field_missing"),
        ("1,u,2026/13/2 9:30,a,b,,,", "time_not_readable"),
        ("1,u,,a,b,,,", "field_missing"),
        ("1,u,2099/3/2 9:30,a,b,,,", "in_the_future"),
        ("1,u,2026/3/2 9:30,,,,,", "text_missing"),
        ("1,u,2026/3/2 9:30,a," + "b" * 10_001 + ",,,", "text_too_long"),
        ("1,u,2026/3/2 9:30,a,b,,2026/3/1 9:30,reply", "reply_before_opening"),
        ("1,u,2026/3/2 9:30,a,b,,,reply", "reply_without_time"),
        ("1,u,2026/3/2 9:30,a,b,,2026/3/3 9:30,", "time_without_reply"),
        ("1,u,2026/3/2 9:30,a,b,nothing.known,,", "topic_unknown"),
    ],
)
def test_a_bad_line_is_told_with_its_reason_and_holds_up_no_other(
    city: City, tmp_path: Path, row: str, reason: str
) -> None:
    path = write(tmp_path / "old.csv", row, "2,u,2026/3/2 9:30,路灯,坏了,,,")
    code, told = run(path)
    assert (code, told["made"], told["rejected"]) == (3, 1, 1)
    with Path(str(told["rejected_file"])).open(encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    assert [(line["line"], line["reason"]) for line in lines] == [("2", reason)]


def test_words_that_are_not_utf8_are_rejected(city: City, tmp_path: Path) -> None:
    path = tmp_path / "old.csv"
    path.write_bytes(HEADER.encode() + "1,u,2026/3/2 9:30,路灯,".encode() + "坏了".encode("gb18030") + b",,,\n")
    assert run(path)[1]["rejected"] == 1


def test_an_area_named_in_the_words_decides_the_route(city: City, tmp_path: Path) -> None:
    run(write(tmp_path / "old.csv", "1,u,2026/3/2 9:30,占道,柳岸街道有人占道经营,city.street,,"))
    assert Case.objects.get().owner_id == city.unit("willow")
