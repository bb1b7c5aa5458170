"""The answers of the demo city: what its departments say, some that need their owner, and open questions."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from qingyu.desk.demo import data
from qingyu.knowledge import operations, ports
from qingyu.knowledge.models import AnswerVersion
from qingyu.knowledge.operations import Draft
from qingyu.people import queries as people
from qingyu.people.models import Staff
from qingyu.people.policy import viewer

DAY = timedelta(days=1)
ENDING = {"utilities-heat-temperature": 12, "education-school-enrol": 25}
"""How many days from now these are shown no more."""
TO_LOOK_AT = {"housing-fund-withdraw": -20, "health-insurance-remote": -3}
"""How many days ago somebody should have looked at these again."""


def build(*, rng: Random, at: datetime) -> int:
    """Forty answers in force, one that waits for its review, open questions; how many answers."""
    records = [*(_of_saved(row) for row in data.records("answers")), *data.records("knowledge")]
    for record in records:
        _in_force(record, at=at, helped=rng)
    _waiting(at)
    for asked in data.records("questions"):
        for _ in range(asked["asked"]):
            operations.ask(asked["text"], topic=asked["topic"], at=at - timedelta(hours=asked["hours_ago"]))
    operations.count_stale(at=at)
    return len(records)


def _of_saved(row: dict[str, Any]) -> dict[str, Any]:
    """A saved answer as an answer for everybody: without the greeting."""
    text = row["text"].removeprefix("您好，")
    return {"code": row["topic"].replace(".", "-").replace("_", "-"), "text": text} | {
        name: row[name] for name in ("title", "topic")
    }


def _in_force(record: dict[str, Any], *, at: datetime, helped: Random) -> None:
    today, code = people.city_day(at), record["code"]
    ends = today + ENDING[code] * DAY if code in ENDING else None
    look = today + TO_LOOK_AT[code] * DAY if code in TO_LOOK_AT else None
    answer = operations.write(
        Draft(record["title"], record["text"], today - 90 * DAY, ends), code=code, topic=record["topic"],
        unit=ports.desk().unit_for(record["topic"], on=today), review_on=look, by=None, at=at - 90 * DAY,
    )  # fmt: skip
    operations.put_in_force(answer, by=None, at=at - 89 * DAY)
    version = AnswerVersion.objects.get(answer=answer)
    for number in range(helped.randrange(6)):
        operations.say_helped(version, yes=helped.random() < 0.8, at=at - number * DAY)


def _waiting(at: datetime) -> None:
    """A handler has written one today; a supervisor finds it in the list of reviews."""
    handler = Staff.objects.filter(username="handler").first()
    if handler is None:
        return
    draft = Draft(
        "共享单车停在盲道上怎么办", "请告诉我们路段和时间，平台公司应当在两小时内挪走；反复出现的，我们约谈平台并公布。"
    )
    operations.write(draft, unit=handler.unit_id, topic="transport.shared.bikes", by=viewer(handler), at=at)
