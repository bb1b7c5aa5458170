"""Fetch the few foreign files that the pages carry, and prove that they are what they claim to be.

    python tools/vendor.py            fetch with `npm pack`, check, write the files and the icon sprite
    python tools/vendor.py --check    no network: compare the files on disk with the committed hashes
    python tools/vendor.py --pin      take over the hashes of the versions named in the list (read the diff)

`src/qingyu/static/vendor/VENDORED.json` is the committed integrity list: for each package its name, version,
licence, the SHA-512 of its archive (as npm prints it) and, for each file taken, its place and its SHA-512.
Nothing of it is needed to run or to install Qingyu.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "src/qingyu/static/vendor/VENDORED.json"
SPRITE = ROOT / "src/qingyu/static/icons/sprite.svg"
Package = dict[str, Any]


def digest(data: bytes) -> str:
    return "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()


def pack(package: Package, folder: Path) -> bytes:
    """The package's archive, as the registry that npm is configured for serves it."""
    wanted = f"{package['name']}@{package['version']}"
    done = subprocess.run(["npm", "pack", "--silent", wanted], cwd=folder, check=True, capture_output=True, text=True)
    return (folder / done.stdout.split()[-1]).read_bytes()


def unpack(archive: bytes, folder: Path) -> dict[str, bytes]:
    """Path inside the package -> content; only plain files."""
    path = folder / "archive.tgz"
    path.write_bytes(archive)
    with tarfile.open(path) as tar:
        members = [m for m in tar.getmembers() if m.isfile()]
        read = {m.name.partition("/")[2]: tar.extractfile(m) for m in members}
        return {name: stream.read() for name, stream in read.items() if stream}


def sprite(names: list[str], files: dict[str, bytes]) -> str:
    """One SVG of <symbol>s; stroke and size are set by the stylesheet."""
    symbols = [symbol(name, files[f"icons/{name}.svg"].decode()) for name in sorted(names)]
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def symbol(name: str, svg: str) -> str:
    inner = re.sub(r"<!--.*?-->|</?svg[^>]*>", "", svg, flags=re.S)
    lines = " ".join(inner.split()).replace(" />", "/>").replace("> <", "><")
    return f'<symbol id="{name}" viewBox="0 0 24 24">{lines}</symbol>'


def agree(what: str, entry: Package, data: bytes, pin: bool) -> None:
    """Pin the hash, or refuse data that is not what the list says."""
    if pin:
        entry["sha512"] = digest(data)
    elif entry.get("sha512") != digest(data):
        sys.exit(f"vendor: {what}: SHA-512 differs from VENDORED.json, nothing more written")


def fetch(package: Package, pin: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        archive = pack(package, Path(folder))
        agree(f"{package['name']} archive", package, archive, pin)
        files = unpack(archive, Path(folder))
    for entry in package["files"]:
        data = files[entry["from"]]
        agree(entry["from"], entry, data, pin)
        write(ROOT / entry["to"], data)
    if "icons" in package:
        data = sprite(package["icons"], files).encode()
        agree("sprite.svg", package["sprite"], data, pin)
        write(SPRITE, data)


def write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def check(packages: list[Package]) -> list[str]:
    """Paths that are missing or differ."""
    wanted = [(entry["to"], entry["sha512"]) for package in packages for entry in package["files"]]
    wanted += [(str(SPRITE.relative_to(ROOT)), p["sprite"]["sha512"]) for p in packages if "icons" in p]
    return [to for to, sha in wanted if not (ROOT / to).is_file() or digest((ROOT / to).read_bytes()) != sha]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--pin", action="store_true")
    options = parser.parse_args()
    packages: list[Package] = json.loads(LIST.read_text())
    if options.check:
        wrong = check(packages)
        print("\n".join(f"vendor: {path} differs or is missing" for path in wrong) or "vendor: all as listed")
        return 1 if wrong else 0
    for package in packages:
        fetch(package, options.pin)
        print(f"vendor: {package['name']} {package['version']} {package['licence']}")
    if options.pin:
        LIST.write_text(json.dumps(packages, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
