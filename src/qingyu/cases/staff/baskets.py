"""Which baskets a person has, what lies in them, and how a list is narrowed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qingyu.cases import queries, search
from qingyu.cases.models import Case
from qingyu.cases.queries import ListPage, Wanted
from qingyu.people.policy import Viewer

FILTERS = ("state", "type", "topic", "area", "owner")


@dataclass(frozen=True)
class Basket:
    """A basket: its name in the address, its words, and who has one (any of the permissions)."""

    name: str
    label: str | Promise
    icon: str
    permissions: tuple[str, ...]
    mixed: bool = True


BASKETS = (
    Basket("received", _("To dispatch"), "inbox", ("case.dispatch", "case.answer_at_once"), mixed=False),
    Basket("disputed", _("Returns to decide"), "corner-up-left", ("case.arbitrate",), mixed=False),
    Basket("review", _("Answers to review"), "shield-check", ("case.review",), mixed=False),
    Basket("extension", _("Extensions to decide"), "hourglass", ("case.decide_extension",)),
    Basket("new", _("To accept or check"), "send", ("case.handle",), mixed=False),
    Basket("working", _("In hand"), "clock", ("case.handle",)),
    Basket("mine", _("Mine"), "user", ("case.handle",)),
    Basket("late", _("Overdue"), "triangle-alert", ("case.read",)),
    Basket("open", _("All open"), "list", ("case.read",)),
    Basket("closed", _("Closed"), "circle-check", ("case.read",), mixed=False),
)
BY_NAME = {basket.name: basket for basket in BASKETS}


def of(viewer: Viewer) -> list[Basket]:
    """The baskets of this person, in the order of the day's work."""
    return [basket for basket in BASKETS if any(viewer.may(code) for code in basket.permissions)]


def counts(viewer: Viewer, *, at: datetime) -> dict[str, int]:
    """How many cases lie in each of them, to 999; one statement. What has ended is not counted."""
    names = tuple(basket.name for basket in of(viewer) if basket.name != "closed")
    return queries.basket_counts(viewer, names, at=at)


def first(found: list[Basket], counted: dict[str, int]) -> str:
    """The basket to begin with: the first that is not empty."""
    filled = [basket.name for basket in found if counted.get(basket.name)]
    return filled[0] if filled else found[0].name if found else ""


def wanted(name: str, given: QueryDict, *, viewer: Viewer, at: datetime) -> Wanted:
    """The list behind an address; what cannot be read is passed over."""
    basket = name if name in queries.BASKETS else "open" if name in BY_NAME else ""
    return Wanted(
        basket="" if given.get("state") else basket,
        state=given.get("state", "") if given.get("state") in Case.State.values else "",
        type=given.get("type", ""),
        topic=given.get("topic", ""),
        area=given.get("area", ""),
        owner=number(given.get("owner", "")),
        handlers=viewer.staff_ids if name == "mine" else (),
        due_before=at if name == "late" else None,
        page=number(given.get("page", "")) or 1,
    )


def number(text: str) -> int | None:
    """A figure from an address, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def listed(viewer: Viewer, chosen: Wanted, words: str) -> ListPage:
    """One page of the list; with words, those of the 50 newest findings that fit the rest."""
    if not words.strip():
        return queries.desk_list(viewer, chosen)
    found = {row.number: row for row in search.find_words(viewer, words)}
    fitting = queries.filtered(viewer, replace(chosen, numbers=tuple(found)), most=len(found) or 1)
    return ListPage([found[number] for number in fitting.values_list("number", flat=True)])


def address(name: str, given: QueryDict, **other: object) -> str:
    """The query of an address with the same narrowing."""
    kept = {key: given[key] for key in (*FILTERS, "words") if given.get(key)}
    return "?" + urlencode({"basket": name, **kept, **other})
