"""How fast the coach in the browser is: frames a second, from the camera to the screen and the cue, bytes, memory.

    python benchmarks/serve.py [--seconds 40] [--clip plane-correct] [--slow 4] [--pictures] [--json FILE]
    python benchmarks/serve.py --soak 30 [--clip plane-correct] [--json FILE]

Headless Chromium plays a sample video as its camera (MJPEG, 640 x 480, 30 pictures a second), finds the body with
MediaPipe's web package, and sends landmarks to ``formcheck serve`` in a process of its own. The way of a frame is cut
in three: *browser* from the camera to the moment it is sent, *computer* until what is judged of it has come back,
*screen* until the browser has painted next. A judged moment speaks of what was 0.23 s earlier, as in
``formcheck live``: the engine waits for the frames after it; that is not in these figures.

With ``--pictures`` the computer finds the body, in small pictures that the browser sends.

With ``--soak`` there is no browser: a client in Python sends the poses of the video, over and over and as fast as they
are taken, for so many minutes of the camera's time, then in ten sessions of a minute; the memory of the server is told
by the minute.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import sys
import tempfile
import threading
import time
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.live_latency import pictures  # noqa: E402
from formcheck.analysis.track import make_track  # noqa: E402
from formcheck.judging.exercises import exercises  # noqa: E402
from tests.chromium import CHROMIUM, QUIET  # noqa: E402
from tests.serve.client import Client, Page  # noqa: E402

#: Short sessions one after the other, behind the long one.
SESSIONS = 10

#: Notes the times of every frame and of what is said of it, in milliseconds of the page's clock.
SCRIPT = """
(() => {
  const frames = new Map();
  const log = (window.log = { rows: [], bytes: 0, back: 0 });
  const now = () => performance.timeOrigin + performance.now();
  const Whole = window.WebSocket;
  window.WebSocket = class extends Whole {
    constructor(...of) {
      super(...of);
      this.addEventListener("message", (event) => {
        log.back += event.data.length;
        const message = JSON.parse(event.data);
        if (message.type !== "moment") return;
        const came = now();
        const frame = frames.get(message.n);
        if (!frame) return;
        for (const n of frames.keys()) if (n <= message.n) frames.delete(n);
        requestAnimationFrame(() => {
          const channel = new MessageChannel();
          channel.port1.onmessage = () => log.rows.push({
            taken: frame.taken, sent: frame.sent, came, painted: now(),
          });
          channel.port2.postMessage(0);
        });
      });
    }
    send(data) {
      if (data instanceof ArrayBuffer) {
        const view = new DataView(data);
        frames.set(view.getUint32(8, true), { taken: 1000 * view.getFloat64(16, true), sent: now() });
        log.bytes += data.byteLength;
      }
      super.send(data);
    }
  };
})();
"""


def serve(pipe: Connection, folder: str) -> None:
    """Run the server; tell its port and the token that pairs."""
    import asyncio

    from formcheck.serve.guard import Rates
    from formcheck.serve.place import Data
    from formcheck.serve.run import ServeOptions, Serving

    os.environ["FORMCHECK_DATA"] = folder
    it = Serving(ServeOptions(port=0, data=Data(Path(folder))), lambda _: None)
    server = it.server(Rates(1e9, 1e9))
    threading.Thread(target=lambda: (pipe.recv(), setattr(server, "should_exit", True)), daemon=True).start()
    pipe.send((it.place.port, it.parts.pairing.token))
    asyncio.run(server.serve(it.sockets))


def memory_mb(pid: int) -> float:
    """Return the resident memory of a process (MB)."""
    return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def spread(values: list[float]) -> dict[str, float]:
    """Return the median and the 95th percentile of values in milliseconds."""
    return {"p50": round(float(np.percentile(values, 50)), 1), "p95": round(float(np.percentile(values, 95)), 1)}


def watch(page: Any, seconds: float) -> dict[str, Any]:
    """Let the coach run and return its figures."""
    page.evaluate("log.rows = []; log.bytes = 0; log.back = 0")
    began = time.perf_counter()
    page.wait_for_timeout(1000 * seconds)
    log = page.evaluate("log")
    took = time.perf_counter() - began
    rows = log["rows"]
    return {
        "judged_per_s": round(len(rows) / took, 1),
        "browser_ms": spread([r["sent"] - r["taken"] for r in rows]),
        "computer_ms": spread([r["came"] - r["sent"] for r in rows]),
        "screen_ms": spread([r["painted"] - r["came"] for r in rows]),
        "camera_to_screen_ms": spread([r["painted"] - r["taken"] for r in rows]),
        "sent_kb_per_s": round(log["bytes"] / took / 1000, 1),
        "received_kb_per_s": round(log["back"] / took / 1000, 1),
    }


def soak(port: int, token: str, server: int, clip: str, minutes: int) -> dict[str, Any]:
    """Return the memory of the server, minute by minute of the camera's time, and session by session."""
    client = Client(port)
    client.cookie = client.ask("POST", "/api/pair", {"code": token, "device": "soak"}).headers["set-cookie"]
    client.cookie = client.cookie.partition(";")[0]
    with tempfile.TemporaryDirectory() as folder:
        film = list(make_track(ROOT / "sample_videos" / f"{clip}.mp4", Path(folder) / "film.track.npz"))
    began = time.perf_counter()
    by_minute: list[float] = []
    over = _session(client, clip, film, minutes, lambda: by_minute.append(memory_mb(server)))
    took = time.perf_counter() - began
    by_session = []
    for _ in range(SESSIONS):
        _session(client, clip, film, 1, lambda: None)
        by_session.append(memory_mb(server))
    return {
        "clip": clip,
        "counted": over["reports"][0]["counts"]["total"],
        "seconds_a_minute": round(took / minutes, 2),
        "server_mb_by_minute": [round(x, 1) for x in by_minute],
        "server_mb_by_session": [round(x, 1) for x in by_session],
    }


def _session(client: Client, clip: str, film: list[Any], minutes: int, minute_over: Any) -> dict[str, Any]:
    """Coach for so many minutes of the camera's time; return how it ended."""
    page = Page(client, {"exercise": exercise_of(clip), "reps": 0}, clock=1000.0)
    page.open()
    step = film[1].t - film[0].t
    t, minute = 0.0, 0
    while minute < minutes:
        for seen in film:
            n = page.frame(replace(seen, t=t))
            page.hear_to(n - 20)
            t += step
            if t >= 60 * (minute + 1):
                minute += 1
                page.hear_to(n)
                page.messages.clear()
                minute_over()
            if minute == minutes:
                break
    return page.finish()


def exercise_of(clip: str) -> str:
    """Return the exercise that a sample video is named for."""
    return next(e for e in exercises() if clip.startswith(e))


def main() -> None:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seconds", type=float, default=40.0)
    parser.add_argument("--clip", default="plane-correct")
    parser.add_argument(
        "--slow", type=float, default=4.0, help="how many times slower the page's processor is the second time"
    )
    parser.add_argument("--pictures", action="store_true", help="let the computer find the body")
    parser.add_argument("--soak", type=int, default=0, help="minutes of the camera's time to watch the memory for")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    with tempfile.TemporaryDirectory() as folder:
        server = multiprocessing.Process(target=serve, args=(theirs, folder), daemon=True)
        server.start()
        port, token = ours.recv()
        if options.soak:
            facts = soak(port, token, server.pid or 0, options.clip, options.soak)
        else:
            facts = timed(port, token, Path(folder), options)
        ours.send(None)
        server.join(20)
    print(json.dumps(facts, indent=2))
    if options.json is not None:
        options.json.write_text(json.dumps(facts, indent=2), encoding="utf-8")


def timed(port: int, token: str, folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Return how fast the coach is in a browser."""
    from playwright.sync_api import sync_playwright

    exercise = exercise_of(options.clip)
    with sync_playwright() as p:
        film = folder / "film.mjpeg"
        film.write_bytes(b"".join(pictures(ROOT / "sample_videos" / f"{options.clip}.mp4")))
        args = [
            *QUIET,
            "--enable-unsafe-swiftshader",
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={film}",
        ]
        browser = p.chromium.launch(executable_path=CHROMIUM, args=args)
        page = browser.new_context(viewport={"width": 800, "height": 600}, service_workers="block").new_page()
        page.add_init_script(SCRIPT)
        page.goto(f"http://127.0.0.1:{port}/#pair={token}")
        page.wait_for_selector("button.exercise")
        settings = json.dumps({"introduce": False, "pictures": options.pictures})
        page.evaluate("(body) => fetch('/api/settings', {method: 'PUT', body})", settings)
        page.reload()
        page.wait_for_selector("button.exercise")
        ids = page.evaluate("fetch('/api/exercises').then((r) => r.json()).then((d) => d.exercises.map((e) => e.id))")
        page.locator("button.exercise").nth(ids.index(exercise)).click()
        began = time.perf_counter()
        page.locator("button.start").click()
        while not page.evaluate("log.rows.length"):
            page.wait_for_timeout(50)
        first = time.perf_counter() - began
        page.wait_for_timeout(3000)
        facts: dict[str, Any] = {
            "clip": options.clip,
            "found_by": "computer" if options.pictures else "browser",
            "machine": f"{platform.machine()}, {os.cpu_count()} cores, {browser.browser_type.name} {browser.version}",
            "first_judged_s": round(first, 2),
            "as_it_is": watch(page, options.seconds),
        }
        if options.slow > 1:
            cdp = page.context.new_cdp_session(page)
            cdp.send("Emulation.setCPUThrottlingRate", {"rate": options.slow})
            facts[f"{options.slow:g}_times_slower"] = watch(page, options.seconds)
            cdp.send("Emulation.setCPUThrottlingRate", {"rate": 1})
        browser.close()
    return facts


if __name__ == "__main__":
    main()
