"""2 ``shoulder-bridge``: shoulders on the ball, a right angle at the knees, one leg straightened to thigh height."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from formcheck.sight.pose.landmarks import JOINT, SIDES

from ..measure import Body, elevation, signed_sag
from ..measure.geometry import distance
from ..rules.checks import ALWAYS, Check
from ..rules.drawing import Bend, Bow, Drawing, Gap, Tilt
from ..rules.exercise import Array, Attempt, Exercise, Prescription, Sample
from ..rules.facts import BallPlace, Followed
from ..rules.gates import Gate
from ..rules.holding import SHORT_HOLD, WHY_SHORT
from ..rules.limits import Limit, Limits
from ..rules.outcome import Outcome
from ..rules.recall import speeds
from ..rules.records import Rep
from ..rules.straightened import legs_of, raised_leg, reached, top_of
from ..rules.turns import again

#: A leg that stands is open by 0.3-0.6 (right angles of the knee plus height of the ankle over the hips, in torso
#: lengths; 0.75 with the foot set too far), a raised one by 1.4-1.9. Where both are open by more than this the model
#: has drawn the hidden one half way to the other, or both half way.
BLENDED = 0.85
#: The higher part of an attempt, as a share of its effort: the legs are told apart there.
TOP_SHARE = 0.7
#: Where the legs cannot be told apart, the leg is held while both together are open by this share of the attempt's most.
HELD_SHARE = 0.8
#: ... unless the working leg was seen bent, low or high for more than this share of that time.
DENIED_SHARE = 1 / 3
#: Angles of two legs that are mixed read up to this far (degrees) apart.
MIXED_DEG = 10.0
#: A standing knee bent further than this (degrees) carries nothing: the leg is drawn wrongly, or nobody lies there.
FOLDED_DEG = 60.0
#: A leg that is up for less than this (s) turned back at once; the shortest that was up where it should is up for 0.5.
TURNED_S = 0.4
#: A leg that is up opens and closes by 0.01-0.2 a second; one drawn now here, now there by more than this. The first and
#: last moments (s) up there are left out.
WAVERS, WAYS_S = 0.3, 0.3
#: A raise and the way down take longer than this (s; the quickest seen takes 1.0).
LEAST_S = 0.6

Mask = NDArray[np.bool_]


class ShoulderBridge(Exercise):
    """Shoulders on the ball, hips level with shoulders and knees; straighten one leg at thigh height, hold, change."""

    id = "shoulder-bridge"
    title = "Shoulder bridge on the ball"
    summary = "on the back with the shoulders on the ball and the knees bent, seen from the side"
    camera = "Side on, at ball height, 2-3 m away, from head to feet in the picture."
    views = ("side",)
    belly = "up"
    ball = BallPlace("shoulder", below=0.65, radius=0.55)
    prescription = Prescription(reps=10, hold_s=1.0, alternate=True)
    intro = (
        "Shoulders on the ball, hands behind your head, knees at a right angle, hips level.",
        "Straighten one leg at the height of the other thigh, hold for {hold_or_more}, then change legs.",
    )
    limits = {
        "least_effort": Limit(
            0.30, "1", "knees opened (right angles) plus feet lifted (torso lengths) and back by this much: an attempt"
        ),
        "trunk_deg": Limit(40.0, "deg", "position: trunk no steeper than this, shoulders above the hips ..."),
        "trunk_down_deg": Limit(
            -20.0, "deg", "... or below them: shoulders on the floor are 30 degrees below raised hips"
        ),
        "thigh_deg": Limit(50.0, "deg", "position: supporting thigh no steeper than this"),
        "sunk_torso": Limit(-0.4, "torso", "position: hips that sink further since the rest before lie down"),
        "sitting_fraction": Limit(
            0.2,
            "fraction",
            "position: hips further than this below the line shoulder-knee sit on the floor or on their way",
        ),
        "shank_low_deg": Limit(40.0, "deg", "start: shank of the supporting leg at least this steep ..."),
        "shank_high_deg": Limit(140.0, "deg", "... from either side"),
        "hips_up_torso": Limit(0.3, "torso", "start: hips above the foot by this much"),
        "bent_knee_deg": Limit(150.0, "deg", "start: the straighter knee is bent by more than this"),
        "straight_deg": Limit(
            152.0, "deg", "knee of the working leg counts as straight: 160, less what a raised ankle is drawn too low"
        ),
        "level_deg": Limit(15.0, "deg", "the leg within this much of the other thigh's height", 5.0),
        "hold_s": Limit(1.0, "s", "the routine asks for 1-2 s"),
        "hold_tolerance_s": Limit(0.1, "s", "uncertainty of timing a hold at 15 frames/s"),
        "leg_bent_deg": Limit(148.0, "deg", "working knee never straighter than this: the leg stayed bent", -5.0),
        "knee_off_deg": Limit(15.0, "deg", "supporting knee at a right angle, 15 degrees either way", 6.0),
        "knee_bias_deg": Limit(4.0, "deg", "the pose model reads a right angle at the near knee as 88-95"),
        "sag_fraction": Limit(
            0.045,
            "fraction",
            "hip below the line shoulder-knee; the hip landmark sits 0.015-0.02 above the joint",
            0.02,
        ),
        "drop_torso": Limit(0.13, "torso", "hip sinks by this much when the foot leaves the floor", 0.04),
        "hands_torso": Limit(0.8, "torso", "wrist this far from the ear: hands have left the head", 0.2),
        "ball_along_torso": Limit(
            0.3,
            "torso",
            "where the ball's middle is when the shoulder blades lie on it: towards the hips of the shoulders (0.24-0.41 "
            "on eight bodies)",
        ),
        "ball_off_torso": Limit(
            0.3,
            "torso",
            "ball's middle this far from there: headward of the shoulder joints (the neck) or beyond 0.6 (the loins)",
            0.05,
        ),
    }
    checks = (
        Check("hip-sag", "sag_fraction", "Lift your hips, level with shoulders and knees.", "the hips are sagging",
              "sag", "above", ALWAYS, "major", ("hip",), dwell_s=0.6, span=0.08),
        Check("knee-angle", "knee_off_deg", "Set your foot so that the knee makes a right angle.", "the supporting knee is off ninety degrees",
              "knee_off", "above", ALWAYS, "moderate", ("knee",), dwell_s=1.2, span=25.0),
        Check("hands-off", "hands_torso", "Clasp your hands behind your head.", "the hands have left the head",
              "hand_gap", "above", ALWAYS, "minor", ("wrist",), dwell_s=1.0, span=0.6),
        Check("ball-misplaced", "ball_off_torso", "Roll until the ball is under your shoulders.", "the ball is not under the shoulders",
              "ball_off", "above", ALWAYS, "moderate", ("shoulder",), dwell_s=1.0, span=0.5),
        Check("hip-drop", "drop_torso", "Keep your hips up as the foot leaves the floor.", "the hips drop when the leg is raised",
              severity="moderate", joints=("hip",), span=0.08),
        Check("leg-bent", "leg_bent_deg", "Straighten the leg at the knee.", "the raised leg stayed bent", sense="below", severity="moderate",
              joints=("knee",), span=40.0, uncounts="the knee was straightened to {value:.0f} degrees only"),
        Check("leg-low", "level_deg", "Raise the leg to the height of the other thigh.", "the leg stayed low", severity="major", joints=("ankle",), span=25.0,
              uncounts="the leg stayed {value:.0f} degrees below the other thigh"),
        Check("leg-high", "level_deg", "Lower the leg to the height of the other thigh.", "the leg went too high", severity="moderate",
              joints=("ankle",), span=25.0, uncounts="the leg went {value:.0f} degrees above the other thigh"),
        Check("short-hold", "hold_s", "Hold the leg up for {hold_or_more}.", "the hold was too short", sense="below", severity="major", span=1.0,
              slack="hold_tolerance_s", uncounts=WHY_SHORT),
        Check("same-side", "", "Change legs every time.", "the same leg was raised twice", severity="minor"),
    )  # fmt: skip
    drawing = Drawing(
        angles=(("support_knee", "hip", "knee", "ankle"),),
        line=("shoulder", "hip", "knee"),
        shows=(("support_knee", ("knee_off",)), ("line", ("sag",))),
        sketches={
            "sag": Bow("shoulder", "hip", "knee"),
            "knee_off": Bend("hip", "knee", "ankle", of="support_knee"),
            "hand_gap": Gap("wrist", "ear"),
            "leg-bent": Bend("hip", "knee", "ankle", of="working_knee"),
            "leg-low": Tilt("hip", "ankle", ("hip:other", "knee:other"), of="working_level"),
            "leg-high": Tilt("hip", "ankle", ("hip:other", "knee:other"), of="working_level"),
        },
    )
    measures = {
        "leg_knee_left": ("deg", "left knee, hidden ones guessed: 180 straight"),
        "leg_knee_right": ("deg", "right knee, hidden ones guessed: 180 straight"),
        "open_left": ("1", "left leg: right angles of its knee, plus height of its ankle over the hips (torso)"),
        "open_right": ("1", "the same of the right leg"),
        "opened": ("1", "both added: the effort"),
        "straighter_knee": ("deg", "the straighter of both knees, hidden ones guessed"),
        "near_right": ("0/1", "1 where the right side is the near one"),
        "far_seen": ("1", "confidence of the far ankle"),
        "working_right": ("0/1", "1 where the right leg is the raised one"),
        "working_knee": ("deg", "knee of the raised leg: 180 straight"),
        "working_level": ("deg", "raised leg above the thigh of the standing one"),
        "support_knee": ("deg", "knee of the standing leg, where it is the near one"),
        "support_shank": ("deg", "shank of the standing leg: 90 upright"),
        "support_thigh": ("deg", "thigh of the standing leg: 0 level"),
        "knee_off": ("deg", "standing knee off the right angle, either way"),
        "sag": ("fraction", "hips below the line from shoulder to knee, of its length"),
        "hand_gap": ("torso", "near hand from the near ear"),
        "hip_clearance": ("torso", "hips above the standing ankle"),
        "hip_up": ("torso", "hips, up the picture: only the change tells"),
        "hip_y": ("px", "near hip, down the picture"),
    }
    decided = {
        "working_knee": ("deg", "raised leg's knee at its straightest"),
        "working_level": ("deg", "raised leg above the other thigh, held"),
        "support_knee": ("deg", "standing knee, held"),
        "sag": ("fraction", "hips below the line shoulder-knee, held"),
        "hip_drop": ("torso", "hips lower than before the leg was raised"),
    }
    followed = (Followed("working_knee", "Leg straightness", 1),)

    def signals(self, body: Body) -> dict[str, Array]:
        near_right = body.near_right(self.belly)
        footward = -body.headward
        hip, shoulder = body.mid("hip"), body.mid("shoulder")
        out: dict[str, Array] = {"trunk_pitch": elevation(hip, shoulder, -footward)}
        legs = legs_of(body, footward)
        out |= {f"leg_knee_{s}": legs["knee"][s] for s in SIDES} | {f"open_{s}": legs["open"][s] for s in SIDES}
        up = np.nan_to_num(out["open_right"] - out["open_left"])
        working_right = up > 0
        support_right = ~working_right

        working, support, near = body.on(working_right), body.on(support_right), body.on(near_right)
        # A hidden standing leg is drawn half way to the raised one: only the near knee is judged, while it stands.
        near_shank = near.of(legs["shank"])
        near_stands = ((np.abs(up) < 0.35) | (support_right == near_right)) & (near_shank > 40) & (near_shank < 140)
        out["near_right"] = near_right.astype(float)
        far = body.on(~near_right).of({s: body.confidence[:, JOINT["ankle"][s]] for s in SIDES})
        out["far_seen"] = np.where(np.isfinite(up), far, np.nan)
        out["working_right"] = working_right.astype(float)
        knee = working.of(legs["knee"])
        blended = (np.fmin(out["open_left"], out["open_right"]) > BLENDED) & (knee < self.in_force["straight_deg"])
        out["working_knee"] = np.where(blended, np.nan, knee)
        level = working.of(legs["leg"]) - support.of(legs["thigh"])
        out["working_level"] = np.where(blended, np.nan, level)
        seen_knee = body.joint_angles("hip", "knee", "ankle")
        out["support_knee"] = np.where(near_stands & ~blended, near.of(seen_knee), np.nan)
        out["support_shank"] = support.of(legs["shank"])
        out["support_thigh"] = support.of(legs["thigh"])
        out["knee_off"] = np.abs(out["support_knee"] - 90.0 - self.in_force["knee_bias_deg"])
        stands = body.on(np.where(near_stands, near_right, support_right))
        carries = ~(stands.of(legs["knee"]) < FOLDED_DEG)
        line = signed_sag(near("shoulder"), near("hip"), stands("knee", guess=True))
        out["sag"] = np.where(carries, line, np.nan)
        out["hand_gap"] = distance(near("wrist"), near("ear")) / body.torso
        out["hip_clearance"] = -hip[:, 1] / body.torso - support.of(legs["height"])
        out["straighter_knee"] = np.fmax(out["leg_knee_left"], out["leg_knee_right"])
        out["hip_up"] = -hip[:, 1] / body.torso
        # Of both legs: a hidden one is drawn half way to the other, and both between each other.
        out["opened"] = out["open_left"] + out["open_right"]
        out["hip_y"], out["torso_px"] = near("hip")[:, 1], body.torso
        along = (body.ball_centre - body.mid("shoulder"))[:, 0] * footward / body.torso
        out["ball_off"] = np.abs(along - self.in_force["ball_along_torso"])
        return out

    side_faults = frozenset({"same-side"})
    position = (
        Gate("trunk_pitch", "trunk_down_deg", "trunk_deg"),
        Gate("support_thigh", high="thigh_deg", size=True),
        Gate("hip_up", "sunk_torso", relative=True),
        Gate("sag", high="sitting_fraction"),
    )
    start = (
        Gate("support_shank", "shank_low_deg", "shank_high_deg"),
        Gate("hip_clearance", "hips_up_torso"),
        Gate("straighter_knee", high="bent_knee_deg"),
    )
    hold = (Gate("working_knee", "straight_deg"), Gate("working_level", high="level_deg", size=True))

    def effort(self, s: Sample) -> float:
        return s["opened"]

    def conclude(self, a: Attempt, limits: Limits, before: Sequence[Rep]) -> Outcome:
        top = top_of(a, TOP_SHARE)
        legs = raised_leg(a, top)
        knee, best = (reached(a, top, n, 80.0) for n in ("working_knee", "working_level"))
        level = reached(a, top, "working_level")
        unsure = 0.0 if legs.clear else MIXED_DEG
        hold = max(a.hold_s, self._held_by_both(a, limits, MIXED_DEG if legs.blended else 0.0))
        held = not self.fails(SHORT_HOLD, hold)
        if a.end_s - a.start_s < LEAST_S or (a.lost and not held):
            return Outcome(ignore=True)
        drop = _hip_drop(a)
        measures = {
            "working_knee": knee,
            "working_level": level,
            "support_knee": a.at_peak("support_knee"),
            "sag": a.at_peak("sag"),
            "hip_drop": drop,
        }
        # A standing leg that is drawn half way to the raised one has no right angle at its knee.
        blurred = not legs.clear and a.rest.get("knee_off", 0.0) <= limits["knee_off_deg"]
        out = Outcome(
            legs.side,
            drop=frozenset({"knee-angle"} if blurred else ()),
            measures=measures,
            hold_s=hold,
            decides={"hip-drop": drop},
        )
        if not held and top[1] - top[0] >= limits["hold_s"] and _wavers(a, legs.side, top):
            out = replace(out, counted=False, why="the raised leg could not be followed")
        elif not held:
            stayed = top[1] - top[0] >= TURNED_S  # else it turned back at once, and where it was going nobody knows
            where = {"leg-low": -best, "leg-high": level, "leg-bent": knee} if stayed else {}
            wrong = next((fault for fault, v in where.items() if self.fails(fault, v, unsure)), None)
            out = replace(out, decides={**out.decides, **({wrong: where[wrong]} if wrong else {SHORT_HOLD: hold})})
        counted = self.concluded(out).counted
        if again(before, legs.side, counted=counted, follows=a.follows):
            out = replace(out, faults=[("same-side", None)])
        return out

    def _held_by_both(self, a: Attempt, limits: Limits, unsure: float) -> float:
        """Return for how long (s) both legs together were open, where the working leg is not seen out of its place."""
        span = top_of(a, HELD_SHARE)
        knee, level = (a.values[n][(a.t >= span[0]) & (a.t <= span[1])] for n in ("working_knee", "working_level"))
        denied = (knee < limits["straight_deg"] - unsure) | (np.abs(level) > limits["level_deg"] + unsure)
        return 0.0 if np.mean(denied) > DENIED_SHARE else span[1] - span[0]


def _wavers(a: Attempt, side: str | None, top: tuple[float, float]) -> bool:
    """Whether a raised leg is drawn now here, now there: nobody moves it so while it is up."""
    if side is None:
        return False
    inside = (a.t >= top[0] + WAYS_S) & (a.t <= top[1] - WAYS_S)
    speed = np.abs(speeds(a.t, a.values[f"open_{side}"]))[inside]
    return bool(np.isfinite(speed).any() and np.nanmean(speed) > WAVERS)


def _hip_drop(a: Attempt) -> float:
    """Return by how much (torso lengths) the hips sank with the leg in the air, against before and after."""
    peak, around = a.at_peak("hip_y"), []
    for lo, hi in ((a.start_s - 0.3, a.start_s + 0.1), (a.end_s - 0.1, a.end_s + 0.3)):
        rest = a.during("hip_y", lo, hi)
        if len(rest):
            around.append((peak - float(np.median(rest))) / a.before("torso_px"))
    return min(around, default=float("nan"))
