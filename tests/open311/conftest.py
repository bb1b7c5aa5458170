"""Rate limits are counted in memory: each test begins with none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from qingyu.config import ratelimit


@pytest.fixture(autouse=True)
def fresh_counter() -> Iterator[None]:
    ratelimit.counter.tries.clear()
    yield
    ratelimit.counter.tries.clear()
