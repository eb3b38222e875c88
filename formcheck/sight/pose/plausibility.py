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
#: A body whose plausibility is below this is not believed.
MIN_PLAUSIBILITY = 0.5
#: Nose to the middle of the shoulders, most, in shoulder-hip distances.
MAX_NECK = 0.95

_FROM, _TO = (np.array([s[k] for s in SEGMENTS]) for k in (0, 1))
_LEAST, _MOST = (np.array([s[k] for s in SEGMENTS]) for k in (2, 3))


def plausibility(pose: Pose) -> float:
    """Return 0-1: the share of what should hold of a body that does hold, weighted by visibility.

    Counted are segment lengths in 3D, the head near the shoulders and away from the hips, and a trunk that the picture
    shows at more than a spot.
    """
    w: Array = pose.world[:, :3]
    v = pose.world[:, 3]
    shoulder, hip = (w[11] + w[12]) / 2, (w[23] + w[24]) / 2
    torso = float(np.linalg.norm(shoulder - hip))
    if not np.isfinite(torso) or torso < 0.15:
        return 0.0
    lengths = np.linalg.norm(w[_FROM] - w[_TO], axis=1) / torso
    weights = 0.2 + np.minimum(v[_FROM], v[_TO])
    good = float(weights[(lengths >= _LEAST) & (lengths <= _MOST)].sum())
    total = float(weights.sum()) + 6.0
    good += 2.0 * (float(np.linalg.norm(w[0] - shoulder)) <= MAX_NECK * torso)
    good += 2.0 * (float(np.linalg.norm(w[0] - hip)) > 0.7 * torso)
    image = pose.image[:, :2]
    span = np.ptp(image[11:29], axis=0).max()
    flat = float(np.linalg.norm((image[11] + image[12] - image[23] - image[24]) / 2))
    good += 2.0 * (flat > 0.08 * span)
    seen = float(np.mean(v[[11, 12, 23, 24]]))
    return float(good / total * min(1.0, 0.4 + 0.9 * seen))
