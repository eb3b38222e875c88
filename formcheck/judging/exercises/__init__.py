"""The exercises of the routine, and those that other packages add through the entry-point group ``formcheck.exercises``."""

from __future__ import annotations

from functools import cache

from formcheck.errors import UsageError
from formcheck.shown import brief, did_you_mean

from ..rules.exercise import Exercise
from . import plugins
from .ball_kneel import BallKneel
from .ball_warmup import BallWarmup
from .heel_bridge import HeelBridge
from .plane import Plane
from .shoulder_bridge import ShoulderBridge
from .side_lift import SideLift
from .side_plank import SidePlank
from .swan import Swan
from .toe_squat import ToeSquat

#: The routine, in its order.
ROUTINE: tuple[type[Exercise], ...] = (
    BallWarmup,
    ShoulderBridge,
    HeelBridge,
    SideLift,
    BallKneel,
    ToeSquat,
    Swan,
    Plane,
    SidePlank,
)


@cache
def exercises() -> dict[str, Exercise]:
    """Return every known exercise by id: the routine's in its order, then those of installed packages.

    One that cannot be used is left out, with a line that names its package.
    """
    own: dict[str, Exercise] = {cls.id: cls() for cls in ROUTINE}
    return own | plugins.load(own)


def get_exercise(name: str) -> Exercise:
    """Return an exercise by its id.

    Raises
    ------
    PluginError
        If it is that of an installed package and cannot be used.
    UsageError
        If there is none of that name.
    """
    known = exercises()
    plugins.check_usable(name)
    if name not in known:
        near = did_you_mean(name, known)
        choose = f"choose one of {', '.join(known)}"
        raise UsageError(f"unknown exercise {brief(name)}", f"{near} Or {choose}" if near else choose)
    return known[name]
