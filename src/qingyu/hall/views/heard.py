"""How matters of the listening desk look in lists. Made here and not in templates: fifty of them stand on a page."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from qingyu.hall.facilities.listening import COUNTED, Line, Matter
from qingyu.hall.models import Heard
from qingyu.people.parts import filled

MATTER = '<tr><th scope="row">{}</th><td class="nowrap">{}</td><td>{}</td><td>{}</td></tr>'
FIGURE = '<td class="num">{}</td>'
LINKED = '<a class="code" href="{}">{}</a>'
UNSEEN = SafeString('<span class="soft">—</span>')


def matters(found: Iterable[tuple[Matter, str]]) -> SafeString:
    """The newest matters as rows of a table; without a number where the reader may not see the case."""
    pattern = reverse("case", args=["0"])
    causes, endings = _words(Heard.Cause.choices), _words(Heard.Ending.choices)
    rows = []
    for one, number in found:
        shown = filled(LINKED, pattern.replace("0", number), number) if number else UNSEEN
        cause, ending = causes.get(one.cause, one.cause), endings.get(one.ending, one.ending)
        rows.append(filled(MATTER, shown, one.day.isoformat(), cause, ending))
    return SafeString("".join(rows))


def _words(choices: Iterable[tuple[str, object]]) -> dict[str, str]:
    return {code: str(label) for code, label in choices}


def counted(lines: Iterable[Line]) -> SafeString:
    """Causes or units as rows of a table, each with its figures."""
    unsent = _("not sent yet")
    return SafeString(
        "".join(filled('<tr><th scope="row">{}</th>{}</tr>', line.label or unsent, _figures(line)) for line in lines)
    )


def _figures(line: Line) -> SafeString:
    return SafeString("".join(filled(FIGURE, getattr(line, name)) for name in COUNTED))
