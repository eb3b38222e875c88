"""Repair of left-right mistakes of the pose model.

Now and then it gives one side's limb the other side's name for some frames, or draws both between the two.
"""

from __future__ import annotations

from collections import deque
from math import hypot, isfinite

import numpy as np
from numpy.typing import NDArray

from .landmarks import ARM_PAIRS, JOINT, LEG_PAIRS

Array = NDArray[np.float64]

#: A group of joints counts as swapped when naming it the other way round explains the motion this much better.
SWAP_RATIO = 0.5
#: ... and the named way is off by at least this much (torso lengths, mean over the group's joints).
MIN_JUMP = 0.12
#: A "swap" that lasts longer than the names held before it, and at most this long (s), is no swap: then the model is
#: believed. In 15,550 frames of 105 clips with the legs apart the model names 235 wrongly; 0.25 s leave 218, 1 s leaves
#: 212.
MAX_SWAP_S = 1.0
#: Positions older than this (s) predict nothing.
MEMORY_S = 0.35
#: Two limbs are drawn between each other where what parts them has shrunk to this share (or less, or turned round) ...
BLEND_SHARE = 0.6
#: ... along itself, and the middle between them has stayed: both to this share of what parts them (root mean square).
BLEND_OFF = 0.3
#: ... for this long (s) at most; the model draws them so for up to 0.6 s ...
MAX_BLEND_S = 1.0
#: ... after names that have held for at least this long (s): where they come and go, there is nothing to go back to;
SURE_S = 0.5
#: ... while the hips (for arms: the shoulders) have moved by less than this (torso lengths): who walks moves both feet.
STILL = 0.08
#: Shoulders and hips that both point out of the picture by this sine or more (45 degrees), one to the camera and one
#: away from it, are no trunk: in 10,000 frames of real people the model drew none.
TWISTED = 0.7

#: The landmarks from the shoulders down are left-right pairs, one after the other.
_FIRST = JOINT["shoulder"]["left"]
#: Pairs of the shoulders, hips, arms and legs, from and to; each group is told apart by itself, as the model swaps them
#: one by one.
_GROUPS = tuple(
    ((pairs[0][0] - _FIRST) // 2, (pairs[-1][1] - _FIRST) // 2 + 1)
    for pairs in (
        *(((JOINT[j]["left"], JOINT[j]["right"]),) for j in ("shoulder", "hip")),
        ARM_PAIRS,
        LEG_PAIRS,
    )
)
_SHOULDER, _HIP = ((JOINT[j]["left"] - _FIRST) // 2 for j in ("shoulder", "hip"))
#: How the joints of a group can be named: rightly, the other way round, between each other, or nobody knows.
CLEAR, SWAPPED, BLENDED, UNCLEAR = "clear", "swapped", "blended", "unclear"
#: The limbs' groups, and those that they hang on.
_ROOTS = {2: 0, 3: 1}


class SwapRepair:
    """Streaming repair: keeps the names of arms, legs, shoulders and hips continuous in time.

    ``update`` returns copies of the landmarks with swapped joints put right; image and world are treated alike. Limbs
    that are drawn between each other while the body stands still are drawn where they were. Another frame that fits
    neither naming is passed on as it is and not compared with: taking it for the last known position would call the
    right names after it a swap.
    """

    def __init__(self) -> None:
        #: Last known positions of each pair: left x, y, right x, y; and when each group's were seen.
        self._last: Array | None = None
        self._seen_at = [-np.inf] * len(_GROUPS)
        #: The frames of the last :data:`MEMORY_S` as repaired: time, image, world, and the groups that they told.
        self._recent: deque[tuple[float, Array, Array, list[int]]] = deque()
        #: Where the middles of shoulders and hips were in the frame before, x and y.
        self._roots: list[tuple[float, float]] = []
        #: When both limbs of each group were last seen apart.
        self._clear_at = [-np.inf] * len(_GROUPS)
        #: Seconds for which the names have held, by group.
        self._held = [0.0] * len(_GROUPS)
        self._t: float | None = None

    def update(self, t: float, image: Array, world: Array) -> tuple[Array, Array]:
        """Take one frame's (33, 4) landmarks and return them repaired."""
        if not isfinite(image[0, 0]):
            return image, world
        pairs = image[_FIRST:, :2].reshape(-1, 4)
        torso = _torso(pairs)
        step = min(t - self._t, MEMORY_S) if self._t is not None else 0.0
        self._t = t
        if self._last is None:
            self._last = np.full_like(pairs, np.nan)
        while self._recent and t - self._recent[0][0] > MEMORY_S:
            self._recent.popleft()
        moved = np.abs(pairs - self._last).sum(1).tolist()
        still = self._still(pairs, torso)
        jumped = [False] * len(_GROUPS)
        swapped: list[slice] = []
        blended: list[tuple[slice, Array, Array]] = []
        for k, (lo, hi) in enumerate(_GROUPS):
            jump = sum(moved[lo:hi]) / (hi - lo)
            found, was = CLEAR, None
            if t - self._seen_at[k] <= MEMORY_S and torso > 1 and jump > 2 * MIN_JUMP * torso:
                root = _ROOTS.get(k)
                firm = root is not None and still[root] and not jumped[root]
                found, was = self._look(k, t, pairs[lo:hi], jump, torso, firm)
                # A trunk that is taken for its mirror image: the model does not know front from back.
                jumped[k] = True
            if found == SWAPPED:
                self._held[k] -= step
                if self._held[k] < 0:
                    found, self._held[k] = CLEAR, 0.0
            elif found == CLEAR:
                self._held[k] = min(MAX_SWAP_S, self._held[k] + step)
            if found == SWAPPED:
                swapped.append(slice(lo, hi))
            elif found == BLENDED and was is not None:
                blended.append((slice(_FIRST + 2 * lo, _FIRST + 2 * hi), *was))
            if found in (CLEAR, SWAPPED):
                self._clear_at[k] = t
            if found != UNCLEAR:
                self._seen_at[k] = t
        # What explains the hips better the other way round explains the shoulders too, though they may hide each other.
        trunk = [slice(*_GROUPS[k]) for k in (0, 1)]
        alone = [group for group in trunk if group not in swapped]
        if len(alone) == 1 and _twisted(_put_right(image, world, swapped, [])[1]):
            swapped += alone
        image, world = _put_right(image, world, swapped, blended)
        self._remember(t, image, world)
        return image, world

    def _look(
        self, k: int, t: float, pairs: Array, jump: float, torso: float, firm: bool
    ) -> tuple[str, tuple[Array, Array] | None]:
        """Say how a group that has jumped is named, and, where its limbs are blended, where they were before."""
        assert self._last is not None
        lo, hi = _GROUPS[k]
        crossed = float(np.abs(pairs[:, [2, 3, 0, 1]] - self._last[lo:hi]).sum()) / (hi - lo)
        swap = crossed < SWAP_RATIO * jump
        if swap and crossed <= 2 * MIN_JUMP * torso:
            return SWAPPED, None
        if firm and self._held[k] >= SURE_S and t - self._clear_at[k] <= MAX_BLEND_S:
            was = self._usual(k)
            if was is not None and _blended(pairs, was[0][:, :2].reshape(-1, 4)):
                return BLENDED, was
        if swap:
            return SWAPPED, None
        return (UNCLEAR if crossed < jump else CLEAR), None

    def _usual(self, k: int) -> tuple[Array, Array] | None:
        """Return the middle position of a group's landmarks of late, in the picture and in space; None if unknown."""
        told = [(image, world) for _, image, world, groups in self._recent if k in groups]
        lo, hi = (_FIRST + 2 * row for row in _GROUPS[k])
        if not told:
            return None
        image, world = (np.median([frame[m][lo:hi, :3] for frame in told], axis=0) for m in (0, 1))
        return image, world

    def _still(self, pairs: Array, torso: float) -> list[bool]:
        """Tell whether shoulders and hips have hardly moved since the frame before."""
        roots = [((a + c) / 2, (b + d) / 2) for a, b, c, d in (pairs[r].tolist() for r in (_SHOULDER, _HIP))]
        before, self._roots = self._roots or roots, roots
        return [hypot(x - u, y - v) < STILL * torso for (x, y), (u, v) in zip(roots, before, strict=True)]

    def _remember(self, t: float, image: Array, world: Array) -> None:
        """Keep the positions of the groups that this frame told."""
        assert self._last is not None
        told = [k for k, seen_at in enumerate(self._seen_at) if seen_at == t]
        self._recent.append((t, image, world, told))
        pairs = image[_FIRST:, :2].reshape(-1, 4)
        for lo, hi in (_GROUPS[k] for k in told):
            self._last[lo:hi] = pairs[lo:hi]


def _twisted(world: Array) -> bool:
    """Whether the shoulders of a body face one way out of the picture, and its hips the other."""
    ways = []
    for pair in (_SHOULDER, _HIP):
        x, y, z = (world[_FIRST + 2 * pair, :3] - world[_FIRST + 2 * pair + 1, :3]).tolist()
        length = hypot(x, y, z)
        ways.append(z / length if length > 0 else 0.0)
    return ways[0] * ways[1] < 0 and min(abs(w) for w in ways) > TWISTED


def _put_right(
    image: Array, world: Array, swapped: list[slice], blended: list[tuple[slice, Array, Array]]
) -> tuple[Array, Array]:
    """Return landmarks with the sides of *swapped* pairs exchanged, and the rows *blended* where they were."""
    if not swapped and not blended:
        return image, world
    image, world = image.copy(), world.copy()
    for m in (image, world):
        sides = m[_FIRST:].reshape(-1, 2, m.shape[1])
        for rows in swapped:
            sides[rows] = sides[rows, ::-1].copy()
    for rows, image_was, world_was in blended:
        image[rows, :3], world[rows, :3] = image_was, world_was
    return image, world


def _blended(now: Array, before: Array) -> bool:
    """Tell whether two limbs are drawn between where they were.

    Parameters
    ----------
    now, before : (pairs, 4) arrays
        Left x, y, right x, y.
    """
    parted, parts = before[:, :2] - before[:, 2:], now[:, :2] - now[:, 2:]
    size = float((parted**2).sum())
    share = float((parted * parts).sum()) / size if size > 0 else 1.0
    middle = (now - before)[:, :2] + (now - before)[:, 2:]
    off = float(((parts - share * parted) ** 2).sum()), float((middle**2).sum())
    return share <= BLEND_SHARE and max(off) <= BLEND_OFF**2 * size


def _torso(pairs: Array) -> float:
    """Length of the trunk in px."""
    (ax, ay, bx, by), (cx, cy, dx, dy) = pairs[_SHOULDER].tolist(), pairs[_HIP].tolist()
    return hypot((ax + bx - cx - dx) / 2, (ay + by - cy - dy) / 2)
