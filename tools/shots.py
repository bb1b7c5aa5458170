"""Take the screenshots that README and guides show: the demo city, every page of PAGES, into docs/images/.

make shots                     all of them
python3 run.py shots desk      only those whose name holds a word
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.chromium import browser
from tools.server import Installation

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "images"
DESKTOP, PHONE = (1280, 800), (375, 812)


@dataclass(frozen=True)
class Shot:
    """One picture: its name, the address, the role that looks (empty: a citizen), the size in CSS pixels."""

    name: str
    path: str
    role: str = ""
    size: tuple[int, int] = DESKTOP


PAGES = (
    Shot("home", "/"),
    Shot("home-phone", "/", size=PHONE),
    Shot("file", "/file/"),
    Shot("file-phone", "/file/", size=PHONE),
    Shot("track", "/track/"),
    Shot("barometer", "/barometer/"),
    Shot("login", "/login/"),
    Shot("desk-handler", "/desk/", role="handler"),
    Shot("desk-dispatch", "/desk/dispatch/", role="dispatcher"),
    Shot("desk-followup", "/desk/followup/", role="caller"),
    Shot("desk-overview", "/desk/overview/", role="mayor"),
)


def main(words: list[str]) -> int:
    """1 if a page did not answer 200; its picture is taken all the same, to look at."""
    chosen = [shot for shot in PAGES if not words or any(word in shot.name for word in words)]
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="qingyu-shots-") as folder:
        city = demo_city(Path(folder))
        with city.running("up"), browser() as chromium:
            statuses = {shot.name: take(shot, city, chromium) for shot in chosen}
    failed = {name: status for name, status in statuses.items() if status != 200}
    print(f"{len(statuses)} pictures in {FOLDER.relative_to(ROOT)}" + (f"; not 200: {failed}" if failed else ""))
    return 1 if failed else 0


def demo_city(folder: Path) -> Installation:
    """A demo city of its own, the same at every run."""
    city = Installation(folder)
    city.command("migrate", "--verbosity", "0")
    city.command("demo", "city", "--seed", "1")
    return city


def take(shot: Shot, city: Installation, chromium: Any) -> int:
    """Take one picture; answers the status of the page."""
    width, height = shot.size
    context = chromium.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
    page = context.new_page()
    if shot.role:
        sign_in(page, city, city.logins()[shot.role])
    answer = page.goto(f"{city.url}{shot.path}", wait_until="networkidle" if not shot.role else "load")
    page.screenshot(path=FOLDER / f"{shot.name}.png")
    context.close()
    return int(answer.status)


def sign_in(page: Any, city: Installation, login: dict[str, str]) -> None:
    """Through the sign-in page, as a person does."""
    page.goto(f"{city.url}/login/")
    page.fill("input[name=username]", login["username"])
    page.fill("input[name=password]", login["password"])
    page.click("main button[type=submit]")
    page.wait_for_load_state()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
