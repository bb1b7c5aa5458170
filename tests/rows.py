"""Rows that operations made once, laid anew for each test: the same rows for a twentieth of the statements."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any, Generic, TypeVar

from django.apps import apps
from django.db.models import Model

Built = TypeVar("Built")


class Kept(Generic[Built]):
    """What ``build`` leaves in a freshly migrated database; ``lay`` builds the first time and copies afterwards.

    Keys stay the same, so what ``build`` answered (it is copied too) fits the rows. It must only add rows.
    """

    def __init__(self, build: Callable[[], Built]) -> None:
        self._build = build
        self._made: tuple[Built, list[list[Model]]] | None = None

    def lay(self) -> Built:
        if self._made is None:
            self._made = self._recorded()
            return deepcopy(self._made[0])
        built, rows = deepcopy(self._made)
        for of_one_table in rows:
            type(of_one_table[0])._base_manager.bulk_create(of_one_table)
        return built

    def _recorded(self) -> tuple[Built, list[list[Model]]]:
        before = {model: set(model._base_manager.values_list("pk", flat=True)) for model in _tables()}
        built = self._build()
        added = [[row for row in model._base_manager.all() if row.pk not in known] for model, known in before.items()]
        return built, [rows for rows in added if rows]


def _tables() -> list[type[Model]]:
    found: list[Any] = apps.get_models(include_auto_created=True)
    return [model for model in found if model._meta.managed and not model._meta.proxy]
