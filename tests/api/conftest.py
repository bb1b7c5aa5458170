"""Rate limits are counted in memory: where they are on, each test begins with none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def rate_limits(settings: Any) -> Iterator[None]:
    """Limits as in service, with nothing counted yet."""
    from qingyu.config import ratelimit

    settings.RATE_LIMITS = True
    ratelimit.counter.tries.clear()
    yield
    ratelimit.counter.tries.clear()
