"""9 ``side-plank``: side support with hip dips; the body comes back to one straight line each time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from formcheck.sight.pose.landmarks import SIDES

from ..measure import Body, elevation, line_deviation, signed_sag, wrap_degrees
from ..measure.geometry import distance
from ..measure.level import SIDE_SUPPORT, support
from ..rules.checks import ALWAYS, REP, START, Check
from ..rules.drawing import ANKLES, BODY_LINE, PLUMB, SHOULDERS, Bow, Drawing, Tilt
from ..rules.exercise import Array, Attempt, Exercise, Prescription, Sample
from ..rules.facts import Breathing, Followed
from ..rules.gates import Gate
from ..rules.limits import Limit, Limits
from ..rules.outcome import Outcome
from ..rules.records import Rep

_TOP = frozenset({START})
#: Hips nearer their line than this (fraction of it) cannot be on the floor.
TOUCH_DROP = 0.09
#: ... and nearer than this no rest for them, whatever a misplaced hand says of the floor.
FLOOR_DROP = 0.05
#: ... so they are this far above it at least (torso lengths).
CLEAR_TORSO = 0.6

#: Seconds about an attempt in which the straight line before it and after it is looked for.
AFTER_S = 0.3
#: Hips swing past the line by so much (degrees) at the end of a dip without staying there: real planks read 9-14 past it.
PAST_DEG = 5.0
#: Hips within this share of a dip of where it began rest.
STILL_SHARE = 0.3
#: Breathing and balance take their time: a dip shorter than this (s) and deeper than this (fraction of the line) is none.
QUICK_S, QUICK_FRACTION = 1.6, 0.012
#: A set of small dips begins from a rest, breathing does not: a dip is of the set of the one before where it begins within
#: this time (s) of its end, and is at least this share of it.
NEXT_S, LIKE_SHARE = 2.0, 0.5
#: Share of the frames that must be of one mind to say which side is down.
AGREED = 0.75


class SidePlank(Exercise):
    """Side support on one hand or forearm, upper arm vertical; lower the hips a few centimetres and lift them again."""

    id = "side-plank"
    title = "Side plank with hip lift"
    summary = "in side support, belly or back to the camera"
    camera = "In front of you or behind you, low, 2-3 m away, from the raised hand to the feet in the picture."
    # A body rolled forward or back reads as an oblique view: that is a fault to be judged, not a camera to be moved.
    views = ("front", "oblique")
    belly = "camera"
    supports = SIDE_SUPPORT
    prescription = Prescription(reps=5, per_side=True)
    still_ends = True
    # A dip of less than a hundredth of the body line is as small as breathing: ten looks a second do not show it, fifteen do.
    look_s = 1 / 15
    raises_arm = True
    reports_holds = True
    intro = (
        "Side support: feet together, upper arm straight up, belly and buttocks tight.",
        "Breathe in and lower your hips a few centimetres, then lift them back to a straight line.",
    )
    limits = {
        "least_effort": Limit(0.0055, "fraction", "hips lowered and lifted by this much of the line: an attempt"),
        "slope_low_deg": Limit(2.0, "deg", "position: shoulders higher than the feet by this slope at least"),
        "slope_high_deg": Limit(50.0, "deg", "position: steeper is no plank"),
        "stacked_torso": Limit(0.15, "torso", "position: one shoulder above the other by this much at least"),
        "propped_torso": Limit(
            0.2, "torso", "position: the supporting hand or elbow below the shoulder by this much at least"
        ),
        "straight_deg": Limit(140.0, "deg", "position: the straighter knee opened further"),
        "bent_deg": Limit(60.0, "deg", "position: shoulder-hip-ankle bent by less"),
        "lifted_torso": Limit(
            0.23,
            "torso",
            "start: a hip below the line is higher above the floor; on it 0.14-0.2, sagging on a straight arm 0.3-0.5",
        ),
        "dip_fraction": Limit(
            0.0265,
            "fraction",
            "a dip of 0.03 counts; the pose model reads 0.7-1.0 of it, dips half as deep up to 0.025",
        ),
        "sway_s": Limit(
            3.0, "s", "a smaller dip that takes longer is the swaying of a static hold (1-2 % over seconds)"
        ),
        "sway_fraction": Limit(
            0.02,
            "fraction",
            "so small a dip may be breathing and balance too, which never rest: it must leave a still body",
        ),
        "still_s": Limit(
            0.9, "s", "... that was still for so long; swaying to and fro in 3 s it is near its end for 0.8"
        ),
        "deep_fraction": Limit(
            0.15, "fraction", "a dip deeper than this is too deep: a few centimetres are asked for", 0.03
        ),
        "line_deg": Limit(12.0, "deg", "at the top shoulder-hip-ankle is straight to 168 degrees", 4.0),
        "arm_off_deg": Limit(20.0, "deg", "upper arm off the vertical", 6.0),
        "feet_torso": Limit(0.6, "torso", "ankles this far apart; one foot on or before the other is 0.2-0.3", 0.2),
        "support_torso": Limit(
            0.27, "torso", "supporting hand or elbow not under the shoulder (0.25 and landmark error)", 0.1
        ),
        "rotated_deg": Limit(32.0, "deg", "shoulders or hips turned out of the plane facing the camera", 8.0),
        "head_off_deg": Limit(32.0, "deg", "head out of the line of the trunk", 8.0),
        "touch_torso": Limit(0.3, "torso", "hip joint this close to the floor: the hip touches it"),
    }
    checks = (
        Check("hip-sag", "line_deg", "Lift your hips up to a straight line.", "the hips are sagging",
              "line_dev", "above", _TOP, "major", ("hip",), dwell_s=0.4, span=20.0),
        Check("hip-pike", "pike_deg", "Lower your hips to a straight line.", "the hips are piked up",
              "line_dev", "below", _TOP, "major", ("hip",), dwell_s=0.4, span=20.0),
        Check("hip-touch", "touch_torso", "Keep your hips off the floor.", "the hip touched the floor",
              "hip_clearance", "below", REP, "moderate", ("hip",), dwell_s=0.2, span=0.2),
        Check("rotated", "rotated_deg", "Stack shoulders and hips, chest to the camera.", "the body is turning forward or back",
              "rotation", "above", ALWAYS, "moderate", ("shoulder", "hip"), dwell_s=1.0, span=30.0),
        Check("arm-off-vertical", "arm_off_deg", "Stretch your upper arm straight up.", "the upper arm is not vertical",
              "arm_off", "above", ALWAYS, "moderate", ("wrist",), dwell_s=1.0, span=40.0),
        Check("feet-apart", "feet_torso", "Bring your feet together.", "the feet are apart",
              "feet_gap", "above", ALWAYS, "minor", ("ankle",), dwell_s=1.0, span=0.5),
        Check("support-off", "support_torso", "Put your hand or elbow under the shoulder.", "the support is not under the shoulder",
              "support_off", "above", ALWAYS, "moderate", ("shoulder",), dwell_s=1.0, span=0.4),
        Check("head-off", "head_off_deg", "Head in line with your back.", "the head is out of line",
              "head_off", "above", ALWAYS, "minor", ("ear",), dwell_s=1.5, span=30.0),
        Check("small-dip", "dip_fraction", "Lower your hips a little further.", "the dip was too small", sense="below", severity="major", joints=("hip",), span=0.03,
              uncounts="the dip was {value:.3f} of the body line, {limit:g} is asked for"),
        Check("deep-dip", "deep_fraction", "Not so deep, a few centimetres are enough.", "the dip was too deep", severity="minor", joints=("hip",), span=0.1),
        Check("hip-sag", "line_deg", "Lift your hips up to a straight line.", "the hips did not come back to the line", severity="major", joints=("hip",), span=20.0,
              uncounts="the hips stayed below the line: {line_top:.0f} degrees at the top"),
        Check("hip-pike", "pike_deg", "Lower your hips to a straight line.", "the hips came up past the line", sense="below", severity="major", joints=("hip",), span=20.0,
              uncounts="the hips stayed above the line: {line_top:.0f} degrees at the top"),
    )  # fmt: skip
    limits["pike_deg"] = Limit(
        -12.0, "deg", "at the top shoulder-hip-ankle is straight to 168 degrees, piked side", -4.0
    )
    drawing = Drawing(
        angles=(("line", "shoulder", "hip", "ankle"),),
        line=("shoulder:mid", "hip:mid", "ankle:mid"),
        shows=(("line", ("line_dev",)),),
        sketches={
            "line_dev": BODY_LINE,
            "rotation": SHOULDERS,
            "arm_off": Tilt("shoulder", "wrist", PLUMB),
            "feet_gap": ANKLES,
            "head_off": Tilt("shoulder:mid", "ear:mid", ("hip:mid", "shoulder:mid")),
            "hip-sag": Bow("shoulder", "hip", "ankle", of="line_dev"),
            "hip-pike": Bow("shoulder", "hip", "ankle", of="line_dev"),
        },
    )
    measures = {
        "drop": ("fraction", "hips below the line shoulder-ankle, of its length"),
        "line_dev": ("deg", "hips below (+) or above (-) the line shoulder-ankle: 0 straight"),
        "slope": ("deg", "elevation of the shoulders over the ankles"),
        "stacked": ("torso", "upper shoulder above the lower one in the picture"),
        "arm_off": ("deg", "upper arm off the vertical"),
        "support_off": ("torso", "supporting elbow or hand beside the shoulder, either way"),
        "support_drop": ("torso", "supporting elbow or hand below the shoulder"),
        "hip_clearance": ("torso", "lower hip above the floor"),
        "floor_gap": ("torso", "the same; no less than 0.6 where the hips are near their line"),
        "feet_gap": ("torso", "between the ankles in the picture"),
        "rotation": ("deg", "trunk turned out of the picture's plane"),
        "head_off": ("deg", "head off the line of the trunk, either way"),
        "knee_straight": ("deg", "the straighter of both knees"),
    }
    decided = {
        "dip": ("fraction", "how far the hips went down, of the body line"),
        "line_top": ("deg", "shoulder-hip-ankle after coming up: 180 straight"),
        "line_start": ("deg", "the same before going down"),
        "arm_off": ("deg", "upper arm off the vertical"),
    }
    followed = (
        Followed("dip", "Depth of the dip", 0),
        Followed("line_top", "Straightness at the top", 1),
    )
    breathing = Breathing(in_going=True)

    def signals(self, body: Body) -> dict[str, Array]:
        shoulder, hip, ankle = (body.mid(j) for j in ("shoulder", "hip", "ankle"))
        out: dict[str, Array] = {}
        out["drop"] = signed_sag(shoulder, hip, ankle)
        out["line_dev"] = line_deviation(shoulder, hip, ankle)
        out["line"] = 180.0 - np.abs(out["line_dev"])
        fwd = body.headward
        out["slope"] = elevation(ankle, shoulder, fwd)
        left, right = (body.point("shoulder", s, guess=True) for s in SIDES)
        right_down = right[:, 1] > left[:, 1]
        out["right_down"] = right_down.astype(float)
        out["stacked"] = np.abs(right[:, 1] - left[:, 1]) / body.torso

        down, up = body.on(right_down), body.on(~right_down)
        # What is off the vertical only if the camera stands straight is let pass where that is not sure.
        unsure = body.level_unsure
        arm_off = np.abs(wrap_degrees(elevation(up("shoulder"), up("wrist")) - 90.0))
        out["arm_off"] = np.maximum(arm_off - unsure, 0.0)
        sh, contact = down("shoulder", guess=True), support(body)
        across, along = np.abs(contact - sh).T
        out["support_off"] = np.maximum(across - np.tan(np.radians(unsure)) * along, 0.0) / body.torso
        out["support_drop"] = (contact[:, 1] - sh[:, 1]) / body.torso
        foot = down("ankle", guess=True)
        floor = foot[:, 1] + (contact[:, 1] - foot[:, 1]) * (down("hip", guess=True)[:, 0] - foot[:, 0]) / (
            contact[:, 0] - foot[:, 0]
        )
        clearance = (floor - down("hip", guess=True)[:, 1]) / body.torso
        near_line = np.where(out["drop"] <= FLOOR_DROP, np.fmax(clearance, CLEAR_TORSO), np.nan)
        out["floor_gap"] = np.where(out["drop"] > FLOOR_DROP, clearance, near_line)
        # A hip on the floor is far off the line; without that, a low reading is a misplaced hand.
        out["hip_clearance"] = np.where(out["drop"] > TOUCH_DROP, clearance, np.maximum(clearance, CLEAR_TORSO))
        out["feet_gap"] = distance(body.point("ankle", "left"), body.point("ankle", "right")) / body.torso
        out["rotation"] = np.abs(body.yaw)
        ears = body.mid("ear", guess=False)
        out["head_off"] = np.abs(wrap_degrees(elevation(shoulder, ears, fwd) - elevation(hip, shoulder, fwd)))
        out["knee_straight"] = np.fmax(*body.joint_angles("hip", "knee", "ankle").values())
        return out

    position = (
        Gate("slope", "slope_low_deg", "slope_high_deg"),
        Gate("stacked", "stacked_torso"),
        Gate("support_drop", "propped_torso"),
        Gate("knee_straight", "straight_deg"),
        Gate("line_dev", high="bent_deg", size=True),
    )
    start = (Gate("floor_gap", "lifted_torso"),)

    def effort(self, s: Sample) -> float:
        return s["drop"]

    def conclude(self, a: Attempt, limits: Limits, before: Sequence[Rep]) -> Outcome:
        if a.lost:
            return Outcome(ignore=True)  # going down to the floor at the end
        votes = a.during("right_down", float(a.t[0]), a.end_s)
        right = float(np.mean(votes)) if len(votes) else 0.5
        side = None if max(right, 1 - right) < AGREED else "right" if right > 0.5 else "left"
        inside = (a.t >= a.start_s) & (a.t <= a.end_s)
        dip = float(np.nanpercentile(a.effort[inside], 97))
        slow = a.end_s - a.start_s > limits["sway_s"]
        quick = a.end_s - a.start_s < QUICK_S and dip > QUICK_FRACTION
        sways = (
            dip < limits["sway_fraction"]
            and _rested_s(a, dip) < limits["still_s"]
            and not quick
            and not _goes_on(a, dip, before)
        )
        if self.fails("small-dip", dip) and (slow or sways):
            return Outcome(ignore=True)
        # The line is regained if the body was straight at any moment of the way up and after it.
        top = a.during("line_dev", a.peak_s, a.end_s + AFTER_S)
        nearest = float(top[np.argmin(np.abs(top))]) if len(top) else float("nan")
        # ... but a body that comes to rest well past it is piked, though it passed the line.
        rested = a.after.get("line_dev", float("nan"))
        if self.fails("hip-pike", rested, PAST_DEG):
            nearest = rested
        before_it = a.during("line_dev", a.start_s - AFTER_S, a.start_s + 0.05)
        start = float(np.median(before_it)) if len(before_it) else float("nan")
        measures = {
            "dip": dip,
            "line_top": 180.0 - abs(nearest),
            "line_start": 180.0 - abs(start),
            "arm_off": a.at_peak("arm_off"),
        }
        decides = {"hip-sag": nearest, "hip-pike": nearest, "small-dip": dip, "deep-dip": dip}
        return Outcome(side, measures=measures, decides=decides)


def _goes_on(a: Attempt, dip: float, before: Sequence[Rep]) -> bool:
    """Whether an attempt follows at once on a dip about as deep."""
    last = before[-1] if before else None
    deep = last.measures.get("dip") if last is not None and last.cut is None else None
    if last is None or deep is None:
        return False
    return a.start_s - last.end_s <= NEXT_S and dip >= LIKE_SHARE * deep


def _rested_s(a: Attempt, dip: float) -> float:
    """Seconds for which the hips rested before an attempt, or after it as far as it was seen."""
    moved = ~(a.effort <= STILL_SHARE * dip)
    out = []
    for beside, from_s in ((a.t <= a.start_s, a.start_s), (a.t >= a.end_s, a.end_s)):
        far = np.abs(a.t[beside] - from_s)
        broken = far[moved[beside]]
        out.append(float(broken.min()) if len(broken) else float(far.max(initial=0.0)))
    return max(out)
