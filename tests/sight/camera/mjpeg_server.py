"""A network camera of the tests' own: JPEG pictures over HTTP on this machine, pushed when a test says so."""

from __future__ import annotations

import base64
import io
import socket
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import av
import numpy as np
from numpy.typing import NDArray


def encode_jpeg(rgb: NDArray[np.uint8]) -> bytes:
    """Return a picture as a JPEG file."""
    out = io.BytesIO()
    with av.open(out, "w", format="mjpeg") as container:
        stream: Any = container.add_stream("mjpeg", rate=30)
        stream.height, stream.width = rgb.shape[:2]
        stream.pix_fmt = "yuvj420p"
        stream.options = {"qmin": "2", "qmax": "2"}
        container.mux(stream.encode(av.VideoFrame.from_ndarray(rgb, format="rgb24").reformat(format="yuvj420p")))
        container.mux(stream.encode(None))
    return out.getvalue()


class MjpegServer:
    """Pushes pictures to all who watch; a context manager.

    Watchers that come later see the newest picture first. A picture is pushed with :meth:`send`, or at a rate with
    :meth:`play`; not to push any is to stall.

    Parameters
    ----------
    first : bytes, optional
        A JPEG that every watcher gets at once.
    with_length : bool
        Whether parts say how long they are.
    password : str, optional
        ``name:password`` without which nobody may watch.

    Attributes
    ----------
    url : str
    sent : int
        Pictures pushed so far.
    """

    def __init__(self, first: bytes | None = None, *, with_length: bool = True, password: str | None = None) -> None:
        self.sent = 0
        self._newest, self._with_length, self._password = first, with_length, password
        self._news = threading.Condition()
        self._sockets: list[socket.socket] = []
        self._server = self._listening(0)
        self._port: int = self._server.server_port

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.refuse()

    @property
    def url(self) -> str:
        """Where the pictures are."""
        return f"http://127.0.0.1:{self._port}/camera"

    @property
    def watchers(self) -> int:
        """How many watch."""
        with self._news:
            return len(self._sockets)

    def send(self, picture: bytes) -> None:
        """Push a picture to all who watch."""
        with self._news:
            self._newest = picture
            self.sent += 1
            self._news.notify_all()

    def play(self, pictures: Iterable[bytes], fps: float, stop: threading.Event | None = None) -> None:
        """Push pictures at a rate, from this thread, until they or ``stop`` end it."""
        stop = stop or threading.Event()
        start = time.perf_counter()
        for i, picture in enumerate(pictures):
            stop.wait(max(0.0, start + i / fps - time.perf_counter()))
            if stop.is_set():
                return
            self.send(picture)

    def drop(self) -> None:
        """Hang up on all who watch; they may come again."""
        with self._news:
            for s in self._sockets:
                with suppress(OSError):
                    s.shutdown(socket.SHUT_RDWR)
            self._sockets.clear()
            self._news.notify_all()

    def refuse(self) -> None:
        """Hang up and let nobody come any more."""
        self.drop()
        self._server.shutdown()
        self._server.server_close()

    def accept(self) -> None:
        """Be there again, at the same address, after :meth:`refuse`."""
        self._server = self._listening(self._port)

    def _listening(self, port: int) -> ThreadingHTTPServer:
        camera = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # the name http.server asks for
                camera._watch(self)

            def log_message(self, *args: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return server

    def _watch(self, request: BaseHTTPRequestHandler) -> None:
        if self._password is not None:
            token = base64.b64encode(self._password.encode()).decode()
            if request.headers.get("Authorization") != f"Basic {token}":
                request.send_response(401)
                request.send_header("WWW-Authenticate", 'Basic realm="camera"')
                request.end_headers()
                return
        request.send_response(200)
        request.send_header("Content-Type", "multipart/x-mixed-replace;boundary=next")
        request.end_headers()
        request.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        mine, shown = request.connection, -1
        with self._news:
            self._sockets.append(mine)
        with suppress(OSError):
            while True:
                with self._news:
                    while mine in self._sockets and not (self._newest and self.sent > shown):
                        self._news.wait()
                    if mine not in self._sockets:
                        return
                    picture, shown = self._newest, self.sent
                length = f"Content-Length: {len(picture)}\r\n" if self._with_length else ""
                head = f"--next\r\nContent-Type: image/jpeg\r\n{length}\r\n"
                mine.sendall(head.encode() + picture + b"\r\n")
        with self._news:
            if mine in self._sockets:
                self._sockets.remove(mine)
