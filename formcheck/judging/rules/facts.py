"""What an exercise says of itself for those who speak, draw and keep figures: small facts as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: Unit and meaning of measures, by name.
MeasureWords = Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class BallPlace:
    """Where the ball is in the start position, for a ball of 55-65 cm.

    Attributes
    ----------
    joint : str
        The joint above its middle.
    below, radius : float
        How far below that joint its middle is, and its radius, torso lengths.
    """

    joint: str
    below: float
    radius: float


@dataclass(frozen=True)
class Breathing:
    """How the breath goes with the movement, where the exercise asks for it.

    Attributes
    ----------
    in_going, out_coming_back : bool
        Breathe in as an attempt begins, and out on the way back.
    evenly : bool
        Breathe evenly while the end position is held.
    """

    in_going: bool = False
    out_coming_back: bool = False
    evenly: bool = False

    @property
    def asked(self) -> bool:
        """Whether the exercise asks for any of it."""
        return self.in_going or self.out_coming_back or self.evenly


@dataclass(frozen=True)
class Followed:
    """A measure that is followed from session to session.

    Attributes
    ----------
    measure : str
        Name of one of the measures that decide a repetition; its unit is told there.
    label : str
    better : int
        1 where more is better, -1 where less is, 0 where neither.
    """

    measure: str
    label: str
    better: int
