"""6 ``toe-squat``: squats on the toes with the arms stretched out in front."""

from __future__ import annotations

from collections.abc import Sequence
from math import acos, cos, degrees, isnan, radians

import numpy as np

from formcheck.sight.pose.landmarks import SIDES

from ..measure import Body, elevation, wrap_degrees
from ..measure.level import STANDING
from ..rules.checks import ALWAYS, START, Check
from ..rules.drawing import ARM, KNEE, TRUNK, Bend, Drawing, Gap, Tilt
from ..rules.exercise import Array, Attempt, Exercise, Prescription, Sample
from ..rules.facts import Followed
from ..rules.gates import Gate
from ..rules.limits import Limit, Limits
from ..rules.outcome import Outcome
from ..rules.records import Rep
from ..rules.tempo import SMOOTH_SCALE, travel_seconds

#: Turned this far from the front the knees, trunk and feet are judged in the picture; less, the knees by the hips' height.
#: Squatting people read 60-87 from the side, and 30-41 obliquely from the front.
SIDE_ON_DEG = 52.0
#: Turned this far the knee's angle in the picture is its own; between the two it is foreshortened.
SQUARE_DEG = 75.0
#: Near standing the hips tell the bend of the knees no better than this (degrees).
UNSURE_DEG = 15.0
#: Bend of the knee of a person who stands upright, degrees (rendered and real people stand at 172-176).
STANDING_BEND_DEG = 6.0
#: Whole duration over the time from 10 % to 90 % of the sinking, which goes with the square of a smooth bend of the knees.
SINKING_SCALE = 2.35
#: Unseen for longer than this (s) between two moments that deep (share of the deepest) it may have gone deeper there.
BOTTOM_UNSEEN_S, NEAR_BOTTOM = 0.2, 0.75
#: Knee angle below which the foot is judged: only deep in the squat does the heel landmark follow the heel.
DEEP_DEG = 135.0
#: Arms this far below shoulder height hang: nobody need stand straight then.
ARMS_DOWN_DEG = -40.0
#: Hips lower than this over the feet (torso lengths): deep in the squat.
DEEP_TORSO = 1.35
#: Ankles closer than this (torso lengths) in the picture say nothing of the knees: it is a side view.
LEAST_ANKLE_GAP = 0.18
#: Seconds before a squat in which one is to have stood, and the share of them that must have been seen to tell.
STOOD_S, STANDING_SEEN = 1.0, 0.5
#: Feet further apart than this in the picture (torso lengths) tell whether the hips are between them.
WIDE_TORSO = 0.6
#: A foot counts as moved where this share of an attempt's samples finds it away.
STEP_SHARE = 0.15
#: ... and where it has gone from one place to another meanwhile, but for this share at either end.
EDGE_SHARE = 0.05
#: ... and where it was seen for this share of the time: a foot that comes and goes is drawn here and there.
FOOT_SEEN = 0.9
#: Above this share of its effort an attempt is down.
LOW_SHARE = 0.5
#: A body that stands leans back by less than this (degrees): more is a camera that is tilted, or may be.
LEANS_BACK_DEG = 3.0


#: Degrees of effort for a waist that sinks by a torso length: a squat to a right angle sinks it by some 0.55 of that.
SINK_DEG = 160.0
#: Height of the middle of the trunk over the feet of someone who stands, torso lengths (Drillis and Contini 1966).
STANDING_WAIST, TALL_DEG = 2.2, 25.0


class ToeSquat(Exercise):
    """Stand, arms out in front, rise on the toes, and squat and rise again without putting the heels down."""

    id = "toe-squat"
    title = "Squats on the toes"
    summary = "standing on the toes with the arms stretched in front"
    camera = "Side on, at hip height, 3 m away, the whole body and both feet in the picture; obliquely from the front shows the knees."
    views = ("side", "oblique", "front")
    belly = "ahead"
    supports = STANDING
    lacking = frozenset({"shallow"})
    prescription = Prescription(reps=10)
    intro = (
        "Stand upright, arms stretched out in front of you, and rise on your toes.",
        "Squat until your thighs are level, heels high, back upright, and stand up again.",
    )
    limits = {
        "least_effort": Limit(
            12.0,
            "deg",
            "bend of the knee and sinking of the waist (160 degrees a torso length), down and up by this much: an attempt",
        ),
        "trunk_torso": Limit(0.15, "torso", "position: shoulders above the hips by this much at least"),
        "hips_torso": Limit(0.35, "torso", "position: hips above the lower foot by this much at least"),
        "standing_torso": Limit(1.15, "torso", "start: hips this high above the lower foot"),
        "standing_knee_deg": Limit(120.0, "deg", "start: knees opened at least this far"),
        "rep_knee_deg": Limit(
            134.0, "deg", "a squat that never passes 130 degrees is none; bent knees read 3-6 too open", 6.0
        ),
        "full_knee_deg": Limit(105.0, "deg", "full depth is 100 degrees or less; bent knees read 3-6 too open", 6.0),
        "heel_flat_deg": Limit(12.0, "deg", "sole this flat deep in the squat: the heels are down", -4.0),
        "heel_deg": Limit(
            18.0,
            "deg",
            "sole below 20 degrees deep in the squat; soles at 40 read 21-35 there, dropped or flat ones 3-18",
            -4.0,
        ),
        "heel_risen_deg": Limit(
            20.5,
            "deg",
            "sole lower than this both standing and deep: never on the toes; flat soles read 5-17 and 3-20",
            -4.0,
        ),
        "arm_deg": Limit(-20.0, "deg", "arms below shoulder height", -8.0),
        "lean_deg": Limit(45.0, "deg", "trunk off the vertical; it reads 0-5 too upright", 6.0),
        "cave_ratio": Limit(
            0.72, "1", "knees closer than 0.8 of the ankles' distance; parallel legs read 0.88-0.96", -0.08
        ),
        "upright_deg": Limit(160.0, "deg", "knees straight between squats", -6.0),
        "jerky_s": Limit(0.7, "s", "going down or up in less is jerky", -0.15),
        "step_torso": Limit(0.35, "torso", "a foot has moved by this much: a step; planted feet read within 0.1", 0.1),
        "attempt_knee_deg": Limit(150.0, "deg", "knees bent by less are no attempt at a squat"),
        "bow_torso": Limit(
            0.64,
            "torso",
            "shoulders lower over the hips than this (50 degrees of lean) with the hips up: a bow, no squat",
        ),
        "stride_torso": Limit(
            0.55,
            "torso",
            "one foot this far before the other: a stride or lunge; squats read up to 0.2, lunges 1.0-1.6",
        ),
        "aside": Limit(
            0.18,
            "1",
            "hips this share of the feet's distance off their middle: a lunge to the side, 0.25-0.36; squats read up to 0.03",
        ),
        "walk_torso": Limit(0.7, "torso", "a foot has gone this far: walking, not a squat with a step"),
        "sit_s": Limit(3.0, "s", "down half the way or more for so long, with hanging arms: sits; squats read 1-2"),
        "hanging_deg": Limit(-50.0, "deg", "arms that hang; dropped ones read -30 to -45, raised ones 0"),
        "least_drop": Limit(
            0.45,
            "fraction",
            "share of the knee's bend that the hips' height must bear out: a bent knee alone is a stride",
        ),
    }
    checks = (
        Check("heels-drop", "heel_flat_deg", "Stay high on your toes.", "the heels have dropped",
              "deep_heel", "below", severity="moderate", joints=("heel",), dwell_s=0.3, span=15.0),
        Check("arms-drop", "arm_deg", "Keep your arms up at shoulder height.", "the arms are dropping",
              "arm_pitch", "below", ALWAYS, "minor", ("wrist",), dwell_s=0.4, span=40.0),
        Check("trunk-lean", "lean_deg", "Lift your chest, keep your back upright.", "the trunk leans too far forward",
              "trunk_lean", "above", severity="moderate", joints=("shoulder", "hip"), dwell_s=0.4, span=25.0),
        Check("knees-cave", "cave_ratio", "Press your knees outwards, over your toes.", "the knees are caving in",
              "knee_ratio", "below", severity="major", joints=("knee",), dwell_s=0.4, span=0.4),
        Check("not-upright", "upright_deg", "Stand up fully after each squat.", "the knees stay bent",
              "standing_knee", "below", frozenset({START}), "minor", ("knee",), dwell_s=2.0, span=25.0),
        Check("heels-drop", "heel_deg", "Stay high on your toes.", "the heels have dropped", sense="below", severity="moderate",
              joints=("heel",), span=15.0),
        Check("shallow", "full_knee_deg", "Squat deeper, until your thighs are level.", "the squat was not deep enough", severity="moderate",
              joints=("knee",), span=30.0),
        Check("not-upright", "upright_deg", "Stand up fully after each squat.", "the squat began with bent knees", sense="below", severity="minor",
              joints=("knee",), span=25.0),
        Check("jerky", "jerky_s", "Down and up slowly, evenly.", "the tempo was jerky", sense="below", severity="minor", span=0.5),
        Check("step", "step_torso", "Find your balance, keep both feet where they are.", "a foot has moved", severity="moderate", joints=("ankle",), span=0.5),
    )  # fmt: skip
    drawing = Drawing(
        angles=(("side_knee", "hip", "knee", "ankle"),),
        line=("shoulder", "hip"),
        shows=(("side_knee", ("standing_knee", "shallow")), ("line", ("trunk_lean",))),
        sketches={
            "deep_heel": Tilt("foot_index", "heel"),
            "arm_pitch": ARM,
            "trunk_lean": TRUNK,
            "knee_ratio": Gap("knee:left", "knee:right"),
            "standing_knee": KNEE,
            "heels-drop": Tilt("foot_index", "heel", of="heel_pitch"),
            "shallow": Bend("hip", "knee", "ankle", of="side_knee"),
            "not-upright": Bend("hip", "knee", "ankle", of="side_knee"),
        },
    )
    measures = {
        "trunk_up": ("torso", "shoulders above the hips"),
        "hips_up": ("torso", "hips above the lower ankle"),
        "waist_up": ("torso", "middle of the trunk above the lower ankle"),
        "turned": ("deg", "how far the body is turned from front or back to the camera: 90 from the side"),
        "hip_height": ("px", "hips above the lower ankle"),
        "waist_height": ("px", "middle of the trunk above the lower ankle"),
        "knee_picture": ("deg", "near knee in the picture: 180 straight"),
        "side_knee": ("deg", "the same, from the side only"),
        "trunk_lean": ("deg", "trunk off the vertical, from the side only"),
        "heel_pitch": ("deg", "heel above the toes, seen from the side: 0 flat"),
        "deep_heel": ("deg", "the same at the bottom of the squat"),
        "arm_pitch": ("deg", "arms above (+) or below (-) the horizontal"),
        "standing_knee": ("deg", "near knee while the arms are out"),
        "stance": ("deg", "shoulders before (+) or behind (-) the near foot, off the vertical, seen from the side"),
        "fore_aft": ("torso", "between the ankles in space, before and behind the body: a lunge, not a wide stance"),
        "aside": ("1", "hips from the middle of the ankles, of the ankles' gap, from the front: 0 over both feet"),
        "knee_ratio": ("1", "gap of the knees against that of the ankles, from the front: 1 over the feet"),
        "foot_x_left": ("px", "left toes, across the picture"),
        "foot_y_left": ("px", "left toes, down the picture"),
        "foot_x_right": ("px", "right toes, across the picture"),
        "foot_y_right": ("px", "right toes, down the picture"),
    }
    decided = {
        "knee": ("deg", "near knee at the bottom"),
        "trunk_lean": ("deg", "trunk off the vertical at the bottom"),
        "heel": ("deg", "heel above the toes at the bottom"),
        "arm": ("deg", "arms against the horizontal at the bottom"),
        "knee_ratio": ("1", "gap of the knees against that of the ankles at the bottom, from the front"),
        "down": ("s", "going down"),
        "up": ("s", "coming up"),
        "foot_moved": ("torso", "how far a foot was moved"),
    }
    followed = (Followed("knee", "Knee angle at the bottom", -1),)
    uncounting = ("shallow",)

    def signals(self, body: Body) -> dict[str, Array]:
        near = body.on(body.near_right(self.belly))
        ahead = np.where(near.right, 1.0, -1.0)
        side_on = np.abs(body.yaw) >= SIDE_ON_DEG

        def from_side(values: Array) -> Array:
            return np.where(side_on, values, np.nan)

        shoulder, hip = body.mid("shoulder"), body.mid("hip")
        ankles = np.stack([body.point("ankle", s, guess=True)[:, 1] for s in SIDES])
        knee = near.of(body.joint_angles("hip", "knee", "ankle"))
        # What is off the vertical or the level only if the camera stands straight is let pass where that is not sure.
        unsure = body.level_unsure
        heel = elevation(near("foot_index"), near("heel"), -ahead) + unsure
        waist = np.fmax(*ankles) - (hip[:, 1] + shoulder[:, 1]) / 2
        out: dict[str, Array] = {
            "hips_up": (np.fmax(*ankles) - hip[:, 1]) / body.torso,
            "waist_up": waist / body.torso,
            "turned": np.abs(body.yaw),
            "trunk_up": (hip - shoulder)[:, 1] / body.torso,
            "torso_px": body.torso,
            # Of the lower foot: a leg that swings forward in a stride does not lower the hips.
            "hip_height": np.fmax(*ankles) - hip[:, 1],
            # The hip landmark slides along the trunk as one begins to squat; the trunk's middle does so by half.
            "waist_height": waist,
            "knee_picture": knee,
            "side_knee": from_side(knee),
            "trunk_lean": from_side(90.0 - body.trunk - unsure),
            "heel_pitch": from_side(heel),
            "deep_heel": np.where(knee < DEEP_DEG, from_side(heel), np.nan),
        }
        reach = {s: body.world_point("wrist", s) - body.world_point("shoulder", s) for s in SIDES}
        with np.errstate(invalid="ignore", divide="ignore"):
            lifted = [np.degrees(np.arcsin(-reach[s][:, 1] / np.linalg.norm(reach[s], axis=1))) for s in SIDES]
        out["arm_pitch"] = np.where(
            side_on, elevation(near("shoulder"), near("wrist"), ahead) + unsure, (lifted[0] + lifted[1]) / 2
        )
        # With the arms down the set is over: nobody need stand straight then.
        out["standing_knee"] = np.where(out["arm_pitch"] > ARMS_DOWN_DEG, out["side_knee"], np.nan)
        left, right, foot_left, foot_right = (body.world_point(j, s) for j in ("shoulder", "ankle") for s in SIDES)
        # World landmarks are centred on the hips: the middle of the shoulders is a torso length away.
        feet, torso_m = foot_left - foot_right, np.linalg.norm((left + right) / 2, axis=1)
        turn = np.radians(body.yaw)
        sole = (body.mid("ankle") + body.mid("foot_index")) / 2
        out["stance"] = from_side(wrap_degrees(90.0 - elevation(sole, shoulder, ahead)))
        out["fore_aft"] = np.abs(feet[:, 0] * np.sin(turn) - feet[:, 2] * np.cos(turn)) / torso_m
        gap = {j: body.point(j, "left")[:, 0] - body.point(j, "right")[:, 0] for j in ("knee", "ankle")}
        # Only deep in the squat: straight legs that stand wide have their knees well inside their ankles.
        deep = out["hips_up"] < DEEP_TORSO
        apart = ~side_on & deep & (np.abs(gap["ankle"]) / body.torso > LEAST_ANKLE_GAP)
        # Along the line from foot to foot, which a rolled camera turns with all the rest.
        across, wide = body.point("ankle", "left") - body.point("ankle", "right"), np.abs(gap["ankle"]) / body.torso
        with np.errstate(invalid="ignore", divide="ignore"):
            aside = np.abs(((hip - body.mid("ankle")) * across).sum(axis=1)) / (across**2).sum(axis=1)
            out["aside"] = np.where(~side_on & (wide > WIDE_TORSO), aside, np.nan)
            out["knee_ratio"] = np.where(apart, gap["knee"] / gap["ankle"], np.nan)
        for s in SIDES:
            foot = body.place("foot_index", s)
            out[f"foot_x_{s}"], out[f"foot_y_{s}"] = foot[:, 0], foot[:, 1]
        return out

    position = (Gate("trunk_up", "trunk_torso"), Gate("hips_up", "hips_torso"))
    start = (
        Gate("hips_up", "standing_torso"),
        Gate("knee_picture", "standing_knee_deg"),
    )

    def effort(self, s: Sample) -> float:
        # No body is higher than standing: what reads so is one whose size is not known yet.
        sunk = max(SINK_DEG * (STANDING_WAIST - s["waist_up"]), -TALL_DEG)
        return sunk + 180.0 - s["knee_picture"]

    def conclude(self, a: Attempt, limits: Limits, before: Sequence[Rep]) -> Outcome:
        sunk = (_bend(_drop(a, "waist_height")) + _bend(_drop(a, "hip_height"))) / 2
        inside = (a.t >= a.start_s) & (a.t <= a.end_s)
        bend = a.before("knee_picture") - a.at_peak("knee_picture")
        away, moved = _moved(a)
        # A stride, a lunge, walking, sitting down, and bending down are no squats.
        stride = a.at_peak("fore_aft") > limits["stride_torso"] or a.at_peak("aside") > limits["aside"]
        sits = len(a.after) > 1 and self.in_start(a.after, limits) is False
        if (
            not a.returned
            or sits
            or self._sat(a, limits)
            or stride
            or away > limits["walk_torso"]
            or sunk < limits["least_drop"] * bend
        ):
            return Outcome(ignore=True)
        knee, seen = 180.0 - STANDING_BEND_DEG - sunk, a.at_peak("side_knee")
        if not isnan(seen):
            # From half the side the bend is foreshortened: the sunken hips tell as much of it.
            share = np.clip((a.at_peak("turned") - SIDE_ON_DEG) / (SQUARE_DEG - SIDE_ON_DEG), 0.0, 1.0)
            knee = share * seen + (1.0 - share) * min(seen, knee)
        scale = SINKING_SCALE if isnan(seen) else SMOOTH_SCALE
        down_s, up_s = (scale * v for v in travel_seconds(a.t[inside], a.effort[inside]))
        # Who stands leaning back on the toes would fall: a camera that is tilted so shows the soles flatter than they are.
        tilt = max(-a.rest.get("stance", 0.0), 0.0)
        tilt = tilt if tilt > LEANS_BACK_DEG else 0.0
        heel, standing_heel = a.at_peak("deep_heel") + tilt, a.before("heel_pitch") + tilt
        since = max(before[-1].end_s if before else a.start_s - STOOD_S, a.start_s - STOOD_S)
        straightest = _straightest(a, since, a.start_s + 0.1)
        # Bowing brings the trunk down, and the hips hardly; a squat with the trunk so low has them seen to go down.
        by_hips = 180.0 - STANDING_BEND_DEG - _bend(_drop(a, "hip_height"))
        bows = a.at_peak("trunk_up") < limits["bow_torso"] and not by_hips <= limits["rep_knee_deg"]
        if knee > limits["attempt_knee_deg"] + (UNSURE_DEG if isnan(seen) else 0.0) or bows:
            return Outcome(ignore=True)
        measures = {
            "knee": knee, "trunk_lean": a.at_peak("trunk_lean"), "heel": heel, "arm": a.at_peak("arm_pitch"), "knee_ratio": a.at_peak("knee_ratio"),
            "down": down_s, "up": up_s, "foot_moved": moved,
        }  # fmt: skip
        bottom_seen = _bottom_seen(a)
        if isnan(knee) or (knee > limits["rep_knee_deg"] and not bottom_seen):
            return Outcome(None, False, "how deep it was could not be seen", measures=measures)
        if knee > limits["rep_knee_deg"]:
            return Outcome(
                None, False, f"the knees were bent to {knee:.0f} degrees only", [("shallow", knee)], measures=measures
            )
        never_rose = heel < limits["heel_risen_deg"] and standing_heel < limits["heel_risen_deg"]
        dropped = self.fails("heels-drop", heel) or never_rose
        decides = {"not-upright": straightest, "step": moved}
        if bottom_seen:
            decides |= {"shallow": knee, "jerky": np.fmin(down_s, up_s)}
        faults = [("heels-drop", heel)] if dropped else []
        return Outcome(faults=faults, measures=measures, decides=decides)

    def _sat(self, a: Attempt, limits: Limits) -> bool:
        """Whether the body sat down meanwhile: it stayed down for long, with arms that hung before and then."""
        arms = a.during("arm_pitch")
        hang = len(arms) > 0 and max(a.rest.get("arm_pitch", 0.0), float(np.median(arms))) < limits["hanging_deg"]
        low = (a.t >= a.start_s) & (a.t <= a.end_s) & (a.effort >= LOW_SHARE * np.nanmax(a.effort))
        down = a.t[low]
        stays = len(down) > 0 and float(down[-1] - down[0]) >= limits["sit_s"]
        return hang and stays


def _bottom_seen(a: Attempt) -> bool:
    """Whether no gap in what was seen may hide how deep it went: none between two moments near the lowest one."""
    known = (a.t >= a.start_s) & (a.t <= a.end_s) & np.isfinite(a.effort)
    t, effort = a.t[known], a.effort[known]
    near = effort >= NEAR_BOTTOM * effort.max(initial=0.0)
    return not np.any((np.diff(t) > BOTTOM_UNSEEN_S) & near[1:] & near[:-1])


def _straightest(a: Attempt, lo: float, hi: float) -> float:
    """Straightest knee between two times, degrees; NaN where too little of the standing was seen to tell."""
    known = (a.t >= lo) & (a.t <= hi) & np.isfinite(a.values.get("side_knee", np.full(len(a.t), np.nan)))
    t = a.t[known]
    if not len(t) or t[-1] - t[0] < STANDING_SEEN * (hi - lo):
        return float("nan")
    return float(a.values["side_knee"][known].max())


def _drop(a: Attempt, height: str) -> float:
    """How far the body has sunk towards the feet, as a share of the hips' height when standing; NaN where unknown."""
    unknown = float("nan")
    return (a.rest.get(height, unknown) - a.at_peak(height)) / a.rest.get("hip_height", unknown)


def _bend(drop: float) -> float:
    """Degrees by which the knees are bent more than standing, from how far the body has sunk.

    With thigh and shank of one length l, the hip is 2 l cos(b / 2) over the ankle where b is the bend. The mean of hips
    and waist is within 10 degrees of the knee seen from the side (real and rendered); close to standing it says little.

    >>> round(_bend(0.3))
    85
    """
    if isnan(drop):
        return drop
    share = min(max(1.0 - drop, -1.0), 1.0) * cos(radians(STANDING_BEND_DEG / 2))
    return 2 * degrees(acos(share)) - STANDING_BEND_DEG


def _moved(a: Attempt) -> tuple[float, ...]:
    """How far a foot was found from where it stood, and how far it moved meanwhile; torso lengths, NaN where not seen.

    A foot that stays where it is throughout has made no step, though it was seen elsewhere before: somebody who walks
    by takes the landmarks of a foot along for a while.
    """
    torso = a.before("torso_px")
    away = []
    for s in SIDES:
        x, y = (a.during(f"foot_{axis}_{s}") for axis in "xy")
        stood = np.array([[a.rest.get(f"foot_{axis}_{s}", float("nan"))] for axis in "xy"])
        if a.seen(f"foot_x_{s}") >= FOOT_SEEN and len(x) == len(y) and np.isfinite(stood).all():
            at = np.array([x, y])
            way = float(np.percentile(np.hypot(*(at - stood)), 100 * (1 - STEP_SHARE)))
            ends = np.percentile(at, [100 * EDGE_SHARE, 100 * (1 - EDGE_SHARE)], axis=1)
            meanwhile = float(np.hypot(*(ends[1] - ends[0])))
            away.append((way / torso, min(way, meanwhile) / torso))
    return tuple(max(w) for w in zip(*away, strict=True)) if away else (float("nan"), float("nan"))
