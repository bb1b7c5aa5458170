"""How calls to make and what people say look in lists. Made here and not in templates: fifty stand on a page."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qingyu.cases.citizen.forms import LEVELS
from qingyu.cases.models import Case
from qingyu.followup import forms
from qingyu.followup.models import PendingAct
from qingyu.followup.queries import Line
from qingyu.followup.voices import Voice
from qingyu.people import parts
from qingyu.people.parts import filled
from qingyu.rules.rating import BAD

PUT_RIGHT: dict[str, tuple[str, str, Any]] = {
    PendingAct.State.WAITING: ("wait", "hourglass", gettext_lazy("is taken up again")),
    PendingAct.State.DONE: ("work", "refresh-cw", gettext_lazy("taken up again")),
    PendingAct.State.REFUSED: ("late", "triangle-alert", gettext_lazy("came too late: please look")),
}
CALL = (
    '<tr><th scope="row"><a href="{}" data-row>{}</a>{}</th><td>{}</td>\n<td>{}{}</td>\n<td class="num">{}</td>'
    "<td>{}</td></tr>"
)
VOICE = (
    '<li class="card stack-s">\n<div class="spread"><p class="row">{}<a href="{}">{}</a></p>'
    '<p class="small soft">{}</p></div>\n{}\n<p class="row small soft">{}{}</p></li>'
)
NOTHING = SafeString("")


def calls(lines: list[Line]) -> SafeString:
    """The calls to make as rows of a table."""
    pattern = reverse("followup_call", args=["0"])
    return SafeString("".join(_call(line, pattern.replace("0", line.number)) for line in lines))


def _call(line: Line, url: str) -> SafeString:
    again = filled(" {}", parts.tag("work", "refresh-cw", _("done again"))) if line.round > 1 else NOTHING
    late = filled(" {}", parts.tag("late", "triangle-alert", _("late"))) if line.late else NOTHING
    title = parts.shortened(line.title or line.number, 40)
    by = parts.moment(line.due_at)
    return filled(CALL, url, title, again, line.unit, by, late, line.attempts, _standing(line))


def _standing(line: Line) -> SafeString:
    """Who has the call, or what came of the last try."""
    outcome = forms.OUTCOMES.get(line.outcome)  # type: ignore[call-overload]
    if line.mine:
        return parts.tag("good", "phone", _("with me"))
    if line.taken_by:
        return filled('<span class="soft">{}</span>', _("%(name)s is calling") % {"name": line.taken_by})
    if not outcome:
        return filled('<span class="soft">{}</span>', _("not called yet"))
    local = localtime(line.next_try)
    again = _("again from %(at)s") % {"at": parts.clock(local, "SHORT_DATETIME_FORMAT")}
    shown = '<span class="soft">{}; <time datetime="{}">{}</time></span>'
    return filled(shown, outcome, local.isoformat(), again)


def spoken(found: list[Voice]) -> SafeString:
    """What people said as list items."""
    pattern = reverse("case", args=["0"])
    return SafeString("".join(_voice(voice, pattern.replace("0", voice.number)) for voice in found))


def _voice(voice: Voice, url: str) -> SafeString:
    title = parts.shortened(voice.title or voice.number, 60)
    at, words = parts.moment(voice.at), _quote(voice.words)
    return filled(VOICE, _said(voice), url, title, at, words, _about(voice), _put(voice))


def _said(voice: Voice) -> SafeString:
    if not voice.level:
        return parts.tag("good", "heart", Case.Type(voice.type).label)
    words, icon = LEVELS.get(voice.level, (Case.Type(voice.type).label, ""))
    return parts.tag("late" if voice.level in BAD else "good", icon, words)


def _quote(words: str) -> SafeString:
    """The person's own words; they may write on several lines."""
    if not words:
        return NOTHING
    lines = parts.shortened(words, 400).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    shown = SafeString("<br>".join(filled("{}", one) for one in lines))
    return filled('<blockquote class="quote">{}</blockquote>', shown)


def _about(voice: Voice) -> str:
    about = forms.SERVICES.get(voice.service.partition(":")[0], "")
    through = forms.THROUGH.get(voice.channel, "")
    return " · ".join([voice.unit, *(str(one) for one in (about, through) if one)])


def _put(voice: Voice) -> SafeString:
    shown = PUT_RIGHT.get(voice.put_right)
    return filled(" {}", parts.tag(*shown)) if shown else NOTHING
