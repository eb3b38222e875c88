"""Streams over HTTP, from a server of the test's own on this machine."""

from __future__ import annotations

import io
import itertools
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import av
import pytest

from formcheck.sight.video import decode
from formcheck.sight.video.source import open_source

from .clips import colour_at, corner_picture, write_clip

pytestmark = pytest.mark.smoke


def jpeg() -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format="mjpeg") as container:
        stream = container.add_stream("mjpeg", rate=1)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuvj420p"
        frame = av.VideoFrame.from_ndarray(corner_picture(), format="rgb24").reformat(format="yuvj420p")
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return out.getvalue()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """Serves a clip as ``/a.mkv`` and forty JPEG pictures as a camera does under ``/camera``."""
    clip = write_clip(tmp_path / "a.mkv").read_bytes()
    part = jpeg()
    camera = b"".join(
        b"--next\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(part) + part + b"\r\n"
        for _ in range(40)
    )

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the name http.server asks for
            body, kind = {
                "/a.mkv": (clip, "video/x-matroska"),
                "/camera": (camera, "multipart/x-mixed-replace;boundary=next"),
            }[self.path]
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

        def handle(self) -> None:
            with suppress(ConnectionError):  # the reader has seen enough
                super().handle()

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}"
    httpd.shutdown()
    httpd.server_close()
    thread.join()


def test_a_file_over_http(server: str) -> None:
    with open_source(f"{server}/a.mkv") as source:
        frames = list(source)
    assert source.info.kind == "stream"
    assert [f.t for f in frames] == pytest.approx([0.04 * i for i in range(5)], abs=2e-3)


def test_a_scheme_may_be_written_in_capitals(server: str) -> None:
    with open_source(f"{server.replace('http', 'HTTP')}/a.mkv") as source:
        assert len(list(source)) == 5


def test_a_part_of_a_stream_is_reached_by_reading_on(server: str) -> None:
    with open_source(f"{server}/a.mkv", start=0.08, end=0.15) as source:
        assert [f.t for f in source] == pytest.approx([0.08, 0.12], abs=2e-3)


def test_a_camera_that_sends_pictures_without_times_is_timed_on_arrival(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrivals = itertools.accumulate(itertools.cycle([0.03, 0.05]), initial=100.0)
    monkeypatch.setattr(decode, "perf_counter", lambda: next(arrivals))
    with open_source(f"{server}/camera") as source:
        frames = list(source)
    assert len(frames) == 40
    assert [f.t for f in frames[:4]] == pytest.approx([0.0, 0.03, 0.08, 0.11])
    assert all(colour_at(f.image, "top left") == "red" for f in frames)
