"""Measured joint angles against the true ones, on the side nearer the camera.

The true angle of a joint lies in space; a measured one lies in the picture. The main figure compares with the angle in
space, which is what the person does; the second compares with the angle of the true landmarks in the picture, which is
what a perfect pose model would have measured. The difference between the two is the price of the view.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from formcheck.sight.pose.landmarks import JOINT

from .series import Array, TruthSeries

#: The joints scored and the three landmarks whose angle each is.
JOINTS: dict[str, tuple[str, str, str]] = {
    "knee": ("hip", "knee", "ankle"),
    "hip": ("shoulder", "hip", "knee"),
    "line": ("shoulder", "hip", "ankle"),
    "elbow": ("shoulder", "elbow", "wrist"),
    "shoulder": ("hip", "shoulder", "elbow"),
}
#: Joints that enter the one figure shown for a clip.
HEADLINE = ("knee", "hip", "line")


@dataclass(frozen=True, eq=False)
class AngleErrors:
    """Measured minus true angle of one joint, one value a frame, degrees.

    Attributes
    ----------
    space : (n,) array
        Against the joint angle in space.
    image : (m,) array
        Against the angle of the true landmarks in the picture.
    """

    space: NDArray[np.float32]
    image: NDArray[np.float32]


def corner(a: Array, b: Array, c: Array) -> Array:
    """Return the angle a–b–c in degrees, 0–180; NaN where two points coincide.

    Parameters
    ----------
    a, b, c : (n, d) arrays
        Points; b is the corner.
    """
    u, v = a - b, c - b
    size = np.linalg.norm(u, axis=-1) * np.linalg.norm(v, axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.degrees(np.arccos(np.clip((u * v).sum(-1) / size, -1.0, 1.0))))


def image_angle(px: Array, joint: str, side: str) -> Array:
    """Return a joint's angle in the picture from landmarks (n, 33, 2) in pixels, degrees (n,)."""
    a, b, c = (px[:, JOINT[name][side]] for name in JOINTS[joint])
    return corner(a, b, c)


def _differences(t: Array, measured: Array, true_t: Array, true: Array) -> NDArray[np.float32]:
    """Measured minus true where both are known; nothing is made up beyond the ends or across gaps of the truth."""
    known = np.interp(t, true_t, true, left=np.nan, right=np.nan)
    d = measured - known
    return d[np.isfinite(d)].astype(np.float32)


def angle_errors(measures: Mapping[str, Array], series: TruthSeries, side: str) -> dict[str, AngleErrors]:
    """Compare the measured angles of one side with the truth at the times of the measures.

    Parameters
    ----------
    measures : mapping of (n,) arrays
        ``t`` (or ``t_s``) in seconds and ``<joint>_<side>`` in degrees, NaN where not measured.
    series : TruthSeries
        The truth over time.
    side : "left" or "right"
        The side nearer the camera.

    Returns
    -------
    dict
        By joint; joints that were not measured or whose truth is unknown are left out.

    Raises
    ------
    ValueError
        If the measures have no times or columns of another length.
    """
    stamp = measures.get("t", measures.get("t_s"))
    if stamp is None:
        raise ValueError("measures: expected a column `t`, got " + ", ".join(sorted(measures)))
    t = np.asarray(stamp, dtype=np.float64)
    none = np.empty(0, dtype=np.float32)
    out: dict[str, AngleErrors] = {}
    for joint in JOINTS:
        name = f"{joint}_{side}"
        if name not in measures:
            continue
        measured = np.asarray(measures[name], dtype=np.float64)
        if measured.shape != t.shape:
            raise ValueError(f"measures: expected {t.shape} values of {name}, got {measured.shape}")
        space = _differences(t, measured, series.t, series.angles[name]) if name in series.angles else none
        flat = none
        if series.px is not None:
            flat = _differences(t, measured, series.t, image_angle(series.px, joint, side))
        if space.size or flat.size:
            out[joint] = AngleErrors(space, flat)
    return out
