"""Sealed columns: AES-256-GCM with the row as associated data, and keyed blind indexes to find a person by phone.

Keys come as ``id:base64`` pairs, newest first, from ``QINGYU_FIELD_KEYS`` (or ``_FILE``), else from
``field-keys`` in the data directory. The first letter of the id is its purpose: ``k`` identity, ``r`` identity
in reports of wrongdoing, ``b`` blind indexes.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from qingyu.rules.refusals import Refusal

VERSION = b"\x01"
PURPOSES = ("k", "r", "b")


class KeyTrouble(Refusal):
    """A key is missing, wrong or malformed; ``facts["key"]`` names it. The service must not start."""


@dataclass(frozen=True)
class KeyRing:
    """Keys by id; ``newest`` names the key that seals for each purpose."""

    keys: dict[str, bytes]
    newest: dict[str, str]

    def key(self, key_id: str) -> bytes:
        """The key with that id; KeyTrouble("key_missing") if it is not on the ring."""
        try:
            return self.keys[key_id]
        except KeyError:
            raise KeyTrouble("key_missing", key=key_id) from None


def parse(text: str) -> KeyRing:
    """A ring from ``id:base64`` pairs parted by commas or lines; KeyTrouble("key_malformed") names the culprit."""
    keys: dict[str, bytes] = {}
    for pair in text.replace("\n", ",").split(","):
        if pair.strip():
            key_id, _, value = pair.strip().partition(":")
            keys[key_id] = _decoded(key_id, value)
    newest = {purpose: next((k for k in keys if k[:1] == purpose), "") for purpose in PURPOSES}
    for purpose, key_id in newest.items():
        if not key_id:
            raise KeyTrouble("key_missing", key=f"{purpose}1")
    return KeyRing(keys, newest)


def _decoded(key_id: str, value: str) -> bytes:
    try:
        key = base64.b64decode(value, validate=True)
    except ValueError:
        key = b""
    if key_id[:1] not in PURPOSES or len(key) != 32:
        raise KeyTrouble("key_malformed", key=key_id)
    return key


def new_ring_text() -> str:
    """Text of a fresh ring with one key for each purpose."""
    return "\n".join(f"{purpose}1:{base64.b64encode(secrets.token_bytes(32)).decode()}" for purpose in PURPOSES) + "\n"


def key_file() -> Path:
    """Where the ring lies when the environment does not give it."""
    from django.conf import settings

    return Path(settings.DATA_DIR) / "field-keys"


@lru_cache(maxsize=1)
def ring() -> KeyRing:
    """The ring in force. KeyTrouble("key_missing") where neither environment nor data directory has one."""
    from django.conf import settings

    text = settings.FIELD_KEYS
    if not text and key_file().is_file():
        text = key_file().read_text()
    if not text:
        raise KeyTrouble("key_missing", key="k1")
    return parse(text)


def seal(text: str, *, column: str, row: object, purpose: str = "k") -> bytes:
    """``text`` encrypted for exactly this ``column`` ("table.column") and ``row`` (a uuid); empty stays empty."""
    if not text:
        return b""
    key_id = ring().newest[purpose]
    nonce = os.urandom(12)
    sealed = AESGCM(ring().key(key_id)).encrypt(nonce, text.encode(), _bound(column, row))
    name = key_id.encode()
    return VERSION + bytes([len(name)]) + name + nonce + sealed


def unseal(sealed: bytes | memoryview, *, column: str, row: object) -> str:
    """The clear text. KeyTrouble("key_missing" | "seal_broken") where key or row do not belong to it."""
    raw = bytes(sealed)
    if not raw:
        return ""
    end = 2 + raw[1]
    key_id = raw[2:end].decode()
    try:
        return AESGCM(ring().key(key_id)).decrypt(raw[end : end + 12], raw[end + 12 :], _bound(column, row)).decode()
    except InvalidTag:
        raise KeyTrouble("seal_broken", key=key_id, column=column) from None


def blind(text: str, *, column: str) -> str:
    """A keyed index of ``text`` by which equal values are found without being readable; empty stays empty."""
    if not text:
        return ""
    key = ring().key(ring().newest["b"])
    return hmac.new(key, f"{column}:{text}".encode(), hashlib.sha256).hexdigest()[:32]


def check_value(key: bytes) -> str:
    """What the database keeps of a key so that a wrong one is noticed at start."""
    return hmac.new(key, b"qingyu key check", hashlib.sha256).hexdigest()


def _bound(column: str, row: object) -> bytes:
    return f"{column}:{row}".encode()
