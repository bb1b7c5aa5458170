"""Backup and restore: one archive with the database, uploads, models and the secret; round trips on both databases."""

from qingyu.config.backup.archive import Manifest
from qingyu.config.backup.restoring import Restored, restore
from qingyu.config.backup.saving import Saved, save

__all__ = ["Manifest", "Restored", "Saved", "restore", "save"]
