"""How much a found body looks like a body: its proportions, and hips between shoulders and feet."""

from __future__ import annotations

import numpy as np

from .types import Array, Pose

#: Limb segments in 3D as shares of the shoulder-hip distance, least and most. From segment lengths of adults (Drillis
#: and Contini 1966: thigh 0.245, shank 0.246, upper arm 0.186, forearm 0.146 of stature, shoulder-hip 0.288), with a
#: third either way for the model's depth.
SEGMENTS: tuple[tuple[int, int, float, float], ...] = (
    (23, 25, 0.5, 1.4),
    (24, 26, 0.5, 1.4),
    (25, 27, 0.5, 1.4),
    (26, 28, 0.5, 1.4),
    (11, 13, 0.3, 1.0),
    (12, 14, 0.3, 1.0),
    (13, 15, 0.25, 0.95),
    (14, 16, 0.25, 0.95),
)
#: Nose to the middle of the shoulders, most, in shoulder-hip distances.
MAX_NECK = 0.95


def plausibility(pose: Pose) -> float:
    """Return 0-1: the share of what should hold of a body that does hold, weighted by visibility.

    Counted are segment lengths in 3D, the head near the shoulders and away from the hips, and the knees nearer the hips
    than the shoulders; a body laid head to feet fails the last two.
    """
    w: Array = pose.world[:, :3]
    v = pose.world[:, 3]
    shoulder, hip = (w[11] + w[12]) / 2, (w[23] + w[24]) / 2
    torso = float(np.linalg.norm(shoulder - hip))
    if not np.isfinite(torso) or torso < 0.15:
        return 0.0
    good = total = 0.0

    def count(ok: bool, weight: float) -> None:
        nonlocal good, total
        good += weight * ok
        total += weight

    for a, b, lo, hi in SEGMENTS:
        d = float(np.linalg.norm(w[a] - w[b])) / torso
        count(lo <= d <= hi, 0.2 + float(min(v[a], v[b])))
    head = float(np.linalg.norm(w[0] - shoulder)) / torso
    count(head <= MAX_NECK, 2.0)
    count(float(np.linalg.norm(w[0] - hip)) > 0.7 * torso, 2.0)
    image = pose.image[:, :2]
    span = np.ptp(image[11:29], axis=0).max()
    flat = float(np.linalg.norm((image[11] + image[12] - image[23] - image[24]) / 2))
    count(flat > 0.08 * span, 2.0)
    seen = float(np.mean(v[[11, 12, 23, 24]]))
    return good / total * min(1.0, 0.4 + 0.9 * seen)
