"""No password and no token of an address is written or printed, by any command, whether it works or not."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

import numpy as np
import pytest

from formcheck.doctor import Finding
from formcheck.sight.pose.types import Pose

from ..batch.clips import InThisProcess, put, results, side_plank
from ..commandline import Ran, Run
from ..secret_shapes import NOBODY, SHAPES
from ..sight.video.clips import write_clip

SECRET = "Xk7Qm2Vw9Z"
#: Everything that takes an address, or a path in whose place somebody may give one.
COMMANDS = [
    ("analyze", "{}", "-e", "plane", "-o", "out", "--history"),
    ("analyze", "{}", "-e", "auto", "--json", "-"),
    ("track", "{}", "-o", "a.track.npz"),
    ("batch", "{}", "-e", "plane", "-o", "out"),
    ("batch", "list.csv", "-e", "from-truth", "-o", "out", "--workers", "1"),
    ("evaluate", "{}"),
    ("export", "{}", "-f", "trc"),
    ("live", "-e", "plane", "--camera", "{}", "--no-window", "--no-voice"),
    ("live", "--plan", "{}", "--no-window"),
    ("doctor", "--camera", "{}"),
    ("models", "install", "--from", "{}"),
    ("models", "verify", "{}"),
    ("analyze", "{}", "-e", "plane", "--limits", "{}"),
    ("analyze", "a.mp4", "-e", "plane", "--model", "{}"),
    ("analyze", "a.mp4", "-e", "plane", "-o", "{}"),
    ("exercises", "{}"),
]


def found(folder: Path, *said: Ran) -> list[str]:
    """Where the secret stands."""
    files = [p for p in folder.rglob("*") if p.is_file() and p.name != "list.csv"]
    places = [str(p) for p in folder.rglob("*") if SECRET in p.name]
    places += [str(p) for p in files if SECRET.encode() in p.read_bytes()]
    return places + [text for ran in said for text in (ran.out, ran.err) if SECRET in text]


@pytest.fixture
def own(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which everything lies that is kept."""
    monkeypatch.setenv("FORMCHECK_DATA", str(here / "data"))
    return here


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_where_nobody_answers(
    words: tuple[str, ...], shape: str, run: Run, own: Path, pose_model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("formcheck.doctor.speed", lambda: Finding("Speed", "ok", "not measured here"))
    monkeypatch.setattr("formcheck.batch.run._workers", InThisProcess)
    address = shape.format(secret=SECRET, host=NOBODY)
    (own / "list.csv").write_text(f'path,id,truth\n"{address}","{address}","{address}"\n')
    ran = run(*(address if w == "{}" else w for w in words))
    if words[0] != "doctor":
        assert ran.code in {2, 3, 5}
        assert ran.complaint
    assert found(own, ran) == []


@pytest.fixture
def server() -> Iterator[tuple[str, dict[str, bytes]]]:
    """An HTTP server on loopback that answers every path with what is put under ``body``; gives its host and port."""
    content: dict[str, bytes] = {}

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(content["body"])))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(content["body"])

        do_HEAD = do_GET  # noqa: N815 -- as the server asks for it

        def log_message(self, *_: object) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    yield f"127.0.0.1:{http.server_port}", content
    http.shutdown()
    http.server_close()
    thread.join()


class SidePlank:
    """In place of the pose model: whatever the picture, somebody does a side plank."""

    persons = None

    def __init__(self, *_: object, **__: object) -> None:
        self._poses = [o.pose for o in side_plank(1)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def estimate(self, t: float, image: object) -> Pose | None:
        return self._poses[min(int(t * 10), len(self._poses) - 1)]


@pytest.mark.parametrize("shape", [s for s in SHAPES if s.startswith("http://{")])
def test_where_a_film_comes(
    shape: str, run: Run, own: Path, server: tuple[str, dict[str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    host, content = server
    shot = side_plank(1)
    width, height = shot.size
    pictures = [np.full((height, width, 3), 10 + 5 * (k % 40), np.uint8) for k in range(len(shot))]
    film = write_clip(own / "film.mp4", pictures, ticks=range(0, 100 * len(shot), 100))
    content["body"] = film.read_bytes()
    monkeypatch.setattr("formcheck.sight.pose.estimator.MediaPipePose", SidePlank)
    monkeypatch.setattr("formcheck.sight.models.store.resolve_model", lambda **_: own / "film.mp4")
    address = shape.format(secret=SECRET, host=host)
    ran = run("analyze", address, "-e", "side-plank", "-o", "out", "--history", "--tables")
    assert ran.code == 0
    assert list((own / "out").glob("*.report.html"))
    assert run("history", "show").out.count(host) == 1
    assert found(own, ran) == []


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("shape", [s for s in SHAPES if s.startswith("http://{host}/clip.mp4?")])
def test_a_batch_of_what_comes(
    shape: str, run: Run, own: Path, server: tuple[str, dict[str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("aiohttp")
    monkeypatch.setattr("formcheck.batch.run._workers", InThisProcess)
    host, content = server
    content["body"] = put(own / "a.track.npz").read_bytes()
    address = shape.format(secret=SECRET, host=host).replace("clip.mp4", "clip.track.npz")
    words = ("batch", address, "-e", "side-plank", "-o", "out", "--html")
    first = run(*words)
    assert first.code == 0
    assert results(own / "out")["clip"]["path"].startswith(f"http://{host}/clip.track.npz?")
    assert json.loads((own / "out/clips/clip.report.json").read_text())["source"]["path"].endswith(("***", "id=4"))
    # It is known again all the same.
    again = run(*words, "--resume")
    assert "1 unchanged" in again.out
    assert found(own, first, again) == []
