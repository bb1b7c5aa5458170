"""Arrows point only downwards: what import-linter cannot see."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from tests.architecture import tree

OURS = "qingyu."
# `time.monotonic` is no time of day: it measures how long something is remembered or took.
CLOCKS = {"now", "utcnow", "today", "time", "time_ns"}
CLOCK_OWNERS = {"datetime", "date", "time", "timezone", "dt"}
RECORDED_AT = "src/qingyu/cases/log.py"  # the one place that says when an event was written down
MAY_WRITE_THE_LOG = ("operations", "tasks", "dispatch", "log")
MAY_ASK_THE_CLOCK = ("views", "doors", "api", "tasks", "management", "admin", "config", "demo")


def app_of(model: type[models.Model]) -> str:
    return model.__module__.removeprefix(OURS).split(".")[0]


def ours() -> list[type[models.Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith(OURS)]


def relations(model: type[models.Model]) -> list[Any]:
    """The foreign keys and many-to-many fields of a model that lead to models of ours."""
    fields = [field for field in model._meta.get_fields() if field.is_relation and field.concrete]
    return [field for field in fields if getattr(field.related_model, "__module__", "").startswith(OURS)]


def test_foreign_keys_point_downwards_or_stay_at_home() -> None:
    heights = tree.layers()
    upwards = [
        f"{app_of(model)}.{model.__name__}.{field.name} -> {app_of(field.related_model)}"
        for model in ours()
        for field in relations(model)
        if app_of(model) != app_of(field.related_model)
        and heights[app_of(model)] <= heights[app_of(field.related_model)]
    ]
    assert not upwards


def test_every_app_of_ours_has_a_layer() -> None:
    packages = {path.parent.name for path in tree.PACKAGE.glob("*/__init__.py")}
    assert packages <= set(tree.layers())


@pytest.mark.parametrize("path", [p for p in tree.sources() if "migrations" in p.parts], ids=tree.name)
def test_no_migration_imports_our_code(path: Path) -> None:
    assert not [module for module in tree.imports(path) if module.startswith("qingyu")]


def test_only_operations_tasks_and_dispatch_write_the_log() -> None:
    writers = [
        tree.name(path)
        for path in tree.sources()
        if {"qingyu.cases.log", "qingyu.cases.log.record"} & tree.imports(path)
        if not any(part.split(".")[0] in MAY_WRITE_THE_LOG for part in path.relative_to(tree.PACKAGE).parts[1:])
    ]
    assert not writers


def test_a_follower_never_records() -> None:
    followers = [path for path in tree.sources() if "followers" in path.relative_to(tree.PACKAGE).as_posix()]
    assert not [tree.name(path) for path in followers if any("cases.log" in m for m in tree.imports(path))]


# ---------------------------------------------------------------- rules


def clock_calls(path: Path) -> list[str]:
    """``file:line`` of every place that asks what time it is."""
    return [
        f"{tree.name(path)}:{node.lineno}"
        for node in ast.walk(tree.parsed(path))
        if isinstance(node, ast.Attribute) and node.attr in CLOCKS and _owner(node) in CLOCK_OWNERS
    ]


def _owner(node: ast.Attribute) -> str:
    return node.value.id if isinstance(node.value, ast.Name) else getattr(node.value, "attr", "")


def test_rules_ask_no_clock() -> None:
    assert not [place for path in tree.sources(tree.PACKAGE / "rules") for place in clock_calls(path)]


def test_only_doors_tasks_and_commands_ask_the_clock() -> None:
    inner = [path for path in tree.sources() if not _is_outer(path)]
    places = [place for path in inner for place in clock_calls(path)]
    assert not [place for place in places if not place.startswith(RECORDED_AT)]


def _is_outer(path: Path) -> bool:
    parts = path.relative_to(tree.PACKAGE).parts
    return any(part.split(".")[0] in MAY_ASK_THE_CLOCK for part in parts)


def test_rules_import_nothing_of_ours_but_rules() -> None:
    strangers = [
        f"{tree.name(path)}: {module}"
        for path in tree.sources(tree.PACKAGE / "rules")
        for module in tree.imports(path)
        if module.startswith(("django", "ninja")) or (module.startswith(OURS) and not module.startswith("qingyu.rules"))
    ]
    assert not strangers


# ---------------------------------------------------------------- the contracts themselves


def test_import_linter_contracts_hold() -> None:
    # In a process of its own: the linter sets up logging anew, which silences every logger of ours here.
    program = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    result = subprocess.run([sys.executable, "-c", program], cwd=tree.ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout
