"""What a package that adds an exercise imports: these names stay here, whatever moves inside formcheck.

An exercise is a class on :class:`Exercise`: limits, gates and checks as data, and a few functions of measures on a
:class:`Body`. It is found through the entry-point group ``formcheck.exercises``; CONTRIBUTING.md has a whole one.
"""

from __future__ import annotations

from .judging.measure.body import Body
from .judging.measure.geometry import angle, distance, elevation, line_deviation, signed_sag, wrap_degrees
from .judging.rules.checks import ALWAYS, HOLD, MOVE, REP, START, Check
from .judging.rules.cycles import CycleFinder
from .judging.rules.drawing import LEVEL, PLUMB, Bend, Bow, Drawing, Gap, Tilt
from .judging.rules.exercise import (
    SEEN_SHARE,
    Array,
    Attempt,
    Exercise,
    Prescription,
    Sample,
)
from .judging.rules.facts import BallPlace, Breathing, Followed
from .judging.rules.gates import Gate, risen, slow
from .judging.rules.holding import SHORT_HOLD, too_short, why_short
from .judging.rules.limits import Limit, Limits
from .judging.rules.outcome import Outcome
from .judging.rules.records import Rep
from .judging.rules.tempo import travel_seconds
from .judging.rules.timing import Trigger
from .judging.rules.turns import again
from .judging.session.session import Session
from .sight.pose.landmarks import JOINT, SIDES
from .sight.pose.types import Ball, Observation, Pose, Track

__all__ = [
    "ALWAYS",
    "HOLD",
    "JOINT",
    "LEVEL",
    "MOVE",
    "PLUMB",
    "REP",
    "SEEN_SHARE",
    "SHORT_HOLD",
    "SIDES",
    "START",
    "Array",
    "Attempt",
    "Ball",
    "BallPlace",
    "Bend",
    "Body",
    "Bow",
    "Breathing",
    "Check",
    "CycleFinder",
    "Drawing",
    "Exercise",
    "Followed",
    "Gap",
    "Gate",
    "Limit",
    "Limits",
    "Observation",
    "Outcome",
    "Pose",
    "Prescription",
    "Rep",
    "Sample",
    "Session",
    "Tilt",
    "Track",
    "Trigger",
    "again",
    "angle",
    "distance",
    "elevation",
    "line_deviation",
    "risen",
    "signed_sag",
    "slow",
    "too_short",
    "travel_seconds",
    "why_short",
    "wrap_degrees",
]
