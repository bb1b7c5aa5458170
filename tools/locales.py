"""Catalogues of words: compile every .po to its .mo, and draft Traditional Chinese from Simplified.

    .venv/bin/python tools/locales.py            write what is out of date
    .venv/bin/python tools/locales.py --check    only say what is; exit code 1 if anything

A drafted entry is made anew at every run. To keep an entry that a person has mended, write the comment
``# by hand`` above it in zh_Hant/LC_MESSAGES/django.po.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import polib
from opencc import OpenCC

ROOT = Path(__file__).resolve().parents[1]
SIMPLIFIED, TRADITIONAL = "zh_Hans", "zh_Hant"
BY_HAND = "by hand"
# The converter takes these for words of computing, or parts a word in the middle: a service window became one on a
# screen, a legal procedure a program. Converted words on the left, ours on the right.
OURS = {
    "視窗": "窗口", "程式碼": "代碼", "特別程式": "特別程序", "什麼程式": "什麼程序", "物件": "對象",
    "事專案前": "事項目前",
}  # fmt: skip


def main(arguments: list[str]) -> int:
    """0 when everything is, or now is, up to date."""
    wanted = {path: content for path, content in outcome().items() if _differs(path, content)}
    for path, content in wanted.items():
        print(f"{'stale' if '--check' in arguments else 'wrote'} {path.relative_to(ROOT)}")
        if "--check" not in arguments:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return 1 if wanted and "--check" in arguments else 0


def outcome() -> dict[Path, bytes]:
    """What every derived file should hold: the Traditional drafts and the compiled catalogues."""
    files: dict[Path, bytes] = {}
    for simplified in catalogues():
        traditional = Path(str(simplified).replace(SIMPLIFIED, TRADITIONAL))
        draft = drafted(simplified, traditional)
        files[traditional] = (str(draft).rstrip() + "\n").encode()
        files[traditional.with_suffix(".mo")] = draft.to_binary()
        files[simplified.with_suffix(".mo")] = polib.pofile(str(simplified)).to_binary()
    return files


def catalogues() -> list[Path]:
    """The Simplified catalogues, which people write."""
    return sorted(ROOT.glob(f"src/qingyu/**/locale/{SIMPLIFIED}/LC_MESSAGES/*.po"))


def stale() -> list[str]:
    """The derived files that do not hold what they should."""
    return [str(path.relative_to(ROOT)) for path, content in outcome().items() if _differs(path, content)]


def drafted(simplified: Path, traditional: Path) -> polib.POFile:
    """The Traditional catalogue: entries by hand as they stand, all others converted with Taiwan's words."""
    kept = _by_hand(traditional)
    catalogue = polib.pofile(str(simplified))
    catalogue.metadata = {**catalogue.metadata, "Language": TRADITIONAL}
    for entry in catalogue:
        mended = kept.get((entry.msgctxt, entry.msgid))
        _take(entry, mended) if mended else _convert(entry)
    return catalogue


def _by_hand(path: Path) -> dict[tuple[str | None, str], polib.POEntry]:
    if not path.exists():
        return {}
    entries = polib.pofile(str(path))
    return {(entry.msgctxt, entry.msgid): entry for entry in entries if BY_HAND in entry.tcomment}


def _take(entry: polib.POEntry, mended: polib.POEntry) -> None:
    entry.msgstr, entry.msgstr_plural, entry.tcomment = mended.msgstr, mended.msgstr_plural, mended.tcomment


def _convert(entry: polib.POEntry) -> None:
    entry.tcomment = ""
    entry.msgstr = converted(entry.msgstr)
    entry.msgstr_plural = {number: converted(text) for number, text in entry.msgstr_plural.items()}


def converted(text: str) -> str:
    """Traditional Chinese with Taiwan's words, but those of public service as they are."""
    text = _converter().convert(text)
    for theirs, ours in OURS.items():
        text = text.replace(theirs, ours)
    return text


@cache
def _converter() -> OpenCC:
    return OpenCC("s2twp")


def _differs(path: Path, content: bytes) -> bool:
    return not path.exists() or path.read_bytes() != content


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
