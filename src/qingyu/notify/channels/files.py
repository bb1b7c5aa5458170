"""One file for each message: ``.eml`` for mail, ``.json`` for the rest. A gateway or a test picks them up."""

from __future__ import annotations

import json
import os
import uuid
from pathlib import Path

from qingyu.notify.channels.mail import mail
from qingyu.notify.messages import Outgoing, Receipt
from qingyu.notify.ports import ChannelDown


class FileChannel:
    """Writes whole files or none, readable by their owner alone. A second try replaces the first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, message: Outgoing) -> Receipt:
        """The name of the file is the key; ChannelDown("file ERRNO") where the folder cannot be written."""
        name, content = _file(message)
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            _write_whole(self.folder / name, content)
        except OSError as error:
            raise ChannelDown(f"file {error.errno}") from None
        return Receipt(reference=name)

    def close(self) -> None:
        """Nothing to free."""


def _file(message: Outgoing) -> tuple[str, bytes]:
    if message.channel == "email":
        return f"{message.key}.eml", mail(message).message().as_bytes()
    content = {
        "key": message.key,
        "channel": message.channel,
        "to": message.address,
        "subject": message.subject,
        "text": message.body,
        "language": message.language,
        "created_at": message.created_at.isoformat(),
    }
    return f"{message.key}.json", (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _write_whole(path: Path, content: bytes) -> None:
    draft = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
