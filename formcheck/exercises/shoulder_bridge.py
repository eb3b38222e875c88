"""2 ``shoulder-bridge``: shoulders on the ball, a right angle at the knees, one leg straightened to thigh height."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..measure import Body, elevation, signed_sag
from ..measure.geometry import distance
from ..pose.landmarks import SIDES
from ..rules.checks import ALWAYS, Check
from ..rules.exercise import Array, Attempt, Drawing, Exercise, Outcome, Prescription, Sample
from ..rules.gates import Gate
from ..rules.limits import Limit, Limits
from ..rules.records import Rep

#: Share of an attempt's frames that must be of one mind to say which leg was raised (clear raises read 0.93-1): a hidden
#: leg may be drawn under the near one's name. The share is Jeffreys' estimate, by which few frames prove less.
AGREED = 0.75
#: Where the frames are not of one mind, angles of two legs are mixed, which read up to this far (degrees) apart.
MIXED_DEG = 10.0

Mask = NDArray[np.bool_]


class ShoulderBridge(Exercise):
    """Shoulders on the ball, hips level with shoulders and knees; straighten one leg at thigh height, hold, change."""

    id = "shoulder-bridge"
    title = "Shoulder bridge on the ball"
    summary = "on the back with the shoulders on the ball and the knees bent, seen from the side"
    camera = "Side on, at ball height, 2-3 m away, from head to feet in the picture."
    views = ("side",)
    belly = "up"
    uses_ball = True
    prescription = Prescription(reps=10, hold_s=1.0, alternate=True)
    intro = (
        "Shoulders on the ball, hands behind your head, knees at a right angle, hips level.",
        "Straighten one leg at the height of the other thigh, hold for one to two seconds, then change legs.",
    )
    limits = {
        "least_effort": Limit(
            0.30, "1", "knee opened (right angles) plus foot lifted (torso lengths) and back by this much: an attempt"
        ),
        "trunk_deg": Limit(40.0, "deg", "position: trunk no steeper than this"),
        "thigh_deg": Limit(50.0, "deg", "position: supporting thigh no steeper than this"),
        "sunk_torso": Limit(-0.4, "torso", "position: hips that sink further since the rest before lie down"),
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
              joints=("knee",), span=40.0),
        Check("leg-low", "level_deg", "Raise the leg to the height of the other thigh.", "the leg stayed low", severity="major", joints=("ankle",), span=25.0),
        Check("leg-high", "level_deg", "Lower the leg to the height of the other thigh.", "the leg went too high", severity="moderate",
              joints=("ankle",), span=25.0),
        Check("short-hold", "hold_s", "Hold the leg up for one to two seconds.", "the hold was too short", sense="below", severity="major", span=1.0),
        Check("same-side", "", "Change legs every time.", "the same leg was raised twice", severity="minor"),
    )  # fmt: skip
    drawing = Drawing(angles=(("support_knee", "hip", "knee", "ankle"),), line=("shoulder", "hip", "knee"))

    def signals(self, body: Body) -> dict[str, Array]:
        near_right = body.near_right(self.belly)
        footward = -body.headward
        hip, shoulder = body.mid("hip"), body.mid("shoulder")
        out: dict[str, Array] = {"trunk_pitch": elevation(hip, shoulder, -footward)}
        leg: dict[str, Array] = {}
        knee: dict[str, Array] = {}
        thigh: dict[str, Array] = {}
        shank: dict[str, Array] = {}
        height: dict[str, Array] = {}
        for s in SIDES:
            ankle = body.point("ankle", s, guess=True)
            height[s] = -ankle[:, 1] / body.torso
            out[f"ankle_y_{s}"] = ankle[:, 1]
            knee[s] = body.joint_angle("hip", "knee", "ankle", s, guess=True)
            out[f"leg_knee_{s}"] = knee[s]
            thigh[s] = body.direction("hip", "knee", s, footward, guess=True)
            leg[s] = body.direction("hip", "ankle", s, footward, guess=True)
            shank[s] = elevation(ankle, body.point("knee", s, guess=True), footward)
        up = np.nan_to_num(height["right"] - height["left"] + (knee["right"] - knee["left"]) / 90.0)
        working_right = up > 0
        support_right = ~working_right

        def chosen(right: Mask, values: dict[str, Array]) -> Array:
            return np.where(right, values["right"], values["left"])

        # A hidden standing leg is drawn half way to the raised one: only the near knee is judged, while it stands.
        near_shank = np.where(near_right, shank["right"], shank["left"])
        near_stands = ((np.abs(up) < 0.35) | (support_right == near_right)) & (near_shank > 40) & (near_shank < 140)
        out["working_right"] = working_right.astype(float)
        out["working_knee"] = chosen(working_right, knee)
        out["working_level"] = chosen(working_right, leg) - chosen(support_right, thigh)
        out["support_knee"] = np.where(
            near_stands, chosen(near_right, {s: body.joint_angle("hip", "knee", "ankle", s) for s in SIDES}), np.nan
        )
        out["support_shank"] = chosen(support_right, shank)
        out["support_thigh"] = chosen(support_right, thigh)
        out["knee_off"] = np.abs(out["support_knee"] - 90.0 - self.limits["knee_bias_deg"].value)

        def near(joint: str) -> Array:
            return body.chosen(joint, near_right)

        standing_right = np.where(near_stands, near_right, support_right)
        support_knee_point = body.chosen("knee", standing_right, guess=True)
        out["sag"] = signed_sag(near("shoulder"), near("hip"), support_knee_point)
        out["hand_gap"] = distance(near("wrist"), near("ear")) / body.torso
        support_ankle = chosen(support_right, height)
        out["hip_clearance"] = -hip[:, 1] / body.torso - support_ankle
        out["straighter_knee"] = np.fmax(knee["left"], knee["right"])
        out["hip_up"] = -hip[:, 1] / body.torso
        # The two together find a leg stretched low over the floor as well as one raised bent.
        opened = [knee[s] / 90.0 + height[s] + hip[:, 1] / body.torso for s in SIDES]
        out["out"] = np.fmax(*opened)
        out["hip_y"], out["torso_px"] = near("hip")[:, 1], body.torso
        along = (body.ball_centre - body.mid("shoulder"))[:, 0] * footward / body.torso
        out["ball_off"] = np.abs(along - self.limits["ball_along_torso"].value)
        return out

    position = (
        Gate("trunk_pitch", high="trunk_deg", size=True),
        Gate("support_thigh", high="thigh_deg", size=True),
        Gate("hip_up", "sunk_torso", relative=True),
    )
    start = (
        Gate("support_shank", "shank_low_deg", "shank_high_deg"),
        Gate("hip_clearance", "hips_up_torso"),
        Gate("straighter_knee", high="bent_knee_deg"),
    )
    hold = (Gate("working_knee", "straight_deg"), Gate("working_level", high="level_deg", size=True))

    def effort(self, s: Sample) -> float:
        return s["out"]

    def conclude(self, a: Attempt, limits: Limits, before: Sequence[Rep]) -> Outcome:
        middle = (0.3 * a.start_s + 0.7 * a.peak_s, 0.3 * a.end_s + 0.7 * a.peak_s)
        bend = a.during("working_knee", *middle)
        votes = a.during("working_right", *middle)
        right = (float(np.sum(votes)) + 0.5) / (len(votes) + 1)
        side = None if max(right, 1 - right) < AGREED else "right" if right > 0.5 else "left"
        knee = float(np.percentile(bend, 80)) if len(bend) else float("nan")
        level = a.at_peak("working_level")
        if a.lost:
            return Outcome(ignore=True)
        before_it = a.during("hip_y", a.start_s - 0.3, a.start_s + 0.1)
        drop = (
            (a.at_peak("hip_y") - float(np.median(before_it))) / a.rest["torso_px"] if len(before_it) else float("nan")
        )
        measures = {
            "working_knee": knee,
            "working_level": level,
            "support_knee": a.at_peak("support_knee"),
            "sag": a.at_peak("sag"),
            "hip_drop": drop,
        }
        faults: list[tuple[str, float | None]] = []
        why = None
        if a.hold_s < limits["hold_s"] - limits["hold_tolerance_s"]:
            unsure = 0.0 if side is not None else MIXED_DEG
            if level < -limits["level_deg"] - unsure:
                faults.append(("leg-low", abs(level)))
                why = f"the leg stayed {-level:.0f} degrees below the other thigh"
            elif level > limits["level_deg"] + unsure:
                faults.append(("leg-high", level))
                why = f"the leg went {level:.0f} degrees above the other thigh"
            elif knee < limits["leg_bent_deg"] - unsure:
                faults.append(("leg-bent", knee))
                why = f"the knee was straightened to {knee:.0f} degrees only"
            else:
                faults.append(("short-hold", a.hold_s))
                why = f"held {a.hold_s:.1f} s of {limits['hold_s']:g} s"
        if drop > limits["drop_torso"]:
            faults.append(("hip-drop", drop))
        if side is not None and before and before[-1].side == side:
            faults.append(("same-side", None))
        return Outcome(side, why is None, why, faults, measures=measures)
