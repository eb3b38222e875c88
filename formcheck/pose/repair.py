"""Repair of left-right swaps: in a side view the model now and then gives the near leg the far leg's name."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .landmarks import ARM_PAIRS, LEG_PAIRS

Array = NDArray[np.float64]

#: A limb pair counts as swapped when naming it the other way round explains the motion this much better.
SWAP_RATIO = 0.5
#: ... and the named way is off by at least this much (torso lengths, mean over the limb's joints).
MIN_JUMP = 0.12
#: A "swap" that lasts longer (s) is no swap: then the model is believed.
MAX_SWAP_S = 0.25
#: Positions older than this (s) predict nothing.
MEMORY_S = 0.35

_LIMBS = tuple((np.array([a for a, _ in p]), np.array([b for _, b in p])) for p in (ARM_PAIRS, LEG_PAIRS))
_TRUNK = np.array([11, 12, 23, 24])


class SwapRepair:
    """Streaming repair: keeps the names of arms and legs continuous in time.

    ``update`` returns copies of the landmarks with swapped limbs put right; image and world are treated alike.
    """

    def __init__(self) -> None:
        self._last: list[tuple[float, Array, Array] | None] = [None, None]
        self._since: list[float | None] = [None, None]

    def update(self, t: float, image: Array, world: Array) -> tuple[Array, Array]:
        """Take one frame's (33, 4) landmarks and return them repaired."""
        if not np.isfinite(image[0, 0]):
            return image, world
        d = image[_TRUNK, :2]
        torso = float(np.hypot(*((d[0] + d[1] - d[2] - d[3]) / 2)))
        out = False
        for k, (left, right) in enumerate(_LIMBS):
            a, b = image[left, :2], image[right, :2]
            last = self._last[k]
            swap = False
            if last is not None and t - last[0] <= MEMORY_S and torso > 1:
                as_is = np.abs(a - last[1]).sum(1).mean() + np.abs(b - last[2]).sum(1).mean()
                crossed = np.abs(b - last[1]).sum(1).mean() + np.abs(a - last[2]).sum(1).mean()
                swap = crossed < SWAP_RATIO * as_is and as_is > 2 * MIN_JUMP * torso
            if swap:
                since = self._since[k]
                if since is None:
                    self._since[k] = t
                elif t - since > MAX_SWAP_S:
                    swap = False
            if not swap:
                self._since[k] = None
            if swap:
                if not out:
                    image, world, out = image.copy(), world.copy(), True
                for m in (image, world):
                    m[left], m[right] = m[right].copy(), m[left].copy()
                a, b = b, a
            self._last[k] = (t, a.copy(), b.copy())
        return image, world
