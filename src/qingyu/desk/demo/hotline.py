"""The last hour at the demo city's telephones: calls that were answered, given up, let down, rated."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from qingyu.desk.demo.cast import Cast
from qingyu.hotline import operations
from qingyu.hotline.adapters import simulator
from qingyu.hotline.adapters.simulator import Caller, Scene
from qingyu.hotline.models import Call, Switch

EXTENSIONS = ("8001", "8002")
CALLERS = 36
EVERY = 70  # seconds between two callers, about


def build(city: Cast, *, rng: Random, at: datetime) -> None:
    """A switch, and its calls up to now, all wrapped up; some callers are owed a call-back."""
    switch = operations.add_switch(
        code="demo", name="12345 话务平台（模拟）", kind=Switch.Kind.SIMULATOR, secret=operations.new_secret(), at=at
    )  # fmt: skip
    agent = city.by_role["agent"][0].viewer
    assert agent is not None
    begin = at - timedelta(seconds=CALLERS * EVERY + 300)
    operations.agent_state(state="ready", switch=switch, extension=EXTENSIONS[0], viewer=agent, at=begin)
    told = [one for one in simulator.play(_scene(rng), begin=begin) if one.at <= at]
    operations.take_events(switch, told, at=at)
    Call.objects.filter(switch=switch, ended_at__isnull=False).update(wrapped_at=at)
    operations.agent_state(state="offline", viewer=agent, at=at)


def _scene(rng: Random) -> Scene:
    callers = tuple(
        Caller(
            f"demo-{n}", f"1990000{rng.randrange(10_000):04d}", n * EVERY + rng.randrange(40),
            talk=rng.randrange(40, 200), rating=rng.choice((0, 0, 5, 5, 4, 3)),
            patience=rng.choice((None, None, None, 20)),
        )
        for n in range(CALLERS)
    )  # fmt: skip
    return Scene(callers, agents=EXTENSIONS, places=2, timeout=90)
