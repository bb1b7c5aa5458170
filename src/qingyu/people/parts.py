"""Small parts of pages as template tags: an icon, a tag, a state, the time bar.

They stand hundreds of times in a list; as tags they cost a tenth of an included template. All are built in, so no
template has to load them. Markup and classes: ``docs/design-system.md``.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape

from django import template
from django.templatetags.static import static
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

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
def tag(kind: str, icon: str, label: str) -> SafeString:
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
def time_bar(left: int, level: str, label: str) -> SafeString:
    """Time that is left, 0..100; ``level``: ok, soon, late, paused or done."""
    drawn = _icon(LEVELS.get(level, "clock"), "small", "", _sprite())
    return filled(
        '<span class="timebar timebar-{}"><span>{}{}</span><svg aria-hidden="true"><rect class="track" width="100%"'
        ' height="6" rx="3"/><rect class="fill" width="{}%" height="6" rx="3"/></svg></span>',
        level or "ok", drawn, label, 100 if level == "late" else left,
    )  # fmt: skip
