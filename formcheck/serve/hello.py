"""The first message of a page: who it is and what it wants to do. Pure, but for plans that lie in files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from formcheck.coaching.coach.plan import MAX_REPS, Plan, plan_from, read_plan, routine_plan, single_plan
from formcheck.errors import FormcheckError, UsageError
from formcheck.shown import brief, printable

from .coach import Work
from .place import Data
from .settings import Settings

PROTOCOL = 2
SUBPROTOCOL = f"formcheck.coach.{PROTOCOL}"
CAMERA, SCREEN = "camera", "screen"
#: Longest name of a camera, and of a session.
MAX_NAME, MAX_ID = 100, 64
#: Name of the plan that is a person's own.
OWN_PLAN = "own"


class BadHelloError(Exception):
    """A hello that cannot be understood.

    Attributes
    ----------
    code : str
    message, hint : str
    """

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.hint = code, message, hint


@dataclass(frozen=True)
class Hello:
    """What a page wants.

    Attributes
    ----------
    role : str
        ``camera`` or ``screen``.
    session : str or None
        The session to go on with.
    seen : int
        Number of the last item to which it got a moment; -1: none.
    work : Work or None
        What to do in a new session; None for a screen.
    """

    role: str
    session: str | None
    seen: int
    work: Work | None


def read_hello(message: Mapping[str, Any], settings: Settings, plans: Mapping[str, Path]) -> Hello:
    """Read a hello.

    Parameters
    ----------
    message : mapping
    settings : Settings
        What holds where the page says nothing.
    plans : mapping
        Files of the person's own plans, by the names they are asked for.

    Raises
    ------
    BadHelloError
    """
    if message.get("type") != "hello":
        raise BadHelloError("bad-hello", f"expected a hello, got {brief(message.get('type'))}")
    if message.get("protocol") != PROTOCOL:
        got = brief(message.get("protocol"))
        raise BadHelloError("protocol", f"this server speaks protocol {PROTOCOL}, not {got}", "load the page again")
    role, session, seen = message.get("role"), message.get("session"), message.get("seen", -1)
    if role not in (CAMERA, SCREEN):
        raise BadHelloError("bad-hello", f"role: expected camera or screen, got {brief(role)}")
    if session is not None and not (isinstance(session, str) and len(session) <= MAX_ID):
        raise BadHelloError("bad-hello", f"session: expected an id or null, got {brief(session)}")
    if seen is None or isinstance(seen, bool) or not isinstance(seen, int):
        seen = -1
    if role == SCREEN:
        return Hello(role, session, seen, None)
    try:
        return Hello(role, session, seen, _work(message, settings, plans))
    except FormcheckError as e:
        raise BadHelloError("bad-work", e.message, e.hint) from e


def saved_plans(data: Data) -> dict[str, Path]:
    """Return the plan files of a person by their names; :data:`OWN_PLAN` is that of ``formcheck people plan``."""
    own = data.plan
    files = {OWN_PLAN: own} if own.is_file() else {}
    return files | (
        {p.stem: p for p in sorted(data.plans.glob("*.toml")) if p.is_file()} if data.plans.is_dir() else {}
    )


def _work(message: Mapping[str, Any], settings: Settings, plans: Mapping[str, Path]) -> Work:
    known = ("lang", "introduce", "strictness", "ball")
    settings = settings.changed({k: message[k] for k in known if message.get(k) is not None})
    camera = message.get("camera")
    name = printable(camera)[:MAX_NAME] if isinstance(camera, str) else ""
    return Work(_plan(message.get("work"), plans), settings.lang, settings.options, settings.introduce, name)


def _plan(work: Any, plans: Mapping[str, Path]) -> Plan:
    if not isinstance(work, Mapping):
        raise UsageError(f"work: expected an object, got {brief(work)}", 'as in {"exercise": "plane"}')
    reps = work.get("reps")
    if reps is not None and (isinstance(reps, bool) or not isinstance(reps, int) or not 0 <= reps <= MAX_REPS):
        raise UsageError(f"reps: expected a whole number from 0 to {MAX_REPS}, got {brief(reps)}")
    if isinstance(exercise := work.get("exercise"), str):
        return single_plan(exercise, reps)
    if work.get("routine") is True or work.get("saved") == "routine":
        return routine_plan(reps)
    if isinstance(saved := work.get("saved"), str):
        if saved not in plans:
            raise UsageError(f"there is no plan {brief(saved)}", "choose one of the list")
        return read_plan(plans[saved])
    if isinstance(plan := work.get("plan"), Mapping):
        return plan_from(plan, "the plan", "plan")
    raise UsageError("work: expected exercise, routine, saved or plan", 'as in {"exercise": "plane"}')
