"""Chromium with a film for a camera: what a phone on the mat is to the page.

The browser's stand-in for a camera plays a file by the clock of a machine that may be busy. So that a test depends
neither on that clock nor on the machine's speed, every picture carries its number, ten black or white patches on its
upper edge; what the page is told of the time of a picture is read from there, and no picture comes after the last.
The film is played slowly, for the sake of the browser, whose graphics are computed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from formcheck.sight.video.source import open_source

from ..chromium import CHROMIUM, QUIET
from .client import Server

#: Patches and the size of one (px).
BITS, PATCH = 10, (16, 8)
#: Times as slow as life.
SLOW = 8
#: Patience for something that takes a slow machine long (ms); nothing waits that long where all is well.
PATIENCE_MS = 300_000

#: What the page is told of the time of a picture comes from the number on it.
SCRIPT = """
(() => {
  const [bits, w, h, fps, frames] = %s;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [bits * w, h];
  const ctx = canvas.getContext("2d", { willReadFrequently: true });
  const own = HTMLVideoElement.prototype.requestVideoFrameCallback;
  const film = (window.film = { last: -1, over: false, given: 0, first: 0 });
  const number = (video) => {
    ctx.drawImage(video, 0, 0, bits * w, h, 0, 0, bits * w, h);
    const { data } = ctx.getImageData(0, h / 2, bits * w, 1);
    let n = 0;
    for (let i = 0; i < bits; i++) n += data[4 * (w * i + w / 2)] > 127 ? 2 ** i : 0;
    return n;
  };
  HTMLVideoElement.prototype.requestVideoFrameCallback = function (then) {
    return own.call(this, (now, metadata) => {
      const n = number(this);
      if (film.over || n < film.last || n >= frames) {
        film.over = film.last >= 0;
        if (!film.over) this.requestVideoFrameCallback(then);
        return;
      }
      if (n === film.last) { this.requestVideoFrameCallback(then); return; }
      if (film.last < 0) film.first = n;
      film.last = n;
      film.given += 1;
      then(now, { ...metadata, captureTime: 1000 * (1 + n / fps) });
    });
  };
})();
"""


def write_film(video: Path, film: Path, end_s: float | None = None, slow: float = SLOW) -> tuple[float, int]:
    """Write a video as Y4M, with the numbers of its pictures on them; return pictures a second and how many."""
    n = 0
    with open_source(video, end=end_s) as source, film.open("wb") as out:
        fps = source.info.fps
        assert fps is not None
        for frame in source:
            image = np.ascontiguousarray(frame.image)
            h, w = image.shape[0] // 2 * 2, image.shape[1] // 2 * 2
            if n == 0:
                out.write(f"YUV4MPEG2 W{w} H{h} F{round(1000 * fps / slow)}:1000 Ip A1:1 C420\n".encode())
            for i in range(BITS):
                image[: PATCH[1], i * PATCH[0] : (i + 1) * PATCH[0]] = 255 * (n >> i & 1)
            out.write(b"FRAME\n" + cv2.cvtColor(image[:h, :w], cv2.COLOR_RGB2YUV_I420).tobytes())
            n += 1
    assert n < 1 << BITS
    return float(fps), n


@contextmanager
def phone(film: Path, fps: float, frames: int, server: Server, size: tuple[int, int] = (800, 600)) -> Iterator[Any]:
    """Open the page in a browser whose camera shows a film; nothing may be complained about, nobody else asked."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    args = [
        *QUIET,
        "--enable-unsafe-swiftshader",
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
    with api.sync_playwright() as p:
        browser = p.chromium.launch(executable_path=CHROMIUM, args=args)
        context = browser.new_context(viewport={"width": size[0], "height": size[1]})
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.asked, page.said = [], []
        page.on("request", lambda r: page.asked.append(r.url))
        page.on("websocket", lambda w: page.asked.append(w.url))
        page.on("console", lambda m: page.said.append(m.text) if complaint(m) else None)
        page.on("pageerror", lambda e: page.said.append(str(e)))
        page.add_init_script(SCRIPT % [BITS, *PATCH, fps, frames])
        try:
            yield page
        finally:
            browser.close()
    elsewhere = [u for u in page.asked if not re.match(rf"(http|ws)://127\.0\.0\.1:{server.port}/|blob:|data:", u)]
    assert elsewhere == []
    assert page.said == []


def complaint(message: Any) -> bool:
    """Return whether a message of the console is one: MediaPipe tells of its beginnings as of errors."""
    if message.type not in {"error", "warning"}:
        return False
    return not re.match(
        r"[IW]\d{4} |INFO: |WARNING: |Failed to load resource: net::ERR_INTERNET_DISCONNECTED|.*WebSocket", message.text
    )


def enter(page: Any, server: Server) -> None:
    """Pair the page by the link and wait until it is there."""
    page.goto(f"http://127.0.0.1:{server.port}/#pair={server.serving.parts.pairing.token}")
    page.wait_for_selector("button.exercise")


def begin(page: Any, exercise: str) -> None:
    """Start the coach with an exercise."""
    ids = page.evaluate("fetch('/api/exercises').then((r) => r.json()).then((d) => d.exercises.map((e) => e.id))")
    page.locator("button.exercise").nth(ids.index(exercise)).click()
    page.locator("button.start").click()


def until(page: Any, condition: str) -> None:
    """Wait until a condition holds in the page (whose policy forbids the evaluation that wait_for_function uses)."""
    held = page.evaluate(
        f"new Promise((done) => {{ const end = performance.now() + {PATIENCE_MS}; const look = () => ({condition})"
        " ? done(true) : performance.now() > end ? done(false) : setTimeout(look, 50); look(); })"
    )
    assert held, condition


def end(page: Any) -> None:
    """End the session by its keys, and wait until it is kept."""
    page.keyboard.press("q")
    page.get_by_role("button", name="End it").click()
    page.wait_for_selector(".sheet.over")
