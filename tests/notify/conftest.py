"""Keys to seal with, an outbox of one's own, and a gateway for text messages that obeys the test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qingyu.people import sealing
from tests.notify import gateway


@pytest.fixture(autouse=True)
def _house(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.FIELD_KEYS = sealing.new_ring_text()
    settings.DATA_DIR = tmp_path
    settings.EMAIL_URL = "file:"
    settings.SMS_URL = "python:tests.notify.gateway.Gateway"
    settings.LANGUAGE_CODE = "zh-hans"
    sealing.ring.cache_clear()
    gateway.reset()
    yield
    sealing.ring.cache_clear()
