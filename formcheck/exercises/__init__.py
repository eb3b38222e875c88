"""The exercises of the routine, and those that other packages add through the entry-point group ``formcheck.exercises``."""

from __future__ import annotations

from functools import cache
from importlib.metadata import entry_points

from ..errors import UsageError
from ..rules.exercise import Exercise
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
GROUP = "formcheck.exercises"


@cache
def exercises() -> dict[str, Exercise]:
    """Return every known exercise by id: the routine's in its order, then those of installed packages.

    Raises
    ------
    UsageError
        If an installed package's exercise cannot be loaded.
    """
    out: dict[str, Exercise] = {cls.id: cls() for cls in ROUTINE}
    for point in sorted(entry_points(group=GROUP), key=lambda p: p.name):
        try:
            exercise = point.load()()
        except Exception as e:
            raise UsageError(
                f"exercise '{point.name}' from {point.value} cannot be loaded ({e})", "update or remove its package"
            ) from e
        out.setdefault(exercise.id, exercise)
    return out


def get_exercise(name: str) -> Exercise:
    """Return an exercise by its id.

    Raises
    ------
    UsageError
        If there is none of that name.
    """
    known = exercises()
    if name not in known:
        raise UsageError(f"unknown exercise '{name}'", f"choose one of {', '.join(known)}")
    return known[name]
