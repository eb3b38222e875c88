"""4 ``side-lift``: lying on the side, the ball between the feet is lifted a few centimetres with straight legs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from formcheck.sight.pose.landmarks import JOINT, SIDES

from ..measure import Body, angle, elevation, line_deviation
from ..measure.geometry import distance
from ..rules.checks import ALWAYS, START, Check
from ..rules.drawing import ANKLES, BODY_LINE, HIPS, KNEE, SHOULDERS, Bend, Bow, Drawing
from ..rules.exercise import Array, Attempt, Exercise, Prescription, Sample
from ..rules.facts import BallPlace, Followed
from ..rules.gates import Gate, risen, slow
from ..rules.limits import Limit, Limits
from ..rules.outcome import Outcome
from ..rules.records import Rep
from ..rules.tempo import travel_seconds

_REST = frozenset({START})
_LIFTS = ("lower_ankle", "upper_ankle")


#: The pose model may take a body's belly for its back from one frame to the next (a face behind hair); its landmarks are
#: then drawn between the two. Shoulders further apart than this in space (torso lengths) are one of the two: clear
#: bodies read 0.33-0.6, such ones 0.1-0.3.
SHOULDERS_APART_TORSO = 0.3
#: The hand of the upper arm lies before the belly: seen, nearer the camera than the shoulders and below them by this much
#: (torso lengths) it tells a belly that faces the camera. From behind it hides, or is drawn further away.
HAND_NEARER_TORSO, HAND_BELOW_TORSO = 0.4, 0.2
#: Share of an attempt's frames in which the hand must be seen in front to tell it (0.7-1 from the front, 0-0.4 from
#: behind).
HAND_SEEN = 0.6
#: A lower leg that rises by this much more than the upper one (of its length) is drawn where it is not.
ASTRAY_LEG = 0.3
#: Share of an attempt's frames in which the names must be clear to be believed against the lift before, and to be
#: believed at all; and share of those frames that must be of one mind.
CLEAR, HALF_CLEAR, AGREED = 0.8, 0.4, 0.8
#: Nobody turns over and lifts again within this time (s): an unclear lift is on the side of the one before.
SAME_SET_S = 5.0


class SideLift(Exercise):
    """On the side, lower arm stretched overhead; squeeze the ball between the feet and lift both legs a little."""

    id = "side-lift"
    title = "Side lift with the ball"
    summary = "lying on the side with the legs stretched, belly or back to the camera"
    camera = "In front of you or behind you, at floor height, 2-3 m away, from the stretched hand to the feet in the picture."
    #: On the side the line of the shoulders is upright: what the view reads as oblique is a trunk that is rolled, or a depth that
    #: is misread by up to 45 degrees from behind.
    views = ("front", "oblique")
    belly = "camera"
    lies_level = True
    ball = BallPlace("ankle", below=0.0, radius=0.4)
    prescription = Prescription(reps=8, per_side=True)
    intro = (
        "On your side: lower arm stretched overhead in one line with trunk and legs, the ball between your feet.",
        "Squeeze the ball and lift both legs a few centimetres, then lower them. Waist and hips stay still.",
    )
    limits = {
        "least_effort": Limit(0.03, "leg", "ankles lifted and lowered by this much of the leg's length: an attempt"),
        "slope_deg": Limit(28.0, "deg", "position: trunk no steeper than this"),
        "sideways_torso": Limit(
            0.2, "torso", "position: shoulders and hips one above the other by this much, together"
        ),
        "open_deg": Limit(115.0, "deg", "position: hips opened further than sitting ones"),
        "straight_deg": Limit(145.0, "deg", "start: body and legs in about one line"),
        "propped_torso": Limit(
            0.55,
            "torso",
            "start: shoulders above the floor by less; a lying body reads 0.25-0.47, a propped one 0.75-1.4",
        ),
        "lift_leg": Limit(
            0.045,
            "leg",
            "ankles 0.06 of the leg's length above rest make a lift; the pose model reads 0.7-1.1 of their mean",
        ),
        "each_leg": Limit(
            0.025, "leg", "each ankle alone, as the lower one hides behind the ball: it reads 0.4-1.1 of its lift"
        ),
        "high_leg": Limit(0.35, "leg", "a few centimetres are asked for; higher than this is far too high", 0.1),
        "still_leg_s": Limit(0.08, "leg/s", "the legs move slower than this while held at the top"),
        "line_low_deg": Limit(
            -7.0,
            "deg",
            "lower leg below the line of the trunk in the picture: at rest the floor keeps it level, so this is a leg bent "
            "towards a camera that looks down on it (a pike of 36 degrees reads -10, straight bodies 0 to -4.5)",
            -2.0,
        ),
        "line_high_deg": Limit(
            7.0, "deg", "lower leg above the line of the trunk at rest: bent away from the camera", 2.0
        ),
        "hips_apart_torso": Limit(
            0.2, "torso", "hips this far apart in the picture for the line to be judged by the lower one"
        ),
        "arm_line_deg": Limit(
            150.0,
            "deg",
            "lower arm stretched in line with the trunk, 15 degrees and as much again for landmark error",
            -8.0,
        ),
        "roll_change_deg": Limit(
            25.0, "deg", "shoulders or hips turned since the start; lifting alone changes the reading by up to 12", 8.0
        ),
        "rolled_deg": Limit(
            58.0,
            "deg",
            "shoulders or hips no longer stacked; stacked ones read up to 32 from the front and 48 from behind",
            8.0,
        ),
        "rise_torso": Limit(
            0.1,
            "torso",
            "middle of the shoulders or hips lifts by this much (5 cm) with the legs; 0.04 is landmark error",
            0.04,
        ),
        "gap_ratio": Limit(1.3, "1", "ankles this much further apart than at rest: the legs part", 0.15),
        "part_leg": Limit(
            0.05, "leg", "... and one leg lifted by this much more than the other; together they read within 0.04"
        ),
        "knee_deg": Limit(155.0, "deg", "knees straight; straight ones read 173 and more", -8.0),
        "jerky_s": Limit(
            0.33,
            "s",
            "a lift or drop whose middle 80 % takes less is jerky (0.25 s and the spread of the smoothing); a calm one takes 0.6",
            -0.08,
        ),
        "ball_off_torso": Limit(
            0.6, "torso", "ball's middle this far from the middle between the ankles: the ball is lost"
        ),
    }
    checks = (
        Check("line-bent", "line_low_deg", "Stretch out: arm, trunk and legs in one line.", "the body is bent at the hips",
              "line_dev", "below", _REST, "moderate", ("hip",), dwell_s=0.5, span=12.0),
        Check("line-bent", "line_high_deg", "Stretch out: arm, trunk and legs in one line.", "the body is bent at the hips",
              "line_dev", "above", _REST, "moderate", ("hip",), dwell_s=0.5, span=12.0),
        Check("line-bent", "arm_line_deg", "Stretch your lower arm overhead, in line with your trunk.", "the lower arm has left the line",
              "arm_line", "below", ALWAYS, "moderate", ("shoulder",), dwell_s=1.0, span=40.0),
        Check("rolled", "roll_change_deg", "Stack your shoulders and hips.", "the trunk is rolling",
              "shoulder_roll", "above", ALWAYS, "moderate", ("shoulder",), dwell_s=0.8, span=30.0, relative=True),
        Check("rolled", "roll_change_deg", "Stack your shoulders and hips.", "the trunk is rolling",
              "hip_roll", "above", ALWAYS, "moderate", ("hip",), dwell_s=0.8, span=30.0, relative=True),
        Check("rolled", "rolled_deg", "Stack your shoulders and hips.", "the trunk is not on its side",
              "roll", "above", ALWAYS, "moderate", ("shoulder", "hip"), dwell_s=1.0, span=30.0),
        Check("knee-bent", "knee_deg", "Straighten your knees.", "the knees should be straight",
              "knee", "below", ALWAYS, "moderate", ("knee",), dwell_s=0.8, span=40.0),
        Check("ball-lost", "ball_off_torso", "Keep the ball between your feet.", "the ball has slipped away",
              "ball_off", "above", ALWAYS, "moderate", ("ankle",), dwell_s=0.8, span=1.0),
        Check("line-bent", "line_low_deg", "Stretch out: arm, trunk and legs in one line.", "the body was bent at the hips", sense="below", joints=("hip",), span=12.0),
        Check("trunk-lifts", "rise_torso", "Keep waist and hips still, lift the legs alone.", "the trunk lifts with the legs", joints=("hip", "shoulder"), span=0.2),
        Check("legs-apart", "gap_ratio", "Squeeze the ball between your feet, legs level.", "the legs part", joints=("ankle",), span=0.6),
        Check("too-high", "high_leg", "Not so high, a few centimetres are enough.", "the legs went far too high", joints=("ankle",), span=0.3),
        Check("jerky", "jerky_s", "Lift and lower smoothly.", "the lift was jerky", sense="below", severity="minor", joints=("ankle",), span=0.2),
    )  # fmt: skip
    drawing = Drawing(
        line=("shoulder:mid", "hip:mid", "ankle:mid"),
        shows=(("line", ("line_dev",)),),
        sketches={
            "line_dev": BODY_LINE,
            "arm_line": Bend("wrist", "shoulder", "hip"),
            "shoulder_roll": SHOULDERS,
            "hip_roll": HIPS,
            "roll": SHOULDERS,
            "knee": KNEE,
            "line-bent": Bow("shoulder", "hip", "ankle", of="line_dev"),
            "legs-apart": ANKLES,
        },
    )
    measures = {
        "sides_told": ("0/1", "1 where the body's sides are told apart for certain"),
        "head_right": ("0/1", "1 where the head lies to the right of the picture"),
        "hand_front": ("0/1", "1 where the upper hand is seen in front of the body: the belly faces the camera"),
        "stacked": ("torso", "upper shoulder above the lower one in the picture"),
        "hips_stacked": ("torso", "upper hip above the lower one in the picture"),
        "sideways": ("torso", "stacked and hips_stacked added: on the side, not on back or belly"),
        "slope": ("deg", "elevation of the shoulders over the hips: 0 level"),
        "lower_ankle": ("leg", "lower ankle above the middle of the trunk, of the leg's length"),
        "upper_ankle": ("leg", "upper ankle above the middle of the trunk, of the leg's length"),
        "ankle_gap": ("torso", "between the ankles"),
        "shoulder_height": ("torso", "shoulders above the hand on the floor"),
        "propped": ("torso", "shoulders above the line from the hand on the floor to the lower foot"),
        "shoulder_rise": ("torso", "the same, with the belly to the camera only"),
        "hip_height": ("torso", "hips above the hand on the floor"),
        "line_dev": ("deg", "leg above (+) or below (-) the line of the trunk: 0 straight"),
        "arm_line": ("deg", "hand-shoulder-hip of the lower arm: 180 in line with the trunk"),
        "knee": ("deg", "the more bent of both knees: 180 straight"),
        "shoulder_roll": ("deg", "shoulders off the vertical, in depth"),
        "hip_roll": ("deg", "hips off the vertical, in depth"),
        "roll": ("deg", "the larger of both"),
    }
    decided = {
        "lift_lower": ("leg", "rise of the lower ankle"),
        "lift_upper": ("leg", "rise of the upper ankle"),
        "line_rest": ("deg", "leg off the line of the trunk, at rest"),
        "gap_ratio": ("1", "largest gap of the ankles against that at rest"),
        "trunk_rise": ("torso", "rise of shoulders or hips"),
        "quickest_s": ("s", "the quicker of lifting and lowering"),
    }
    followed = (Followed("lift_lower", "Lift of the lower leg", 0),)

    def signals(self, body: Body) -> dict[str, Array]:
        pairs = {
            j: [body.point(j, s, guess=True) for s in SIDES] for j in ("shoulder", "wrist", "hip", "knee", "ankle")
        }

        def down(joint: str) -> Array:
            left, right = pairs[joint]
            return np.where((right[:, 1] > left[:, 1])[:, None], right, left)

        def up(joint: str) -> Array:
            left, right = pairs[joint]
            return np.where((right[:, 1] > left[:, 1])[:, None], left, right)

        # Which joint lies below is seen whatever names the model gives; the names only tell on which side the body lies.
        left, right = pairs["wrist"]
        right_overhead = (right - left)[:, 0] * body.headward > 0
        overhead = np.where(right_overhead[:, None], right, left)
        shoulder, hip = body.mid("shoulder"), body.mid("hip")
        below = np.sign([(pairs[j][1] - pairs[j][0])[:, 1] for j in ("shoulder", "hip", "ankle")])
        told = (np.abs(below.sum(axis=0)) == 3) & (_shoulders_apart(body) >= SHOULDERS_APART_TORSO)
        right_down = below[0] > 0
        # Lying with the head to the left of the picture it is the right side for a belly that faces the camera.
        front = told & (right_down != (body.headward > 0))
        out: dict[str, Array] = {"right_down": np.where(told, right_down, np.nan)}
        out["sides_told"], out["head_right"] = told.astype(float), (body.headward > 0).astype(float)
        out["hand_front"] = _hand_in_front(body, ~right_overhead).astype(float)
        out["stacked"] = (down("shoulder")[:, 1] - up("shoulder")[:, 1]) / body.torso
        out["hips_stacked"] = (down("hip")[:, 1] - up("hip")[:, 1]) / body.torso
        out["sideways"] = out["stacked"] + out["hips_stacked"]
        out["slope"] = elevation(hip, shoulder, body.headward)
        leg = np.fmax(*(distance(p("hip"), p("knee")) + distance(p("knee"), p("ankle")) for p in (down, up)))
        # Heights are taken from points that stay where they are, so that a wrong length of the unit hardly shows.
        trunk, hand = (shoulder + hip)[:, 1] / 2, overhead[:, 1]
        out["lower_ankle"], out["upper_ankle"] = (trunk - down("ankle")[:, 1]) / leg, (trunk - up("ankle")[:, 1]) / leg
        out["ankle_gap"] = np.where(told, distance(down("ankle"), up("ankle")) / body.torso, np.nan)
        out["shoulder_height"] = (hand - shoulder[:, 1]) / body.torso
        # From behind hips and stretched arm are drawn through the trunk: straight bodies read as bent as piked ones.
        # Over the line on the floor, whichever way the camera makes that run.
        foot = down("ankle")
        share = (shoulder[:, 0] - overhead[:, 0]) / (foot[:, 0] - overhead[:, 0])
        floor = hand + np.where(np.abs(share) < 1.0, share * (foot[:, 1] - hand), 0.0)
        out["propped"] = (floor - shoulder[:, 1]) / body.torso
        out["shoulder_rise"] = np.where(front, out["shoulder_height"], np.nan)
        out["hip_height"] = np.where(front, (hand - hip[:, 1]) / body.torso, np.nan)
        # Positive where the hip lies below the straight line, that is, where the leg points up from it.
        line = line_deviation(down("shoulder"), down("hip"), down("ankle"))
        out["line"] = 180.0 - np.abs(line)
        # Hips that are not told apart (they read 0.3-0.4) are misplaced by as much as a bend would show.
        apart = out["hips_stacked"] >= self.in_force["hips_apart_torso"]
        out["line_dev"] = np.where(apart & front, line, np.nan)
        out["arm_line"] = np.where(front, angle(overhead, down("shoulder"), down("hip")), np.nan)
        knees = np.stack([*body.joint_angles("hip", "knee", "ankle").values()])
        out["knee"] = np.fmin(*knees)
        for joint in ("shoulder", "hip"):
            v = body.world_point(joint, "left") - body.world_point(joint, "right")
            out[f"{joint}_roll"] = np.where(told, np.degrees(np.arctan2(np.abs(v[:, 2]), np.abs(v[:, 1]))), np.nan)
        out["roll"] = np.fmax(out["shoulder_roll"], out["hip_roll"])
        out["ball_off"] = distance(body.ball_centre, body.mid("ankle")) / body.torso
        return out

    position = (
        Gate("slope", high="slope_deg", size=True),
        Gate("sideways", "sideways_torso"),
        Gate("line", "open_deg"),
    )
    start = (Gate("line", "straight_deg"), Gate("propped", high="propped_torso"))
    hold = (risen("lift_leg"), slow("still_leg_s"))

    def effort(self, s: Sample) -> float:
        return (s["lower_ankle"] + s["upper_ankle"]) / 2

    def conclude(self, a: Attempt, limits: Limits, before: Sequence[Rep]) -> Outcome:
        side = _side(a, before)
        lower, upper = (_high(a.during(n)) - a.before(n) for n in _LIFTS)
        lift = min(lower, upper)
        # Legs drawn between the two sides are nearer each other than they are, and their distance jumps; the lower leg
        # cannot rise past the upper one.
        astray = lower - upper > ASTRAY_LEG
        clear = _told(a) >= CLEAR and not astray
        apart = _high(a.during("ankle_gap")) if clear else float("nan")
        gap = apart / a.before("ankle_gap")
        rise = max(_high(a.during(n)) - a.before(n) for n in ("shoulder_rise", "hip_height"))
        inside = (a.t >= a.start_s) & (a.t <= a.end_s)
        quickest = float(np.fmin(*travel_seconds(a.t[inside], a.effort[inside]))) if clear else float("nan")
        line = a.before("line_dev")
        measures = {
            "lift_lower": lower,
            "lift_upper": upper,
            "line_rest": line,
            "gap_ratio": gap,
            "trunk_rise": rise,
            "quickest_s": quickest,
        }
        decides = {"line-bent": line, "too-high": lift, "jerky": quickest}
        if not astray:
            decides["trunk-lifts"] = rise
        # Legs that part are lifted unlike; a distance that grows without that is a body taken front for back.
        if abs(upper - lower) > limits["part_leg"]:
            decides["legs-apart"] = gap
        why = None
        # A body taken front for back has its legs exchanged: then only both together tell.
        if clear and lift < limits["each_leg"] <= max(lower, upper):
            why = f"the {'lower' if lower < upper else 'upper'} leg stayed down"
        elif (lower + upper) / 2 < limits["lift_leg"]:
            why = f"the legs rose by {(lower + upper) / 2:.2f} of their length, {limits['lift_leg']:g} is asked for"
        return Outcome(side, why is None, why, measures=measures, decides=decides)


def _shoulders_apart(body: Body) -> Array:
    """Breadth of the shoulders in space, torso lengths."""
    left, right = (body.world_point("shoulder", s) for s in SIDES)
    hips = sum(body.world_point("hip", s) for s in SIDES) / 2
    breadth, trunk = (np.linalg.norm(v, axis=1) for v in (left - right, (left + right) / 2 - hips))
    return np.asarray(breadth / trunk)


def _hand_in_front(body: Body, right: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether the hand of one arm (True: the right one) is seen in front of the body."""
    depth = {s: body.image[:, JOINT["wrist"][s], 2] for s in SIDES}
    shoulders = sum(body.image[:, JOINT["shoulder"][s], 2] for s in SIDES) / 2
    nearer = (shoulders - np.where(right, depth["right"], depth["left"])) / body.torso
    wrist, elbow = body.chosen("wrist", right), body.chosen("elbow", right)
    lower = (wrist - body.mid("shoulder"))[:, 1] / body.torso
    return np.isfinite(elbow[:, 0]) & (nearer > HAND_NEARER_TORSO) & (lower > HAND_BELOW_TORSO)


def _told(a: Attempt) -> float:
    """Share of an attempt and of the rest before it in which the sides are told apart."""
    told = a.during("sides_told", float(a.t[0]), a.end_s)
    return float(np.mean(told)) if len(told) else 0.0


def _side(a: Attempt, before: Sequence[Rep]) -> str | None:
    """Return the side lain on: by the hand, by clear names, as in the lift before, by names less clear, or None."""
    hand, votes = (a.during(n, float(a.t[0]), a.end_s) for n in ("hand_front", "right_down"))
    if len(hand) and np.mean(hand) >= HAND_SEEN:
        return "left" if np.mean(a.during("head_right")) > 0.5 else "right"
    told = _told(a)
    right = float(np.mean(votes)) if len(votes) else 0.5
    named = None if max(right, 1 - right) < AGREED else "right" if right > 0.5 else "left"
    if named is not None and told >= CLEAR:
        return named
    if before and before[-1].side is not None and a.start_s - before[-1].end_s <= SAME_SET_S:
        return before[-1].side
    return named if told >= HALF_CLEAR else None


def _high(v: Array) -> float:
    """The value reached and kept for a tenth of the time, NaN where nothing is known."""
    return float(np.percentile(v, 90)) if len(v) else float("nan")
