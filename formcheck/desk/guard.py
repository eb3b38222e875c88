"""Who may speak to a desk: the browser that was given its address, on this machine, from the desk's own page."""

from __future__ import annotations

import secrets
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from .carried import App, Receive, Scope, Send, carrying

HOST = "127.0.0.1"
#: Largest body of a question (bytes).
MAX_BODY = 4 << 20
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self';"
        " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
}


class TokenGuard:
    """Lets in who has the token, and what its own page asks.

    The token comes once, in the address, and is a cookie of this port from then on. A page from elsewhere in the same
    browser has neither (the cookie is for the same site alone), and what changes something must come from this origin.

    Parameters
    ----------
    app : ASGI application
    port : int
    token : str, optional
        Default: a new one.
    """

    def __init__(self, app: App, port: int, token: str | None = None) -> None:
        self._app = app
        self.port = port
        self.token = token if token is not None else secrets.token_urlsafe(24)
        self._cookie = f"formcheck-desk-{port}"

    @property
    def origin(self) -> str:
        """The origin of the desk's pages."""
        return f"http://{HOST}:{self.port}"

    @property
    def address(self) -> str:
        """What a browser has to be given."""
        return f"{self.origin}/?token={self.token}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a question, or hand it on."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        await (refusal if refusal is not None else self._app)(scope, receive, carrying(send, _HEADERS))

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        # Another name for this machine may be a page from elsewhere (DNS rebinding).
        if headers.get("host") not in (f"{HOST}:{self.port}", f"localhost:{self.port}"):
            return PlainTextResponse("this page lives at another address", 421)
        query = scope.get("query_string", b"")
        if scope["path"] == "/" and query.startswith(b"token="):
            if not secrets.compare_digest(query.removeprefix(b"token="), self.token.encode()):
                return self._none()
            answer = RedirectResponse("/", 303)
            answer.set_cookie(self._cookie, self.token, path="/", httponly=True, samesite="strict")
            return answer
        if not self._has_cookie(headers):
            return self._none()
        if scope["method"] not in ("GET", "HEAD"):
            if headers.get("origin") not in (self.origin, f"http://localhost:{self.port}"):
                return PlainTextResponse("only the page itself may change something", 403)
            length = headers.get("content-length", "")
            if not length.isdigit() or int(length) > MAX_BODY:
                return PlainTextResponse("too much, or of unknown size", 413)
        return None

    def _has_cookie(self, headers: Headers) -> bool:
        try:
            morsel = SimpleCookie(headers.get("cookie", "")).get(self._cookie)
        except CookieError:
            return False
        return morsel is not None and secrets.compare_digest(morsel.value.encode(), self.token.encode())

    @staticmethod
    def _none() -> Response:
        return PlainTextResponse("open the whole address that formcheck printed in the terminal", 403)
