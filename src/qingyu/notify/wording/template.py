"""The shape of a wording, and the lines that many share. All texts are ids of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _


@dataclass(frozen=True)
class Template:
    """``body``: the paragraphs of a letter; ``short``: a text message, after the signature."""

    subject: str
    body: tuple[str, ...]
    short: str


SIGNATURE = _("[%(city)s %(phone)s] ")
LOOK = _("See how it stands: %(link)s")
HELP = _("Questions? A person will help you at %(phone)s.")
OPEN = _("Open it: %(link)s")
