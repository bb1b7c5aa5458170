"""What a form may choose from: topics, areas, units, reasons, colleagues. All but colleagues are kept in memory."""

from __future__ import annotations

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from qingyu.cases.models import Case, Notice, SavedAnswer
from qingyu.cases.topics import by_code
from qingyu.people import queries as people
from qingyu.people.models import Staff
from qingyu.rules.dispatch import Why

Choices = list[tuple[str, str]]
NOTHING = ("", "—")


@people.remembered
def notices() -> list[Notice]:
    """All reasons in force; one statement each ten seconds."""
    return list(Notice.objects.filter(active=True).order_by("id"))


@people.remembered
def saved_answers() -> list[SavedAnswer]:
    """All saved answers in force; one statement each ten seconds."""
    return list(SavedAnswer.objects.filter(active=True).select_related("topic").order_by("id"))


def reasons(group: str) -> list[Notice]:
    """The reasons of one group."""
    return [notice for notice in notices() if notice.group == group]


def reason_name(notice: Notice) -> str:
    """The name of a reason in the language of the page."""
    english = (get_language() or "").startswith("en")
    return notice.name_en if english and notice.name_en else notice.name


def answers_for(case: Case) -> list[SavedAnswer]:
    """Saved answers that fit the case: those of its topic first, then those of the unit and of nobody."""
    fitting = [a for a in saved_answers() if a.unit_id in (None, case.owner_id, case.lead_id)]
    topic = by_code().get(case.topic)
    steps = set(topic.path.split("/")) if topic else set()
    return sorted(fitting, key=lambda a: not (a.topic and a.topic.code in steps))


def topics() -> Choices:
    """Every topic with the names above it, so that typing any part finds it."""
    known = by_code()
    return [(t.code, " / ".join(known[s].name for s in t.path.split("/") if s in known)) for t in known.values()]


def areas() -> Choices:
    """Every area with the names above it, from the top down."""
    known = people.areas()
    paths = sorted(known.values(), key=lambda area: area.path)
    return [(a.code, " / ".join(known[s].name for s in a.path.split("/") if s in known)) for a in paths]


def units() -> Choices:
    """Every unit that may be given a case."""
    found = [unit for unit in people.units().values() if unit.active and unit.kind != "centre"]
    return [(str(u.id), u.name if u.short in u.name else f"{u.name} ({u.short})") for u in found]


def colleagues(unit_ids: set[int]) -> Choices:
    """Active staff of these units by name; one statement."""
    rows = Staff.objects.filter(unit_id__in=unit_ids, is_active=True).order_by("name", "id")
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")]


WHY_THIS_UNIT = {
    Why.EXACT: _("the dispatch table names this unit for topic and place"),
    Why.AREA_ABOVE: _("the dispatch table names this unit for the topic in the wider area"),
    Why.TOPIC_ABOVE: _("the dispatch table names this unit for the wider topic"),
    Why.TOPIC_AND_AREA_ABOVE: _("the dispatch table names this unit for the wider topic and area"),
    Why.UNIT_CLOSED: _("the unit the dispatch table names is closed: the unit that takes what is left"),
    Why.FALLBACK: _("no entry in the dispatch table: the unit that takes what is left"),
}


class PlainSelect(forms.Select):
    """A select of many options, written without a template for each; ``data-filter`` lets a script narrow it."""

    def __init__(self, *, filtered: bool = True) -> None:
        super().__init__(attrs={"data-filter": _("type to narrow down")} if filtered else {})

    def render(self, name: str, value: object, attrs: object = None, renderer: object = None) -> SafeString:
        given = self.build_attrs(self.attrs, {**(attrs or {}), "name": name})  # type: ignore[dict-item]
        # False leaves an attribute out, True stands alone, as in Django's own widgets.
        kept = ((key, "" if text is True else text) for key, text in given.items() if text is not False)
        parts = format_html_join("", ' {}="{}"', kept)
        chosen = str(value or "")
        options = format_html_join(
            "", '<option value="{}"{}>{}</option>',
            ((key, mark_safe(" selected") if str(key) == chosen else "", label) for key, label in self.choices),
        )  # fmt: skip
        return format_html("<select{}>{}</select>", parts, options)
