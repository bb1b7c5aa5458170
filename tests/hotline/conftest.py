"""A caller who speaks with an agent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:  # read before the settings are
    from qingyu.hotline.models import Call
    from tests.people import City


@pytest.fixture
def call(city: City) -> Call:
    from tests.hotline.scenes import seated, switch, talking

    at_switch = switch()
    seated(city, at_switch)
    return talking(at_switch)
