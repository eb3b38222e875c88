"""A desk served to this machine until Ctrl-C."""

from __future__ import annotations

import socket
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from formcheck.errors import FormcheckError, UsageError
from formcheck.showing.page.assets import TEMPLATES

from .guard import HOST, TokenGuard

#: Files of the pages and what they are.
ASSETS = TEMPLATES / "desk"
_KINDS = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
}
#: Asks for a change and gives the page's data as they are then.
Act = Callable[[dict[str, Any]], dict[str, Any]]


def asset(name: str) -> Route:
    """Return the route of a file of the pages."""

    async def answer(_request: Request) -> Response:
        file = ASSETS / name if name != "page.css" else TEMPLATES / name
        return FileResponse(file, media_type=_KINDS[Path(name).suffix])

    return Route(f"/{name}", answer)


def page(name: str) -> Route:
    """Return the route of the page itself."""

    async def answer(_request: Request) -> Response:
        return FileResponse(ASSETS / name, media_type=_KINDS[".html"])

    return Route("/", answer)


def data_route(give: Callable[[], dict[str, Any]]) -> Route:
    """Return the route that gives the page's data."""

    async def answer(_request: Request) -> Response:
        return JSONResponse(await run_in_threadpool(give))

    return Route("/data", answer)


def act_route(path: str, act: Act) -> Route:
    """Return a route that changes something: whole, or it says in one line why not."""

    async def answer(request: Request) -> Response:
        try:
            asked = await request.json()
        except ValueError:
            return JSONResponse({"error": "not JSON"}, 400)
        if not isinstance(asked, dict):
            return JSONResponse({"error": "expected an object"}, 400)
        try:
            return JSONResponse(await run_in_threadpool(act, asked))
        except (KeyError, TypeError, ValueError) as e:
            return JSONResponse({"error": f"not understood ({type(e).__name__}: {e})"}, 400)
        except FormcheckError as e:
            return JSONResponse({"error": str(e)}, 409)

    return Route(path, answer, methods=["POST"])


def make_desk(routes: list[BaseRoute], port: int) -> TokenGuard:
    """Return the guarded application."""
    return TokenGuard(Starlette(routes=[asset("page.css"), asset("desk.css"), asset("desk.js"), *routes]), port)


def serve_desk(routes: list[BaseRoute], port: int, say: Callable[[str], None], *, browser: bool = True) -> None:
    """Serve a desk on this machine until Ctrl-C.

    Parameters
    ----------
    routes : list of routes
    port : int
        0: any that is free.
    say : callable
        Is told the address.
    browser : bool
        Open it in the browser.

    Raises
    ------
    UsageError
        If the port is taken.
    """
    import uvicorn

    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((HOST, port))
            listening.listen()  # before anybody is told the address
        except OSError as e:
            raise UsageError(
                f"port {port} is taken ({(e.strerror or str(e)).lower()})", "give another with --port"
            ) from e
        guard = make_desk(routes, listening.getsockname()[1])
        config = uvicorn.Config(
            guard,
            log_config=None,
            access_log=False,
            server_header=False,
            ws="none",
            lifespan="off",
            h11_max_incomplete_event_size=65536,
        )
        with suppress(KeyboardInterrupt):  # the way to end it, from when that is said: everything is kept
            say(f"Open {guard.address}\nEvery change is kept at once. End with Ctrl-C.")
            if browser:
                webbrowser.open(guard.address)
            uvicorn.Server(config).run(sockets=[listening])
