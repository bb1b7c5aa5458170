"""Topics and areas with all that lies below them: whoever asks for a district means its streets too."""

from __future__ import annotations

from collections.abc import Iterable

from qingyu.cases.topics import by_code
from qingyu.people import queries as people


def topics_from(code: str) -> tuple[str, ...]:
    """Codes of the topic and of all below it; an unknown code stands for itself. No statement of its own."""
    return _topics().get(code, (code,))


def areas_from(code: str) -> tuple[str, ...]:
    """The same for areas."""
    return _areas().get(code, (code,))


@people.remembered
def _topics() -> dict[str, tuple[str, ...]]:
    return _subtrees(topic.path for topic in by_code().values())


@people.remembered
def _areas() -> dict[str, tuple[str, ...]]:
    return _subtrees(area.path for area in people.areas().values())


def _subtrees(paths: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Each code with those below it, from paths of codes, /-separated."""
    found: dict[str, list[str]] = {}
    for path in sorted(paths):
        *above, own = path.split("/")
        found.setdefault(own, []).insert(0, own)
        for step in above:
            found.setdefault(step, []).append(own)
    return {code: tuple(codes) for code, codes in found.items()}
