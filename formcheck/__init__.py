"""formcheck: watches a person exercise and says what is right, what is not, and what to do about it.

>>> import formcheck
>>> report = formcheck.analyze("my-video.mp4", "plane")  # doctest: +SKIP
>>> formcheck.get_exercise("plane").title
'Plane'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

#: Public names and where they come from; loaded when first used, so that ``import formcheck`` is instant.
_PUBLIC = {
    "FormcheckError": "errors",
    "Moment": "coach.session",
    "Observation": "pose.types",
    "Pose": "pose.types",
    "Report": "outputs.objects",
    "Session": "coach.session",
    "Track": "pose.types",
    "analyze": "api",
    "get_exercise": "exercises",
    "load_report": "outputs.objects",
    "read_track": "pose.trackfile",
}
__all__ = [
    "FormcheckError",
    "Moment",
    "Observation",
    "Pose",
    "Report",
    "Session",
    "Track",
    "analyze",
    "get_exercise",
    "load_report",
    "read_track",
]

if TYPE_CHECKING:
    from .api import analyze
    from .coach.session import Moment, Session
    from .errors import FormcheckError
    from .exercises import get_exercise
    from .outputs.objects import Report, load_report
    from .pose.trackfile import read_track
    from .pose.types import Observation, Pose, Track


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_PUBLIC[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_PUBLIC})
