"""What the case line itself does when events arrive: suggestions for new cases, and the search index."""

from __future__ import annotations

from collections.abc import Sequence

from qingyu.cases import papers, queries, search
from qingyu.cases.dispatch import suggesting
from qingyu.cases.following import Follower
from qingyu.cases.models import Case, CaseEvent, CaseText, SearchEntry, Suggestion

INDEXED = ("opened", "added", "replied", "reopened", "reviewed", "answered_at_once", "refused", "diverted")
ANSWERING = ("answered", "reviewed", "answered_at_once")


class Suggestions(Follower):
    """For each new case: what past cases say about its topic, and the unit the routing table gives for that."""

    name = "suggestions"
    rebuildable = False

    def follow(self, events: Sequence[CaseEvent]) -> None:
        opened = [event.case_id for event in events if event.kind == "opened"]
        if opened:
            suggesting.suggest_for(opened)

    def clear(self) -> None:
        Suggestion.objects.all().delete()


class SearchIndex(Follower):
    """Search terms of title, text, additions and the answer a citizen sees; scrubbed, and never of sealed cases."""

    name = "search"
    rebuildable = True

    def follow(self, events: Sequence[CaseEvent]) -> None:
        ids = {event.case_id for event in events if event.kind in INDEXED}
        if not ids:
            return
        texts: dict[int, list[CaseText]] = {}
        for text in CaseText.objects.filter(case_id__in=ids).exclude(kind__in=["note", "reason", "comment"]):
            texts.setdefault(text.case_id, []).append(text)
        answers = _passed_answers(ids)
        entries = [_entry(case, texts.get(case.pk, []), answers) for case in Case.objects.filter(pk__in=ids)]
        SearchEntry.objects.bulk_create(
            [entry for entry in entries if entry.terms],
            update_conflicts=True, unique_fields=["case"], update_fields=["terms"],
        )  # fmt: skip

    def clear(self) -> None:
        SearchEntry.objects.all().delete()


def _passed_answers(ids: set[int]) -> set[int]:
    """Ids of the answers of these cases that a citizen may read; one statement."""
    found: dict[int, list[CaseEvent]] = {}
    for event in CaseEvent.objects.filter(case_id__in=ids, kind__in=ANSWERING):
        found.setdefault(event.case_id, []).append(event)
    return {text for events in found.values() for text in queries.passed_answers(events)}


def _entry(case: Case, texts: list[CaseText], answers: set[int]) -> SearchEntry:
    shown = [papers.read_text(text) for text in texts if text.kind != "answer" or text.pk in answers]
    return SearchEntry(case=case, terms=search.indexed_text(case, "\n".join(shown)))
