"""The server from its sockets to its end."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from formcheck.errors import UsageError
from formcheck.sight.models.store import resolve_model

from .app import Parts, make_app
from .certificates import Certificates, certificates
from .coach import Coach, Work
from .connections import Doorman, guarded_protocol
from .guard import Rates
from .pairing import Pairing
from .place import LOOPBACK, Data, Place, own_addresses, own_names
from .qr import qr_text
from .sessions import KEPT_S, MOST, Sessions
from .settings import SettingsFile
from .socket import MAX_MESSAGE
from .spoken import clip_paths
from .uploads import Uploads

if TYPE_CHECKING:
    import uvicorn

    from formcheck.sight.pose.estimator import MediaPipePose

PORT = 8420
#: Seconds for which what is under way is waited for at the end, and between two signs of life of a socket.
ENDING_S, ALIVE_S = 5, 15.0


@dataclass(frozen=True)
class ServeOptions:
    """How to serve.

    Attributes
    ----------
    port : int
        0: any that is free.
    lan : bool
        Let others of the home network in, by TLS.
    most : int
        Coaching sessions at once.
    kept_s : float
        Seconds for which a session waits for its camera.
    model : Path or None
        Pose bundle; None: the store's.
    data : Data
        The user's folders.
    static : Path or None
        The built page; None: the one that comes with formcheck.
    """

    port: int = PORT
    lan: bool = False
    most: int = MOST
    kept_s: float = KEPT_S
    model: Path | None = None
    data: Data = field(default_factory=Data.own)
    static: Path | None = None


class Serving:
    """A server that has its sockets and is ready to run.

    Parameters
    ----------
    options : ServeOptions
    say : callable
        Tells the person at the terminal something (one line, or a QR code).

    Attributes
    ----------
    place : Place
    parts : Parts

    Raises
    ------
    UsageError
        If the port is taken, or there is no network to serve.
    """

    def __init__(self, options: ServeOptions, say: Callable[[str], None] = lambda _text: None) -> None:
        self._options, self._say = options, say
        addresses = own_addresses() if options.lan else ()
        if options.lan and not addresses:
            raise UsageError("this computer has no address in a home network", "connect it, or leave out --lan")
        self._sockets = _listen((LOOPBACK, *addresses), options.port)
        try:
            port = self._sockets[0].getsockname()[1]
            self.place = Place(port, addresses, own_names() if options.lan else ())
            self._certificates = self._certified()
            self.parts = self._make_parts()
        except BaseException:
            self._close_sockets()
            raise

    def run(self, rates: Rates | None = None) -> None:
        """Serve until interrupted; all sessions are ended, and their reports written, when this returns."""
        self.server(rates).run(sockets=self._sockets)

    def server(self, rates: Rates | None = None) -> uvicorn.Server:
        """Return the server, to be run with :attr:`sockets`."""
        import uvicorn

        app = make_app(self.parts, rates)
        files = self._certificates
        config = uvicorn.Config(
            app,
            http=guarded_protocol(Doorman()),
            ws="websockets-sansio",
            ws_max_size=MAX_MESSAGE,
            ws_per_message_deflate=False,
            ws_ping_interval=ALIVE_S,
            ws_ping_timeout=ALIVE_S,
            lifespan="on",
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=ENDING_S,
            ssl_certfile=files.chain if files is not None else None,
            ssl_keyfile=files.key if files is not None else None,
        )
        return uvicorn.Server(config)

    @property
    def sockets(self) -> list[socket.socket]:
        """The sockets that listen."""
        return self._sockets

    def welcome(self) -> None:
        """Tell the person at the terminal where to go."""
        pairing, place = self.parts.pairing, self.place
        link = f"{place.address}/#pair={pairing.token}"
        if place.lan:
            self._say(qr_text(link))
        self._say(f"The coach: {link}")
        self._say(f"Or open {place.address} and enter the code {pairing.shown}")
        if self.parts.authority is not None:
            self._say(f"Fingerprint of the certificate: {self.parts.authority.fingerprint}")
        else:
            self._say("For a phone or a television: formcheck serve --lan")
        self._say("Ctrl-C ends it; everything done is kept.")

    # ---- putting it together -------------------------------------------------------------------
    def _certified(self) -> Certificates | None:
        place = self.place
        if not place.lan:
            return None
        return certificates(self._options.data.private / "certificates", place.addresses, place.names)

    def _make_parts(self) -> Parts:
        o = self._options
        o.data.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        o.data.private.mkdir(parents=True, exist_ok=True, mode=0o700)
        settings = SettingsFile(o.data.private / "settings.json")
        parts = Parts(
            self.place,
            o.data,
            Pairing(o.data.private / "devices.json", self._renewed),
            Sessions(self._coach, o.data.sessions, most=o.most, kept_s=o.kept_s),
            settings,
            Uploads(o.data, settings, self._model),
            self._model,
            self._certificates.authority if self._certificates is not None else None,
        )
        if o.static is not None:
            from .static import static_files

            parts = replace(parts, static=static_files(o.static))
        return parts

    def _coach(self, work: Work, folder: Path) -> Coach:
        from formcheck.sight.ball import BallFinder

        return Coach(work, folder, make_estimator=self._estimator, make_finder=BallFinder, clips_of=clip_paths)

    def _estimator(self) -> MediaPipePose:
        from formcheck.sight.pose.estimator import MediaPipePose

        return MediaPipePose(self._model())

    def _model(self) -> Path:
        return resolve_model(path=self._options.model, quiet=True)

    def _renewed(self) -> None:
        self._say(f"Too many wrong codes. The new one: {self.parts.pairing.shown}")

    def _close_sockets(self) -> None:
        for s in self._sockets:
            s.close()


def _listen(addresses: Sequence[str], port: int) -> list[socket.socket]:
    """Return sockets that listen at one port of some addresses of this machine."""
    sockets: list[socket.socket] = []
    try:
        for address in addresses:
            s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            sockets.append(s)
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            s.bind((address, port))
            port = s.getsockname()[1]
            s.listen(128)
            s.setblocking(False)
    except OSError as e:
        for s in sockets:
            s.close()
        why = (e.strerror or str(e)).lower()
        raise UsageError(f"cannot serve at port {port} ({why})", "choose another one with --port") from e
    return sockets
