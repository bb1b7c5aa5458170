"""Where the house is let send by itself: what is shown before, who may, what is refused, what is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from qingyu.cases.dispatch import operations, suggesting, training
from qingyu.cases.dispatch.learner import Example
from qingyu.cases.models import DispatchSetting
from qingyu.people.models import AdminChange
from tests.cases.staff_desk import signed_in
from tests.people import City

pytestmark = pytest.mark.django_db
PAGE = "/desk/dispatch/settings/"


@pytest.fixture(autouse=True)
def data_dir(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def trained() -> None:
    """A model that is sure of two topics."""
    texts = {"city.noise.night": "工地半夜施工打桩太吵", "house.lift": "电梯坏了老人下不了楼"}
    training.train([Example(f"{text}第{n}次", topic) for topic, text in texts.items() for n in range(40)])


@pytest.mark.parametrize(
    ("role", "status"),
    [("operator", 200), ("administrator", 200), ("dispatcher", 403), ("supervisor", 403), ("handler", 403)],
)
def test_only_who_may_decide_it_comes_in(city: City, role: str, status: int) -> None:
    client = signed_in(city, role)
    assert client.get(PAGE).status_code == status
    assert client.post(PAGE, {"threshold": "off"}).status_code == (302 if status == 200 else 403)


def test_without_a_model_the_page_says_how_to_get_one_and_offers_nothing(city: City) -> None:
    html = signed_in(city, "operator").get(PAGE).content.decode()
    assert "qingyu dispatch train" in html
    assert 'name="threshold"' not in html


def test_share_and_expected_accuracy_stand_there_before_it_is_switched_on(city: City, trained: None) -> None:
    answer = signed_in(city, "operator").get(PAGE)
    row = answer.context["rows"][0]
    html = answer.content.decode()
    assert f'value="{row["percent"]}"' in html
    assert f"{row['share']:.1f}%" in html
    assert f"{row['accuracy']:.1f}%" in html
    assert answer.context["in_force"] == ""
    assert not DispatchSetting.objects.exists()


def test_what_is_chosen_holds_with_the_figures_that_were_shown_and_is_logged(city: City, trained: None) -> None:
    client = signed_in(city, "operator")
    row = client.get(PAGE).context["rows"][0]
    assert client.post(PAGE, {"threshold": str(row["percent"])}).status_code == 302
    kept = DispatchSetting.objects.get()
    assert operations.threshold_in_force() == pytest.approx(row["percent"] / 100)
    assert (kept.share * 100, kept.accuracy * 100) == pytest.approx((row["share"], row["accuracy"]))
    assert kept.by == city.staff["operator"].pk
    change = AdminChange.objects.filter(what="set_threshold").get()
    assert change.facts["threshold"] == kept.threshold
    assert city.staff["operator"].name in client.get(PAGE).content.decode()


def test_switched_off_the_house_sends_nothing_and_both_decisions_are_kept(city: City, trained: None) -> None:
    client = signed_in(city, "administrator")
    client.post(PAGE, {"threshold": str(client.get(PAGE).context["rows"][0]["percent"])})
    client.post(PAGE, {"threshold": "off"})
    assert operations.threshold_in_force() is None
    assert DispatchSetting.objects.count() == 2
    assert AdminChange.objects.filter(what="set_threshold").count() == 2


@pytest.mark.parametrize("threshold", ["", "0", "55", "101", "abc", "-1", "97.5"])
def test_a_threshold_that_is_not_offered_is_refused_in_words(city: City, trained: None, threshold: str) -> None:
    answer = signed_in(city, "operator").post(PAGE, {"threshold": threshold})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not DispatchSetting.objects.exists()


def test_without_its_model_it_can_still_be_switched_off(city: City, trained: None) -> None:
    client = signed_in(city, "operator")
    client.post(PAGE, {"threshold": str(client.get(PAGE).context["rows"][0]["percent"])})
    suggesting.model_path().unlink()
    assert 'value="off"' in client.get(PAGE).content.decode()
    assert client.post(PAGE, {"threshold": "off"}).status_code == 302
    assert operations.threshold_in_force() is None


def test_a_model_that_is_sure_of_nothing_is_not_called_missing(city: City) -> None:
    training.train([Example(f"{sign}", topic) for topic in ("city.street", "house.lift") for sign in "甲乙丙"])
    answer = signed_in(city, "operator").get(PAGE)
    assert answer.context["rows"] == []
    assert "qingyu dispatch train" not in answer.content.decode()
