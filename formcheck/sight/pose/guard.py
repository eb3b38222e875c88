"""Keeps the landmarks of one body from going over to another that passes behind or in front of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from .continuity import Leap, body_px, centre, held, leap, moved
from .pictures import Image, around
from .plausibility import MIN_PLAUSIBILITY, plausibility
from .types import Pose

#: While a body is guarded the model sees nothing that is further from its bones than this (torso lengths; a hand that
#: moves as fast as any comes half as far from one picture to the next).
MARGIN = 0.5
#: ... nor from where they were before something came near, up to so long (s) ago: a limb may be lost sight of there.
CLEAR_S = 4.0
#: A body is guarded for so long (s) after the last sign of something else.
GUARD_S = 1.0
#: A body is known well enough to be guarded once it has been followed for this long (s).
KNOWN_S = 0.5
#: A limb that is somewhere else for this long (s) has gone there after all; so has a whole body after the second.
HELD_S, COVERED_S = 0.7, 1.5
#: A body that was covered is seen again when two looks in a row agree to within the first of these, and with where it
#: was to within the second (torso lengths, trunk), in any of the last looks of so many seconds: what covers it may have
#: drawn it along a little before.
AGREE, BACK, BACK_S = 0.15, 0.3, 1.0
#: A trunk whose middle is within this (torso lengths) of where it was has not gone over to another body.
IN_PLACE = 0.15
#: A picture of which this share differs by more than this (0-255) from the one before is another scene.
CUT_SHARE, CUT_LEVEL = 0.5, 20.0


@dataclass
class _Seen:
    t: float
    image: Image
    pose: Pose


class PoseGuard:
    """Takes the poses of one body as the model finds them, and gives those that go on from the ones before.

    While there is something else near the body (:meth:`beware`), the model is shown nothing but the body's
    surroundings; a limb that leaps all the same is left where it was and marked as not seen, and a body whose trunk
    leaps is not seen at all until it is back. A trunk that leaps when nothing is near is looked for again where it was.
    Limbs are left alone then: the model often changes its mind about a hidden one, for the better as for the worse.

    Attributes
    ----------
    covered : bool
        Whether the body was hidden in the last picture: what was found there is none of it.
    """

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Take the next pose for another body's."""
        self.covered = False
        self._last: _Seen | None = None
        self._since = np.inf
        self._until = self._near_until = -np.inf
        self._again: Pose | None = None
        #: The body when it was last seen with nothing near it.
        self._clear: tuple[float, Pose] | None = None
        self._past: deque[tuple[float, Pose]] = deque()
        #: Since when (s) each limb has been left where it was.
        self._held: dict[int, float] = {}

    @property
    def last(self) -> tuple[float, Pose] | None:
        """Time and pose of the last picture in which the body was seen."""
        return None if self._last is None else (self._last.t, self._last.pose)

    def known_for(self, t: float) -> float:
        """Return for how long (s) the body has been followed."""
        return max(t - self._since, 0.0)

    def beware(self, t: float) -> None:
        """Guard the body from now on for a while: something else is near it."""
        self._until = self._near_until = t + GUARD_S

    def wary(self, t: float) -> bool:
        """Return whether something else was near the body at time *t* (s), or shortly before."""
        return t < self._near_until

    def fits(self, t: float, pose: Pose) -> bool:
        """Return whether a body found by a search may be the one followed: hidden, it does not go elsewhere."""
        return self._last is None or t - self._last.t > COVERED_S or self._was_at(pose)

    def _was_at(self, pose: Pose) -> bool:
        return any(moved(pose, p) <= BACK for _, p in self._past)

    def adopt(self, t: float, image: Image, pose: Pose) -> None:
        """Guard this body from now on, as one that is known."""
        self.forget()
        self._last, self._since, self._until = _Seen(t, image, pose), t - KNOWN_S, t + GUARD_S

    def shown(self, t: float, image: Image) -> Image:
        """Return the picture that the model is to see at time *t* (s): the whole one unless the body is guarded."""
        last = self._last
        if last is None or t >= self._until or t - last.t > COVERED_S:
            return image
        poses = [last.pose]
        if self._clear is not None and t - self._clear[0] <= CLEAR_S:
            poses.append(self._clear[1])
        return around(image, MARGIN * body_px(last.pose), *poses)

    def check(self, t: float, image: Image, pose: Pose, again: Callable[[Image], Pose | None]) -> Pose | None:
        """Return the pose as far as it goes on from the one before.

        Parameters
        ----------
        t : float
            Seconds.
        image : (h, w, 3) array
        pose : Pose
            What the model found in the picture :meth:`shown`.
        again : callable
            Looks at another picture of the same moment.

        Returns
        -------
        Pose or None
            None where the body is hidden.
        """
        before = self._last
        if before is None or t - before.t > COVERED_S:
            # What covered it may still be what is seen: a body that stays where it is will do.
            if self.covered and before is not None and t - before.t <= COVERED_S + BACK_S:
                last, self._again = self._again, pose
                if last is None or moved(pose, last) > AGREE:
                    return None
            self.forget()
            return self._take(t, image, pose)
        if self.covered:
            return self._back(t, image, pose, before)
        guarded = t < self._until
        leapt = leap(pose, before.pose, t - before.t, strict=guarded)
        if not leapt or before.t - self._since < KNOWN_S:
            self._held.clear()
        elif guarded:
            if leapt.trunk:
                # With nothing seen near it is the same body; else it may be half another.
                if not self.wary(t) and _in_place(pose, before.pose):
                    return self._take(t, image, pose)
                self._cover(t, pose)
                return None
            pose = self._hold(t, pose, before.pose, leapt)
        elif leapt.trunk:
            if cut(before.image, image):
                self.forget()
                return self._take(t, image, pose)
            return self._second(t, image, pose, again, before)
        return self._take(t, image, pose)

    def _take(self, t: float, image: Image, pose: Pose) -> Pose:
        self.covered, self._again = False, None
        self._since = min(self._since, t)
        self._last = _Seen(t, image, pose)
        if t >= self._until:
            self._clear = t, pose
        self._past.append((t, pose))
        while t - self._past[0][0] > BACK_S:
            self._past.popleft()
        return pose

    def _cover(self, t: float, pose: Pose) -> None:
        self.covered, self._again = True, pose
        self._until = t + GUARD_S

    def _back(self, t: float, image: Image, pose: Pose, before: _Seen) -> Pose | None:
        """Return a body that was covered when it is seen again where it was."""
        last, self._again = self._again, pose
        if last is None or moved(pose, last) > AGREE or not self._was_at(pose):
            if cut(before.image, image):
                self.forget()
                return self._take(t, image, pose)
            self._until = t + GUARD_S
            return None
        limbs = leap(pose, before.pose, t - before.t, strict=True).limbs
        return self._take(t, image, self._hold(t, pose, before.pose, Leap(limbs=limbs)))

    def _second(
        self, t: float, image: Image, pose: Pose, again: Callable[[Image], Pose | None], before: _Seen
    ) -> Pose | None:
        """Look for a body that leaps where it was."""
        found = again(around(image, MARGIN * body_px(before.pose), before.pose))
        if found is not None and plausibility(found) >= MIN_PLAUSIBILITY:
            # Seen the same way with and without the rest of the picture, it has moved.
            if moved(found, pose) <= AGREE:
                return self._take(t, image, pose)
            if not leap(found, before.pose, t - before.t).trunk:
                self._until = t + GUARD_S
                return self._take(t, image, found)
        if _in_place(pose, before.pose):
            return self._take(t, image, pose)
        self._cover(t, pose)
        return None

    def _hold(self, t: float, pose: Pose, before: Pose, leapt: Leap) -> Pose:
        """Leave limbs that leap where they were, for a time."""
        self._held = {k: self._held.get(k, t) for k in leapt.limbs}
        return held(pose, before, tuple(k for k, since in self._held.items() if t - since <= HELD_S))


def _in_place(pose: Pose, before: Pose) -> bool:
    """Whether a body whose trunk leaps is still where it was: the same one, though its belly be taken for its back."""
    return float(np.hypot(*(centre(pose) - centre(before)))) <= IN_PLACE * body_px(before)


def cut(before: Image, image: Image) -> bool:
    """Return whether two pictures show different scenes (or the camera was turned)."""
    if before.shape != image.shape:
        return True
    step = max(image.shape[1] // 80, 1)
    return bool((_level(before[::step, ::step], image[::step, ::step]) > CUT_LEVEL).mean() > CUT_SHARE)


def _level(a: Image, b: Image) -> NDArray[np.uint8]:
    return np.asarray(cv2.absdiff(np.ascontiguousarray(a[..., 1]), np.ascontiguousarray(b[..., 1])), dtype=np.uint8)
