"""Pictures of a wide range of brightness (HDR) as ordinary ones: HLG and PQ, as phones record, to BT.709.

Taken for ordinary ones they are flat and grey, and what was learned from ordinary pictures fails on them.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

#: Numbers that ITU-T H.273 gives the transfer characteristics of PQ (SMPTE ST 2084) and HLG (ARIB STD-B67).
PQ, HLG = 16, 18
#: Display light (cd/m2) of a white sheet of paper, both in PQ and in HLG on a display of 1000 (ITU-R BT.2408).
WHITE, PEAK = 203.0, 1000.0
#: Gamma of the system of a display of 1000 cd/m2 (ITU-R BT.2100).
SYSTEM_GAMMA = 1.2
#: BT.2020 to BT.709 primaries in linear light (ITU-R BT.2087).
TO_709 = np.array(
    [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]], dtype=np.float32
)
#: Luminance of BT.2020 primaries.
LUMINANCE = np.array([0.2627, 0.6780, 0.0593], dtype=np.float32)
#: From this share of white on brightness is pressed together, so that what is brighter than white keeps its shape.
KNEE = 0.9
_STEPS, _BITS = 4095, 7


def is_wide(transfer: int) -> bool:
    """Return whether a transfer characteristic (H.273) is one of a wide range.

    >>> is_wide(18), is_wide(1)
    (True, False)
    """
    return transfer in (PQ, HLG)


def to_ordinary(rgb: NDArray[np.uint16], transfer: int) -> NDArray[np.uint8]:
    """Return a picture in BT.709, by a table of 128 steps a channel.

    Parameters
    ----------
    rgb : (h, w, 3) uint16 array
        Full-range signal with BT.2020 primaries.
    transfer : int
        :data:`PQ` or :data:`HLG`.
    """
    steps = (rgb >> (16 - _BITS)).astype(np.uint32)
    out: NDArray[np.uint8] = _table(transfer)[(steps[..., 0] << 2 * _BITS) | (steps[..., 1] << _BITS) | steps[..., 2]]
    return out


@cache
def _table(transfer: int) -> NDArray[np.uint8]:
    """(2097152, 3) ordinary colour by the first bits of red, green and blue."""
    step = (np.arange(1 << _BITS) * 65535 // ((1 << _BITS) - 1)).astype(np.uint16)
    return _exactly(np.stack(np.meshgrid(step, step, step, indexing="ij"), axis=-1).reshape(-1, 3), transfer)


def _exactly(rgb: NDArray[np.uint16], transfer: int) -> NDArray[np.uint8]:
    """(n, 3) colours in BT.709."""
    light: Array = _light(transfer)[rgb]
    if transfer == HLG:
        y = light @ LUMINANCE
        light *= (np.maximum(y, 1e-6) ** np.float32(SYSTEM_GAMMA - 1.0))[..., None] * np.float32(PEAK / WHITE)
    light = light @ TO_709.T
    over = light > KNEE
    light[over] = KNEE + (1 - KNEE) * (1 - np.exp((KNEE - light[over]) / (1 - KNEE)))
    return _signal()[(np.clip(light, 0.0, 1.0) * _STEPS + 0.5).astype(np.uint16)]


@cache
def _light(transfer: int) -> Array:
    """(65536,) linear light by signal: of the scene, 0-1 (HLG), or of the display, 1 = white (PQ)."""
    e = np.linspace(0.0, 1.0, 65536)
    if transfer == HLG:  # ITU-R BT.2100, table 5
        a, b, c = 0.17883277, 0.28466892, 0.55991073
        return np.where(e <= 0.5, e**2 / 3, (np.exp((e - c) / a) + b) / 12).astype(np.float32)
    m1, m2, c1, c2, c3 = 2610 / 16384, 2523 / 32, 3424 / 4096, 2413 / 128, 2392 / 128  # table 4
    p = e ** (1 / m2)
    return (10000.0 * (np.maximum(p - c1, 0.0) / (c2 - c3 * p)) ** (1 / m1) / WHITE).astype(np.float32)


@cache
def _signal() -> NDArray[np.uint8]:
    """(4096,) ordinary signal by light, by the display of BT.1886."""
    light = np.linspace(0.0, 1.0, _STEPS + 1)
    return np.round(255 * light ** (1 / 2.4)).astype(np.uint8)
