"""Small parts of pages as template tags: an icon, a tag, a state, the time bar.

They stand hundreds of times in a list; as tags they cost a tenth of an included template. All are built in, so no
template has to load them. Markup and classes: ``docs/design-system.md``.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from html import escape
from typing import Any

from django import template
from django.conf import settings
from django.middleware.csrf import get_token
from django.template import Context
from django.templatetags.static import static
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import get_language, get_language_info, gettext, gettext_lazy

from qingyu.people import menu
from qingyu.people.policy import Viewer

register = template.Library()

STATES = {
    "draft": ("off", "pencil", gettext_lazy("Draft")),
    "received": ("calm", "inbox", gettext_lazy("Received")),
    "dispatched": ("work", "send", gettext_lazy("Sent to a unit")),
    "accepted": ("work", "check", gettext_lazy("Accepted by the unit")),
    "handling": ("work", "clock", gettext_lazy("Being handled")),
    "waiting": ("wait", "hourglass", gettext_lazy("Waiting for you")),
    "answered": ("good", "message-square", gettext_lazy("Answered")),
    "closed": ("good", "circle-check", gettext_lazy("Closed")),
    "archived": ("calm", "archive", gettext_lazy("Archived")),
    "refused": ("off", "ban", gettext_lazy("Not taken on")),
    "withdrawn": ("off", "undo-2", gettext_lazy("Withdrawn")),
    "merged": ("calm", "merge", gettext_lazy("Merged")),
    "overdue": ("late", "triangle-alert", gettext_lazy("Overdue")),
}
LEVELS = {"late": "triangle-alert", "soon": "hourglass", "paused": "circle-pause", "done": "check"}


def filled(markup: str, *values: object) -> SafeString:
    """Markup with values in the places of ``{}``, each escaped unless it is safe: ``format_html`` without detours."""
    return SafeString(markup.format(*(v if isinstance(v, SafeString) else escape(str(v)) for v in values)))


def moment(at: datetime) -> SafeString:
    """A day and time of the city, short, in a ``time`` element."""
    local = localtime(at)
    return filled('<time datetime="{}">{}</time>', local.isoformat(), clock(local, "SHORT_DATETIME_FORMAT"))


def clock(local: datetime, how: str) -> str:
    """``date_format`` of a local time whose format tells no seconds; kept by the minute, since rows come again."""
    return _clock(local.replace(second=0, microsecond=0, tzinfo=None), how, get_language() or "")


@lru_cache(maxsize=4096)
def _clock(minute: datetime, how: str, language: str) -> str:
    return date_format(minute, how)


def shortened(words: str, length: int) -> str:
    """No more than so many characters, as the filter ``truncatechars`` has it."""
    return words if len(words) <= length else Truncator(words).chars(length)


@lru_cache(maxsize=1)
def _sprite() -> str:
    return static("icons/sprite.svg")


@lru_cache(maxsize=512)
def _icon(name: str, size: str, label: str, sprite: str) -> SafeString:
    role = filled('role="img" aria-label="{}"', label) if label else SafeString('aria-hidden="true"')
    return filled(
        '<svg class="icon{}" {} viewBox="0 0 24 24"><use href="{}#{}"></use></svg>',
        f" icon-{size}" if size else "", role, sprite, name,
    )  # fmt: skip


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """An icon of the sprite; ``size`` small or big; ``label`` only where no word stands beside it."""
    return _icon(str(name), size, str(label), _sprite())


@register.simple_tag(name="tag")
def tag(kind: str, icon: str, label: str | Promise) -> SafeString:
    """A word with its icon; ``kind``: calm, work, wait, good, late or off."""
    drawn = _icon(str(icon), "", "", _sprite()) if icon else ""
    return filled('<span class="tag tag-{}">{}{}</span>', kind or "calm", drawn, label)


@register.simple_tag
def state_tag(state: str, label: str = "") -> SafeString:
    """The state of a case in the citizen's words, or in those of ``label``."""
    kind, name, words = STATES.get(state, ("calm", "", state))
    drawn = _icon(name, "small", "", _sprite()) if name else ""
    return filled('<span class="tag tag-{}">{}{}</span>', kind, drawn, label or str(words))


@register.simple_tag
def places(viewer: Viewer | str, here: str = "") -> SafeString:
    """Links to the places of work of this person; ``here`` is the route of the open one."""
    if not isinstance(viewer, Viewer):
        return SafeString("")
    return _places(viewer.roles, viewer.permissions, here, get_language() or "")


@lru_cache(maxsize=1024)
def _places(roles: tuple[str, ...], permissions: frozenset[str], here: str, language: str) -> SafeString:
    daily, further = menu.daily(roles, permissions), menu.further(roles, permissions)
    rest = [place for _heading, listed in further for place in listed]
    if len(rest) < 2:
        return SafeString("".join(_place(place, here) for place in (*daily, *rest)))
    open_one = next((place.label for place in rest if place.route == here), "")
    groups = [_group(number, heading, listed, here) for number, (heading, listed) in enumerate(further)]
    return filled(
        '{}<details class="menu"><summary>{}{}{}</summary><div class="menu-groups">{}</div></details>',
        SafeString("".join(_place(place, here) for place in daily)), gettext("More"),
        filled(" · <strong>{}</strong>", open_one) if open_one else "", icon("chevron-down"),
        SafeString("".join(groups)),
    )  # fmt: skip


def _group(number: int, heading: menu.Words, listed: list[menu.Place], here: str) -> SafeString:
    links = SafeString("".join(filled("<li>{}</li>", _place(place, here)) for place in listed))
    words = '<div><p class="small soft" id="places-{}">{}</p><ul aria-labelledby="places-{}">{}</ul></div>'
    return filled(words, number, heading, number, links)


def _place(place: menu.Place, here: str) -> SafeString:
    current = SafeString(' aria-current="page"' * (place.route == here))
    return filled('<a href="{}"{}>{}</a>', reverse(place.route), current, place.label)


@register.simple_tag(takes_context=True)
def modes(context: Context) -> SafeString:
    """Large type, contrast, language: plain forms that work without scripts."""
    request: Any = context.get("request")
    site: dict[str, str] = context.get("site") or {}
    if request is None:
        return SafeString("")
    drawn = _modes(site.get("mode", ""), site.get("contrast", ""), get_language() or "")
    hidden = filled(
        '<input type="hidden" name="csrfmiddlewaretoken" value="{}"><input type="hidden" name="next" value="{}">',
        get_token(request), request.get_full_path(),
    )  # fmt: skip
    return SafeString(drawn.replace(HIDDEN, hidden))


HIDDEN = "<!-- hidden -->"


@lru_cache(maxsize=64)
def _modes(mode: str, contrast: str, language: str) -> SafeString:
    elder = ("normal", gettext("Normal type")) if mode == "elder" else ("elder", gettext("Elder mode"))
    high = ("normal", gettext("Normal contrast")) if contrast == "high" else ("high", gettext("High contrast"))
    button = '<button class="btn btn-quiet" name="{}" value="{}"{}>{}{}</button>'
    shown = filled(button, "mode", elder[0], "", icon("a-large-small"), elder[1])
    shown += filled(button, "contrast", high[0], "", icon("contrast"), high[1])
    others = [code for code, _name in settings.LANGUAGES if code != language]
    spoken = [
        filled(button, "language", code, filled(' lang="{}"', code), "", get_language_info(code)["name_local"])
        for code in others
    ]
    form = '<form method="post" action="{}" class="modes">{}{}</form>'
    return filled(
        '<div class="modes" role="group" aria-label="{}">{}{}</div>', gettext("How this page is shown"),
        filled(form, reverse("mode"), SafeString(HIDDEN), SafeString(shown)),
        filled(form, reverse("set_language"), SafeString(HIDDEN), SafeString("".join(spoken))),
    )  # fmt: skip


@register.simple_tag
def time_bar(left: int, level: str, label: str) -> SafeString:
    """Time that is left, 0..100; ``level``: ok, soon, late, paused or done."""
    return _time_bar(left, level, label, _sprite())


@lru_cache(maxsize=4096)
def _time_bar(left: int, level: str, label: str, sprite: str) -> SafeString:
    drawn = _icon(LEVELS.get(level, "clock"), "small", "", sprite)
    return filled(
        '<span class="timebar timebar-{}"><span>{}{}</span><svg aria-hidden="true"><rect class="track" width="100%"'
        ' height="6" rx="3"/><rect class="fill" width="{}%" height="6" rx="3"/></svg></span>',
        level or "ok", drawn, label, 100 if level == "late" else left,
    )  # fmt: skip
