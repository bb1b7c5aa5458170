"""Commands of the first day and of bad days: ``init``, ``rebuild``, ``dispatch train`` and ``dispatch evaluate``."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from qingyu.assessment.models import CaseFact, UnitDay
from qingyu.cases import following, operations
from qingyu.cases.actors import CITIZEN
from qingyu.cases.models import Case, SearchEntry, TimeLimit
from qingyu.config import commands
from qingyu.people.models import Role, Staff, Unit, WorkingCalendar
from qingyu.rules.refusals import NotAllowed
from tests import guards
from tests.lives import live
from tests.people import MONDAY, City

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(days=9)


@pytest.fixture(autouse=True)
def _heads_stand(db: None) -> None:
    guards.stand()


def run(*arguments: str) -> str:
    said = StringIO()
    call_command(*arguments, stdout=said, stderr=StringIO())
    return said.getvalue()


# init -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def data_dir(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


def test_init_makes_an_administrator_who_must_choose_a_password(db: None) -> None:
    login = json.loads(run("init", "--username", "luhuaigu", "--name", "陆怀谷", "--json"))
    person = Staff.objects.get(username=login["username"])
    assert person.check_password(login["password"])
    assert person.must_change_password
    assert person.rights["roles"] == ["administrator"]
    assert not person.demo


def test_init_lays_out_what_a_first_request_needs(db: None) -> None:
    run("init")
    assert Role.objects.count() == 11
    assert Unit.objects.filter(kind="centre").count() == 1
    assert Unit.objects.filter(fallback=True).exists()
    assert WorkingCalendar.objects.exists()
    assert TimeLimit.objects.filter(in_force=True, clock="handle").exists()
    filing = operations.Filing(text="路灯不亮", channel="web", type="help")
    case = operations.open_case(filing, by=CITIZEN, at=MONDAY).case
    assert case.next_due_at


def test_init_a_second_time_is_refused_and_changes_nothing(db: None) -> None:
    run("init")
    before = set(Staff.objects.values_list("username", "password"))
    with pytest.raises(NotAllowed, match="administrator_exists"):
        run("init", "--username", "another")
    assert set(Staff.objects.values_list("username", "password")) == before


def test_init_a_second_time_is_said_in_words_with_exit_code_1(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    run("init")
    capsys.readouterr()
    assert commands.execute(["qingyu", "init", "--json"]) == 1
    assert "administrator" in capsys.readouterr().err


def test_init_beside_a_city_that_is_there_takes_its_centre(city: City) -> None:
    Staff.objects.filter(username="administrator").update(is_active=False)
    run("init", "--username", "second")
    assert Unit.objects.filter(kind="centre").count() == 1
    assert Staff.objects.get(username="second").unit == city.units["centre"]


# rebuild --------------------------------------------------------------------------------------------------------


def derived() -> dict[str, list[Any]]:
    """What followers made of the log, without the numbers of rows."""
    facts = [{k: v for k, v in row.items() if k != "id"} for row in CaseFact.objects.values()]
    days = [{k: v for k, v in row.items() if k != "id"} for row in UnitDay.objects.values()]
    search = list(SearchEntry.objects.values_list("case_id", "terms"))
    return {"facts": sorted(facts, key=repr), "days": sorted(days, key=repr), "search": sorted(search)}


@pytest.fixture
def followed(city: City) -> dict[str, list[Any]]:
    """Some lives, followed to their end."""
    for seed in range(4):
        live(city, seed)
    while following.catch_up(at=LATER):
        pass
    return derived()


def test_rebuilt_from_nothing_all_is_as_it_was(followed: dict[str, list[Any]]) -> None:
    assert all(followed.values())
    cases = list(Case.objects.order_by("pk").values())
    CaseFact.objects.all().delete()
    UnitDay.objects.all().delete()
    SearchEntry.objects.all().delete()
    said = run("rebuild", "all")
    assert derived() == followed
    assert list(Case.objects.order_by("pk").values()) == cases
    assert "facts" in said
    assert "search" in said


def test_one_follower_is_rebuilt_alone(followed: dict[str, list[Any]]) -> None:
    CaseFact.objects.all().delete()
    SearchEntry.objects.all().delete()
    run("rebuild", "search")
    assert derived() == {**followed, "facts": []}


@pytest.mark.parametrize(
    ("name", "code"), [("notices", "not_rebuildable"), ("plans", "not_rebuildable"), ("none", "follower_unknown")]
)
def test_what_may_not_be_rebuilt_is_refused_with_exit_code_2(city: City, name: str, code: str) -> None:
    with pytest.raises(CommandError, match=code) as refused:
        run("rebuild", name)
    assert refused.value.returncode == 2


# dispatch -------------------------------------------------------------------------------------------------------

TEXTS = {"city.noise.night": "工地半夜施工打桩太吵睡不着", "house.lift": "电梯坏了三天没人修老人下不了楼"}


def training_file(folder: Path, *, labels: int = 2, each: int = 20) -> Path:
    """A CSV of texts that anybody could tell apart."""
    rows = [f"{topic},{text}第{n}次" for topic, text in list(TEXTS.items())[:labels] for n in range(each)]
    file = folder / "texts.csv"
    file.write_text("\n".join(["topic,text", *rows]), encoding="utf-8")
    return file


def test_the_model_is_trained_and_measured_from_files(city: City, data_dir: Path) -> None:
    file = training_file(data_dir)
    trained = json.loads(run("dispatch", "train", "--from", str(file), "--json"))
    assert (trained["examples"], trained["labels"]) == (40, 2)
    assert Path(trained["model"]).is_file()
    found = json.loads(run("dispatch", "evaluate", "--from", str(file), "--json"))
    assert found["texts"] == 40
    assert found["accuracy"] > 0.9
    assert (found["threshold"], found["by_itself_share"]) == (None, 0)
    assert "threshold" in run("dispatch", "train", "--from", str(file))


def test_two_labels_are_the_least_to_learn_from(city: City, data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = training_file(data_dir, labels=1)
    assert commands.execute(["qingyu", "dispatch", "train", "--from", str(file)]) == 1
    assert commands.execute(["qingyu", "dispatch", "train"]) == 1, "no case has been sent yet"
    assert capsys.readouterr().err.count("qingyu: ") == 2
    assert not (data_dir / "models" / "dispatch.npz").exists()


def test_a_file_without_topics_and_one_that_is_not_there_are_refused(city: City, data_dir: Path) -> None:
    (data_dir / "bare.csv").write_text("text\n路灯不亮\n", encoding="utf-8")
    assert commands.execute(["qingyu", "dispatch", "train", "--from", str(data_dir / "bare.csv")]) == 1
    with pytest.raises(CommandError, match="no such file") as refused:
        run("dispatch", "train", "--from", str(data_dir / "none.csv"))
    assert refused.value.returncode == 2


def test_without_a_model_nothing_is_measured(city: City, data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        run("dispatch", "evaluate", "--from", str(training_file(data_dir)))
    assert ended.value.code == 1
    assert "qingyu dispatch train" in capsys.readouterr().err
