"""Repair of left-right swaps: now and then the model gives one side's limb the other side's name for some frames."""

from __future__ import annotations

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

#: The landmarks from the shoulders down are left-right pairs, one after the other.
_FIRST = JOINT["shoulder"]["left"]
#: Pairs of the arms, legs, shoulders and hips, from and to; each group is told apart by itself, as the model swaps them
#: one by one.
_GROUPS = tuple(
    ((pairs[0][0] - _FIRST) // 2, (pairs[-1][1] - _FIRST) // 2 + 1)
    for pairs in (
        ARM_PAIRS,
        LEG_PAIRS,
        *(((JOINT[j]["left"], JOINT[j]["right"]),) for j in ("shoulder", "hip")),
    )
)
_SHOULDER, _HIP = ((JOINT[j]["left"] - _FIRST) // 2 for j in ("shoulder", "hip"))


class SwapRepair:
    """Streaming repair: keeps the names of arms, legs, shoulders and hips continuous in time.

    ``update`` returns copies of the landmarks with swapped joints put right; image and world are treated alike. A frame
    that fits neither naming (both limbs are drawn somewhere between the two) is passed on as it is and not compared
    with: taking it for the last known position would call the right names after it a swap.
    """

    def __init__(self) -> None:
        #: Last known positions of each pair: left x, y, right x, y; and when each group's were seen.
        self._last: Array | None = None
        self._seen_at = [-np.inf] * len(_GROUPS)
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
        moved = np.abs(pairs - self._last).sum(1).tolist()
        swapped: list[slice] = []
        for k, (lo, hi) in enumerate(_GROUPS):
            swap = unclear = False
            as_is = sum(moved[lo:hi]) / (hi - lo)
            if t - self._seen_at[k] <= MEMORY_S and torso > 1 and as_is > 2 * MIN_JUMP * torso:
                crossed = float(np.abs(pairs[lo:hi, [2, 3, 0, 1]] - self._last[lo:hi]).sum()) / (hi - lo)
                swap = crossed < SWAP_RATIO * as_is
                unclear = not swap and crossed < as_is
            if swap:
                self._held[k] -= step
                if self._held[k] < 0:
                    swap, self._held[k] = False, 0.0
            elif not unclear:
                self._held[k] = min(MAX_SWAP_S, self._held[k] + step)
            if swap:
                swapped.append(slice(lo, hi))
            if not unclear:
                self._seen_at[k] = t
                self._last[lo:hi] = pairs[lo:hi, [2, 3, 0, 1]] if swap else pairs[lo:hi]
        if swapped:
            image, world = image.copy(), world.copy()
            for m in (image, world):
                sides = m[_FIRST:].reshape(-1, 2, m.shape[1])
                for rows in swapped:
                    sides[rows] = sides[rows, ::-1].copy()
        return image, world


def _torso(pairs: Array) -> float:
    """Length of the trunk in px."""
    (ax, ay, bx, by), (cx, cy, dx, dy) = pairs[_SHOULDER].tolist(), pairs[_HIP].tolist()
    return hypot((ax + bx - cx - dx) / 2, (ay + by - cy - dy) / 2)
