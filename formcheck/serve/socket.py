"""The WebSocket of a coaching session: hello, then items in and messages out, until one of both goes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from time import perf_counter
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from formcheck.errors import FormcheckError

from .coach import Message
from .hello import PROTOCOL, SCREEN, SUBPROTOCOL, BadHelloError, Hello
from .items import BadItemError, Do, Item, read_frame, read_told
from .sessions import MOST_SCREENS, Coached, FullError, Sessions
from .telling import plan_data

#: Largest message (bytes).
MAX_MESSAGE = 1 << 20
#: Seconds within which the hello has to come.
HELLO_S = 10.0
#: Items that make no sense before the connection is closed.
MAX_BAD = 50
#: Messages that wait for a slow screen; older moments give way.
WAITING = 64
#: Seconds that a page may take to take a message.
SEND_S = 20.0
BAD, NO_SESSION, VERSION, LATE, TAKEN, TOO_LARGE, FULL, BROKEN = 4400, 4404, 4406, 4408, 4409, 4413, 4429, 4500
_CLOSES = {"bad-hello": BAD, "bad-work": BAD, "protocol": VERSION}


class Socket:
    """A page at the other end."""

    def __init__(self, ws: WebSocket) -> None:
        self.ws = ws
        self._lock = asyncio.Lock()

    async def send(self, message: Message) -> None:
        """Send a message; a page that is gone, or takes nothing, is left."""
        text = json.dumps(message, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        async with self._lock:
            if self.ws.application_state is not WebSocketState.CONNECTED:
                return
            try:
                await asyncio.wait_for(self.ws.send_text(text), SEND_S)
            except (TimeoutError, WebSocketDisconnect, RuntimeError, OSError):
                with suppress(Exception):
                    await self.ws.close(BROKEN)

    async def leave(self, code: int) -> None:
        """Close the connection."""
        async with self._lock:
            if self.ws.application_state is WebSocketState.CONNECTED:
                with suppress(RuntimeError, WebSocketDisconnect, OSError):
                    await self.ws.close(code)

    async def refuse(self, close: int, code: str, message: str, hint: str = "") -> None:
        """Say what is wrong and close the connection."""
        await self.send({"type": "error", "code": code, "message": message, "hint": hint})
        await self.leave(close)


class ScreenSocket(Socket):
    """A page that only watches: the session does not wait for it."""

    def __init__(self, ws: WebSocket) -> None:
        super().__init__(ws)
        self._waiting: asyncio.Queue[Message] = asyncio.Queue(WAITING)

    async def send(self, message: Message) -> None:
        """Let a message wait to be sent; where too many do, the oldest gives way."""
        if self._waiting.full():
            self._waiting.get_nowait()
        self._waiting.put_nowait(message)

    async def leave(self, code: int) -> None:
        """Close the connection, once what waits was sent: the last words are among it."""
        while not self._waiting.empty():
            await super().send(self._waiting.get_nowait())
        await super().leave(code)

    async def write(self) -> None:
        """Send what waits, for ever."""
        while True:
            await super().send(await self._waiting.get())


async def talk(ws: WebSocket, sessions: Sessions, hello_of: Any) -> None:
    """Serve one page until it, or the session, is gone.

    Parameters
    ----------
    ws : WebSocket
        Not yet accepted; whose it is has been asked already.
    sessions : Sessions
    hello_of : callable
        Reads a hello, as :func:`formcheck.serve.hello.read_hello` without its other parameters.
    """
    if SUBPROTOCOL not in ws.scope.get("subprotocols", []):
        await ws.accept()
        await Socket(ws).refuse(VERSION, "protocol", f"this server speaks {SUBPROTOCOL}", "load the page again")
        return
    await ws.accept(subprotocol=SUBPROTOCOL)
    page = Socket(ws)
    try:
        try:
            first = await asyncio.wait_for(ws.receive(), HELLO_S)
        except TimeoutError:
            await page.refuse(LATE, "late", f"no hello came within {HELLO_S:.0f} s")
            return
        hello = hello_of(_told(first))
        if hello.role == SCREEN:
            await _watch(ws, sessions, hello)
        else:
            await _feed(page, sessions, hello)
    except BadHelloError as e:
        await page.refuse(_CLOSES[e.code], e.code, e.message, e.hint)
    except (WebSocketDisconnect, RuntimeError):
        pass  # it went


# ---- a camera ------------------------------------------------------------------------------------
async def _feed(page: Socket, sessions: Sessions, hello: Hello) -> None:
    coached = sessions.get(hello.session) if hello.session is not None else None
    if coached is None and hello.session is not None and (words := sessions.last_words(hello.session)) is not None:
        await _say_last_words(page, hello, words)
        return
    resumed = coached is not None
    if coached is None:
        assert hello.work is not None
        try:
            coached = await sessions.begin(hello.work)
        except FullError:
            hint = "end another one first"
            await page.refuse(FULL, "full", f"{sessions.most} coaching sessions are under way", hint)
            return
        except FormcheckError as e:
            await page.refuse(BAD, "bad-work", e.message, e.hint)
            return
    before = sessions.attach(coached, page)
    try:
        if isinstance(before, Socket):
            await before.refuse(TAKEN, "taken", "another page goes on with this session")
        async with coached.lock:
            await page.send(_welcome(coached, hello, resumed=resumed, kept_s=sessions.kept_s))
            for m in await coached.run(coached.coach.missed, hello.seen) if resumed else []:
                await page.send(m)
        await _tell_screens(coached, here=True)
        await _items(page, sessions, coached)
    finally:
        sessions.detach(coached, page)
        if coached.camera is None:
            await _tell_screens(coached, here=False)


async def _items(page: Socket, sessions: Sessions, coached: Coached) -> None:
    bad = 0
    while coached.camera is page:
        got = await page.ws.receive()
        began = perf_counter()
        try:
            item = _item(got)
        except BadItemError as e:
            bad += 1
            async with coached.lock:
                await coached.run(coached.coach.skip, e.n)
                await page.send(_bad_item(e))
            if bad >= MAX_BAD:
                await page.refuse(BAD, "bad-item", f"{MAX_BAD} messages made no sense")
                return
            continue
        if isinstance(item, dict):
            await page.send(item)
        elif coached.camera is page and not await _take(page, sessions, coached, item, began):
            return


async def _take(page: Socket, sessions: Sessions, coached: Coached, item: Item, began: float) -> bool:
    """Let the coach have an item and send what it says; return whether the session goes on."""
    async with coached.lock:
        try:
            messages = await coached.run(coached.coach.take, item)
        except BadItemError as e:
            await page.send(_bad_item(e))
            return True
        except Exception as e:  # noqa: BLE001 - an exercise of another package may raise anything
            what = f"internal error ({type(e).__name__})"
            await page.send({"type": "error", "code": "broken", "message": what, "hint": "what was counted is kept"})
            broken = True
        else:
            await coached.tell(messages, perf_counter() - began)
            broken = False
            over = any(m["type"] == "over" for m in messages)
    if broken:
        await sessions.end(coached)
        await page.leave(BROKEN)
        return False
    if over:
        await sessions.over(coached, messages)
        return False
    return True


# ---- a screen ------------------------------------------------------------------------------------
async def _watch(ws: WebSocket, sessions: Sessions, hello: Hello) -> None:
    screen = ScreenSocket(ws)
    under_way = sessions.all
    coached = sessions.get(hello.session) if hello.session is not None else next(reversed(under_way), None)
    if coached is None:
        await Socket(ws).refuse(NO_SESSION, "no-session", "no coaching session is under way", "begin one at the camera")
        return
    if len(coached.screens) >= MOST_SCREENS:
        await Socket(ws).refuse(FULL, "full", f"{MOST_SCREENS} screens show this session already")
        return
    writer = asyncio.create_task(screen.write())
    coached.screens.add(screen)
    try:
        async with coached.lock:
            now = await coached.run(lambda: {**coached.coach.now(), "body": coached.coach.body})
            await screen.send(_welcome(coached, hello, resumed=True, kept_s=sessions.kept_s))
            await screen.send(now)
        await screen.send({"type": "camera", "here": coached.camera is not None})
        while coached in sessions.all:
            got = await ws.receive()
            began = perf_counter()
            try:
                item = _item(got)
            except BadItemError as e:
                await screen.send(_bad_item(e))
                continue
            if isinstance(item, dict):
                await screen.send(item)
            elif isinstance(item, Do) and item.n is None:
                if not await _take(screen, sessions, coached, item, began):
                    return
            else:
                await screen.send(_bad_item(BadItemError("a screen sends commands without a number, nothing else")))
    finally:
        coached.screens.discard(screen)
        writer.cancel()
        with suppress(asyncio.CancelledError):
            await writer


async def _tell_screens(coached: Coached, *, here: bool) -> None:
    for screen in list(coached.screens):
        await screen.send({"type": "camera", "here": here})


# ---- messages ------------------------------------------------------------------------------------
def _welcome(coached: Coached, hello: Hello, *, resumed: bool, kept_s: float) -> Message:
    coach = coached.coach
    return {
        "type": "welcome",
        "protocol": PROTOCOL,
        "session": coached.id,
        "resumed": resumed,
        "next": coach.next,
        "role": hello.role,
        "lang": coached.work.lang,
        "plan": plan_data(coached.work.plan, coach.phrases),
        "kept_s": kept_s,
    }


async def _say_last_words(page: Socket, hello: Hello, words: list[Message]) -> None:
    """Tell a page that comes back to a session that is over how it ended."""
    after = max((m["n"] for m in words if "n" in m), default=-1) + 1
    told = {"type": "welcome", "protocol": PROTOCOL, "session": hello.session, "resumed": True, "next": after}
    await page.send({**told, "role": hello.role, "lang": None, "plan": None, "kept_s": 0.0})
    for m in words:
        await page.send(m)
    await page.leave(1000)


def _bad_item(error: BadItemError) -> Message:
    return {"type": "error", "code": "bad-item", "message": str(error), "hint": "", "n": error.n}


def _item(got: Mapping[str, Any]) -> Item | Message:
    """Return the item that came, or the answer to a ping."""
    _check_here(got)
    if got.get("bytes") is not None:
        return read_frame(got["bytes"])
    message = _object(got)
    if message.get("type") == "ping":
        number = message.get("id")
        return {"type": "pong", "id": number if isinstance(number, int) else None}
    return read_told(message)


def _told(got: Mapping[str, Any]) -> Mapping[str, Any]:
    _check_here(got)
    if got.get("bytes") is not None:
        raise BadHelloError("bad-hello", "expected a hello, got a frame")
    try:
        return _object(got)
    except BadItemError as e:
        raise BadHelloError("bad-hello", str(e)) from e


def _object(got: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        message = json.loads(got.get("text") or "")
    except (ValueError, RecursionError) as e:
        raise BadItemError("a message has to be JSON") from e
    if not isinstance(message, dict):
        raise BadItemError("a message has to be an object")
    return message


def _check_here(got: Mapping[str, Any]) -> None:
    if got["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(got.get("code") or 1005)
