"""Take the pictures that the documents show, into docs/images/; in about two minutes, half of them for the demo city.

make shots                     all of them
python3 run.py shots desk      only those whose name holds a word
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tools.chromium import browser
from tools.shots import desks, doors
from tools.shots.taking import FOLDER, ROOT, Camera, demo_city

PAGES = (*desks.PAGES, *doors.PAGES)


def main(words: list[str]) -> int:
    """1 if a page did not answer 200 or a picture is too big; it is taken all the same, to look at."""
    chosen = [shot for shot in PAGES if not words or any(word in shot.name for word in words)]
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="qingyu-shots-") as folder:
        city = demo_city(Path(folder))
        with city.running(), browser() as chromium:
            camera = Camera(city, chromium)
            troubles = [trouble for shot in chosen if (trouble := camera.take(shot))]
    print("\n".join([f"{len(chosen)} pictures in {FOLDER.relative_to(ROOT)}", *troubles]))
    return 1 if troubles else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
