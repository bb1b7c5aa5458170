"""Applications of the demo city: one or two at every stage, for items that can be applied for online."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from PIL import Image, ImageDraw

from qingyu.applications import answering, operations
from qingyu.cases import actors, attachments
from qingyu.cases.actors import CITIZEN, Actor
from qingyu.cases.attachments import Held
from qingyu.cases.models import Case
from qingyu.cases.operations import Person
from qingyu.catalog import queries as catalog
from qingyu.people import policy
from qingyu.people import queries as people
from qingyu.rules.forms import Field, Kind

DAY = timedelta(days=1)
Act = Callable[[Case, Actor, datetime], object]
SURNAMES, NAMES = "赵钱孙周吴郑冯陈褚卫", ("雨晴", "子涵", "一诺", "思远", "嘉禾", "明月", "安然", "知夏")


def _admit(case: Case, by: Actor, at: datetime) -> None:
    operations.admit(case, by=by, at=at)


def _correction(case: Case, by: Actor, at: datetime) -> None:
    operations.ask_correction(case, missing="户口簿照片反光，看不清户主页。请平放、开灯，重新拍一张。", by=by, at=at)


def _corrected(case: Case, by: Actor, at: datetime) -> None:
    operations.correct(
        case, text="已经重新拍好了", documents={"m_household_register": (_photo("户口簿"),)}, by=CITIZEN, at=at
    )


def _window(case: Case, by: Actor, at: datetime) -> None:
    operations.choose_window(case, missing="请带户口簿原件到窗口核对。", by=by, at=at)


def _special(case: Case, by: Actor, at: datetime) -> None:
    operations.begin_special(case, procedure="expert_review", days=10, reason="现场需要专家评审", by=by, at=at)


def _granted(case: Case, by: Actor, at: datetime) -> None:
    operations.decide(case, granted=True, by=by, at=at)


def _refused(case: Case, by: Actor, at: datetime) -> None:
    operations.decide(case, granted=False, reason="经核对，户籍和居住证均不在本市，不符合办理条件。", by=by, at=at)


def _issued(case: Case, by: Actor, at: datetime) -> None:
    operations.issue(case, how="online", by=by, at=at)


# Item, how many days ago it was sent, by which channel, and what has happened since, a day apart.
TALES: tuple[tuple[str, int, str, tuple[Act, ...]], ...] = (
    ("birth-card", 0, "web", ()),
    ("birth-card", 1, "web", (_correction,)),
    ("birth-card", 3, "web", (_correction, _corrected)),
    ("birth-card", 2, "web", (_window,)),
    ("birth-card", 2, "web", (_admit,)),
    ("birth-card", 6, "web", (_admit, _granted, _issued)),
    ("birth-card", 4, "web", (_admit, _granted)),
    ("birth-card", 7, "web", (_admit, _refused, _issued)),
    ("birth-card", 5, "web", (_admit, _special)),
    ("birth-card", 3, "window", (_admit, _granted, _issued)),
)


def build(*, rng: Random, at: datetime) -> int:
    """Applications at every stage; how many."""
    done = 0
    for code, ago, channel, acts in TALES:
        sent = at - ago * DAY - timedelta(minutes=rng.randrange(20, 90))
        case = _sent(code, channel, rng, sent)
        for number, act in enumerate(acts, 1):
            act(case, _owner(case), min(sent + number * DAY, at))
        done += 1
    return done


def _sent(code: str, channel: str, rng: Random, at: datetime) -> Case:
    guide = catalog.guide(code, day=people.city_day(at))
    form = catalog.form_for(guide.item, day=people.city_day(at))
    fields = answering.fields_of(form, guide.version)
    name = rng.choice(SURNAMES) + rng.choice(NAMES)
    person = Person(name=name, phone=f"1990000{rng.randrange(10**4):04d}")
    sending = operations.Sending(
        item=code, person=person, channel=channel, answers={one.name: _answer(one, rng, at) for one in _words(fields)},
        documents={one.name: (_photo(one.label),) for one in fields if one.kind is Kind.DOCUMENT and one.required},
        proxy=_guardian(rng) if channel == "window" else None,
    )  # fmt: skip
    by = CITIZEN if channel == "web" else actors.SYSTEM
    return operations.send(sending, by=by, at=at).case


def _guardian(rng: Random) -> operations.Proxy:
    """Who comes to a window for somebody."""
    name = rng.choice(SURNAMES) + rng.choice(NAMES)
    return operations.Proxy("guardian", Person(name=name, phone=f"1990000{rng.randrange(10**4):04d}"))


def _words(fields: tuple[Field, ...]) -> list[Field]:
    return [one for one in fields if one.kind is not Kind.DOCUMENT]


def _answer(one: Field, rng: Random, at: datetime) -> str:
    made = {
        Kind.DATE: (at - timedelta(days=20)).date().isoformat(), Kind.PHONE: f"1990000{rng.randrange(10**4):04d}",
        Kind.NUMBER: str(one.least or 1), Kind.ID: "11010519491231002X",
        Kind.CHOICE: one.choices[0][0] if one.choices else "",
    }  # fmt: skip
    return made.get(one.kind) or (rng.choice(SURNAMES) + rng.choice(NAMES))


def _owner(case: Case) -> Actor:
    """Who answers for the item; the house itself where nobody was named."""
    owner = case.application.owner
    return actors.staff(policy.viewer(owner)) if owner else actors.SYSTEM


def _photo(words: str) -> Held:
    """A page with nothing on it but lines, so that nobody takes it for a real paper."""
    picture = Image.new("RGB", (480, 320), "#f3f1ea")
    draw = ImageDraw.Draw(picture)
    for line in range(6):
        draw.line((40, 60 + 40 * line, 440 - 30 * (line % 3), 60 + 40 * line), fill="#9aa5a6", width=6)
    target = io.BytesIO()
    picture.save(target, "JPEG")
    return attachments.hold(f"{words}.jpg", target.getvalue(), sender="demo")
