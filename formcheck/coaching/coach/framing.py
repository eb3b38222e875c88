"""What is wrong with how somebody stands before the camera, one frame at a time: keys of advice, no words."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from formcheck.judging.measure.body import GUESS_VISIBILITY
from formcheck.judging.measure.view import View, too_small
from formcheck.judging.rules.exercise import Exercise
from formcheck.judging.session.ball_watch import half_out
from formcheck.judging.session.moment import Moment
from formcheck.judging.session.recognition import IN_PLACE
from formcheck.sight.pose.landmarks import JOINT, SIDES, Landmark

from .phrases import BALL_IN_PLACE

Array = NDArray[np.float64]

#: The ends of a body and the joints between them: what has to be in the picture.
PARTS: tuple[int, ...] = (
    int(Landmark.NOSE),
    *(JOINT[j][s] for j in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "foot_index") for s in SIDES),
)
#: So many of them must lie beyond an edge (both ends of a limb's pair, or hand and elbow) for the body to be cut off.
MIN_OUT = 2
#: Share of the picture by which a joint must lie beyond its edge: less is the trembling of a landmark.
BEYOND = 0.01
#: Room (share of the picture) that must be left on the other side once the body has moved by as much as is cut off.
ROOM = 0.03
#: A body whose joints span this share of the picture's width or height has no room to move: heads and hands end
#: beyond their joints.
FULL = 0.97
#: Yaw (degrees) from which one side of the body is the nearer one.
NEARER_DEG = 10.0
#: Torso lengths by which the nose is farther away than the ears on a person seen from behind. Measured on rendered
#: people: 0.7 from behind, up to 0.07 from the side, -0.5 to -1 from the front.
BEHIND = 0.25
#: Slope of the trunk (degrees) from which a body is upright.
UPRIGHT_DEG = 50.0


@dataclass(frozen=True)
class Framing:
    """The body in a picture.

    Attributes
    ----------
    xy : (33, 2) array
        Landmarks in shares of the picture's width and height, NaN where there is not even a guess.
    size : (int, int)
        Width and height of the picture, px.
    torso : float
        Pixels from mid-shoulder to mid-hip.
    trunk : float
        Slope of the trunk in degrees, 0 lying - 90 upright.
    """

    xy: Array
    size: tuple[int, int]
    torso: float
    trunk: float

    @classmethod
    def of(cls, moment: Moment, size: tuple[int, int]) -> Framing | None:
        """Return the body of a moment, None where there is none."""
        if moment.image is None:
            return None
        xy = np.where((moment.image[:, 3] >= GUESS_VISIBILITY)[:, None], moment.image[:, :2], np.nan)
        up = mid(moment.image, "shoulder") - mid(moment.image, "hip")
        slope = math.degrees(math.atan2(abs(up[1]), abs(up[0])))
        return cls(xy / size, size, float(np.hypot(*up)), slope)


def mid(points: Array, joint: str) -> Array:
    """(2,) middle between the left and the right joint."""
    return np.asarray((points[JOINT[joint]["left"], :2] + points[JOINT[joint]["right"], :2]) / 2, np.float64)


def heading(moment: Moment, belly: str) -> int:
    """Return which way a person is turned in the picture.

    Parameters
    ----------
    moment : Moment
    belly : str
        Which way the belly faces in the exercise, see :class:`Exercise`.

    Returns
    -------
    int
        +1 where the head (lying) or the face (upright) points to the right, or will once a person lies down with the
        side that is nearer the camera now; -1 to the left; 0 where neither can be told.
    """
    if moment.image is None:
        return 0
    up = mid(moment.image, "shoulder") - mid(moment.image, "hip")
    if belly != "ahead" and abs(up[0]) > abs(up[1]):
        return 1 if up[0] > 0 else -1
    if belly == "camera" or not abs(moment.view.yaw) >= NEARER_DEG:
        return 0
    right = moment.view.yaw > 0
    return 1 if right != (belly == "up") else -1


def off_picture(frame: Framing, faces_camera: bool = True) -> str | None:
    """Return what to do about a body that does not fit the picture, None where it does.

    Left and right are the person's own, who looks at the camera; with the back to it they change places.
    """
    x, y = frame.xy[list(PARTS), 0], frame.xy[list(PARTS), 1]
    spans = [(float(np.nanmin(v)), float(np.nanmax(v))) for v in (x, y)] if np.isfinite(x).any() else []
    if not spans:
        return None
    out = [(int((v < -BEYOND).sum()), int((v > 1 + BEYOND).sum())) for v in (x, y)]
    across, down = ((low >= MIN_OUT, high >= MIN_OUT) for low, high in out)
    if all(across) or all(down) or any(high - low > 1 - ROOM for low, high in spans if any(across) or any(down)):
        return "step-back"
    if any(across) or any(down):
        (left, right), (top, bottom) = spans
        if any(across):
            room = 1 - right + left if across[0] else left - (right - 1)
            if room < ROOM:
                return "step-back"
            return "move-left" if across[0] == faces_camera else "move-right"
        room = 1 - bottom + top if down[0] else top - (bottom - 1)
        if room < ROOM:
            return "step-back"
        return "tilt-camera-up" if down[0] else "tilt-camera-down"
    return "step-back" if max(high - low for low, high in spans) > FULL else None


def wrong_size(frame: Framing) -> str | None:
    """Return the advice for a body too small to be measured."""
    return "come-closer" if too_small(frame.torso) else None


def wrong_view(exercise: Exercise, view: View, turned: int = 0) -> str | None:
    """Return how to turn for an exercise that cannot be judged from where the camera stands.

    Parameters
    ----------
    exercise : Exercise
    view : View
    turned : int
        Which way the head of a lying body points in the picture (see :func:`heading`), 0 where it does not lie: on the
        back or the stomach that says better than the yaw which side is the nearer one.
    """
    if view.suits(exercise.views):
        return None
    wanted = exercise.views[0]
    if wanted == "front":
        return "turn-front"
    if wanted == "oblique":
        return "turn-half"
    near = turned * {"down": 1, "up": -1}.get(exercise.belly, 0)
    if not near and abs(view.yaw) >= NEARER_DEG:
        near = 1 if view.yaw > 0 else -1
    return {0: "turn-side", 1: "turn-right-side", -1: "turn-left-side"}[near]


def faces_camera(moment: Moment) -> bool:
    """Return False for somebody seen from behind; who is seen from the side looks round to the camera."""
    if moment.image is None:
        return True
    ears = moment.image[[Landmark.LEFT_EAR, Landmark.RIGHT_EAR], 2].mean()
    torso = float(np.hypot(*(mid(moment.image, "shoulder") - mid(moment.image, "hip"))))
    return not moment.image[Landmark.NOSE, 2] - ears > BEHIND * torso


def ball_out(exercise: Exercise, moment: Moment, frame: Framing) -> bool:
    """Return whether the ball, seen or where it has to be, is half out of the picture."""
    w, h = frame.size
    if moment.ball is not None:
        x, y, r = moment.ball.x, moment.ball.y, moment.ball.r
    elif (place := exercise.ball) is not None:
        x, y = mid(frame.xy * frame.size, place.joint)
        y, r = y + place.below * frame.torso, place.radius * frame.torso
    else:
        return False
    return bool(half_out(np.array([x, y]), r, (w, h)))


def ball_elsewhere(exercise: Exercise, moment: Moment) -> str | None:
    """Return the advice for a ball that is seen out of its place; None where it is there, or nothing is known of it.

    A ball that is not seen is not missing: it may be hidden, or look like what is behind it.
    """
    if not exercise.uses_ball or moment.ball is None:
        return None
    limit = next((exercise.in_force[c.limit] for c in exercise.checks if c.signal == "ball_off"), IN_PLACE)
    if not moment.sample.get("ball_off", math.nan) > limit:
        return None
    return BALL_IN_PLACE
