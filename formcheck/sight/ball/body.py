"""What a pose says about a ball: how many pixels a metre has, where to look, and what the body may hide."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..pose.landmarks import MAIN_JOINTS, Landmark
from ..pose.types import Pose

Array = NDArray[np.float64]

#: Limbs as (from, to, half width in metres); half of the limb breadths in Drillis and Contini (1966), plus clothing.
LIMBS: tuple[tuple[int, int, float], ...] = (
    (Landmark.LEFT_SHOULDER, Landmark.LEFT_ELBOW, 0.055),
    (Landmark.RIGHT_SHOULDER, Landmark.RIGHT_ELBOW, 0.055),
    (Landmark.LEFT_ELBOW, Landmark.LEFT_WRIST, 0.045),
    (Landmark.RIGHT_ELBOW, Landmark.RIGHT_WRIST, 0.045),
    (Landmark.LEFT_WRIST, Landmark.LEFT_INDEX, 0.045),
    (Landmark.RIGHT_WRIST, Landmark.RIGHT_INDEX, 0.045),
    (Landmark.LEFT_SHOULDER, Landmark.LEFT_HIP, 0.10),
    (Landmark.RIGHT_SHOULDER, Landmark.RIGHT_HIP, 0.10),
    (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER, 0.08),
    (Landmark.LEFT_HIP, Landmark.RIGHT_HIP, 0.12),
    (Landmark.LEFT_HIP, Landmark.LEFT_KNEE, 0.085),
    (Landmark.RIGHT_HIP, Landmark.RIGHT_KNEE, 0.085),
    (Landmark.LEFT_KNEE, Landmark.LEFT_ANKLE, 0.06),
    (Landmark.RIGHT_KNEE, Landmark.RIGHT_ANKLE, 0.06),
    (Landmark.LEFT_HEEL, Landmark.LEFT_FOOT_INDEX, 0.045),
    (Landmark.RIGHT_HEEL, Landmark.RIGHT_FOOT_INDEX, 0.045),
)
#: Pairs of joints: shoulders, elbows, wrists, hips, knees, ankles. They give the scale.
_PAIRS = np.reshape(MAIN_JOINTS, (6, 2))
#: Radius of the head about the middle of the ears, metres.
HEAD = 0.12
#: A body with fewer pixels a metre is too small to look for a ball at.
MIN_SCALE = 25.0
#: How far from the body a ball is looked for (metres from the body's bounding box): the widest ball beside it.
REACH = 0.85

_A = np.array([limb[0] for limb in LIMBS])
_B = np.array([limb[1] for limb in LIMBS])
_HALF = np.array([limb[2] for limb in LIMBS])


def pixels_per_metre(pose: Pose) -> float:
    """Return how many pixels one metre has at the body.

    The spread of the joints in the picture over their spread seen along the camera's axis in the world landmarks, so
    that it does not shrink with a foreshortened trunk.

    Returns
    -------
    float
        Pixels per metre; 0 where the pose has no extent.
    """
    a, b = pose.image[MAIN_JOINTS, :2], pose.world[MAIN_JOINTS, :2]
    spread = float(np.sum((b - b.mean(axis=0)) ** 2))
    if not np.isfinite(spread) or spread <= 0:
        return 0.0
    value = float(np.sqrt(np.sum((a - a.mean(axis=0)) ** 2) / spread))
    return value if np.isfinite(value) else 0.0


def share_seen(pose: Pose) -> float:
    """Return how much of a body its pose claims to see, 0-1.

    The mean visibility of shoulders, elbows, wrists, hips, knees and ankles, each by the side that is seen better: half
    of the body hides the other half in most of the exercises.
    """
    return float(pose.image[_PAIRS, 3].max(axis=1).mean())


@dataclass(frozen=True)
class BodyFrame:
    """A body as the ball sees it, in pixels of some picture.

    Attributes
    ----------
    points : (33, 2) array
        Landmarks, px.
    scale : float
        Pixels per metre.
    """

    points: Array
    scale: float

    @classmethod
    def of(cls, pose: Pose) -> BodyFrame | None:
        """Return the body of a pose, or None where it is too small or broken to say anything."""
        scale = pixels_per_metre(pose)
        if scale < MIN_SCALE or not np.isfinite(pose.image[:, :2]).all():
            return None
        return cls(pose.image[:, :2], scale)

    def moved(self, x: float, y: float, factor: float) -> BodyFrame:
        """Return the body in a picture that starts at (x, y) and is scaled by *factor*."""
        return BodyFrame((self.points - (x, y)) * factor, self.scale * factor)

    def reach(self, width: int, height: int, margin: float = REACH) -> tuple[int, int, int, int]:
        """Return x0, y0, x1, y1 of the part of a picture in which the ball in use can be (px, clipped)."""
        lo = self.points.min(axis=0) - margin * self.scale
        hi = self.points.max(axis=0) + margin * self.scale
        x0, y0 = max(0, int(lo[0])), max(0, int(lo[1]))
        x1, y1 = min(width, int(hi[0]) + 1), min(height, int(hi[1]) + 1)
        return x0, y0, max(x1, x0), max(y1, y0)

    @property
    def head(self) -> Array:
        """(2,) the middle of the ears."""
        return np.asarray((self.points[Landmark.LEFT_EAR] + self.points[Landmark.RIGHT_EAR]) / 2)

    @property
    def hips(self) -> Array:
        """(2,) the middle of the hips."""
        return np.asarray((self.points[Landmark.LEFT_HIP] + self.points[Landmark.RIGHT_HIP]) / 2)

    @property
    def lowest(self) -> float:
        """The y of the lowest landmark, px: near the floor."""
        return float(self.points[:, 1].max())

    def mask(self, width: int, height: int) -> NDArray[np.uint8]:
        """(height, width) 255 where the body may cover the picture, else 0."""
        import cv2

        out = np.zeros((height, width), np.uint8)
        # Fixed point with 3 bits of fraction; far-off landmarks are cut so that they stay within OpenCV's range.
        p = np.clip(self.points, -4000, 4000)
        q = np.round(p * 8).astype(int)
        trunk = q[[Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER, Landmark.RIGHT_HIP, Landmark.LEFT_HIP]]
        cv2.fillConvexPoly(out, cv2.convexHull(trunk.astype(np.int32)), 255, cv2.LINE_8, 3)
        for a, b, half in LIMBS:
            thick = max(1, round(2 * half * self.scale))
            cv2.line(out, tuple(q[a].tolist()), tuple(q[b].tolist()), 255, thick, cv2.LINE_8, 3)
        head = np.round(np.clip(self.head, -4000, 4000) * 8).astype(int)
        cv2.circle(out, tuple(head.tolist()), max(1, round(HEAD * self.scale * 8)), 255, -1, cv2.LINE_8, 3)
        return out

    def distances(self, centres: Array) -> Array:
        """(k, m) distance of k points (k, 2) from the m limbs' surfaces in px; negative inside a limb."""
        a, b = self.points[_A], self.points[_B]
        ab = b - a
        ap = centres[:, None, :] - a
        share = np.clip(np.sum(ap * ab, axis=-1) / np.maximum(np.sum(ab * ab, axis=-1), 1e-9), 0.0, 1.0)
        gap = np.linalg.norm(ap - share[..., None] * ab, axis=-1)
        return np.asarray(gap - _HALF * self.scale)
