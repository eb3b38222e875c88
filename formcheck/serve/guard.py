"""Who may ask for what, before anything else sees the question: host, origin, cookie, rate, and what answers carry."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response

from formcheck.desk.carried import App, Receive, Scope, Send, carrying

from .pairing import Pairing
from .place import Place

#: Folders that need the cookie, whatever is below them; everything else is the page itself.
PRIVATE = ("/api/", "/reports/", "/progress", "/models/", "/voice/", "/ws/")
#: What of them is open: method and path.
OPEN = frozenset({("GET", "/api/state"), ("HEAD", "/api/state"), ("POST", "/api/pair")})
#: What changes nothing may come without an origin.
SAFE = frozenset({"GET", "HEAD"})
#: Questions a second that one address may ask for long, and at once.
RATE, BURST = 40.0, 400.0
#: Addresses whose rate is remembered.
_REMEMBERED = 1000
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; "
    "img-src 'self' blob: data:; media-src 'self' blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": "camera=(self), screen-wake-lock=(self), fullscreen=(self), microphone=(), geolocation=()",
}


class Rates:
    """How often each address may ask: a bucket that fills by `rate` a second up to `burst`."""

    def __init__(self, rate: float = RATE, burst: float = BURST, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allow(self, address: str) -> bool:
        """Return whether an address may ask now."""
        now = self._clock()
        left, at = self._left.pop(address, (self._burst, now))
        left = min(left + (now - at) * self._rate, self._burst)
        allowed = left >= 1.0
        self._left[address] = (left - 1.0 if allowed else left), now
        while len(self._left) > _REMEMBERED:
            self._left.popitem(last=False)
        return allowed


class DeviceGuard:
    """Asks who is there before the app does anything.

    Parameters
    ----------
    app : ASGI app
    place : Place
    pairing : Pairing
    rates : Rates, optional
    """

    def __init__(self, app: App, place: Place, pairing: Pairing, rates: Rates | None = None) -> None:
        self._app, self._pairing = app, pairing
        self._hosts, self._origins = place.hosts, place.origins
        self._cookie = cookie_name(place)
        self._rates = rates if rates is not None else Rates()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may be asked; answer the rest."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        guarded = carrying(send, HEADERS)
        refusal = self._refusal(scope)
        if refusal is None:
            await self._app(scope, receive, guarded)
        elif scope["type"] == "http" or "websocket.http.response" in scope.get("extensions", {}):
            await refusal(scope, receive, guarded)
        else:
            await send({"type": "websocket.close", "code": 1008})

    def _refusal(self, scope: Scope) -> Response | None:
        """Return what to answer in place of the app; None where it may."""
        headers = Headers(scope=scope)
        socket = scope["type"] == "websocket"
        method = "GET" if socket else scope["method"]
        client = scope.get("client")
        if not self._rates.allow(client[0] if client else "?"):
            return problem(429, "too-often", "too many questions", "wait a moment")
        if len(headers.getlist("host")) != 1 or headers["host"].lower() not in self._hosts:
            return problem(421, "wrong-host", "this server is not called so", "open the address that formcheck shows")
        origins = headers.getlist("origin")
        needed = socket or method not in SAFE
        if any(o not in self._origins for o in origins) or (needed and len(origins) != 1):
            return problem(403, "wrong-origin", "another page may not ask", "open the address that formcheck shows")
        path = scope["path"]
        if path == "/api" or any(path == p.rstrip("/") or path.startswith(p) for p in PRIVATE):
            device = self._pairing.known(_cookie(headers, self._cookie))
            scope.setdefault("state", {})["device"] = device
            if device is None and (method, path) not in OPEN:
                return problem(401, "not-paired", "this browser is not paired", "enter the code that formcheck shows")
        return None


def cookie_name(place: Place) -> str:
    """Return the name of the cookie: one for each port, since browsers do not tell ports apart."""
    return f"__Host-formcheck-{place.port}" if place.lan else f"formcheck-{place.port}"


def problem(status: int, code: str, error: str, hint: str = "", **more: Any) -> Response:
    """Return an answer that says what is wrong."""
    return JSONResponse({"error": error, "hint": hint, "code": code, **more}, status_code=status)


def _cookie(headers: Headers, name: str) -> str | None:
    found: list[str] = []
    for header in headers.getlist("cookie"):
        for part in header.split(";"):
            key, _, value = part.strip().partition("=")
            if key == name:
                found.append(value)
    # Two of one name are somebody's trick.
    return found[0] if len(found) == 1 else None
