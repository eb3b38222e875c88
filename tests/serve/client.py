"""A server in a thread of the test's own, and a client of it in Python: what a page is, without the page."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from formcheck.serve.guard import Rates
from formcheck.serve.items import write_frame
from formcheck.serve.place import Data
from formcheck.serve.run import ServeOptions, Serving
from formcheck.sight.pose.trackfile import read_track
from formcheck.sight.pose.types import Observation

#: How long anything may take before a test gives up on it (s); nothing waits that long where all is well.
PATIENCE_S = 600.0


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def data(self) -> Any:
        return json.loads(self.body)


@dataclass
class Client:
    """A browser: keeps its cookie."""

    port: int
    cookie: str | None = None

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Ask as a page would; headers replace its own (underscores for dashes), an empty one leaves it out."""
        own = {"Host": f"127.0.0.1:{self.port}", "Origin": self.origin, "Cookie": self.cookie or ""}
        own |= {k.replace("_", "-"): v for k, v in headers.items()}
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        with contextlib.closing(connection):
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in own.items():
                if value:
                    connection.putheader(name, value)
            if data is not None:
                connection.putheader("Content-Length", str(len(data)))
            connection.endheaders(data)
            got = connection.getresponse()
            return Answer(got.status, {k.lower(): v for k, v in got.getheaders()}, got.read())

    def get(self, path: str, **headers: str) -> Any:
        """Return what a path gives, as data."""
        answer = self.ask("GET", path, **headers)
        assert answer.status == 200, (answer.status, answer.body)
        return answer.data

    def socket(self, **headers: str) -> ClientConnection:
        """Open the socket of a coaching session; headers as for :meth:`ask`."""
        own = {"Cookie": self.cookie or ""} | {k.replace("_", "-"): v for k, v in headers.items()}
        origin = own.pop("Origin", self.origin)
        connection = connect(
            f"ws://127.0.0.1:{self.port}/ws/coach",
            origin=origin or None,  # type: ignore[arg-type]
            subprotocols=["formcheck.coach.2"],  # type: ignore[list-item]
            additional_headers={k: v for k, v in own.items() if v},
            compression=None,
            proxy=None,
            open_timeout=PATIENCE_S,
            close_timeout=1,
            max_size=None,
            max_queue=None,  # as a browser does, it reads whether or not somebody listens
        )
        return connection.__enter__()  # a page has no end of its own: whoever opens it closes it


@dataclass
class Server:
    """A server that runs."""

    serving: Serving
    data: Data
    said: list[str]

    @property
    def port(self) -> int:
        return self.serving.place.port

    def stranger(self) -> Client:
        return Client(self.port)

    def paired(self) -> Client:
        client = self.stranger()
        answer = client.ask("POST", "/api/pair", {"code": self.serving.parts.pairing.code, "device": "test"})
        assert answer.status == 204, answer.body
        client.cookie = answer.headers["set-cookie"].partition(";")[0]
        return client


@contextlib.contextmanager
def serving(folder: Path, **options: Any) -> Iterator[Server]:
    """Run a server on any free port, with its data in a folder."""
    data, said = options.pop("data", Data(folder)), []
    it = Serving(ServeOptions(port=0, data=data, **options), said.append)
    server = it.server(Rates(1e9, 1e9))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(it.sockets)), daemon=True)
    thread.start()
    try:
        yield Server(it, data, said)
    finally:
        server.should_exit = True
        thread.join(PATIENCE_S)
        assert not thread.is_alive()


@dataclass
class Page:
    """A page with a camera: numbers its items, keeps what was not acknowledged, remembers what it was told.

    Its camera's clock shows *clock* at second 0 of what is shown to it.
    """

    client: Client
    work: dict[str, Any]
    hello: dict[str, Any] = field(default_factory=dict)
    session: str | None = None
    messages: list[dict[str, Any]] = field(default_factory=list)
    kept: dict[int, bytes | str] = field(default_factory=dict)
    next: int = 0
    clock: float = 0.0
    ws: ClientConnection | None = None

    def open(self) -> dict[str, Any]:
        """Connect, or connect again, and send again what the server has not got; return its welcome."""
        self.ws = self.client.socket()
        seen = max((m["n"] for m in self.messages if m["type"] == "moment"), default=None)
        hello = {"type": "hello", "protocol": 2, "role": "camera", "session": self.session, "work": self.work}
        self.say({**hello, "introduce": False, "seen": seen, **self.hello})
        welcome = self.hear()
        if welcome["type"] == "welcome":
            self.session = welcome["session"]
            for n in sorted(self.kept):
                if n >= welcome["next"]:
                    self.ws.send(self.kept[n])
        return welcome

    def say(self, message: dict[str, Any] | str | bytes) -> None:
        assert self.ws is not None
        self.ws.send(json.dumps(message) if isinstance(message, dict) else message)

    def hear(self) -> dict[str, Any]:
        """Return the next message."""
        assert self.ws is not None
        message: dict[str, Any] = json.loads(self.ws.recv(timeout=PATIENCE_S))
        self.messages.append(message)
        if message["type"] == "moment":
            for n in [n for n in self.kept if n <= message["n"]]:
                del self.kept[n]
        return message

    def hear_until(self, kind: str, n: int | None = None) -> dict[str, Any]:
        """Hear messages until one of a kind comes (a moment: for an item at least as new as *n*)."""
        while True:
            message = self.hear()
            if message["type"] == kind and (n is None or message["n"] >= n):
                return message

    def frame(self, seen: Observation, **more: Any) -> int:
        """Send what was seen; return its number."""
        return self.item(lambda n: write_frame(n, self.clock + seen.t, seen.size, seen.pose, **more))

    def do(self, what: str) -> int:
        return self.item(lambda n: json.dumps({"type": "do", "n": n, "what": what}))

    def item(self, make: Any) -> int:
        n = self.next
        self.next += 1
        self.kept[n] = make(n)
        assert self.ws is not None
        with contextlib.suppress(ConnectionClosed):
            self.ws.send(self.kept[n])
        return n

    def show(self, track: Path, ahead: int = 20) -> None:
        """Send a whole track, no more items ahead than a page may have."""
        for seen in read_track(track):
            n = self.frame(seen)
            if n >= ahead:
                self.hear_to(n - ahead)
        self.hear_to(self.next - 1)

    def hear_to(self, n: int) -> None:
        """Hear messages until everything up to *n* is acknowledged."""
        while min(self.kept, default=self.next) <= n:
            self.hear()

    def finish(self) -> dict[str, Any]:
        """End the session; return its last message."""
        self.do("finish")
        return self.hear_until("over")

    @property
    def reps(self) -> list[dict[str, Any]]:
        """The attempts that were told, each once."""
        told = [
            e["rep"] for m in self.messages if m["type"] == "moment" for e in m["events"] if e["type"] == "rep-done"
        ]
        return list({r["index"]: r for r in told}.values())
