"""The gym ball: found by its rim, its colours and its place at the body, and followed through time.

Public names: :func:`find_ball` for one picture, :class:`BallFinder` for a stream, :class:`Belief` for what of its
answers is to be believed.
"""

from .belief import Belief
from .detect import find_ball
from .track import BallFinder, BallPace

__all__ = ["BallFinder", "BallPace", "Belief", "find_ball"]
