"""Follow-up alone reads the log here."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture(autouse=True)
def only_followup(settings: Any) -> None:
    settings.FOLLOWERS = ["qingyu.followup.followers.Plans", "qingyu.followup.followers.Notices"]
