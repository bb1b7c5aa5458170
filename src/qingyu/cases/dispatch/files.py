"""Opening a text file that may be packed."""

from __future__ import annotations

import gzip
import io
from pathlib import Path
from typing import TextIO


def opened(path: Path) -> TextIO:
    """The file as UTF-8 text, unpacked where it is gzip."""
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
    source = gzip.open(path, "rb") if packed else path.open("rb")  # noqa: SIM115  closed by its reader
    return io.TextIOWrapper(source, encoding="utf-8-sig", newline="")
