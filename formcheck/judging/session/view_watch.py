"""Whether the picture can be judged from where the camera stands, and what to change."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from dataclasses import dataclass, field

from ..measure.view import VIEW_MEMORY_S, View, classify, too_dark, too_small
from ..rules.exercise import Exercise

#: Seconds without a person before it is worth saying.
NOBODY_S = 1.5


#: Main joints that may be outside the picture before the view is refused.
MAX_CUT_OFF = 2


@dataclass
class ViewWatch:
    """Follows the view and the picture's quality, and says what to change."""

    exercise: Exercise
    recent: deque[tuple[float, float]] = field(default_factory=deque)
    #: The yaws of *recent* by size.
    ordered: list[float] = field(default_factory=list)
    seen_at: float | None = None
    view: View = field(default_factory=View)

    def update(
        self, t: float, yaw: float | None, torso: float, cut: float, luma: float | None
    ) -> tuple[str, str] | None:
        """Take one frame's yaw (None = nobody); return why it cannot be judged, and advice, or None."""
        if self.seen_at is None:
            self.seen_at = t
        if yaw is None or yaw != yaw:
            if t - self.seen_at < NOBODY_S:
                return None
            if too_dark(luma):
                return "too dark", "It is too dark: switch a light on in front of you."
            return "nobody seen", "I cannot see you: step into the picture."
        self.seen_at = t
        self.recent.append((t, yaw))
        insort(self.ordered, yaw)
        while t - self.recent[0][0] > VIEW_MEMORY_S:
            del self.ordered[bisect_left(self.ordered, self.recent.popleft()[1])]
        n = len(self.ordered)
        middle = (self.ordered[(n - 1) // 2] + self.ordered[n // 2]) / 2
        if middle != self.view.yaw:
            self.view = classify(middle)
        if too_small(torso):
            return "too far away", "You are small in the picture: come closer or move the camera nearer."
        if cut > MAX_CUT_OFF:
            return "cut off", "Part of you is out of the picture: step back or turn the camera."
        if not self.view.suits(self.exercise.views):
            return f"{self.view.kind} view", view_advice(self.exercise)
        return None


def view_advice(exercise: Exercise) -> str:
    """Say how to stand to the camera."""
    if exercise.views[0] == "side":
        return "I cannot judge this from here: turn your side to the camera."
    return "I cannot judge this from here: turn your front or back to the camera."
