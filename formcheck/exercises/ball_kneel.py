"""5 ``ball-kneel``: kneeling upright on the ball with the hands free, as long as possible."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..measure import Body, angle, elevation, wrap_degrees
from ..measure.geometry import distance
from ..measure.view import SIDE_YAW_DEG
from ..pose.landmarks import SIDES
from ..rules.checks import ALWAYS, MOVE, Check
from ..rules.exercise import Array, Attempt, Drawing, Exercise, Outcome, Prescription, Sample
from ..rules.gates import Gate
from ..rules.limits import Limit, Limits
from ..rules.records import Rep

_NOT_UPRIGHT = frozenset({MOVE})
#: Seconds before the end of a try in which a foot on its way to the floor tells how it ended.
_LAST_S = 0.6


#: A trunk that never comes nearer the vertical than this (degrees) was not raised: no try.
RISEN_DEG = 60.0


class BallKneel(Exercise):
    """Knees on the ball, straighten up, take the hands off and balance; every time the hands are free is a try."""

    id = "ball-kneel"
    title = "Kneeling on the ball"
    summary = "kneeling on the ball, seen from the side"
    camera = "Side on, or half from the front, at ball height, 2-3 m away, head and ball in the picture."
    views = ("side", "oblique", "front")
    belly = "ahead"
    uses_ball = True
    prescription = Prescription(reps=5)
    intro = (
        "Kneel on the ball with your hands on it.",
        "Take the hands off, straighten hips and trunk, and keep your balance as long as you can.",
    )
    limits = {
        "least_effort": Limit(20.0, "deg", "trunk raised by this much and lowered again: a try"),
        "knee_deg": Limit(150.0, "deg", "position: knees are bent"),
        "feet_up_torso": Limit(
            0.40,
            "torso",
            "feet below the knees by less than this: off the floor; on it they read 0.44-0.6, on the ball up to 0.2",
        ),
        "foot_down_torso": Limit(0.28, "torso", "a foot this far below the knees is on its way to the floor"),
        "hands_low_torso": Limit(
            0.25, "torso", "hands less than this above the knees rest on the ball; on it they read -0.45 to 0.05"
        ),
        "trunk_up_deg": Limit(
            40.0, "deg", "trunk within this of vertical: the body is up, hands on the ball are then a fault"
        ),
        "lean_deg": Limit(15.0, "deg", "upright: trunk within 15 degrees of vertical", 5.0),
        "hip_deg": Limit(150.0, "deg", "upright: hip angle 150 degrees or more", -8.0),
        "try_s": Limit(1.0, "s", "hands free for less is no try"),
        "head_deg": Limit(-45.0, "deg", "head dropped against the line of the trunk; held up it reads -7 to -22", -8.0),
        "side_yaw_deg": Limit(45.0, "deg", "body turned at least this far from the camera for the head to be judged"),
    }
    checks = (
        Check("hip-bent", "hip_deg", "Straighten your hips, push them forward.", "the hips are bent",
              "hip", "below", _NOT_UPRIGHT, "major", ("hip",), dwell_s=2.0, span=40.0, passing=True),
        Check("trunk-lean", "lean_deg", "Bring your trunk upright.", "the trunk is leaning",
              "lean", "above", _NOT_UPRIGHT, "moderate", ("shoulder", "hip"), dwell_s=2.0, span=30.0, passing=True),
        Check("head-down", "head_deg", "Lift your head, look ahead.", "the head is dropped",
              "head", "below", ALWAYS, "minor", ("ear",), dwell_s=1.5, span=30.0),
        Check("hands-on-ball", "hands_low_torso", "Take your hands off the ball.", "the hands are leaning on the ball",
              "leaning_hands", "below", ALWAYS, "moderate", ("wrist",), dwell_s=0.8, span=0.5),
        Check("hip-bent", "hip_deg", "Straighten your hips, push them forward.", "the hips never straightened", sense="below", severity="major",
              joints=("hip",), span=40.0),
        Check("trunk-lean", "lean_deg", "Bring your trunk upright.", "the trunk never came upright", joints=("shoulder", "hip"), span=30.0),
        Check("feet-down", "foot_down_torso", "Keep both feet off the floor.", "a foot came down before the hands", joints=("ankle",), span=0.4),
    )  # fmt: skip
    drawing = Drawing(angles=(("hip", "shoulder", "hip", "knee"),), line=("shoulder", "hip", "knee"))

    def signals(self, body: Body) -> dict[str, Array]:
        near_right = body.near_right(self.belly)
        shoulder, hip, knee = (body.mid(j) for j in ("shoulder", "hip", "knee"))
        ahead = np.where(knee[:, 0] >= body.mid("ankle")[:, 0], 1.0, -1.0)
        trunk = elevation(hip, shoulder, ahead)
        # Seen from the side the picture is the better measure; half from the front it shortens a bend, the world does not.
        side_on = np.abs(body.yaw) >= SIDE_YAW_DEG
        above, below = ((body.world_point(j, "left") + body.world_point(j, "right")) / 2 for j in ("shoulder", "knee"))
        world_lean = np.degrees(np.arctan2(np.hypot(above[:, 0], above[:, 2]), -above[:, 1]))
        out: dict[str, Array] = {"lean": np.where(side_on, np.abs(trunk - 90.0), world_lean)}

        def near(values: dict[str, Array]) -> Array:
            return np.where(near_right, values["right"], values["left"])

        def extreme(joint: str, sign: float) -> Array:
            """The higher (+1) or lower (-1) of the left and right joint that are seen, above the knees, in torso lengths."""
            heights = [(knee - body.point(joint, s))[:, 1] / body.torso for s in SIDES]
            return np.fmax(*heights) if sign > 0 else np.fmin(*heights)

        in_picture = near({s: body.joint_angle("shoulder", "hip", "knee", s, guess=True) for s in SIDES})
        out["hip"] = np.where(side_on, in_picture, angle(above, np.zeros(3), below))
        out["knee"] = near({s: body.joint_angle("hip", "knee", "ankle", s, guess=True) for s in SIDES})
        out["hands"] = extreme("wrist", -1)
        out["foot_drop"] = -extreme("ankle", -1)
        # Low hands may hang beside the ball, or lie on the thighs: where the ball is seen, they must be on it.
        off_ball = [distance(body.point("wrist", s), body.ball_centre) - body.ball_radius for s in SIDES]
        out["hands_off_ball"] = np.fmin(*off_ball) / body.torso
        up = out["lean"] <= self.limits["trunk_up_deg"].value
        out["leaning_hands"] = np.where(up, np.fmax(out["hands"], out["hands_off_ball"]), np.nan)
        ear = body.chosen("ear", near_right)
        turned = np.abs(body.yaw) >= self.limits["side_yaw_deg"].value
        out["head"] = np.where(turned, wrap_degrees(elevation(shoulder, ear, ahead) - trunk), np.nan)
        top = body.ball_centre - np.stack([np.zeros_like(body.ball_radius), body.ball_radius], axis=1)
        out["ball_off"] = distance(knee, top) / body.torso
        out["hip_x_px"], out["hip_y_px"], out["torso_px"] = hip[:, 0], hip[:, 1], body.torso
        return out

    leaving_ends = True
    position = (Gate("foot_drop", high="feet_up_torso"), Gate("knee", high="knee_deg"))
    start = (Gate("hands", high="hands_low_torso"),)
    hold = (Gate("lean", high="lean_deg"), Gate("hip", "hip_deg"))

    def effort(self, s: Sample) -> float:
        return 90.0 - s["lean"]

    def conclude(self, a: Attempt, limits: Limits, before: Sequence[Rep]) -> Outcome:
        leans = a.during("lean")
        if a.end_s - a.start_s < limits["try_s"] or not len(leans) or leans.min() > RISEN_DEG:
            return Outcome(ignore=True)
        lean, hip = a.values["lean"], a.values["hip"]
        inside = (a.t >= a.start_s) & (a.t <= a.end_s)
        upright = inside & (lean <= limits["lean_deg"]) & (hip >= limits["hip_deg"])
        up_s = float(np.diff(a.t, append=a.t[-1])[upright].sum())
        rms, path = sway(a, upright)
        earlier = [r.hold_s for r in before]
        measures = {
            "best_s": max([up_s, *earlier]),
            "total_s": up_s + sum(earlier),
            "sway_rms": rms,
            "sway_path": path,
            "hip_top": _straightest(a.during("hip"), 80),
            "lean_top": _straightest(a.during("lean"), 20),
        }
        faults: list[tuple[str, float | None]] = []
        if not upright.any():
            if measures["hip_top"] < limits["hip_deg"]:
                faults.append(("hip-bent", measures["hip_top"]))
            elif measures["lean_top"] > limits["lean_deg"]:
                faults.append(("trunk-lean", measures["lean_top"]))
        foot = a.during("foot_drop", a.end_s - _LAST_S, a.end_s)
        if not a.returned and len(foot) and foot.max() > limits["foot_down_torso"]:
            faults.append(("feet-down", float(foot.max())))
        # Bent hips put the trunk forward: one fault, not two.
        bent = np.isfinite(hip[inside]) & (hip[inside] < limits["hip_deg"])
        leaning = inside & (lean > limits["lean_deg"])
        explained = leaning.any() and bent[leaning[inside]].mean() > 0.6
        return Outcome(
            None, True, None, faults, frozenset({"trunk-lean"}) if explained else frozenset(), measures, hold_s=up_s
        )


def sway(a: Attempt, upright: NDArray[np.bool_]) -> tuple[float, float]:
    """How much the middle of the hips moves in the picture while the body is upright.

    Parameters
    ----------
    a : Attempt
    upright : (k,) bool array

    Returns
    -------
    rms, path : float
        Root mean square distance from its mean place, and length of its way, in torso lengths; NaN under three samples.
        The measures of posturography (Prieto et al. 1996, RDIST and TOTEX) on the picture instead of a force plate.
    """
    xy = np.stack([a.values["hip_x_px"], a.values["hip_y_px"]], axis=1)
    ok = upright & np.isfinite(xy).all(axis=1)
    if ok.sum() < 3:
        return float("nan"), float("nan")
    torso = float(np.nanmedian(a.values["torso_px"][ok]))
    centred = xy[ok] - xy[ok].mean(axis=0)
    steps = np.hypot(*np.diff(xy, axis=0).T)
    joined = ok[1:] & ok[:-1]
    return float(np.sqrt((centred**2).sum(axis=1).mean())) / torso, float(steps[joined].sum()) / torso


def _straightest(v: Array, percent: float) -> float:
    return float(np.percentile(v, percent)) if len(v) else float("nan")
