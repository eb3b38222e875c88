"""Find the gym ball in one picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..pose.types import Ball, Pose
from .body import BodyFrame
from .features import measure
from .net import trained
from .picture import WORK_SCALE, WorkPicture, cut_out
from .rings import climb, refine, rim
from .votes import candidates

Image = NDArray[np.uint8]
Array = NDArray[np.float64]

#: Circles taken from the votes, and how many of them are improved: by climbing, and by their edges alone.
VOTED, CLIMBED, REFINED = 16, 6, 4
#: Two circles are of one ball when their centres are nearer than this and their radii differ by less (in radii).
SAME_CENTRE, SAME_RADIUS = 0.45, 0.3
#: Odds above these are all the same.
MOST_ODDS = 30.0
#: A still's ball must be at least this likely.
LIKELY = 0.5
#: Where there is no body, a picture is searched as if it were this many metres high, and a ball must be likelier.
HEIGHTS_M, LIKELY_ALONE = (1.2, 2.0, 3.4), 0.8


@dataclass(frozen=True)
class Found:
    """k circles of a picture, likeliest first.

    Attributes
    ----------
    circles : (k, 4) array
        x, y and half the width in pixels of the full picture, height by width.
    likely : (k,) array
        How likely each is the ball in use, 0-1.
    """

    circles: Array
    likely: Array


def picture_about(image: Image, body: BodyFrame) -> WorkPicture | None:
    """Return the working picture around a body, or None where nothing of it is in the picture."""
    h, w = image.shape[:2]
    return cut_out(image, body.reach(w, h), WORK_SCALE / body.scale, body.scale, body)


def hypotheses(picture: WorkPicture) -> tuple[Array, Array]:
    """Return (k, 4) circles of a working picture that could be balls, and the (k,) votes that they started from."""
    voted, votes = candidates(picture, VOTED)
    if not len(voted):
        return voted, votes
    order = np.argsort(-(rim(picture, voted) + 0.3 * votes / votes.max()))
    up, near = order[:CLIMBED], order[:REFINED]
    circles = np.concatenate([refine(picture, climb(picture, voted[up]), (0.06,)), refine(picture, voted[near])])
    strength = np.concatenate([votes[up], votes[near]])
    keep = np.ones(len(circles), bool)
    for i in range(len(circles)):
        x, y, r = circles[i, :3]
        if not 0.13 < r / picture.scale < 0.6:
            keep[i] = False
            continue
        other = circles[:i][keep[:i]]
        same = np.hypot(other[:, 0] - x, other[:, 1] - y) + np.abs(other[:, 2] - r) < 0.1 * r
        keep[i] = not same.any()
    return circles[keep], strength[keep]


def likely_circles(picture: WorkPicture) -> Found:
    """Return the circles of a working picture with how likely each is the ball in use.

    Circles about one ball that are as likely as each other are several readings of its rim: the likeliest takes their
    mean, weighted by the odds.
    """
    circles, votes = hypotheses(picture)
    if not len(circles):
        return Found(circles, np.zeros(0))
    likely = trained()(measure(picture, circles, votes))
    order = np.argsort(-likely)
    circles, likely = circles[order], likely[order]
    weight = np.minimum(likely / np.maximum(1 - likely, 1e-6), MOST_ODDS)
    weight *= [same_ball(c, circles[0]) for c in circles]
    circles[0] = weight @ circles / weight.sum()
    return Found(picture.to_full(circles), likely)


def same_ball(a: Array, b: Array) -> bool:
    """Whether two circles (4,) are so near each other that they are of one ball.

    >>> same_ball(np.array([0.0, 0, 10, 1]), np.array([2.0, 0, 11, 0.9]))
    True
    """
    r = float(max(a[2], b[2]))
    return bool(np.hypot(a[0] - b[0], a[1] - b[1]) < SAME_CENTRE * r and abs(a[2] - b[2]) < SAME_RADIUS * r)


def find_ball(image: Image, pose: Pose | None = None) -> Ball | None:
    """Return the gym ball in use in one (h, w, 3) RGB picture, or None.

    Parameters
    ----------
    pose : Pose or None
        The body in the picture. It gives the scale and says what the ball is near and what may hide it; without it
        the ball must be plain to see.
    """
    body = None if pose is None else BodyFrame.of(pose)
    picture = None if body is None else picture_about(image, body)
    if picture is not None:
        found, enough = [likely_circles(picture)], LIKELY
    else:
        h, w = image.shape[:2]
        pictures = (cut_out(image, (0, 0, w, h), WORK_SCALE * m / h, h / m, None) for m in HEIGHTS_M)
        found, enough = [likely_circles(p) for p in pictures if p is not None], LIKELY_ALONE
    best = max((f for f in found if len(f.likely)), key=lambda f: float(f.likely[0]), default=None)
    if best is None or best.likely[0] < enough:
        return None
    x, y, r = (float(v) for v in best.circles[0, :3])
    return Ball(x, y, r, float(best.likely[0]))
