"""Making and checking the keys of sealed columns against what the database remembers of them."""

from __future__ import annotations

import os

from django.conf import settings

from qingyu.people import sealing
from qingyu.people.models import FieldKey


def ensure_keys() -> None:
    """Makes keys where none exist and no key was ever used here; refuses a missing or wrong key.

    KeyTrouble("key_missing" | "key_wrong") names the id of the key.
    """
    known = dict(FieldKey.objects.values_list("key_id", "check_value"))
    if not known and not settings.FIELD_KEYS and not sealing.key_file().exists():
        _write_new_ring()
    _check(known, sealing.ring())


def check() -> None:
    """KeyTrouble where a key that the database remembers is missing or wrong; writes nothing."""
    known = dict(FieldKey.objects.values_list("key_id", "check_value"))
    if known:
        compare(known, sealing.ring())


def _write_new_ring() -> None:
    handle = os.open(sealing.key_file(), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(sealing.new_ring_text())
        file.flush()
        os.fsync(file.fileno())
    sealing.ring.cache_clear()


def compare(known: dict[str, str], ring: sealing.KeyRing) -> None:
    """KeyTrouble("key_missing" | "key_wrong") where the ring does not hold what the database remembers."""
    for key_id, value in known.items():
        if sealing.check_value(ring.key(key_id)) != value:
            raise sealing.KeyTrouble("key_wrong", key=key_id)


def _check(known: dict[str, str], ring: sealing.KeyRing) -> None:
    compare(known, ring)
    for key_id in ring.keys:
        if key_id not in known:
            FieldKey.objects.get_or_create(
                key_id=key_id, defaults={"check_value": sealing.check_value(ring.key(key_id))}
            )
