"""1 ``ball-warmup``: seated on the ball, the pelvis rolls forward and back, shifts from side to side, and circles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..measure import Body, elevation
from ..measure.geometry import distance
from ..pose.landmarks import SIDES
from ..rules.checks import ALWAYS, Check
from ..rules.cycles import CycleFinder, part_roundness, roundness, turned_back
from ..rules.exercise import Array, Attempt, Drawing, Exercise, Outcome, Prescription, Sample
from ..rules.gates import Gate
from ..rules.limits import Limit, Limits
from ..rules.records import Rep

TILT, SIDEWAYS, RIGHT, LEFT = "tilt", "sideways", "circle-right", "circle-left"
#: Least share of a movement that is believed to show in the picture, so that nothing is divided by next to nothing.
MIN_SHARE = 0.4


class BallWarmup(Exercise):
    """Sit on the ball; roll the hips forward and back, shift them left and right, circle them both ways.

    The hips are followed over the feet as seen from above: across the picture by the picture itself, in depth by the
    world landmarks (hips against knees and shoulders). One cycle is one repetition; its block is told by its shape.
    """

    id = "ball-warmup"
    title = "Pelvic warm-up on the ball"
    summary = "seated upright on the ball"
    camera = "Half from the front, at hip height, 2-3 m away, from head to feet in the picture."
    views = ("oblique", "front", "side")
    belly = "ahead"
    uses_ball = True
    prescription = Prescription(reps=40, blocks=(TILT, SIDEWAYS, RIGHT, LEFT))
    intro = (
        "Sit upright on the ball, feet flat on the floor.",
        "Roll your hips forward and back ten times, then left and right, then circle them ten times to each side. Shoulders stay still.",
    )
    limits = {
        "seat_lean_deg": Limit(50.0, "deg", "position: trunk off the vertical by less"),
        "seat_knee_torso": Limit(0.72, "torso", "position: the lower knee below the hips by less"),
        "seat_low_torso": Limit(0.6, "torso", "position: hips above the feet by this much at least"),
        "seat_high_torso": Limit(1.6, "torso", "position: and at most"),
        "seat_torso": Limit(
            0.25, "torso", "position: hips that rise or sink by more since the rest have left the seat"
        ),
        "swing_torso": Limit(
            0.06, "torso", "least travel of the hips across the picture for a cycle; at rest they sway by 0.03"
        ),
        "round_ratio": Limit(
            0.2,
            "1",
            "area of the hips' path over its width squared: 0.79 for a circle; in oblique views circles read 0.28-0.75, lines up to 0.1",
        ),
        "round_ratio_flat": Limit(0.3, "1", "the same in a front or side view, where lines read up to 0.2"),
        "part_round_ratio": Limit(
            0.2, "1", "the same for a part of the path, in oblique views: a circle turned back on its way"
        ),
        "back_turn": Limit(
            0.25,
            "turn",
            "a turn in which the hips go back by this much is not in one direction; clean ones read up to 0.1",
            0.1,
        ),
        "oblique_deg": Limit(
            18.0, "deg", "body turned at least this much from the front and from the side for its depth to be seen well"
        ),
        "depth_ratio": Limit(
            1.3,
            "1",
            "in a front or side view, depth this much larger than what crosses the picture: towards the camera and away",
        ),
        "tilt_yaw_deg": Limit(
            45.0, "deg", "body turned further than this from the camera: what crosses the picture is forward and back"
        ),
        "sideways_yaw_deg": Limit(
            20.0, "deg", "body turned less than this: what crosses the picture is left and right"
        ),
        "small_torso": Limit(
            0.10,
            "torso",
            "hips travel less than this (5 cm) from one side to the other; the pose model shows 0.65-1.1 of the travel",
            -0.03,
        ),
        "shoulder_ratio": Limit(
            0.65,
            "1",
            "shoulders travel half as far as the hips: the movement does not come from the pelvis; the pose model shows 0.65-1.1 of "
            "the hips' travel, so 0.5 reads up to 0.75 and still shoulders up to 0.45",
            0.2,
        ),
        "shoulder_torso": Limit(
            0.06, "torso", "least travel of the shoulders to speak of; still ones travel up to 0.05"
        ),
        "sideways_votes": Limit(
            1.5, "1", "of three signs in an oblique view: measured 0-1 for forward-back, 3 for left-right"
        ),
        "feet_torso": Limit(
            0.22, "torso", "a foot travels this far: it has moved; landmarks of a still foot travel up to 0.1", 0.1
        ),
        "lean_deg": Limit(
            25.0, "deg", "trunk upright within 20 degrees, and 5 for the hips moving under the shoulders", 8.0
        ),
    }
    checks = (
        Check("trunk-lean", "lean_deg", "Sit upright.", "the trunk is leaning",
              "lean", "above", ALWAYS, "moderate", ("shoulder", "hip"), dwell_s=1.0, span=25.0),
        Check("shoulders-move", "shoulder_ratio", "Keep your shoulders still, move the pelvis alone.", "the shoulders travel with the hips",
              joints=("shoulder",), span=0.7),
        Check("feet-move", "feet_torso", "Keep your feet where they are.", "a foot moved", severity="minor", joints=("ankle",), span=0.4),
        Check("small-range", "small_torso", "Move your hips a little further.", "the movement is very small", sense="below", severity="minor",
              joints=("hip",), span=0.08),
        Check("broken-circle", "", "Take the circle all the way round, in one direction.", "the circle was not finished", joints=("hip",)),
    )  # fmt: skip
    drawing = Drawing(line=("shoulder:mid", "hip:mid", "ankle:mid"))

    def signals(self, body: Body) -> dict[str, Array]:
        shoulder, hip, ankle = (body.mid(j) for j in ("shoulder", "hip", "ankle"))
        out: dict[str, Array] = {}
        out["hip_across"] = (hip - ankle)[:, 0] / body.torso
        out["shoulder_across"] = (shoulder - ankle)[:, 0] / body.torso
        middle = {j: (body.world_point(j, "left") + body.world_point(j, "right")) / 2 for j in ("shoulder", "knee")}
        # World landmarks are centred on the hips: what the knees and shoulders do there, the hips do the other way.
        depth = -(middle["knee"] + middle["shoulder"])[:, 2]
        out["hip_depth"] = depth / np.linalg.norm(middle["shoulder"], axis=1)
        out["yaw"] = body.yaw
        out["lean"] = np.abs(elevation(hip, shoulder) - 90.0)
        shoulders = {s: body.point("shoulder", s, guess=True)[:, 1] for s in SIDES}
        out["shoulder_tilt"] = (shoulders["left"] - shoulders["right"]) / body.torso
        out["torso_px"] = body.torso
        for s in SIDES:
            foot = body.point("ankle", s)
            out[f"foot_x_px_{s}"], out[f"foot_y_px_{s}"] = foot[:, 0], foot[:, 1]
        out["knee_across"] = (body.mid("knee") - ankle)[:, 0] / body.torso
        # Of the lower knee: marching on the spot lifts one at a time.
        knees = np.fmax(*(body.point("knee", s, guess=True)[:, 1] for s in SIDES))
        out["knee_drop"] = (knees - hip[:, 1]) / body.torso
        out["hip_over_foot"] = (ankle - hip)[:, 1] / body.torso
        top = body.ball_centre - np.stack([np.zeros_like(body.ball_radius), body.ball_radius], axis=1)
        out["ball_off"] = distance(hip, top) / body.torso
        out["hip_over_ball"] = (hip - body.ball_centre)[:, 0] / body.torso
        out["ball_across"] = (body.ball_centre - ankle)[:, 0] / body.torso
        return out

    def cycles(self, limits: Limits) -> CycleFinder:
        def ratio(s: Sample) -> float:
            return self._round_ratio(s["yaw"], limits)

        return CycleFinder("hip_across", "hip_depth", swing=limits["swing_torso"], round_ratio=ratio)

    def _round_ratio(self, yaw: float, limits: Limits) -> float:
        """Roundness that makes a circle: in a plain front or side view the depth is mostly guessed, and more is asked for."""
        return (
            limits["round_ratio"]
            if limits["oblique_deg"] <= abs(yaw) <= 90.0 - limits["oblique_deg"]
            else limits["round_ratio_flat"]
        )

    least = "swing_torso"
    position = (
        Gate("lean", high="seat_lean_deg"),
        Gate("knee_drop", high="seat_knee_torso"),
        Gate("hip_over_foot", "seat_low_torso", "seat_high_torso"),
        Gate("hip_over_foot", high="seat_torso", relative=True, size=True),
    )

    def effort(self, s: Sample) -> float:
        return s["hip_across"]

    def conclude(self, a: Attempt, limits: Limits, before: Sequence[Rep]) -> Outcome:
        inside = (a.t >= a.start_s) & (a.t <= a.end_s)
        across, depth = a.values["hip_across"][inside], a.values["hip_depth"][inside]
        turn, part = roundness(across, depth), part_roundness(across, depth)
        yaw = float(np.median(a.during("yaw"))) if len(a.during("yaw")) else 0.0
        ratio = self._round_ratio(yaw, limits)
        oblique = ratio == limits["round_ratio"]
        shown, shoulders = travel(a.during("hip_across")), travel(a.during("shoulder_across"))
        if not (a.returned or oblique):
            return Outcome(ignore=True)
        round_ = abs(turn) >= ratio
        there_and_back = oblique and not round_ and abs(part) >= limits["part_round_ratio"]
        gone_back = oblique and round_ and turned_back(across, depth) > limits["back_turn"]
        broken = there_and_back or not a.returned
        # Straight towards the camera or away from it: seen, but not well enough for how far.
        in_depth = not oblique and travel(depth[np.isfinite(depth)]) > limits["depth_ratio"] * shown
        share = float("nan") if in_depth else 1.0
        if broken or round_:
            block = LEFT if (part if broken else turn) > 0 else RIGHT
        elif self._is_tilt(a, inside, yaw, limits) != in_depth:
            block, share = TILT, share * max(abs(float(np.sin(np.radians(yaw)))), MIN_SHARE)
        else:
            block, share = SIDEWAYS, share * max(abs(float(np.cos(np.radians(yaw)))), MIN_SHARE)
        torso = float(np.median(a.during("torso_px")))
        feet = float(np.fmax.reduce([travel(a.during(f"foot_{axis}_px_{s}")) for axis in "xy" for s in SIDES])) / torso
        measures = {
            "travel": shown / share,
            "shoulder_travel": shoulders / share,
            "shoulder_ratio": shoulders / shown if shown > 0 and not in_depth else float("nan"),
            "feet_travel": feet,
            "over_ball": travel(a.during("hip_over_ball")),
            "ball_travel": travel(a.during("ball_across")),
            "roundness": turn,
        }
        faults: list[tuple[str, float | None]] = []
        if broken or gone_back:
            faults.append(("broken-circle", None))
        if measures["shoulder_ratio"] > limits["shoulder_ratio"] and shoulders > limits["shoulder_torso"]:
            faults.append(("shoulders-move", measures["shoulder_ratio"]))
        if feet > limits["feet_torso"]:
            faults.append(("feet-move", feet))
        if measures["travel"] < limits["small_torso"]:
            faults.append(("small-range", measures["travel"]))
        why = ("the circle was turned back" if there_and_back else "the circle was broken off") if broken else None
        return Outcome(None, not broken, why, faults, measures=measures, block=block)

    def _is_tilt(self, a: Attempt, inside: NDArray[np.bool_], yaw: float, limits: Limits) -> bool:
        """Whether a path along a line is forward and back rather than left and right.

        In a side view what is seen is forward and back, in a front view left and right. Between them three things tell
        left-right (1) from forward-back (0): the depth, since a body turned by *yaw* moves in depth by ``-cot(yaw)`` of
        what crosses the picture when it goes forward, by ``tan(yaw)`` when it goes to the left; the shoulders, which tilt
        as the hips are shifted to the side; and the knees, which the thighs take along forward but hardly to the side.
        """
        if abs(yaw) >= limits["tilt_yaw_deg"]:
            return True
        if abs(yaw) <= limits["sideways_yaw_deg"]:
            return False
        across, depth, shoulders, knees = (
            a.values[n][inside] for n in ("hip_across", "hip_depth", "shoulder_tilt", "knee_across")
        )
        turned = np.radians(abs(yaw))
        forward, left = -1 / np.tan(turned), np.tan(turned)
        votes = (
            (slope(across, depth) * np.sign(yaw) - forward) / (left - forward),
            abs(slope(across, shoulders)),
            (1.0 - slope(across, knees)) / 0.5,
        )
        return float(np.clip(votes, 0.0, 1.0).sum()) < limits["sideways_votes"]


def travel(v: Array) -> float:
    """Return how far a value goes to and fro, single bad frames left out; NaN where nothing is known.

    >>> travel(np.array([0.0, 1.0] * 50))
    1.0
    """
    return float(np.percentile(v, 97) - np.percentile(v, 3)) if len(v) else float("nan")


def slope(x: Array, y: Array) -> float:
    """Return the slope of y over x by least squares, 0 where unknown.

    >>> round(slope(np.array([0.0, 1.0, 2.0]), np.array([1.0, 3.0, 5.0])), 6)
    2.0
    """
    ok = np.isfinite(x) & np.isfinite(y)
    if ok.sum() < 3:
        return 0.0
    dx = x[ok] - x[ok].mean()
    var = float((dx**2).sum())
    return float((dx * y[ok]).sum()) / var if var > 0 else 0.0
