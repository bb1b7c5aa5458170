"""Write the lock files anew from pyproject.toml: exact versions, hashes, wheels for every platform.

    make locks                       keep what is locked, add what is new
    python3 run.py locks --upgrade   take the newest that pyproject.toml allows

The runtime lock is made first and binds the two others, so that all three agree.
"""

from __future__ import annotations

import shutil
import subprocess
import sys

OPTIONS = [
    "--universal", "--python-version", "3.11", "--generate-hashes", "--only-binary", ":all:",
    "--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-annotate", "--quiet",
]  # fmt: skip
RUNTIME = "requirements.txt"
LOCKS = {
    RUNTIME: [],
    "requirements-postgres.txt": ["postgres"],
    "requirements-test.txt": ["postgres", "test", "dev"],
}


def main(arguments: list[str]) -> int:
    """Exit code of the first lock that could not be made, or 0."""
    for name, extras in LOCKS.items():
        code = compile_lock(name, extras, arguments)
        if code:
            return code
        print(f"wrote {name}")
    return 0


def compile_lock(name: str, extras: list[str], arguments: list[str]) -> int:
    """One lock file; ``extras`` are the optional groups of pyproject.toml that it adds."""
    uv = shutil.which("uv", path=sys.prefix + "/bin") or "uv"
    parts = [part for extra in extras for part in ("--extra", extra)]
    bound = [] if name == RUNTIME else ["--constraint", RUNTIME]
    command = [
        uv,
        "pip",
        "compile",
        "pyproject.toml",
        *OPTIONS,
        *parts,
        *bound,
        *arguments,
        "--output-file",
        name,
    ]
    return subprocess.run(command, stdout=subprocess.DEVNULL).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
