"""8 ``plane``: opposite arm and leg raised from all fours, held for ten seconds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..measure import Body, angle, elevation
from ..pose.landmarks import SIDES
from ..rules.checks import HOLD, Check
from ..rules.exercise import Array, Attempt, Drawing, Exercise, Outcome, Prescription, Sample, known
from ..rules.gates import Gate
from ..rules.limits import Limit, Limits
from ..rules.records import Rep

_HOLD = frozenset({HOLD})
#: Both thighs raised by more than this (degrees): no such posture, the model is between two answers.
BLENDED_DEG = 20.0
#: One limb lifted for less than this (s) is a shift of weight, not an attempt.
LEAST_ATTEMPT_S = 2.0
#: Share of the hold in which the model must name the same limb as raised for its word to be taken.
SURE = 0.75


Mask = NDArray[np.bool_]


class Plane(Exercise):
    """From all fours raise one arm forward to shoulder height and the opposite leg back, level with the trunk."""

    id = "plane"
    title = "Plane"
    summary = "on all fours, seen from the side"
    camera = "Side on, at hip height or lower, 2-3 m away, the whole body with both hands and feet in the picture."
    views = ("side",)
    belly = "down"
    prescription = Prescription(reps=6, hold_s=10.0, alternate=True)
    intro = (
        "On all fours: hands under the shoulders, a right angle between trunk and thighs.",
        "Raise your right arm forward to shoulder height and your left leg backwards. Hold for ten seconds, breathing evenly.",
    )
    limits = {
        "least_effort": Limit(30.0, "deg", "an arm or leg has left its support by this much and come back: an attempt"),
        "trunk_low_deg": Limit(-30.0, "deg", "position: trunk no lower than this at the shoulders"),
        "trunk_high_deg": Limit(45.0, "deg", "position: trunk no steeper than this"),
        "hand_down_deg": Limit(100.0, "deg", "position: one arm at least points down from the shoulder"),
        "thigh_down_deg": Limit(62.0, "deg", "position: one thigh at least points down from the hip"),
        "kneeling_deg": Limit(145.0, "deg", "position: the supporting knee is bent"),
        "sitting_deg": Limit(35.0, "deg", "position: but not sat upon"),
        "support_deg": Limit(48.0, "deg", "start: both arms and thighs within this of pointing down"),
        "raised_deg": Limit(35.0, "deg", "least raise of both arm and leg for the hold to run"),
        "still_deg_s": Limit(30.0, "deg/s", "arm and leg move slower than this while held"),
        "hold_s": Limit(10.0, "s", "the routine asks for 10 s"),
        "hold_tolerance_s": Limit(0.25, "s", "uncertainty of timing a hold at 15 frames/s"),
        "arm_low_deg": Limit(-15.0, "deg", "arm at shoulder height, 15 degrees either way", -6.0),
        "arm_high_deg": Limit(17.0, "deg", "arm at shoulder height; the far arm reads up to 5 degrees high", 6.0),
        "leg_low_deg": Limit(-15.0, "deg", "leg level with the trunk, 15 degrees either way", -6.0),
        "leg_high_deg": Limit(16.0, "deg", "leg level with the trunk, 15 degrees either way", 5.0),
        "arch_deg": Limit(
            22.0,
            "deg",
            "a leg further than this above the trunk line is raised by arching the back: the hip itself extends "
            "some 10-20 degrees (Roaas and Andersson 1982: mean 9.5)",
            5.0,
        ),
        "knee_deg": Limit(152.0, "deg", "knee of the raised leg straight", -8.0),
        "thigh_off_deg": Limit(15.0, "deg", "trunk and supporting thigh at a right angle, 15 degrees either way", 6.0),
        "thigh_bias_deg": Limit(5.0, "deg", "the pose model reads a right angle at the near hip as 93-97"),
        "far_margin_deg": Limit(12.0, "deg", "the hidden hip reads up to 17 degrees too open: judged with this margin"),
        "elbow_over_deg": Limit(
            25.0, "deg", "supporting elbow bent backwards; elbows read 15 degrees off, once 28 for a second", 5.0
        ),
        "pelvis_open_deg": Limit(42.0, "deg", "pelvis rolled open against the start position", 8.0),
        "head_down_deg": Limit(-42.0, "deg", "head hangs below the line of the trunk", -8.0),
        "head_back_deg": Limit(32.0, "deg", "head thrown back above the line of the trunk", 8.0),
    }
    checks = (
        Check("hip-sag", "arch_deg", "Flatten your back: tighten belly and buttocks.", "the lower back is arching",
              "leg_level", "above", _HOLD, "major", ("hip",), dwell_s=0.8, span=20.0),
        Check("thigh-angle", "thigh_off_deg", "Bring your hips over your knees.", "trunk and thigh should make a right angle",
              "thigh_off", "above", _HOLD, "moderate", ("hip", "knee"), dwell_s=2.0, span=25.0),
        Check("arm-low", "arm_low_deg", "Raise your arm to shoulder height.", "the arm should be level",
              "arm_level", "below", _HOLD, "moderate", ("wrist",), dwell_s=1.0, span=30.0),
        Check("arm-high", "arm_high_deg", "Lower your arm to shoulder height.", "the arm should be level",
              "arm_level", "above", _HOLD, "minor", ("wrist",), dwell_s=1.0, span=30.0),
        Check("leg-low", "leg_low_deg", "Raise your leg, level with your back.", "the leg should continue the line of the trunk",
              "leg_level", "below", _HOLD, "moderate", ("ankle",), dwell_s=1.0, span=30.0),
        Check("leg-high", "leg_high_deg", "Lower your leg, level with your back.", "the leg should continue the line of the trunk",
              "leg_level", "above", _HOLD, "minor", ("ankle",), dwell_s=1.0, span=20.0),
        Check("knee-bent", "knee_deg", "Straighten your raised leg.", "the knee should be straight",
              "raised_knee", "below", _HOLD, "moderate", ("knee",), dwell_s=1.0, span=40.0),
        Check("elbow-locked", "elbow_over_deg", "Unlock your elbow, keep it soft.", "the elbow is bent backwards",
              "elbow_over", "above", _HOLD, "minor", ("elbow",), dwell_s=3.0, span=20.0),
        Check("pelvis-open", "pelvis_open_deg", "Keep both hips facing the floor.", "the pelvis is rolling open",
              "pelvis_roll", "above", _HOLD, "moderate", ("hip",), dwell_s=1.5, span=25.0, relative=True),
        Check("head-down", "head_down_deg", "Lift your head in line with your back.", "the head is hanging",
              "head_pitch", "below", _HOLD, "minor", ("ear",), dwell_s=1.5, span=30.0),
        Check("head-back", "head_back_deg", "Look at the floor, neck long.", "the head is thrown back",
              "head_pitch", "above", _HOLD, "minor", ("ear",), dwell_s=1.5, span=30.0),
        Check("short-hold", "hold_s", "Hold it for the full ten seconds.", "the hold was too short", sense="below", severity="major", span=10.0),
        Check("same-side-pair", "", "Raise the opposite arm and leg.", "arm and leg of the same side were raised", severity="major"),
        Check("repeated-pair", "", "Change sides: now the other arm and leg.", "the same pair was raised twice running", severity="minor"),
    )  # fmt: skip
    drawing = Drawing(angles=(("support_thigh", "shoulder", "hip", "knee"),), line=("shoulder", "hip", "ankle"))

    def signals(self, body: Body) -> dict[str, Array]:
        fwd = body.headward
        near_right = body.near_right(self.belly)
        hip, shoulder = body.mid("hip"), body.mid("shoulder")
        trunk = elevation(hip, shoulder, fwd)
        out: dict[str, Array] = {"trunk_pitch": trunk}
        arm, thigh = {}, {}
        for s in SIDES:
            arm[s] = body.direction("shoulder", "wrist", s, fwd, guess=True)
            thigh[s] = body.direction("hip", "knee", s, -fwd, guess=True)
            out[f"arm_raise_{s}"], out[f"leg_raise_{s}"] = arm[s] + 90, thigh[s] + 90
        out["arm_up"], out["leg_up"] = (np.fmax(*(out[f"{limb}_raise_{s}"] for s in SIDES)) for limb in ("arm", "leg"))
        out["hand_down"] = np.fmin(*(out[f"arm_raise_{s}"] for s in SIDES))
        left, right = (out[f"leg_raise_{s}"] for s in SIDES)
        nearer = np.isnan(left) | (np.abs(right) < np.abs(left))
        out["thigh_down"] = np.where(nearer, right, left)
        arm_right = np.nan_to_num(arm["right"], nan=-90) > np.nan_to_num(arm["left"], nan=-90)
        leg_right = np.nan_to_num(thigh["right"], nan=-90) > np.nan_to_num(thigh["left"], nan=-90)

        def chosen(right: Mask, values: dict[str, Array]) -> Array:
            return np.where(right, values["right"], values["left"])

        seen_arm = {s: body.direction("shoulder", "wrist", s, fwd) for s in SIDES}
        knee = {s: body.joint_angle("hip", "knee", "ankle", s) for s in SIDES}
        seen_thigh = {s: body.direction("hip", "knee", s, -fwd) for s in SIDES}
        seen_leg = {s: body.direction("hip", "ankle", s, -fwd) for s in SIDES}
        out["arm_right"], out["leg_right"] = arm_right.astype(float), leg_right.astype(float)
        out["arm_level"] = chosen(arm_right, seen_arm)
        out["raised_knee"] = chosen(leg_right, knee)
        straight = out["raised_knee"] >= 155.0
        out["leg_level"] = np.where(straight, chosen(leg_right, seen_leg), chosen(leg_right, seen_thigh)) + trunk
        hips = {s: body.joint_angle("shoulder", "hip", "knee", s) for s in SIDES}
        out["support_thigh"] = chosen(~leg_right, hips)
        out["support_knee"] = chosen(
            ~leg_right, {s: body.joint_angle("hip", "knee", "ankle", s, guess=True) for s in SIDES}
        )
        out["support_far"] = (leg_right == near_right).astype(float)
        out["elbow_over"] = chosen(~arm_right, {s: _over_straight(body, s, fwd) for s in SIDES})
        # A hidden leg is now and then drawn between the raised and the standing one: such frames say nothing of the legs.
        blended = np.fmin(out["leg_raise_left"], out["leg_raise_right"]) > BLENDED_DEG
        for name in ("leg_level", "raised_knee", "support_thigh"):
            out[name] = np.where(blended, np.nan, out[name])
        for joint in ("knee", "ankle", "wrist"):
            for s in SIDES:
                p = body.point(joint, s, guess=True) / body.size[1]
                out[f"{joint}_x_{s}"], out[f"{joint}_y_{s}"] = p[:, 0], p[:, 1]
        hip_line = body.world_point("hip", "left") - body.world_point("hip", "right")
        with np.errstate(invalid="ignore", divide="ignore"):
            roll = np.degrees(np.arcsin(np.clip(-hip_line[:, 1] / np.linalg.norm(hip_line, axis=1), -1, 1)))
        out["pelvis_roll"] = np.where(leg_right, -roll, roll)
        ear = body.chosen("ear", near_right)
        out["head_pitch"] = elevation(shoulder, ear, fwd) - trunk
        off = np.abs(out["support_thigh"] - 90.0 - self.limits["thigh_bias_deg"].value)
        out["thigh_off"] = np.maximum(off - self.limits["far_margin_deg"].value * out["support_far"], 0.0)
        return out

    position = (
        Gate("trunk_pitch", "trunk_low_deg", "trunk_high_deg"),
        Gate("hand_down", high="hand_down_deg"),
        Gate("thigh_down", high="thigh_down_deg", size=True),
        Gate("support_knee", "sitting_deg", "kneeling_deg"),
    )
    start = (Gate("arm_up", high="support_deg", size=True), Gate("leg_up", high="support_deg", size=True))
    hold = (
        Gate("arm_up", "raised_deg", relative=True),
        Gate("leg_up", "raised_deg", relative=True),
        Gate("effort_speed", high="still_deg_s", size=True),
    )

    def effort(self, s: Sample) -> float:
        return max(known((s["arm_up"], s["leg_up"])), default=float("nan"))

    def conclude(self, a: Attempt, limits: Limits, before: Sequence[Rep]) -> Outcome:
        (arm, arm_up), (leg, leg_up) = _raised(a, "arm", ("wrist",)), _raised(a, "leg", ("knee", "ankle"))
        names = ("arm_level", "leg_level", "raised_knee", "support_thigh", "trunk_pitch", "head_pitch")
        measures = {n: a.at_peak(n) for n in names}
        faults: list[tuple[str, float | None]] = []
        why = None
        least = limits["raised_deg"]
        both = min(arm_up, leg_up) >= least
        if not both:
            if max(arm_up, leg_up) < limits["least_effort"] or a.end_s - a.start_s < LEAST_ATTEMPT_S:
                return Outcome(ignore=True)
            why = f"only the {'arm' if arm_up >= least else 'leg'} was raised"
        elif arm == leg:
            faults.append(("same-side-pair", None))
            why = "the arm and leg of the same side were raised"
        if both and a.hold_s < limits["hold_s"] - limits["hold_tolerance_s"]:
            faults.append(("short-hold", a.hold_s))
            why = why or f"held {a.hold_s:.1f} s of {limits['hold_s']:g} s"
        if both and before and before[-1].side == arm and arm != leg and before[-1].measures.get("pair") == 1.0:
            faults.append(("repeated-pair", None))
        measures["pair"] = float(both and arm != leg)
        drop = frozenset({"leg-high"}) if np.nan_to_num(measures["leg_level"]) > limits["arch_deg"] else frozenset()
        return Outcome(arm, why is None, why, faults, drop, measures)


def _raised(a: Attempt, limb: str, contacts: tuple[str, ...]) -> tuple[str, float]:
    """Tell which arm or leg was raised, and by how many degrees.

    The model names the raised limb, and is believed if it says the same for most of the hold. If not, the limb that
    stayed on the floor tells: it stands where the left or where the right one stood before (the far one higher in the
    picture), whatever its name.
    """
    up = {s: a.at_peak(f"{limb}_raise_{s}") - a.rest[f"{limb}_raise_{s}"] for s in SIDES}
    side = max(SIDES, key=lambda s: np.nan_to_num(up[s], nan=-999.0))
    span = a.hold_span or (a.peak_s - 0.3, a.peak_s + 0.3)
    votes = a.during(f"{limb}_right", *span)
    share = float(np.mean(votes)) if len(votes) else 0.5
    if max(share, 1 - share) >= SURE:
        side = "right" if share > 0.5 else "left"
    else:
        right = [v for c in contacts if (v := _stands_right(a, limb, c, span)) == v]
        if right:
            side = "left" if np.mean(right) > 0.5 else "right"
    return side, max(np.nan_to_num(v, nan=-999.0) for v in up.values())


def _stands_right(a: Attempt, limb: str, joint: str, span: tuple[float, float]) -> float:
    """Return where the limb on the floor stands: 0 = where the left one stood at rest, 1 = where the right one did."""
    rest = {s: np.array([a.rest[f"{joint}_{c}_{s}"] for c in "xy"]) for s in SIDES}
    apart = rest["right"] - rest["left"]
    m = (a.t >= span[0]) & (a.t <= span[1])
    raised_right = a.values[f"{limb}_right"][m] > 0.5
    where = np.stack(
        [np.where(raised_right, a.values[f"{joint}_{c}_left"][m], a.values[f"{joint}_{c}_right"][m]) for c in "xy"],
        axis=1,
    )
    along = (where - rest["left"]) @ apart / float(apart @ apart)
    return float(np.nanmedian(along)) if np.isfinite(along).any() else float("nan")


def _over_straight(body: Body, side: str, forward: Array) -> Array:
    """(n,) degrees by which a supporting elbow is bent forwards, past straight; negative = bent the natural way."""
    sh, el, wr = (body.point(j, side) for j in ("shoulder", "elbow", "wrist"))
    line, d = wr - sh, el - sh
    ahead = (d[:, 0] * line[:, 1] - d[:, 1] * line[:, 0]) * forward
    return np.copysign(180.0 - angle(sh, el, wr), ahead)
