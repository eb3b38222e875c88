"""Chromium for the tests of pages: the system's own, kept quiet."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = next((p for n in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(n))), None)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser():
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    with api.sync_playwright() as p:
        b = p.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield b
        b.close()


#: Patience for something that takes a slow machine long (ms); nothing waits that long where all is well.
PATIENCE_MS = 300_000


def until(page: Any, condition: str) -> None:
    """Wait until a condition holds in the page (whose policy forbids the evaluation that wait_for_function uses)."""
    held = page.evaluate(
        f"new Promise((done) => {{ const end = Date.now() + {PATIENCE_MS}; const look = () => ({condition})"
        " ? done(true) : Date.now() > end ? done(false) : setTimeout(look, 20); look(); })"
    )
    assert held, condition


@contextmanager
def opened(browser: Any, file: Path, *, harmless: Sequence[str] = (), **options: Any) -> Iterator[Any]:
    """Open a page from the disk with the network off; it may ask for nothing but what it holds and files beside it.

    As long as it is open it may neither complain, but for messages that hold one of the *harmless* words, nor ask the
    user. *options* are those of the browser's context.
    """
    context = browser.new_context(offline=True, **options)
    page = context.new_page()
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda r: asked.append(r.url[:80]))
    page.on("console", lambda m: wrong.append(m.text))
    page.on("pageerror", lambda e: wrong.append(str(e)))
    page.on("dialog", lambda d: wrong.append(d.message))
    try:
        page.goto(file.as_uri())
        page.wait_for_selector("html.ready", state="attached")
        yield page
    finally:
        context.close()
    assert [u for u in asked if not u.startswith(("file:", "data:", "blob:"))] == []
    assert [w for w in wrong if not any(x in w for x in harmless)] == []
