"""What contradicts itself or is missing in the guides, and which of them nobody has looked at in time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from qingyu.catalog.models import Item, ItemVersion, Material
from qingyu.rules import guides as rules

EVERYTHING = Q()


@dataclass(frozen=True)
class Faulty:
    """An item with what is wrong in its guide, in the order of ``rules.guides.Fault``."""

    code: str
    name: str
    unit_id: int
    faults: tuple[rules.Fault, ...]

    @property
    def contradictions(self) -> tuple[rules.Fault, ...]:
        """Those where one of two statements must be wrong."""
        return tuple(fault for fault in self.faults if fault in rules.CONTRADICTIONS)

    @property
    def gaps(self) -> tuple[rules.Fault, ...]:
        """Those where something is missing."""
        return tuple(fault for fault in self.faults if fault not in rules.CONTRADICTIONS)


def faulty(*, day: date, among: Q = EVERYTHING) -> list[Faulty]:
    """Every item that is not withdrawn and has something wrong with the guide of that day, by name; two statements.

    ``among`` narrows by columns of ``Item``. Names are compared among all items of the unit.
    """
    rows = list(_versions(day, among))
    papers = _papers([row.pk for row in rows])
    repeated = rules.same_names((row.item.code, row.name, _keeper(row.item)) for row in rows)
    found = [_faulty(row, papers[row.pk], repeated, day) for row in rows]
    return sorted((one for one in found if one.faults), key=lambda one: (one.name, one.code))


def _versions(day: date, among: Q) -> Iterable[ItemVersion]:
    items = Item.objects.filter(among).filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=day))
    rows = ItemVersion.objects.filter(item__in=items, valid_from__lte=day).select_related("item")
    return rows.filter(Q(valid_to=None) | Q(valid_to__gte=day)).defer("steps", "basis", "questions", "hours")


def _papers(versions: Sequence[int]) -> dict[int, list[rules.Paper]]:
    found: dict[int, list[rules.Paper]] = defaultdict(list)
    for version, paper in _rows_of_papers(versions):
        found[version].append(paper)
    return found


def _rows_of_papers(versions: Sequence[int]) -> Iterator[tuple[int, rules.Paper]]:
    rows = Material.objects.filter(version__in=versions) if len(versions) < 500 else Material.objects.all()
    columns = rows.values_list("version_id", "name", "source", "originals", "copies").order_by("place")
    for version, name, source, originals, copies in columns.iterator(chunk_size=2000):
        yield version, _paper(name, source, originals, copies)


def _paper(name: str, source: str, originals: int, copies: int) -> rules.Paper:
    return rules.Paper(name, shared=source == Material.Source.SHARED and bool(originals or copies))


def _keeper(item: Item) -> str:
    """Whose items have to have names of their own: a fallback unit keeps those of several departments."""
    return f"{item.unit_id}/{item.department}"


def _faulty(version: ItemVersion, papers: list[rules.Paper], repeated: frozenset[str], day: date) -> Faulty:
    found = set(rules.faults(_guide(version, papers), day=day))
    if version.item.code in repeated:
        found.add(rules.Fault.SAME_NAME)
    ordered = tuple(fault for fault in rules.Fault if fault in found)
    return Faulty(version.item.code, version.name, version.item.unit_id, ordered)


def faults_of(version: ItemVersion, materials: Iterable[Material], *, day: date) -> tuple[rules.Fault, ...]:
    """What is wrong with one version; whether another item of the unit has its name costs one statement."""
    papers = [_paper(one.name, one.source, one.originals, one.copies) for one in materials]
    of_keeper = Item.objects.filter(unit_id=version.item.unit_id, department=version.item.department)
    same = of_keeper.filter(name=version.name).exclude(pk=version.item_id)
    repeated = frozenset({version.item.code} if same.filter(withdrawn_on=None).exists() else ())
    return _faulty(version, papers, repeated, day).faults


def _guide(version: ItemVersion, papers: list[rules.Paper]) -> rules.Guide:
    item = version.item
    return rules.Guide(
        code=item.code, name=version.name, unit=_keeper(item), papers=tuple(papers),
        legal=_days(version.legal_days, version.legal_day_kind),
        promised=_days(version.promised_days, version.promised_day_kind),
        online=version.online, at_window=version.at_window, by_post=version.by_post, visits=version.visits,
        where=version.where, conditions=version.conditions, charged=version.charged, fee=version.fee,
        fee_basis=version.fee_basis, owned=item.owner_id is not None, deputised=item.deputy_id is not None,
        review_due_on=item.review_due_on,
    )  # fmt: skip


def _days(amount: int | None, kind: str) -> rules.Days | None:
    return None if amount is None else rules.Days(amount, kind)


def stale(*, day: date, among: Q = EVERYTHING) -> list[Item]:
    """Items whose guide should have been confirmed before that day and was not, the oldest first."""
    return list(_stale(day).filter(among).select_related("unit").order_by("review_due_on", "code"))


def stale_counts(*, day: date) -> dict[int, int]:
    """How many guides of each unit are stale that day."""
    rows = _stale(day).values("unit_id").annotate(n=Count("id")).order_by()
    return {row["unit_id"]: row["n"] for row in rows}


def _stale(day: date) -> QuerySet[Item]:
    return Item.objects.filter(review_due_on__lt=day).filter(Q(withdrawn_on=None) | Q(withdrawn_on__gt=day))
