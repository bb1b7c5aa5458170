"""Taking pictures: a demo city of its own with a fixed seed, one sign-in a role, few colours."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from tools.server import Installation
from tools.shots.shot import Shot

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "images"
SEED = "1"
MOST_BYTES = 150_000


def demo_city(folder: Path) -> Installation:
    """A demo city of its own, the same at every run."""
    city = Installation(folder)
    city.command("migrate", "--verbosity", "0")
    city.command("demo", "city", "--seed", SEED)
    return city


@dataclass
class Camera:
    """Takes pictures of one city. ``held``: the cookies of each role that has signed in."""

    city: Installation
    chromium: Any
    held: dict[str, Any] = field(default_factory=dict)

    def take(self, shot: Shot) -> str:
        """Take one picture; answers what is wrong with it, nothing if all is well."""
        width, height = shot.size
        context = self.chromium.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", storage_state=self._signed_in(shot.role)
        )
        page = context.new_page()
        status = int(page.goto(f"{self.city.url}{shot.path}").status)
        found = self._steps(shot, page) if status == 200 else f"{shot.name}: status {status}"
        picture = FOLDER / f"{shot.name}.png"
        page.screenshot(path=picture, animations="disabled", caret="hide")
        context.close()
        slim(picture)
        return found or (f"{shot.name}: {picture.stat().st_size} bytes" if picture.stat().st_size > MOST_BYTES else "")

    def _signed_in(self, role: str) -> Any:
        """What a browser keeps of the role's sign-in; None for a citizen."""
        if role and role not in self.held:
            context = self.chromium.new_context(locale="zh-CN")
            sign_in(context.new_page(), self.city, self.city.logins()[role])
            self.held[role] = context.storage_state()
            context.close()
        return self.held.get(role)

    def _steps(self, shot: Shot, page: Any) -> str:
        from playwright.sync_api import Error

        try:
            shot.steps(page, self.city)
            page.wait_for_load_state("load")
        except (Error, RuntimeError) as error:
            return f"{shot.name}: {str(error).splitlines()[0]}"
        return ""


def sign_in(page: Any, city: Installation, login: dict[str, str]) -> None:
    """Through the sign-in page, as a person does."""
    page.goto(f"{city.url}/login/")
    page.fill("input[name=username]", login["username"])
    page.fill("input[name=password]", login["password"])
    page.click("main button[type=submit], main button.btn-main")
    page.wait_for_url(lambda url: "/login/" not in url)


def slim(picture: Path) -> None:
    """256 colours are enough for pages, and make a third of the bytes."""
    with Image.open(picture) as found:
        few = found.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    few.save(picture, optimize=True)
