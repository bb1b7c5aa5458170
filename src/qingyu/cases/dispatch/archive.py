"""One model in one file: a line with version and digest, then arrays and a description. Nothing in it is executed."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

MAGIC = b"QINGYU-SUGGESTION"
VERSION = b"1"


class DamagedModel(ValueError):
    """The file is not a model, was cut short, or its content does not fit its digest."""

    code = "model_damaged"


class OtherVersion(ValueError):
    """The file was written by another version; train again."""

    code = "model_version"


def write(path: Path, *, arrays: Mapping[str, npt.NDArray[Any]], about: Mapping[str, object]) -> None:
    """Write beside the path, then put in place: a reader sees the old file or the new one, never half of one."""
    body = _packed(arrays, about)
    head = b" ".join((MAGIC, VERSION, hashlib.sha256(body).hexdigest().encode())) + b"\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(head + body)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def read(path: Path) -> tuple[dict[str, npt.NDArray[Any]], dict[str, Any]]:
    """Arrays and description. Raises DamagedModel, OtherVersion or FileNotFoundError."""
    head, _, body = path.read_bytes().partition(b"\n")
    words = head.split(b" ")
    if len(words) != 3 or words[0] != MAGIC:
        raise DamagedModel(f"{path.name} is not a model")
    if words[1] != VERSION:
        raise OtherVersion(f"{path.name} was written by another version; train again")
    if hashlib.sha256(body).hexdigest().encode() != words[2]:
        raise DamagedModel(f"{path.name} does not fit its digest")
    return _unpacked(body, path.name)


def _packed(arrays: Mapping[str, npt.NDArray[Any]], about: Mapping[str, object]) -> bytes:
    text = json.dumps(about, ensure_ascii=False).encode()
    named: dict[str, Any] = {**arrays, "about": np.frombuffer(text, np.uint8)}
    buffer = io.BytesIO()
    np.savez(buffer, **named)
    return buffer.getvalue()


def _unpacked(body: bytes, name: str) -> tuple[dict[str, npt.NDArray[Any]], dict[str, Any]]:
    try:
        with np.load(io.BytesIO(body), allow_pickle=False) as stored:
            arrays = {key: stored[key] for key in stored.files}
        about = json.loads(arrays.pop("about").tobytes())
    except (ValueError, KeyError, OSError, zipfile.BadZipFile) as error:
        raise DamagedModel(f"{name} cannot be read") from error
    return arrays, about
