"""Headless Chromium for journeys and screenshots: the machine's own, with a fresh profile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from tools.system import chromium

# Nothing leaves this machine, nothing of the person who runs the tests is used.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--font-render-hinting=none",
)


class NoChromium(RuntimeError):
    """Neither Chromium nor Chrome is on this machine."""


@contextmanager
def browser() -> Iterator[Browser]:
    """A running browser; every context made from it starts without cookies."""
    path = chromium()
    if path is None:
        raise NoChromium("Chromium is not installed")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, headless=True, args=list(FLAGS))
        yield running
        running.close()
