"""1 ``ball-warmup``: seated on the ball, the pelvis rolls forward and back, shifts from side to side, and circles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from formcheck.sight.pose.landmarks import SIDES

from ..measure import Body, elevation
from ..measure.geometry import distance
from ..rules.checks import ALWAYS, Check
from ..rules.cycles import CycleFinder
from ..rules.drawing import TRUNK, Drawing
from ..rules.exercise import Array, Attempt, Exercise, Prescription, Sample
from ..rules.facts import BallPlace, Followed
from ..rules.gates import Gate
from ..rules.limits import Limit, Limits
from ..rules.outcome import Outcome
from ..rules.records import Rep
from ..rules.shapes import swept, swept_evenly, turned_back

TILT, SIDEWAYS, RIGHT, LEFT = "tilt", "sideways", "circle-right", "circle-left"
#: Least share of a movement that is believed to show in the picture, so that nothing is divided by next to nothing.
MIN_SHARE = 0.4
#: What the cycles are looked for in. The thighs take the knees along forwards, and half as far to the side; half from the
#: front the pose shows the hips' way forward by half only, and the knees' whole. Depth is mostly guessed.
WEIGHTS = {"hip_across": 0.8, "knee_across": 0.9, "hip_depth": 0.15}
#: Turned less than the first (degrees) from the front or from the side knees and hips move as one whatever the path; from
#: the second on a circle shows. The depth counts this much against them.
NO_LAG_DEG, LAG_DEG, LAG_SHARE = 8.0, 20.0, 0.5
#: Hips and knees that move less than this (torso lengths) tell nothing of a circle.
LEAST_LAG = 0.08
#: Share of a cycle in which the body must be seen in the seat.
SEATED_SHARE = 0.8
#: Knees over hips across the picture, to the side and forwards, half way between the two being neither.
SIDE_KNEES, FORWARD_KNEES = 0.5, 1.0


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
    ball = BallPlace("hip", below=0.65, radius=0.55)
    only_with_ball = True
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
            0.25,
            "torso",
            "position: hips that rise or sink by more since the rest have left the seat; rolling on the ball 0.16",
        ),
        "bob_ratio": Limit(
            0.8,
            "1",
            "hips that rise and sink by more of their way than this do not roll on a ball: there it reads up to 0.6",
        ),
        "swing_torso": Limit(
            0.06, "torso", "least travel of the hips across the picture for a cycle; at rest they sway by 0.03"
        ),
        "round_ratio": Limit(
            0.34,
            "1",
            "area of the hips' path over its width squared, with how the knees lag behind: 0.79 for a circle; circles read "
            "0.42-0.75, lines up to 0.26",
        ),
        "part_round_ratio": Limit(
            0.38,
            "1",
            "the same for a part of the path, in oblique views: a circle turned back half way reads 0.5, lines up to 0.28",
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
        "sideways_votes": Limit(1.2, "1", "of two signs: measured 0-0.75 for forward-back, 1.6-2 for left-right"),
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
    drawing = Drawing(
        line=("shoulder:mid", "hip:mid", "ankle:mid"),
        sketches={
            "lean": TRUNK,
        },
    )
    measures = {
        "hip_across": ("torso", "middle of the hips right of the middle of the ankles, in the picture"),
        "shoulder_across": ("torso", "middle of the shoulders right of the middle of the ankles"),
        "hip_depth": ("torso", "hips away from the camera, against knees and shoulders"),
        "lean": ("deg", "trunk off the vertical"),
        "shoulder_tilt": ("torso", "left shoulder below the right one"),
        "foot_x_px_left": ("px", "left ankle, across the picture"),
        "foot_y_px_left": ("px", "left ankle, down the picture"),
        "foot_x_px_right": ("px", "right ankle, across the picture"),
        "foot_y_px_right": ("px", "right ankle, down the picture"),
        "knee_across": ("torso", "middle of the knees right of the middle of the ankles"),
        "knee_drop": ("torso", "lower knee below the hips"),
        "hip_over_foot": ("torso", "hips above the ankles"),
        "hip_over_ball": ("torso", "middle of the hips right of the ball's middle"),
        "ball_across": ("torso", "middle of the ball right of the middle of the ankles"),
    }
    decided = {
        "travel": ("torso", "way of the hips there and back, seen from where it shows best"),
        "shoulder_travel": ("torso", "way of the shoulders"),
        "shoulder_ratio": ("1", "way of the shoulders against that of the hips"),
        "feet_travel": ("torso", "way of the feet"),
        "roundness": ("1", "0 a line, 1 or -1 a circle to the left or right"),
        "over_ball": ("torso", "way of the hips over the ball"),
        "ball_travel": ("torso", "way of the ball under the hips"),
    }
    followed = (Followed("travel", "Hip travel", 1),)
    uncounting = ("broken-circle",)

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
        return CycleFinder(
            WEIGHTS,
            ("hip_across", "hip_depth"),
            swing=limits["swing_torso"],
            turning=turning,
            round_ratio=limits["round_ratio"],
            also=("yaw",),
            height=("hip_over_foot", "torso_px"),
            most=limits["seat_torso"],
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
        seen = self._path(a)
        if len(seen["yaw"]) < 3 or not self._seated(a, seen, limits):
            return Outcome(ignore=True)
        yaw = float(np.median(seen["yaw"]))
        oblique = limits["oblique_deg"] <= abs(yaw) <= 90.0 - limits["oblique_deg"]
        gone = turning(seen)
        round_ = abs(gone[-1]) >= limits["round_ratio"]
        part = float(gone[np.argmax(np.abs(gone))])
        if not (a.returned or oblique):
            return Outcome(ignore=True)
        there_and_back = oblique and not round_ and abs(part) >= limits["part_round_ratio"]
        across, depth = seen["hip_across"], seen["hip_depth"]
        gone_back = oblique and round_ and turned_back(across, depth) > limits["back_turn"]
        broken = there_and_back or not a.returned
        torso = float(np.median(a.during("torso_px")))
        way = {s: [travel(a.during(f"foot_{axis}_px_{s}")) for axis in "xy"] for s in SIDES}
        steps = {s: float(np.fmax.reduce(way[s])) / torso for s in SIDES}
        feet = float(np.fmax.reduce(list(steps.values())))
        still = from_still_foot(a, steps, limits["feet_torso"])
        m = (a.t >= a.start_s) & (a.t <= a.end_s)
        ways = ((a.values[f"{j}_across"] + still)[m] for j in ("hip", "knee", "shoulder"))
        hips, knees, shoulders = (travel(v[np.isfinite(v)]) for v in ways)
        # Straight towards the camera or away from it: seen, but not well enough for how far.
        in_depth = not oblique and travel(depth) > limits["depth_ratio"] * hips
        shown, share = hips, float("nan") if in_depth else 1.0
        if broken or round_:
            block = LEFT if (part if broken else gone[-1]) > 0 else RIGHT
        elif (self._sideways_votes(seen, a) < limits["sideways_votes"]) != in_depth:
            block, shown = TILT, max(hips, knees)
            share *= max(abs(float(np.sin(np.radians(yaw)))), MIN_SHARE)
        else:
            block, share = SIDEWAYS, share * max(abs(float(np.cos(np.radians(yaw)))), MIN_SHARE)
        measures = {
            "travel": shown / share,
            "shoulder_travel": shoulders / share,
            "shoulder_ratio": shoulders / shown if shown > 0 and not in_depth else float("nan"),
            "feet_travel": feet,
            "over_ball": travel(a.during("hip_over_ball")),
            "ball_travel": travel(a.during("ball_across")),
            "roundness": float(gone[-1]),
        }
        faults = [("broken-circle", None)] if broken or gone_back else []
        decides = {"feet-move": feet, "small-range": measures["travel"]}
        if shoulders > limits["shoulder_torso"]:
            decides["shoulders-move"] = measures["shoulder_ratio"]
        why = ("the circle was turned back" if there_and_back else "the circle was broken off") if broken else None
        return Outcome(None, not broken, why, faults, measures=measures, block=block, decides=decides)

    def _path(self, a: Attempt) -> dict[str, Array]:
        """Return the signals of the path between start and end, where all are known."""
        names = ("hip_across", "knee_across", "hip_depth", "yaw")
        m = (a.t >= a.start_s) & (a.t <= a.end_s)
        for n in names:
            m &= np.isfinite(a.values[n])
        return {n: a.values[n][m] for n in names}

    def _seated(self, a: Attempt, seen: dict[str, Array], limits: Limits) -> bool:
        """Whether the hips rolled about on the ball all the time: hips that go up and down squat or step."""
        # In pixels over one length: the scale settles in the first seconds.
        m = (a.t >= a.start_s) & (a.t <= a.end_s)
        up, torso = a.values["hip_over_foot"][m], a.values["torso_px"][m]
        bob = travel((up * torso)[np.isfinite(up)]) / float(np.nanmedian(torso))
        way = float(np.hypot(travel(seen["hip_across"]), travel(seen["knee_across"])))
        if a.seen("hip_over_foot") < SEATED_SHARE:
            return False
        return not (bob > limits["seat_torso"] or bob > limits["bob_ratio"] * max(way, limits["swing_torso"]))

    def _sideways_votes(self, seen: dict[str, Array], a: Attempt) -> float:
        """Return how surely (0-2) a path along a line is left and right rather than forward and back.

        The thighs take the knees along forwards, but half as far to the side; and the shoulders tilt as the hips are
        shifted to the side.
        """
        hips, knees = seen["hip_across"], seen["knee_across"]
        main = np.linalg.eigh(np.cov(hips, knees))[1][:, -1]
        follow = abs(main[1]) / max(abs(main[0]), 1e-9)
        m = (a.t >= a.start_s) & (a.t <= a.end_s)
        tilt = abs(slope(a.values["hip_across"][m], a.values["shoulder_tilt"][m]))
        knees_say = (FORWARD_KNEES - follow) / (FORWARD_KNEES - SIDE_KNEES)
        return float(np.clip([knees_say, tilt], 0.0, 1.0).sum())


def turning(v: Mapping[str, Array]) -> Array:
    """Return the (n,) share of a circle that the hips have gone round so far: positive to the left, seen from above.

    Two signs are added: the area of the hips' path in the picture and in depth, and how the knees lag behind the hips
    in the picture (to the side they hardly follow, forwards they do). In a front view knees and hips lag together
    whatever the path; the depth is then the only sign.

    Parameters
    ----------
    v : mapping
        ``hip_across``, ``hip_depth``, ``knee_across`` (torso lengths) and ``yaw`` (degrees), (n,) arrays.
    """
    yaw = float(np.median(v["yaw"]))
    off = min(abs(yaw), 90.0 - abs(yaw))
    sure = float(np.clip((off - NO_LAG_DEG) / (LAG_DEG - NO_LAG_DEG), 0.0, 1.0))
    by_depth = swept(v["hip_across"], v["hip_depth"])
    by_lag = np.copysign(sure, -yaw) * swept_evenly(v["hip_across"], v["knee_across"], LEAST_LAG)
    return np.asarray((by_depth + by_lag) / (1 + LAG_SHARE * sure))


def from_still_foot(a: Attempt, steps: Mapping[str, float], least: float) -> Array:
    """Return what to add to a way measured from the middle of the feet, (k,), to measure it from the foot that stays.

    A foot that moves takes the middle along by half, and all that is measured from there seems to move the other way.

    Parameters
    ----------
    a : Attempt
    steps : mapping
        How far each foot moves, torso lengths.
    least : float
        A foot that moves by less stays.
    """
    moved = [s for s in SIDES if steps[s] > least]
    if len(moved) != 1:
        return np.zeros(len(a.t))
    stays = "left" if moved == ["right"] else "right"
    return np.asarray((a.values[f"foot_x_px_{moved[0]}"] - a.values[f"foot_x_px_{stays}"]) / 2 / a.values["torso_px"])


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
