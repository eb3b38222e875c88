"""Keeps the landmarks of one body from going over to another that passes behind or in front of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from .continuity import LIMBS, Leap, body_px, held, leap
from .pictures import Image, around
from .plausibility import MIN_PLAUSIBILITY, plausibility
from .types import Array, Pose

#: While a body is guarded the model sees nothing that is further from its bones than this (torso lengths; a hand that
#: moves as fast as any comes half as far from one picture to the next).
MARGIN = 0.5
#: A body is guarded for so long (s) after the last leap to something else.
GUARD_S = 1.0
#: A body is known well enough to be guarded once it has been followed for this long (s).
KNOWN_S = 0.5
#: A limb that is somewhere else for this long (s) has gone there after all; so has a whole body after the second.
HELD_S, COVERED_S = 0.7, 1.5
#: Where a limb was nothing has changed if the picture there differs by less than this (0-255), in this share of the
#: spots along it.
SAME_LEVEL, SAME_SHARE = 14.0, 0.6
#: Such spots are this large (torso lengths, half a side).
SPOT = 0.05
#: A picture of which this share differs by more than this (0-255) from the one before is another scene.
CUT_SHARE, CUT_LEVEL = 0.5, 20.0


@dataclass
class _Seen:
    t: float
    image: Image
    pose: Pose


class Guard:
    """Takes the poses of one body as the model finds them, and gives those that go on from the ones before.

    A limb or a body that leaps is looked for again in a picture in which nothing but the surroundings of the body is
    left. A limb that leaps there too is left where it was and marked as not seen; a trunk that does is not seen at
    all. For a while after a leap only the surroundings are shown to the model.

    Attributes
    ----------
    covered : bool
        Whether the body was hidden in the last picture: what was found there is none of it.
    """

    def __init__(self) -> None:
        self.covered = False
        self._last: _Seen | None = None
        self._since: float | None = None
        self._until = -np.inf
        #: Since when (s) each limb has been left where it was, with the picture in which it was seen last.
        self._held: dict[int, tuple[float, Image]] = {}

    @property
    def last(self) -> tuple[float, Pose] | None:
        """Time and pose of the last frame in which the body was seen."""
        return None if self._last is None else (self._last.t, self._last.pose)

    def forget(self) -> None:
        """Take the next pose for another body's."""
        self.__init__()  # type: ignore[misc]

    def shown(self, t: float, image: Image) -> Image:
        """Return the picture that the model is to see at time *t* (s): the whole one unless the body is guarded."""
        last = self._last
        if last is None or t >= self._until:
            return image
        return around(image, last.pose, MARGIN * body_px(last.pose))

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
        if before is None or self._since is None or t - before.t > COVERED_S:
            self.forget()
            return self._take(t, image, pose)
        leapt = leap(pose, before.pose, t - before.t)
        if leapt and before.t - self._since >= KNOWN_S and not cut(before.image, image):
            if t >= self._until:
                pose, leapt = self._second(t, image, pose, leapt, again)
            if leapt.trunk:
                self.covered = True
                self._until = t + GUARD_S
                return None
            pose = self._hold(t, image, pose, leapt)
        else:
            self._held.clear()
        return self._take(t, image, pose)

    def missed(self, t: float) -> None:
        """Take it that nobody was found at time *t* (s)."""
        if self._last is not None and t - self._last.t > COVERED_S:
            self.forget()

    def _take(self, t: float, image: Image, pose: Pose) -> Pose:
        self.covered = False
        self._since = t if self._since is None else self._since
        self._last = _Seen(t, image, pose)
        return pose

    def _second(
        self, t: float, image: Image, pose: Pose, leapt: Leap, again: Callable[[Image], Pose | None]
    ) -> tuple[Pose, Leap]:
        """Look for the body where it was; return the better of both poses and what leaps in it."""
        before = self._last
        assert before is not None
        found = again(around(image, before.pose, MARGIN * body_px(before.pose)))
        if found is None or plausibility(found) < MIN_PLAUSIBILITY:
            return pose, leapt
        still = leap(found, before.pose, t - before.t)
        if still.trunk or (not leapt.trunk and not set(leapt.limbs) - set(still.limbs)):
            return pose, leapt
        # A limb that is no longer where it was has moved, however fast: there is nothing left of it to be found.
        gone = [k for k in leapt.limbs if k not in still.limbs and not unchanged(before.image, image, before.pose, k)]
        if gone and not leapt.trunk:
            return pose, Leap()
        self._until = t + GUARD_S
        return found, still

    def _hold(self, t: float, image: Image, pose: Pose, leapt: Leap) -> Pose:
        """Leave limbs that leap where they were, for a time."""
        before = self._last
        assert before is not None
        self._held = {k: v for k, v in self._held.items() if k in leapt.limbs}
        for k in leapt.limbs:
            self._held.setdefault(k, (t, before.image))
        keep = tuple(k for k, (since, _) in self._held.items() if t - since <= HELD_S)
        if keep:
            self._until = max(self._until, t + GUARD_S)
        return held(pose, before.pose, keep)


def unchanged(before: Image, image: Image, pose: Pose, limb: int) -> bool:
    """Return whether the picture is the same as before where the outer part of a limb was."""
    xy = pose.image[list(LIMBS[limb].joints), :2]
    r = max(SPOT * body_px(pose), 1.0)
    h, w = image.shape[:2]
    same = known = 0
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        x, y = xy[0] + share * (xy[1] - xy[0])
        x0, x1, y0, y1 = int(x - r), int(x + r) + 1, int(y - r), int(y + r) + 1
        if x0 < 0 or y0 < 0 or x1 > w or y1 > h:
            continue
        known += 1
        same += bool(_level(before[y0:y1, x0:x1], image[y0:y1, x0:x1]).mean() < SAME_LEVEL)
    return known > 0 and same >= SAME_SHARE * known


def cut(before: Image, image: Image) -> bool:
    """Return whether two pictures show different scenes (or the camera was turned)."""
    if before.shape != image.shape:
        return True
    step = max(image.shape[1] // 80, 1)
    return bool((_level(before[::step, ::step], image[::step, ::step]) > CUT_LEVEL).mean() > CUT_SHARE)


def _level(a: Image, b: Image) -> Array | NDArray[np.uint8]:
    return np.asarray(cv2.absdiff(np.ascontiguousarray(a[..., 1]), np.ascontiguousarray(b[..., 1])))
