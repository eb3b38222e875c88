"""formcheck: watches a person exercise and says what is right, what is not, and what to do about it.

>>> import formcheck
>>> report = formcheck.analyze("my-video.mp4", "plane")  # doctest: +SKIP
>>> formcheck.get_exercise("plane").title
'Plane'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .version import __version__ as __version__

#: Public names and where they come from; loaded when first used, so that ``import formcheck`` is instant.
_PUBLIC = {
    "FormcheckError": "errors",
    "Moment": "judging.session.moment",
    "Observation": "sight.pose.types",
    "Pose": "sight.pose.types",
    "Report": "showing.report.objects",
    "Session": "judging.session.session",
    "Track": "sight.pose.types",
    "analyze": "analysis.api",
    "get_exercise": "judging.exercises",
    "load_report": "showing.report.objects",
    "read_track": "sight.pose.trackfile",
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
    from .analysis.api import analyze
    from .errors import FormcheckError
    from .judging.exercises import get_exercise
    from .judging.session.moment import Moment
    from .judging.session.session import Session
    from .showing.report.objects import Report, load_report
    from .sight.pose.trackfile import read_track
    from .sight.pose.types import Observation, Pose, Track


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_PUBLIC[name]}", __name__), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_PUBLIC})
