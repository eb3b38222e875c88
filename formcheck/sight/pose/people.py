"""The people in the picture besides the one who is followed: where they are, and when to look for them."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from .choice import ANYBODY, Follow, low
from .continuity import body_px, centre
from .landmarks import MAIN_JOINTS
from .pictures import Part
from .plausibility import plausibility
from .stir import Mover
from .types import Pose

#: A body besides the one followed is believed from this plausibility and mean visibility on, and up to so many times
#: its size: of things and shadows in 88 looks at rooms with one person none had a visibility above 0.66; of people who
#: stood there it was 0.73-0.99.
PLAUSIBLE, VISIBLE, LARGE = 0.9, 0.7, 2.5
#: ... and once it has been seen this often.
SIGHTS = 2
#: Frames between looks at a part of the picture; between looks at somebody who stays, and at who has just come; and
#: between looks at something that moves. A look costs as much as half a frame.
LOOK_EVERY, KNOWN_EVERY, NEW_EVERY, MOVER_EVERY = 75, 45, 10, 8
#: Somebody who was not found twice where he was has gone.
GONE = 2
#: Bodies whose trunks are this close (torso lengths) in two looks are the same one; so are those of about the same size
#: (within this factor) that somebody walking got to in the time between, but no further than the last.
SAME_PLACE, SAME_SIZE, WALKS_PER_S, WALKS_FAR = 0.8, 1.5, 2.0, 3.0
#: A body found in a part of the picture must be this far from its inner edges (torso lengths): else it is cut off.
EDGE = 0.15
#: Somebody is there to stay once he was seen in one place for this long (s); who is seen in the first seconds (s) is
#: there already. Of those who come and go one is counted, for the third (s) after he was seen: somebody who walks looks
#: like several where he is half hidden.
STAYS_S, FIRST_S, PASSES_S = 0.8, 2.0, 1.0
#: Who is seen so soon (s) after the one followed was there with it; who is seen later walks in, and is taken for one
#: that is low only once it stays.
AT_ONCE_S = 0.7
#: The movements of the last seconds (s) tell whether the one followed is at work: how far the hips went up and down
#: while they stayed in place (torso lengths).
WORK_S, WORK_UP, WORK_ACROSS = 4.0, 0.2, 0.8
#: A followed body that was lost is taken up again where it was, within this many torso lengths and so many more each
#: second, and in its size within this factor.
NEAR, NEAR_PER_S, SIZE = 0.8, 0.8, 1.6
#: One of the others is taken in its place after this long (s): who is low, and who stands.
INSTEAD_LOW_S, INSTEAD_S = 1.5, 6.0


@dataclass(eq=False)
class Other:
    """Somebody besides the one followed."""

    pose: Pose
    first: float
    t: float
    sights: int = 1
    missing: int = 0
    #: Frame of the last look.
    looked: int = 0

    @property
    def sure(self) -> bool:
        """Whether it has been seen often enough to be believed."""
        return self.sights >= SIGHTS

    @property
    def stays(self) -> bool:
        """Whether it was seen in one place for long."""
        return self.sure and self.t - self.first >= STAYS_S


class People:
    """Keeps in mind who is in the picture, and says whom to follow.

    Parameters
    ----------
    follow : Follow
    """

    def __init__(self, follow: Follow = ANYBODY) -> None:
        self.follow = follow
        self.others: list[Other] = []
        #: The one followed, when seen last.
        self.followed: tuple[float, Pose] | None = None
        self._began: float | None = None
        self._frame = 0
        self._looked = 0
        self._spot = -1
        self._mover_looked = -MOVER_EVERY
        self._work: deque[tuple[float, float, float]] = deque()
        self._walker_at = -np.inf

    # ---- the one followed ------------------------------------------------------------------
    def saw_followed(self, t: float, pose: Pose) -> None:
        """Take the pose of the one followed."""
        self._began = t if self._began is None else self._began
        self.followed = t, pose
        if not self._work or t - self._work[-1][0] >= 0.2:
            x, y = centre(pose)[0], float(pose.image[[23, 24], 1].mean())
            self._work.append((t, float(x), y))
            while t - self._work[0][0] > WORK_S:
                self._work.popleft()

    def at_work(self) -> bool:
        """Return whether the one followed exercises: it is low, or goes up and down in its place."""
        if self.followed is None:
            return False
        pose = self.followed[1]
        size = body_px(pose)
        _, x, y = np.array(self._work).T
        return low(pose) or bool(np.ptp(y) > WORK_UP * size and np.ptp(x) < WORK_ACROSS * size)

    def accepts(self, t: float, pose: Pose) -> bool:
        """Return whether a body found after the one followed was lost is to be followed now."""
        if self.followed is None:
            return True
        gone, before = t - self.followed[0], self.followed[1]
        other, far = self._at(pose), apart(pose, before)
        if other is None or gone >= (INSTEAD_LOW_S if low(pose) else INSTEAD_S):
            return True
        like = far <= NEAR + NEAR_PER_S * gone and 1 / SIZE <= body_px(pose) / body_px(before) <= SIZE
        return like and far < apart(pose, other.pose)

    def forget_followed(self) -> None:
        """Take the next body for the one to follow, whoever it is."""
        self.followed = self._began = None
        self._looked = 0
        self._work.clear()

    # ---- the others ------------------------------------------------------------------------
    def saw(self, t: float, pose: Pose) -> bool:
        """Take a body found besides the one followed; return whether it is believed."""
        visible = float(pose.image[MAIN_JOINTS, 3].mean())
        if plausibility(pose) < PLAUSIBLE or visible < VISIBLE or self.followed is None:
            return False
        followed = self.followed[1]
        if body_px(pose) > LARGE * body_px(followed) or same_place(pose, followed):
            return False
        known = self._at(pose, t)
        if known is None:
            self.others.append(Other(pose, t, t, looked=self._frame))
            return True
        if not same_place(known.pose, pose):
            known.first = t
        known.pose, known.t, known.missing = pose, t, 0
        known.sights += 1
        return True

    def _at(self, pose: Pose, t: float | None = None) -> Other | None:
        """Return the one whose pose this is; with the time (s), also where he may have walked since."""
        best = min(self.others, key=lambda o: apart(o.pose, pose), default=None)
        if best is None or same_place(best.pose, pose):
            return best
        if t is None or not 1 / SAME_SIZE <= body_px(pose) / body_px(best.pose) <= SAME_SIZE:
            return None
        near = min(SAME_PLACE + WALKS_PER_S * (t - best.t), WALKS_FAR)
        return best if apart(best.pose, pose) <= near else None

    def walked(self, t: float) -> None:
        """Take it that something walked through the picture like a person."""
        self._walker_at = t

    def count(self, t: float) -> int:
        """Return how many people are in the picture at time *t* (s)."""
        followed = self.followed is not None and t - self.followed[0] < PASSES_S
        passes = t - self._walker_at < PASSES_S / 2
        settled = 0
        for o in self.others:
            stays = o.stays or (o.sure and self._early(o.first))
            settled += stays
            passes = passes or (o.sure and not stays and t - o.t < PASSES_S)
        return int(followed) + settled + int(passes and not settled)

    def _early(self, t: float) -> bool:
        return self._began is not None and t - self._began <= FIRST_S

    def better(self, t: float, size: tuple[int, int]) -> Other | None:
        """Return one of the others if it is to be followed instead."""
        if self.followed is None or self._began is None:
            return None
        early = self._early(t)
        there = [o for o in self.others if o.stays or (o.sure and early)]
        if not there or (self.follow.rule == "auto" and not early and self.at_work()):
            return None
        # Who comes in walking is drawn badly at the edge of the picture, often with its feet at its knees.
        arriving = [k for k, o in enumerate(there, 1) if not o.stays and o.first - self._began > AT_ONCE_S]
        k = self.follow.choose([self.followed[1], *(o.pose for o in there)], size, arriving)
        return there[k - 1] if k else None

    def heir(self, t: float, size: tuple[int, int]) -> Other | None:
        """Return who is to be followed now that the one followed so far has gone; None as long as it may come back."""
        if self.followed is None:
            return None
        gone = t - self.followed[0]
        there = [o for o in self.others if o.stays and gone >= (INSTEAD_LOW_S if low(o.pose) else INSTEAD_S)]
        return there[self.follow.choose([o.pose for o in there], size)] if there else None

    @property
    def unsure(self) -> bool:
        """Whether somebody has just come in sight, and it is too early to say who is who."""
        return any(not o.sure for o in self.others)

    def choosing(self, t: float) -> bool:
        """Return whether the one to follow is only just being chosen, by the user's wish."""
        return self.follow.rule != "auto" and self._early(t)

    def lone(self, t: float) -> bool:
        """Return whether the one followed has only just been found."""
        return self._began is None or t - self._began < FIRST_S / 4

    def instead(self, t: float, other: Other) -> None:
        """Follow one of the others from now on; the one followed so far becomes one of them."""
        self.others.remove(other)
        if self.followed is not None and not same_place(self.followed[1], other.pose):
            self.others.append(Other(self.followed[1], self.followed[0], t, SIGHTS, looked=self._frame))
        self.followed = t, other.pose
        self._work.clear()

    # ---- looking ---------------------------------------------------------------------------
    def parts(self, t: float, shape: tuple[int, ...], movers: list[Mover]) -> list[tuple[Part | None, Other | None]]:
        """Return what parts of this frame's picture to look at, and whom to find there; None: the whole, anybody.

        Everywhere when somebody is followed at first, then now and then; at once where something moves.
        """
        self._frame += 1
        if self.followed is None:
            return []
        if not self._looked:
            self._looked = self._frame
            return [(part, None) for part in spots(shape)]
        for other in self.others:
            wait = KNOWN_EVERY if other.stays else NEW_EVERY if other.sure else 1
            if self._frame - other.looked >= wait:
                other.looked = self._frame
                return [(about(other.pose, shape), other)]
        if self._frame - self._mover_looked >= MOVER_EVERY:
            for mover in movers:
                part = about_box(mover.box, shape)
                if mover.looks >= 2 and not any(inside(centre(o.pose), part) for o in self.others if o.sure):
                    self._mover_looked = self._frame
                    return [(part, None)]
        if self._frame - self._looked >= LOOK_EVERY:
            self._looked = self._frame
            all_spots = spots(shape)
            self._spot = (self._spot + 1) % len(all_spots)
            return [(all_spots[self._spot], None)]
        return []

    def missed(self, other: Other) -> None:
        """Take it that somebody was not found where he was."""
        other.missing += 1
        if other.missing >= GONE or not other.sure:
            self.others.remove(other)


def apart(a: Pose, b: Pose) -> float:
    """Return the distance of two trunks' middles, in torso lengths of the larger."""
    return float(np.linalg.norm(centre(a) - centre(b))) / max(body_px(a), body_px(b))


def same_place(a: Pose, b: Pose) -> bool:
    """Return whether two poses are of one body, by the places of their trunks."""
    return apart(a, b) <= SAME_PLACE


def spots(shape: tuple[int, ...]) -> list[Part | None]:
    """Return the whole of a picture of *shape* (h, w, ...) and its squares: a small person is found in these only."""
    h, w = shape[:2]
    e = min(h, w)
    out: list[Part | None] = [None]
    if max(h, w) > 1.2 * e:
        out += [(int(k), 0, e, e) if w >= h else (0, int(k), e, e) for k in np.linspace(0, max(h, w) - e, 3)]
    return out


def whole(pose: Pose, part: Part | None, shape: tuple[int, ...]) -> bool:
    """Return whether a body found in a part of a picture of *shape* (h, w, ...) does not reach over its inner edges."""
    if part is None:
        return True
    (x, y, w, h), xy = part, pose.image[:, :2]
    (x0, y0), (x1, y1) = xy.min(axis=0), xy.max(axis=0)
    edges = ((x, x0 - x), (shape[1] - x - w, x + w - x1), (y, y0 - y), (shape[0] - y - h, y + h - y1))
    return all(room > EDGE * body_px(pose) or outer <= 0 for outer, room in edges)


def about(pose: Pose, shape: tuple[int, ...]) -> Part:
    """Return the square about a body."""
    xy = pose.image[list(MAIN_JOINTS), :2]
    (x0, y0), (x1, y1) = xy.min(axis=0), xy.max(axis=0)
    return _square((x0 + x1) / 2, (y0 + y1) / 2, 1.7 * max(x1 - x0, y1 - y0), shape)


def about_box(box: tuple[float, float, float, float], shape: tuple[int, ...]) -> Part:
    """Return the square about a box (x, y, w, h)."""
    x, y, w, h = box
    return _square(x + w / 2, y + h / 2, 1.4 * max(w, h), shape)


def _square(x: float, y: float, side: float, shape: tuple[int, ...]) -> Part:
    h, w = shape[:2]
    e = int(min(max(side, 96), w, h))
    return int(np.clip(x - e / 2, 0, w - e)), int(np.clip(y - e / 2, 0, h - e)), e, e


def inside(point: np.ndarray, part: Part) -> bool:
    """Return whether a point lies in a part of a picture."""
    x, y, w, h = part
    return bool(x <= point[0] <= x + w and y <= point[1] <= y + h)
