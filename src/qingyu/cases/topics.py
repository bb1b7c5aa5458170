"""The topic tree, remembered per process."""

from __future__ import annotations

from dataclasses import dataclass

from qingyu.cases.models import Topic
from qingyu.people import queries as people


@dataclass(frozen=True)
class TopicInfo:
    """What most readers need of a topic; ``path`` holds codes from level 1 down, /-separated."""

    id: int
    code: str
    name: str
    path: str
    level: int
    anonymous: bool
    open: bool


@people.remembered
def by_code() -> dict[str, TopicInfo]:
    """All topics by code; one statement each ten seconds."""
    rows = Topic.objects.order_by("path").values_list("id", "code", "name", "path", "level", "anonymous", "open")
    return {row[1]: TopicInfo(*row) for row in rows}


def full_name(code: str) -> str:
    """Names from level 1 down, e.g. 城乡建设 / 物业管理 / 停车."""
    topic = by_code().get(code)
    if topic is None:
        return ""
    known = by_code()
    return " / ".join(known[step].name for step in topic.path.split("/") if step in known)
