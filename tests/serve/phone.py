"""Chromium with a film for a camera: what a phone on the mat is to the page.

The browser's own stand-in for a camera plays a file by the clock, whatever the machine is busy with. So that a test
depends neither on that clock nor on the machine's speed, the camera here shows the next picture of the film whenever
the page asks for one, and time in the page is that of the film.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import pytest

from formcheck.sight.video.source import open_source

from ..chromium import CHROMIUM, PATIENCE_MS, QUIET
from .client import Server

#: Where the page finds the pictures, in its own origin; they never come from the server.
PICTURES = "/film/"

#: What is written to the console though all is well: of MediaPipe, of Playwright, of a network that is cut on purpose.
HARMLESS = [
    r"[IW]\d{4} ",
    "INFO: ",
    "WARNING: ",
    "Service Worker registration blocked by Playwright",
    r"Failed to load resource: net::ERR_INTERNET_DISCONNECTED",
    ".*WebSocket",
]

SCRIPT = """
(() => {
  const [w, h, fps, frames, pictures] = %s;
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [w, h];
  const ctx = canvas.getContext("2d");
  const film = (window.film = { next: 0, shown: -1, over: false });
  let track = null;
  const show = async (n) => {
    const picture = await (await fetch(`${pictures}${n}.jpg`)).blob();
    ctx.drawImage(await createImageBitmap(picture), 0, 0);
    track.requestFrame();
  };
  navigator.mediaDevices.getUserMedia = async () => {
    const stream = canvas.captureStream(0);
    [track] = stream.getVideoTracks();
    setTimeout(() => show(0), 0);
    return stream;
  };
  // A cut network: sockets break off, and new ones find nobody.
  const Whole = window.WebSocket;
  const open = new Set();
  let gone = false;
  window.WebSocket = class extends Whole {
    constructor(url, protocols) {
      super(gone ? `ws://${location.host}/nobody` : url, protocols);
      open.add(this);
    }
  };
  window.network = {
    cut: () => { gone = true; open.forEach((socket) => socket.close()); open.clear(); },
    mend: () => { gone = false; },
  };
  performance.now = () => 1000 * (1 + Math.max(film.shown, 0) / fps);
  const own = HTMLVideoElement.prototype.requestVideoFrameCallback;
  HTMLVideoElement.prototype.requestVideoFrameCallback = function (then) {
    if (film.next >= frames) {
      film.over = true;
      return 0;
    }
    const n = film.next++;
    const id = own.call(this, (now, metadata) => {
      film.shown = n;
      then(now, { ...metadata, captureTime: 1000 * (1 + n / fps) });
    });
    void show(n);
    return id;
  };
})();
"""


@dataclass
class Film:
    """Pictures as JPEG, and how many a second."""

    pictures: list[bytes]
    size: tuple[int, int]
    fps: float


def read_film(video: Path, end_s: float | None = None) -> Film:
    """Return the pictures of a video."""
    pictures: list[bytes] = []
    with open_source(video, end=end_s) as source:
        for frame in source:
            image = cv2.cvtColor(frame.image, cv2.COLOR_RGB2BGR)
            done, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 97])
            assert done
            pictures.append(data.tobytes())
        h, w = image.shape[:2]
        assert source.info.fps is not None
        return Film(pictures, (w, h), float(source.info.fps))


@contextmanager
def phone(film: Film, server: Server, size: tuple[int, int] = (800, 600)) -> Iterator[Any]:
    """Open the page in a browser whose camera shows a film; nothing may be complained about, nobody else asked."""
    with phones([film], server, size) as (page,):
        yield page


@contextmanager
def phones(films: Sequence[Film], server: Server, size: tuple[int, int] = (800, 600)) -> Iterator[list[Any]]:
    """Open the page on several phones, each of which films something of its own."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    args = [
        *QUIET,
        "--enable-unsafe-swiftshader",
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
    ]
    with api.sync_playwright() as p:
        browser = p.chromium.launch(executable_path=CHROMIUM, args=args)
        pages = [_open(browser, film, size) for film in films]
        try:
            yield pages
        finally:
            browser.close()
    for page in pages:
        own = rf"(http|ws)://127\.0\.0\.1:{server.port}/|blob:|data:"
        assert [u for u in page.asked if not re.match(own, u)] == []
        assert page.said == [], page.said


def _open(browser: Any, film: Film, size: tuple[int, int]) -> Any:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, service_workers="block")
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.asked, page.said = [], []
    page.on("request", lambda r: page.asked.append(r.url))
    page.on("websocket", lambda w: page.asked.append(w.url))
    page.on("console", lambda m: page.said.append(m.text) if complaint(m) else None)
    page.on("pageerror", lambda e: page.said.append(str(e)))
    page.route(
        f"**{PICTURES}*.jpg",
        lambda r: r.fulfill(content_type="image/jpeg", body=film.pictures[int(Path(r.request.url).stem)]),
    )
    page.add_init_script(SCRIPT % json.dumps([*film.size, film.fps, len(film.pictures), PICTURES]))
    return page


def complaint(message: Any) -> bool:
    """Return whether a message of the console is one: MediaPipe and Playwright tell of themselves as of errors."""
    if message.type not in {"error", "warning"}:
        return False
    return not re.match("|".join(HARMLESS), message.text)


def enter(page: Any, server: Server) -> None:
    """Pair the page by the link and wait until it is there."""
    page.goto(f"http://127.0.0.1:{server.port}/#pair={server.serving.parts.pairing.token}")
    page.wait_for_selector("button.exercise")


def begin(page: Any, exercise: str) -> None:
    """Start the coach with an exercise."""
    ids = page.evaluate("fetch('/api/exercises').then((r) => r.json()).then((d) => d.exercises.map((e) => e.id))")
    page.locator("button.exercise").nth(ids.index(exercise)).click()
    page.locator("button.start").click()


def end(page: Any) -> None:
    """End the session by its keys, and wait until it is kept."""
    page.keyboard.press("q")
    page.get_by_role("button", name="End it").click()
    page.wait_for_selector(".sheet.over")


def cut(page: Any) -> None:
    """Cut the network: what is open breaks off, what is tried fails."""
    page.evaluate("window.network.cut()")


def mend(page: Any) -> None:
    """Let the network be there again."""
    page.evaluate("window.network.mend()")
