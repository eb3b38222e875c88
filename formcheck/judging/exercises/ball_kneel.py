"""5 ``ball-kneel``: kneeling upright on the ball with the hands free, as long as possible."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from formcheck.sight.pose.landmarks import SIDES

from ..measure import Body, angle, elevation, wrap_degrees
from ..measure.geometry import distance
from ..measure.view import SIDE_YAW_DEG
from ..rules.checks import ALWAYS, MOVE, Check
from ..rules.drawing import HEAD, HIP, PLUMB, TRUNK, Bend, Drawing, Tilt
from ..rules.exercise import Array, Attempt, Exercise, Prescription, Sample
from ..rules.facts import BallPlace, Followed
from ..rules.gates import Gate
from ..rules.limits import Limit, Limits
from ..rules.outcome import Outcome, Told
from ..rules.records import Rep

_NOT_UPRIGHT = frozenset({MOVE})
#: Within these degrees about the turn from which a view is a side view the world's and the picture's measures are mixed,
#: so that a body at the border does not jump from one to the other.
_BLEND_DEG = 8.0
#: Seconds about the raised trunk in which the hands may leave the ball and touch it.
_HANDS_S = 2.0


class BallKneel(Exercise):
    """Knees on the ball, straighten up, take the hands off and balance; every time the hands are free is a try."""

    id = "ball-kneel"
    title = "Kneeling on the ball"
    summary = "kneeling on the ball, seen from the side"
    camera = "Side on, or half from the front, at ball height, 2-3 m away, head and ball in the picture."
    views = ("side", "oblique", "front")
    belly = "ahead"
    ball = BallPlace("knee", below=0.7, radius=0.6)
    prescription = Prescription(reps=5)
    intro = (
        "Kneel on the ball with your hands on it.",
        "Take the hands off, straighten hips and trunk, and keep your balance as long as you can.",
    )
    limits = {
        "least_effort": Limit(
            25.0,
            "deg",
            "trunk raised by this much and lowered again: a try; upright it rises by 50-70, with bent hips by 30",
        ),
        "kneeling_deg": Limit(150.0, "deg", "position: the more bent knee is bent further than this"),
        "kneeling_torso": Limit(
            0.42, "torso", "position: one foot less than this below its knee, on the ball; standing ones read 0.55-0.85"
        ),
        "start_lean_deg": Limit(30.0, "deg", "start: trunk leans forward by this much at least, over the hands"),
        "foot_down_torso": Limit(
            0.40,
            "torso",
            "a foot this far below its knee is on the floor; there it reads 0.44-0.8, on the ball up to 0.2",
        ),
        "hands_off_torso": Limit(
            0.10, "torso", "the lower hand this much higher than it rested: it has left the ball (5 cm)"
        ),
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
    drawing = Drawing(
        angles=(("hip", "shoulder", "hip", "knee"),),
        line=("shoulder", "hip", "knee"),
        shows=(("line", ("hip",)),),
        sketches={
            "hip": HIP,
            "lean": TRUNK,
            "head": HEAD,
            "hip-bent": Bend("shoulder", "hip", "knee", of="hip"),
            "trunk-lean": Tilt("hip:mid", "shoulder:mid", PLUMB, of="lean"),
        },
    )
    measures = {
        "lean": ("deg", "trunk off the vertical"),
        "hip": ("deg", "shoulder-hip-knee: 180 upright"),
        "knee": ("deg", "hip-knee-ankle"),
        "hands": ("torso", "lower hand above the knees"),
        "higher_foot": ("torso", "each ankle below its own knee, the less of both: 0 where that shin lies"),
        "lower_foot": ("torso", "the more of both: a foot that is put down stands well below its knee"),
        "hands_off_ball": ("torso", "nearer hand from the ball's surface, in the picture"),
        "leaning_hands": ("torso", "lower hand above the knees while the trunk is upright"),
        "head": ("deg", "head off the line of the trunk, forward (-) or back (+)"),
        "hip_x_px": ("px", "hips, across the picture"),
        "hip_y_px": ("px", "hips, down the picture"),
    }
    decided = {
        "best_s": ("s", "longest time upright so far"),
        "total_s": ("s", "time upright so far, in all"),
        "sway_rms": ("torso", "hips from their middle while upright, root mean square"),
        "sway_path": ("torso", "way of the hips while upright, in all"),
        "hip_top": ("deg", "hip at its straightest"),
        "lean_top": ("deg", "trunk at its most upright"),
    }
    followed = (Followed("sway_rms", "Sway", -1),)
    uncounting = (
        "feet-down",
        "hands-on-ball",
    )
    as_long_as_possible = True

    def signals(self, body: Body) -> dict[str, Array]:
        near = body.on(body.near_right(self.belly))
        shoulder, hip, knee = (body.mid(j) for j in ("shoulder", "hip", "knee"))
        ahead = np.where(knee[:, 0] >= body.mid("ankle")[:, 0], 1.0, -1.0)
        trunk = elevation(hip, shoulder, ahead)
        # Seen from the side the picture is the better measure; half from the front it shortens a bend, the world does not.
        side_on = np.clip((np.abs(body.yaw) - SIDE_YAW_DEG) / (2 * _BLEND_DEG) + 0.5, 0.0, 1.0)
        above, below = ((body.world_point(j, "left") + body.world_point(j, "right")) / 2 for j in ("shoulder", "knee"))
        world_lean = np.degrees(np.arctan2(np.hypot(above[:, 0], above[:, 2]), -above[:, 1]))

        def mixed(picture: Array, world: Array) -> Array:
            return np.where(
                side_on <= 0, world, np.where(side_on >= 1, picture, side_on * picture + (1 - side_on) * world)
            )

        out: dict[str, Array] = {"lean": mixed(np.abs(trunk - 90.0), world_lean)}

        in_picture = near.of(body.joint_angles("shoulder", "hip", "knee", guess=True))
        out["hip"] = mixed(in_picture, angle(above, np.zeros(3), below))
        out["knee"] = np.fmin(*body.joint_angles("hip", "knee", "ankle", guess=True).values())
        # Of the lower hand that is seen: one may scratch.
        out["hands"] = np.fmin(*((knee - body.point("wrist", s))[:, 1] / body.torso for s in SIDES))
        # Of each foot below its own knee: that one shin lies tells that one kneels, that one stands that a foot is down.
        drops = [(body.point("ankle", s) - body.point("knee", s, guess=True))[:, 1] / body.torso for s in SIDES]
        out["higher_foot"], out["lower_foot"] = np.fmin(*drops), np.fmax(*drops)
        # Low hands may hang beside the ball, or lie on the thighs: where the ball is seen, they must be on it.
        off_ball = [distance(body.point("wrist", s), body.ball_centre) - body.ball_radius for s in SIDES]
        out["hands_off_ball"] = np.fmin(*off_ball) / body.torso
        up = out["lean"] <= self.in_force["trunk_up_deg"]
        out["leaning_hands"] = np.where(up, np.fmax(out["hands"], out["hands_off_ball"]), np.nan)
        ear = near("ear")
        turned = np.abs(body.yaw) >= self.in_force["side_yaw_deg"]
        out["head"] = np.where(turned, wrap_degrees(elevation(shoulder, ear, ahead) - trunk), np.nan)
        top = body.ball_centre - np.stack([np.zeros_like(body.ball_radius), body.ball_radius], axis=1)
        out["ball_off"] = distance(knee, top) / body.torso
        out["hip_x_px"], out["hip_y_px"], out["torso_px"] = hip[:, 0], hip[:, 1], body.torso
        return out

    leaving_ends = True
    position = (Gate("higher_foot", high="kneeling_torso"), Gate("knee", high="kneeling_deg"))
    start = (Gate("lean", "start_lean_deg"),)
    hold = (Gate("lean", high="lean_deg"), Gate("hip", "hip_deg"))

    explains = {"hip-bent": frozenset({"trunk-lean"})}

    def effort(self, s: Sample) -> float:
        return 90.0 - s["lean"]

    def conclude(self, a: Attempt, limits: Limits, before: Sequence[Rep]) -> Outcome:
        down = self.fails("feet-down", a.during("lower_foot"))
        standing = len(down) > 0 and bool(down.mean() > 0.5)
        if standing and a.lost:
            return Outcome(ignore=True)  # getting down
        beside = [r["hands"] for r in (a.rest, a.after) if r.get("hands", float("nan")) == r.get("hands")]
        if beside and not self.fails("hands-on-ball", min(beside)):
            return Outcome(ignore=True)  # the hands were not on the ball, neither before nor after
        start, end, by_foot = self._free(a, limits)
        if end - start < limits["try_s"]:
            return self._on_hands(a, limits)
        lean, hip = a.values["lean"], a.values["hip"]
        inside = (a.t >= start) & (a.t <= end)
        leaning, bent = inside & self.fails("trunk-lean", lean), inside & self.fails("hip-bent", hip)
        upright = inside & np.isfinite(lean + hip) & ~leaning & ~bent
        up_s = float(np.diff(a.t, append=a.t[-1])[upright].sum())
        rms, path = sway(a, upright)
        earlier = [r.hold_s for r in before if r.counted]
        measures = {
            "best_s": max([up_s, *earlier]),
            "total_s": up_s + sum(earlier),
            "sway_rms": rms,
            "sway_path": path,
            "hip_top": _straightest(a.during("hip", start, end), 80),
            "lean_top": _straightest(a.during("lean", start, end), 20),
        }
        faults: list[Told] = []
        if not upright.any():
            faults += self.told("hip-bent", measures["hip_top"]) or self.told("trunk-lean", measures["lean_top"])
        if standing or by_foot:
            foot = a.during("lower_foot", start, a.end_s)
            faults.append(("feet-down", float(foot.max())))
        # Bent hips put the trunk forward: one fault, not two.
        explained = leaning.any() and bent[leaning].mean() > 0.6
        drop = frozenset(fault for fault, _ in faults) | (self.explains["hip-bent"] if explained else frozenset())
        why = "a foot stayed on the floor" if standing else None
        return Outcome(
            None, why is None, why, faults, drop, measures, hold_s=0.0 if standing else up_s, start_s=start, end_s=end
        )

    def _on_hands(self, a: Attempt, limits: Limits) -> Outcome:
        """Judge a body that rose without taking the hands off: no try to be counted if it was up so, otherwise none."""
        leaning = self.fails("hands-on-ball", a.values["leaning_hands"])
        inside = (a.t >= a.start_s) & (a.t <= a.end_s)
        if float(np.diff(a.t, append=a.t[-1])[leaning & inside].sum()) < limits["try_s"]:
            return Outcome(ignore=True)
        measures = {"hip_top": _straightest(a.during("hip"), 80), "lean_top": _straightest(a.during("lean"), 20)}
        # Who leans on the hands is bent: one fault, not three.
        drop = frozenset({"hip-bent", "trunk-lean"})
        return Outcome(None, False, "the hands stayed on the ball", drop=drop, measures=measures, hold_s=0.0)

    def _free(self, a: Attempt, limits: Limits) -> tuple[float, float, bool]:
        """Return from when to when the hands were free (s), and whether a foot on the floor ended that.

        What bounds a try is the hands, not the trunk: they leave the ball and touch it. Where they were not seen the
        rise and fall of the trunk stand for it.
        """
        m = (a.t >= a.start_s - _HANDS_S) & (a.t <= a.end_s + _HANDS_S)
        t, hands, foot = a.t[m], a.values["hands"][m], a.values["lower_foot"][m]
        start, end, by_foot = a.start_s, a.end_s, False
        with np.errstate(invalid="ignore"):
            on = hands <= a.before("hands") + limits["hands_off_torso"]
            back = hands <= a.after.get("hands", a.before("hands")) + limits["hands_off_torso"]
            # A foot that stays down to the end; one that is read down for a moment in the middle does not.
            up = ~self.fails("feet-down", foot)
        before, behind = on & (t <= a.peak_s), back & (t >= a.peak_s)
        if before.any():
            start = float(t[before][-1])
        if behind.any():
            end = float(t[behind][0])
        known = np.isfinite(foot) & (t <= end)
        last_up = t[known & up]
        if len(last_up) and known.any() and last_up[-1] < t[known][-1] and (t[known] > last_up[-1]).sum() > 1:
            end, by_foot = float(last_up[-1]), True
        return start, end, by_foot


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
