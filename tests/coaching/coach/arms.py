"""Somebody with raised arms, as the pose model would see them."""

from __future__ import annotations

import numpy as np

from formcheck.sight.pose.landmarks import JOINT
from formcheck.sight.pose.types import Observation, Pose

from ...judging.exercises.stick import ALL_FOURS, Motion, all_fours, shoot, standing

STANDING = next(iter(shoot(standing, Motion({"lean": 0.0}).wait(0.2), azimuth=80.0)))
KNEELING = next(iter(shoot(all_fours, Motion(ALL_FOURS).wait(0.2))))


def raised(*sides: str, base: Observation = STANDING, lean: float = 0.0, bend: float = 0.0, reach: float = 1.0, dx=0.0):
    """Somebody with arms raised: *lean* and *bend* in degrees, *reach* of the arm's length."""
    image = base.pose.image.copy()
    torso = base.pose.torso_px
    for side in sides:
        shoulder = image[JOINT["shoulder"][side], :2]
        a, b = np.radians(90 - lean), np.radians(90 - lean - bend)
        elbow = shoulder + 0.55 * reach * torso * np.array([np.cos(a), -np.sin(a)]) + [dx, 0]
        wrist = elbow + 0.55 * reach * torso * np.array([np.cos(b), -np.sin(b)])
        image[JOINT["elbow"][side], :2], image[JOINT["wrist"][side], :2] = elbow, wrist
        for joint in ("shoulder", "elbow", "wrist"):
            image[JOINT[joint][side], 3] = 1.0
    return Observation(base.t, Pose(image, base.pose.world), base.size, None, 120.0, 1)


def at(o: Observation, t: float) -> Observation:
    return Observation(t, o.pose, o.size, o.ball, o.luma, o.persons)
