"""What a session remembers of the ball: how often it was seen, how far it went, and what size everything is by it."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median

from ..pose.types import Ball

#: Seconds between the sizes remembered, and how many of them: a session of any length needs no more memory.
EVERY_S, KEPT = 0.5, 2000


@dataclass
class BallWatch:
    """Follows the ball of a session.

    Attributes
    ----------
    frames, seen : int
        Frames with a body, and those of them with a ball.
    """

    frames: int = 0
    seen: int = 0
    _sizes: list[tuple[float, float, float, float]] = field(default_factory=list)
    _last_s: float = float("-inf")

    def update(self, t: float, ball: Ball | None, torso_px: float) -> None:
        """Take a frame with a body.

        Parameters
        ----------
        t : float
            Seconds.
        ball : Ball or None
        torso_px : float
            Length of the torso, the unit of the measures.
        """
        self.frames += 1
        if ball is None:
            return
        self.seen += 1
        if torso_px == torso_px and torso_px > 0 and t - self._last_s >= EVERY_S and len(self._sizes) < KEPT:
            self._last_s = t
            self._sizes.append((ball.x, ball.y + ball.r, ball.r, torso_px))

    @property
    def share(self) -> float:
        """Share of the frames with a body in which the ball was seen, 0-1."""
        return self.seen / self.frames if self.frames else 0.0

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
