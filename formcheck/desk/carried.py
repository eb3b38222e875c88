"""What every answer of a server of pages carries: headers that keep its pages apart from all others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

from starlette.datastructures import MutableHeaders

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
#: An ASGI application.
App = Callable[[Scope, Receive, Send], Awaitable[None]]

APART = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def carrying(send: Send, headers: Mapping[str, str]) -> Send:
    """Return a way to send that adds headers to each answer, and those of :data:`APART`; an answer's own stay."""

    async def sent(message: Message) -> None:
        if message["type"] in ("http.response.start", "websocket.http.response.start"):
            carried = MutableHeaders(raw=message.setdefault("headers", []))
            for name, value in {**headers, **APART}.items():
                carried.setdefault(name, value)
        await send(message)

    return sent
