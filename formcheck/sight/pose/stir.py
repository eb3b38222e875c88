"""What moves in the picture besides the body that is followed: a cheap look at coarse pictures."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from .continuity import body_px
from .landmarks import MAIN_JOINTS
from .pictures import Image
from .types import Pose

Grey = NDArray[np.uint8]
_DOT = np.ones((2, 2), np.uint8)
_ON, _OFF = np.uint8(255), np.uint8(0)

#: Pixels of the longer side of the coarse picture, and seconds from one look to the next.
COARSE, STEP_S = 112, 0.19
#: A pixel has changed when it differs by more than this (0-255) from what was there before; coding noise reaches 12.
CHANGED = 22
#: Share of the changed pixels from which the camera or the light has changed, not something in the room.
ALL_CHANGED = 0.35
#: What stays for this long (s) belongs to the room.
SETTLED_S = 3.0
#: This much around the body's outline belongs to it (torso lengths): limbs that have moved since, its shadow, a ball.
OWN = 0.4
#: Least size of something that moves (torso lengths): height and width.
TALL, WIDE = 0.7, 0.12
#: Two looks show the same thing if it has moved by no more than this (torso lengths a look).
NEXT = 0.8
#: Share of its box that differs from the look before while a thing moves; what was taken for room while something
#: stood before it only looks changed.
MOVES = 0.08
#: Something is a person who walks by if it was seen in at least so many looks, has gone this far across the picture,
#: all but this share of its way in one direction, was this high at least once, and in this share of the looks no wider
#: than high (torso lengths).
WALK_LOOKS, WALK_FAR, WALK_STRAIGHT, WALK_TALL, WALK_UPRIGHT = 4, 0.7, 0.75, 1.0, 0.6


@dataclass(eq=False)
class Mover:
    """Something that moves: its box (px of the picture), when it was seen, and how far it has gone."""

    box: tuple[float, float, float, float]
    t: float
    looks: int = 1
    across: float = 0.0
    way: float = 0.0
    tall: float = 0.0
    upright: int = 0

    def walks(self, torso: float) -> bool:
        """Return whether it moves like a person who walks by."""
        return (
            self.looks >= WALK_LOOKS
            and abs(self.across) >= WALK_FAR * torso
            and abs(self.across) >= WALK_STRAIGHT * self.way
            and self.tall >= WALK_TALL * torso
            and self.upright >= WALK_UPRIGHT * self.looks
        )


class Stir:
    """Follows what moves outside the body.

    Attributes
    ----------
    movers : list of Mover
        What moved in the last look.
    calm : bool
        False while the camera moves or the light changes: then nothing is known of the rest.
    """

    def __init__(self) -> None:
        self.movers: list[Mover] = []
        self.calm = True
        self._room: NDArray[np.float32] | None = None
        self._own: Grey | None = None
        self._before: Grey | None = None
        self._t = -np.inf

    def update(self, t: float, image: Image, pose: Pose | None) -> bool:
        """Take a picture and the body in it; return whether it was looked at (not every one is).

        Without a body only the room is learnt.
        """
        if t - self._t < STEP_S:
            return False
        step = max(round(max(image.shape[:2]) / COARSE), 1)
        grey = np.ascontiguousarray(image[::step, ::step, 1])
        dt, self._t = t - self._t, t
        if self._room is None or self._room.shape != grey.shape or dt > 1.0:
            self._room, self._own, self._before, self.movers = grey.astype(np.float32), None, grey, []
            return True
        own = self._outline(grey.shape, pose, step)
        hidden = own if self._own is None else cv2.bitwise_or(own, self._own)
        diff = cv2.absdiff(grey, self._room.astype(np.uint8))
        changed = np.where(diff > CHANGED, _ON, _OFF)
        changed[hidden > 0] = 0
        free = max(int(np.count_nonzero(hidden == 0)), 1)
        self.calm = bool(np.count_nonzero(changed) <= ALL_CHANGED * free)
        # What the body has left free is room as it is seen now.
        if self.calm:
            cv2.accumulateWeighted(grey, self._room, min(dt / SETTLED_S, 1.0))
            cv2.copyTo(grey.astype(np.float32), hidden, self._room)
        else:
            self._room = grey.astype(np.float32)
        before, self._own, self._before = self._before, own, grey
        if pose is None or not self.calm or before is None or not changed.any():
            self.movers = []
        else:
            moving = np.where(np.asarray(cv2.absdiff(grey, before)) > CHANGED, _ON, _OFF)
            boxes = _boxes(np.asarray(cv2.morphologyEx(changed, cv2.MORPH_OPEN, _DOT), dtype=np.uint8), moving)
            self._follow(t, boxes, body_px(pose) / step, step)
        return True

    @staticmethod
    def _outline(shape: tuple[int, ...], pose: Pose | None, step: int) -> Grey:
        own = np.zeros(shape[:2], np.uint8)
        if pose is not None:
            xy = np.clip(pose.image[:, :2] / step, -999, 999).astype(np.int32).reshape(-1, 1, 2)
            hull = cv2.convexHull(xy)
            cv2.fillConvexPoly(own, hull, 255)
            cv2.polylines(own, [hull], True, 255, max(round(2 * OWN * body_px(pose) / step), 1))
        return own

    def _follow(self, t: float, boxes: list[list[int]], torso: float, step: int) -> None:
        known, self.movers = self.movers, []
        for x, y, w, h in boxes:
            if h < TALL * torso or w < WIDE * torso:
                continue
            box = (float(x * step), float(y * step), float(w * step), float(h * step))
            mover = Mover(box, t)
            last = min(known, key=lambda m: abs(_mid(m.box) - _mid(box)), default=None)
            if last is not None and abs(_mid(last.box) - _mid(box)) <= NEXT * torso * step:
                known.remove(last)
                gone = _mid(box) - _mid(last.box)
                mover = replace(last, box=box, t=t, looks=last.looks + 1, across=last.across + gone)
                mover.way += abs(gone)
            mover.tall = max(mover.tall, box[3])
            mover.upright += h >= w
            self.movers.append(mover)

    def near(self, pose: Pose, margin: float) -> bool:
        """Return whether something that came from elsewhere is within *margin* torso lengths of the body's box."""
        xy = pose.image[list(MAIN_JOINTS), :2]
        m = margin * body_px(pose)
        (x0, y0), (x1, y1) = xy.min(axis=0) - m, xy.max(axis=0) + m
        return any(
            k.looks >= 2 and k.box[0] < x1 and k.box[0] + k.box[2] > x0 and k.box[1] < y1 and k.box[1] + k.box[3] > y0
            for k in self.movers
        )


def _boxes(changed: Grey, moving: Grey) -> list[list[int]]:
    """Return the boxes (x, y, w, h) of what has changed and moves; parts above one another are one thing."""
    n, _, stats, _ = cv2.connectedComponentsWithStats(changed)
    parts = []
    for k in range(1, n):
        x, y, w, h, area = stats[k].tolist()
        if area >= 4 and np.count_nonzero(moving[y : y + h, x : x + w]) >= MOVES * w * h:
            parts.append([x, y, x + w, y + h])
    whole: list[list[int]] = []
    for x0, y0, x1, y1 in sorted(parts):
        if whole and x0 < whole[-1][2]:
            a = whole[-1]
            whole[-1] = [a[0], min(a[1], y0), max(a[2], x1), max(a[3], y1)]
        else:
            whole.append([x0, y0, x1, y1])
    return [[x0, y0, x1 - x0, y1 - y0] for x0, y0, x1, y1 in whole]


def _mid(box: tuple[float, float, float, float]) -> float:
    return box[0] + box[2] / 2
