"""The coaching sessions under way: each with a thread of its own, kept for a while when its page is lost."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from .coach import Coach, Message, Work

#: Coaching sessions at once, seconds for which one is kept without its camera, and screens of one.
MOST, KEPT_S, MOST_SCREENS = 4, 300.0, 8
#: Sessions that are over and whose last words are kept for a page that has not heard them.
ENDED = 16


class FullError(Exception):
    """As many sessions as may be are under way."""


class Peer(Protocol):
    """A page that listens to a session."""

    async def send(self, message: Message) -> None:
        """Send a message; a page that is gone is no error."""

    async def leave(self, code: int) -> None:
        """Close the connection."""


class Coached:
    """A coaching session and who listens to it.

    Attributes
    ----------
    id : str
    coach : Coach
        Used in :meth:`run` alone.
    camera : Peer or None
    screens : set of Peer
    lock : asyncio.Lock
        Held from an item until its messages are sent.
    """

    def __init__(self, session_id: str, work: Work) -> None:
        self.id, self.work = session_id, work
        self.began = datetime.now().astimezone()
        self.camera: Peer | None = None
        self.screens: set[Peer] = set()
        self.lock = asyncio.Lock()
        self.gone_since = time.monotonic()
        self.coach: Coach
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"coach-{session_id[:6]}")

    async def begin(self, make: Callable[[], Coach]) -> None:
        """Make the coach in the thread that will use it."""
        self.coach = await self.run(make)

    async def run(self, what: Callable[..., Any], *given: Any) -> Any:
        """Do something with the coach, in its thread, one thing at a time."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: what(*given))

    async def tell(self, messages: list[Message], lag_s: float | None = None) -> None:
        """Send messages to the camera, and to the screens with the body."""
        for m in messages:
            if m["type"] == "moment" and lag_s is not None:
                m["lag_ms"] = round(1e3 * lag_s, 1)
            if self.camera is not None:
                await self.camera.send(m)
            if self.screens:
                if m["type"] == "moment":
                    m = {**m, "body": self.coach.body}  # noqa: PLW2901
                if m["type"] != "resend":
                    for screen in list(self.screens):
                        await screen.send(m)

    def close(self) -> None:
        """End the thread once it has done what it is at."""
        self._thread.shutdown(wait=False)


class Sessions:
    """All coaching sessions of a server.

    Parameters
    ----------
    make_coach : callable
        Makes the coach of a session, given its work and the folder for its reports; called in the session's thread.
    folder : Path
        Where the folders of reports are made.
    most : int
    kept_s : float
    """

    def __init__(
        self, make_coach: Callable[[Work, Path], Coach], folder: Path, *, most: int = MOST, kept_s: float = KEPT_S
    ) -> None:
        self.most, self.kept_s = most, kept_s
        self._make_coach, self._folder = make_coach, folder
        self._now: OrderedDict[str, Coached] = OrderedDict()
        self._ended: OrderedDict[str, list[Message]] = OrderedDict()
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        #: Sessions that are being made.
        self._begun = 0

    def get(self, session_id: str) -> Coached | None:
        """Return a session that is under way."""
        return self._now.get(session_id)

    def last_words(self, session_id: str) -> list[Message] | None:
        """Return how a session that is over has ended; None where it is not known."""
        return self._ended.get(session_id)

    @property
    def all(self) -> list[Coached]:
        """Sessions under way, the oldest first."""
        return list(self._now.values())

    async def begin(self, work: Work) -> Coached:
        """Begin a session.

        Raises
        ------
        FullError
            If there are as many as may be, and a page is at each.
        """
        if len(self._now) + self._begun >= self.most:
            left = [c for c in self._now.values() if c.camera is None]
            if not left:
                raise FullError
            await self.end(min(left, key=lambda c: c.gone_since))
        session_id = secrets.token_urlsafe(9)
        coached = Coached(session_id, work)
        self._begun += 1
        folder = self._folder / f"{coached.began:%Y-%m-%d %H-%M-%S} {session_id[:4]}"
        try:
            await coached.begin(lambda: self._make_coach(work, folder))
        except BaseException:
            coached.close()
            raise
        finally:
            self._begun -= 1
        self._now[session_id] = coached
        return coached

    def attach(self, coached: Coached, camera: Peer) -> Peer | None:
        """Let a camera feed a session; return the one that did before."""
        if timer := self._timers.pop(coached.id, None):
            timer.cancel()
        before, coached.camera = coached.camera, camera
        return before

    def detach(self, coached: Coached, camera: Peer) -> None:
        """Note that a camera is gone; unless another comes in time, the session is ended."""
        if coached.camera is not camera:
            return
        coached.camera, coached.gone_since = None, time.monotonic()
        if coached.id in self._now:
            loop = asyncio.get_running_loop()
            self._timers[coached.id] = loop.call_later(self.kept_s, self._give_up, coached)

    def _give_up(self, coached: Coached) -> None:
        self._timers.pop(coached.id, None)
        task = asyncio.get_running_loop().create_task(self.end(coached))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def end(self, coached: Coached) -> None:
        """End a session as by the command to finish; its report is written when this returns."""
        async with coached.lock:
            messages: list[Message] = []
            with suppress(Exception):
                # Whatever is wrong in a session, the others go on; what was counted is in the history.
                messages = await coached.run(coached.coach.finish)
            await coached.tell(messages)
        await self.over(coached, messages)

    async def over(self, coached: Coached, messages: list[Message]) -> None:
        """Forget a session that is over, but for its last words, and let its pages go."""
        if self._now.pop(coached.id, None) is None:
            return
        if timer := self._timers.pop(coached.id, None):
            timer.cancel()
        self._ended[coached.id] = messages
        while len(self._ended) > ENDED:
            self._ended.popitem(last=False)
        for peer in [p for p in (coached.camera, *coached.screens) if p is not None]:
            await peer.leave(1000)
        coached.close()

    async def close(self) -> None:
        """End all sessions: every report is written when this returns."""
        for coached in self.all:
            await self.end(coached)
