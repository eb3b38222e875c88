"""What a raised arm means at each moment of a workout: pause, go on, the next exercise, or yes to a question."""

from __future__ import annotations

from formcheck.sight.pose.types import Observation

from .gestures import BOTH, ONE, Gesture, Gestures

#: What is done.
PAUSE, RESUME, NEXT, YES = "pause", "resume", "next", "yes"


class Hands:
    """Watches for answers by hand.

    Parameters
    ----------
    on : bool
        False: nothing is watched for.

    Attributes
    ----------
    on : bool
    shown : Gesture or None
        The arm that is being held up.
    told : bool
        Whether the person was told of it.
    """

    def __init__(self, on: bool = True) -> None:
        self.on, self.told = on, False
        self.shown: Gesture | None = None
        self._gestures = Gestures()

    def update(
        self, observation: Observation, raises_arm: bool, *, free: bool, paused: bool, asked: bool
    ) -> str | None:
        """Take an observation; return what was answered.

        Parameters
        ----------
        observation : Observation
        raises_arm : bool
            Whether an arm is raised in the exercise itself: only somebody upright is understood there.
        free : bool
            Whether no attempt is under way.
        paused : bool
            Both arms mean the next exercise in a pause only.
        asked : bool
            Whether a question is open.
        """
        if not self.on:
            return None
        found = self._gestures.update(observation, watch=free, upright=raises_arm)
        # Both arms mean something in a pause only; people stretch.
        self.shown = found if found is not None and (found.kind == ONE or paused) else None
        if self.shown is None or not self.shown.given:
            return None
        if self.shown.kind == BOTH:
            return NEXT
        return RESUME if paused else YES if asked else PAUSE

    def tell(self, raises_arm: bool) -> str | None:
        """Return the key of the words that tell of it, once."""
        if not self.on or self.told:
            return None
        self.told = True
        return "told-hands-upright" if raises_arm else "told-hands"
