"""How many connections there may be, in all and from one address; those that ask nothing are closed."""

from __future__ import annotations

import asyncio
import weakref
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

#: Connections in all, and from one address; seconds within which one has to ask something.
MOST, MOST_EACH, ASK_S = 200, 40, 15.0


class Doorman:
    """Counts the open connections.

    Parameters
    ----------
    most, each : int
    """

    def __init__(self, most: int = MOST, each: int = MOST_EACH) -> None:
        self._most, self._each = most, each
        self._open: dict[str, weakref.WeakSet[asyncio.Transport]] = {}

    def enter(self, transport: asyncio.Transport) -> bool:
        """Count a new connection; return whether it may stay."""
        address = _address(transport)
        for known, transports in list(self._open.items()):
            gone = [t for t in transports if t.is_closing()]
            transports.difference_update(gone)
            if not transports:
                del self._open[known]
        mine = self._open.setdefault(address, weakref.WeakSet())
        if len(mine) >= self._each or sum(map(len, self._open.values())) >= self._most:
            return False
        mine.add(transport)
        return True


def _address(transport: asyncio.Transport) -> str:
    peer = transport.get_extra_info("peername")
    return str(peer[0]) if isinstance(peer, tuple) and peer else "?"


def guarded_protocol(doorman: Doorman) -> type[H11Protocol]:
    """Return uvicorn's protocol, asking a doorman before each connection."""

    class Guarded(H11Protocol):
        """HTTP for those who may come in."""

        def connection_made(self, transport: Any) -> None:
            """Take a new connection, or close it."""
            super().connection_made(transport)
            if not doorman.enter(transport):
                transport.abort()
                return
            asyncio.get_running_loop().call_later(ASK_S, self._close_if_silent)

        def _close_if_silent(self) -> None:
            asked: Any = self.cycle  # None until the first question
            if asked is None and self.transport.get_protocol() is self:
                self.transport.abort()

    return Guarded
