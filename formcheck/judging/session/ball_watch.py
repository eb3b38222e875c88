"""What a session remembers of the ball: how often it was believed, how far it went, what size everything is by it."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median

import numpy as np
from numpy.typing import ArrayLike, NDArray

from formcheck.sight.pose.types import Ball

from ..measure import Body
from ..measure.view import SMALL_TORSO_PX, cut_off
from ..rules.facts import BallPlace
from ..rules.presence import MAX_STEP_S

Array = NDArray[np.float64]

#: Seconds between the sizes remembered, and how many of them: a session of any length needs no more memory.
EVERY_S, KEPT = 0.5, 2000
#: Share of the ball's width that may be out of the picture.
BALL_OUT = 0.5
#: A ball that could have been seen for less than this (s) may still come; one that was believed in less than this share
#: of that time was not there. Measured on rendered clips: 0.85 and more with a ball that is in use, 0 without one.
LEAST_S, MISSING = 1.5, 0.1
#: Before it is said that there is none, it is waited for this long (s).
LONG_S = 8.0


def half_out(centre: Array, radius: ArrayLike, size: tuple[int, int]) -> NDArray[np.bool_]:
    """(...) whether balls of (..., 2) centres and (...) radii (px) are more than half out of a picture."""
    r = np.asarray(radius, np.float64)
    out = np.maximum(r[..., None] - centre, centre + r[..., None] - size).max(axis=-1)
    return np.asarray(out > 2 * BALL_OUT * r)


def could_be_seen(body: Body, place: BallPlace | None) -> NDArray[np.bool_]:
    """(n,) whether the ball of an exercise would be in the picture: the whole body is, and where the ball has to be.

    A body that is too small to be measured is too small to look for a ball at.

    Parameters
    ----------
    body : Body
    place : BallPlace or None
        Where the exercise has it; where that is not known the whole body is enough.
    """
    torso = body.torso
    seen = body.plausible & (cut_off(body) == 0) & (torso >= SMALL_TORSO_PX)
    if place is None:
        return np.asarray(seen)
    with np.errstate(invalid="ignore"):
        centre = body.mid(place.joint) + np.stack([np.zeros_like(torso), place.below * torso], axis=1)
        known = np.isfinite(centre).all(axis=1)
        return np.asarray(seen & known & ~half_out(centre, place.radius * torso, body.size))


@dataclass
class BallWatch:
    """Follows the ball of a session.

    Attributes
    ----------
    frames, seen : int
        Frames with a body, and those of them with a ball that is believed.
    could_s, believed_s : float
        Seconds for which the ball could have been seen (see :func:`could_be_seen`), and for which it was believed then.
    sought : bool or None
        Whether a ball was looked for at all; None: unknown, as of a track: it was if one was ever seen.
    """

    frames: int = 0
    seen: int = 0
    could_s: float = 0.0
    believed_s: float = 0.0
    sought: bool | None = None
    _sizes: list[tuple[float, float, float, float]] = field(default_factory=list)
    _last_s: float = float("-inf")
    _before: float | None = None

    def update(self, t: float, ball: Ball | None, torso_px: float, could: bool = True) -> None:
        """Take a frame with a body.

        Parameters
        ----------
        t : float
            Seconds.
        ball : Ball or None
            As far as it is believed.
        torso_px : float
            Length of the torso, the unit of the measures.
        could : bool
            Whether the ball could have been seen.
        """
        step = 0.0 if self._before is None else min(t - self._before, MAX_STEP_S)
        self._before = t
        self.frames += 1
        if could or ball is not None:
            self.could_s += step
        if ball is None:
            return
        self.seen += 1
        self.believed_s += step
        if torso_px == torso_px and torso_px > 0 and t - self._last_s >= EVERY_S and len(self._sizes) < KEPT:
            self._last_s = t
            self._sizes.append((ball.x, ball.y + ball.r, ball.r, torso_px))

    @property
    def share(self) -> float:
        """Share of the frames with a body in which the ball was believed, 0-1."""
        return self.seen / self.frames if self.frames else 0.0

    @property
    def believed_share(self) -> float | None:
        """Share of the time in which it could have been seen that the ball was believed, 0-1.

        None where that time was too short to tell, or nobody is known to have looked for a ball.
        """
        looked = self.seen > 0 if self.sought is None else self.sought
        return self.believed_s / self.could_s if looked and self.could_s >= LEAST_S else None

    @property
    def missing(self) -> bool:
        """Whether a ball was looked for, could have been seen, and was not there."""
        share = self.believed_share
        return share is not None and share < MISSING

    @property
    def missing_for_long(self) -> bool:
        """Whether one may say so while the session goes on."""
        return self.missing and self.could_s >= LONG_S

    @property
    def radius_torso(self) -> float | None:
        """Median radius in torso lengths; None where no ball was seen."""
        return median(r / torso for _, _, r, torso in self._sizes) if self._sizes else None

    @property
    def travel_torso(self) -> float | None:
        """How far the ball went from side to side of the picture, in torso lengths."""
        if not self._sizes:
            return None
        x = [a for a, _, _, _ in self._sizes]
        return (max(x) - min(x)) / median(torso for _, _, _, torso in self._sizes)

    @property
    def floor_y_px(self) -> float | None:
        """Height in the picture of the ball's lowest point, px from the top: the floor, where it lies on it."""
        return median(y for _, y, _, _ in self._sizes) if self._sizes else None

    def torso_cm(self, ball_cm: float) -> float | None:
        """Return the length of the torso by the size of the ball; None where no ball was seen.

        Parameters
        ----------
        ball_cm : float
            Diameter of the ball.
        """
        radius = self.radius_torso
        return ball_cm / (2 * radius) if radius else None
