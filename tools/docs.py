"""Check the documents: run the worked examples of docs/ and follow every link between files.

make docs
"""

from __future__ import annotations

import doctest
import os
import re
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCTEST_OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
FENCE = re.compile(r"^(```|~~~).*?^\1", flags=re.S | re.M)
HEADING = re.compile(r"^#+\s+(.+?)\s*#*$", flags=re.M)


def main() -> int:
    """0 when every example comes out as written and every link leads somewhere."""
    pages = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    broken = broken_links(pages)
    print("\n".join(broken) or f"{len(pages)} documents, every link leads somewhere")
    return 1 if failed_examples() or broken else 0


def failed_examples() -> int:
    """Run every page with examples; prints one line a page, answers how many examples failed."""
    wire_up()
    failed = 0
    for page in with_examples():
        result = doctest.testfile(str(page), module_relative=False, optionflags=DOCTEST_OPTIONS)
        print(f"{page.relative_to(ROOT)}: {result.attempted} examples, {result.failed} failed")
        failed += result.failed
    return failed


def with_examples() -> list[Path]:
    """The pages of the rules, which show at least one example each, and those of the doors that show some."""
    doors = [page for page in ROOT.glob("docs/*.md") if ">>> " in page.read_text(encoding="utf-8")]
    return sorted([*doors, *ROOT.glob("docs/rules/*.md")])


def wire_up() -> None:
    """Some examples name classes beside tables; none asks a database. Nothing is written into the project's folder."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qingyu.config.settings")
    os.environ.setdefault("QINGYU_DATA_DIR", tempfile.mkdtemp(prefix="qingyu-docs-"))
    django.setup()


def broken_links(pages: Iterable[Path]) -> list[str]:
    """``page: link`` for every relative link whose file or heading is not there."""
    return [
        f"{page.relative_to(ROOT)}: {link}"
        for page in pages
        for link in LINK.findall(FENCE.sub("", page.read_text(encoding="utf-8")))
        if not leads_somewhere(page, link)
    ]


def leads_somewhere(page: Path, link: str) -> bool:
    """Whether a link to another file of the project finds it, and the heading it names; other links pass."""
    if re.match(r"[a-z][a-z0-9+.-]*:", link):
        return True
    path, _, heading = link.partition("#")
    target = (page.parent / path) if path else page
    if not target.exists():
        return False
    return not heading or target.suffix != ".md" or heading in headings(target)


def headings(page: Path) -> set[str]:
    """The anchors of a page as code hosts make them: lower case, spaces to hyphens, punctuation gone."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in HEADING.findall(text)}


if __name__ == "__main__":
    sys.exit(main())
