"""8 ``plane``: opposite arm and leg raised from all fours, held for ten seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from formcheck.sight.pose.landmarks import JOINT, SIDES

from ..measure import Body, angle, elevation
from ..measure.level import HANDS_AND_KNEES
from ..rules.checks import HOLD, Check
from ..rules.drawing import ARM, HEAD, HIPS, KNEE, Bend, Bow, Drawing, Tilt
from ..rules.exercise import Array, Attempt, Exercise, Prescription, Sample
from ..rules.facts import Breathing, Followed
from ..rules.gates import Gate, slow
from ..rules.holding import SHORT_HOLD, WHY_SHORT
from ..rules.limits import Limit, Limits
from ..rules.outcome import Outcome, Told
from ..rules.raised import blurred, held_up, raised
from ..rules.records import Rep
from ..rules.turns import again

_HOLD = frozenset({HOLD})
#: Both thighs raised by more than this (degrees): no such posture, the model is between two answers.
BLENDED_DEG = 20.0
#: An arm at shoulder height reaches this far (torso lengths) headward of the shoulder: 0.65 and 0.5 for upper arm and
#: forearm (Drillis and Contini 1966), less what a foreshortened trunk makes of them. Where it would leave the picture a
#: hand that is not seen may be up, and one that is seen is drawn squeezed into the picture.
ARM_REACH = 1.05
#: A knee opened by this much (degrees) makes one line of the leg.
STRAIGHT_DEG = 155.0
#: One limb lifted for less than this (s) is a shift of weight or a scratch, not an attempt ...
SINGLE_S = 2.0
#: ... and a lone hand lifted with the elbow bent further than this (degrees) is at the face, not raised.
SCRATCHING_DEG = 110.0
#: What cannot be judged where a limb could not be followed.
BLURRED = {
    "arm": frozenset({"arm-low", "arm-high", "elbow-locked"}),
    "leg": frozenset({"hip-sag", "thigh-angle", "leg-low", "leg-high", "knee-bent", "pelvis-open"}),
}
#: Arm and leg together cannot be lifted and put down in less (s; the quickest of real people take 1.5): getting down on
#: the stomach or up from it.
PAIR_S = 0.9
#: Who leaves the position in the middle of it made an attempt if it was held this long (s) before.
LEFT_AFTER_S = 1.0

Mask = NDArray[np.bool_]


class Plane(Exercise):
    """From all fours raise one arm forward to shoulder height and the opposite leg back, level with the trunk."""

    id = "plane"
    title = "Plane"
    summary = "on all fours, seen from the side"
    camera = "Side on, at hip height or lower, 2-3 m away, the whole body with both hands and feet in the picture."
    views = ("side",)
    belly = "down"
    supports = HANDS_AND_KNEES
    prescription = Prescription(reps=6, hold_s=10.0, alternate=True)
    intro = (
        "On all fours: hands under the shoulders, a right angle between trunk and thighs.",
        "Raise your right arm forward to shoulder height and your left leg backwards. Hold for {hold}, breathing evenly.",
    )
    limits = {
        "least_effort": Limit(
            25.0, "deg", "arm and leg, on average, have left their support by this much and come back: an attempt"
        ),
        "trunk_low_deg": Limit(-30.0, "deg", "position: trunk no lower than this at the shoulders"),
        "trunk_high_deg": Limit(45.0, "deg", "position: trunk no steeper than this"),
        "hand_down_deg": Limit(100.0, "deg", "position: one arm at least points down from the shoulder"),
        "thigh_down_deg": Limit(62.0, "deg", "position: one thigh at least points down from the hip"),
        "kneeling_deg": Limit(145.0, "deg", "position: the supporting knee is bent"),
        "sitting_deg": Limit(35.0, "deg", "position: but not sat upon"),
        "support_deg": Limit(48.0, "deg", "start: both arms and thighs within this of pointing down"),
        "raised_deg": Limit(
            35.0, "deg", "arm and leg are raised by this much against those that stand, for the hold to run"
        ),
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
        "arch_level_deg": Limit(
            10.0,
            "deg",
            "... and further than that less this above the level: the trunk slopes where arms are longer than thighs, "
            "and a leg level with the floor then reads up to 27 above the trunk line",
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
              "arch", "above", _HOLD, "major", ("hip",), dwell_s=0.8, span=20.0),
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
        Check("same-side-pair", "", "Raise the opposite arm and leg.", "arm and leg of the same side were raised", severity="major",
              uncounts="the arm and leg of the same side were raised"),
        Check("short-hold", "hold_s", "Hold it for the full {hold}.", "the hold was too short", sense="below", severity="major", span=10.0,
              slack="hold_tolerance_s", uncounts=WHY_SHORT),
        Check("repeated-pair", "", "Change sides: now the other arm and leg.", "the same pair was raised twice running", severity="minor"),
    )  # fmt: skip
    drawing = Drawing(
        angles=(("support_thigh", "shoulder", "hip", "knee"),),
        line=("shoulder", "hip", "ankle"),
        shows=(("support_thigh", ("thigh_off",)), ("line", ("arch", "leg_level"))),
        sketches={
            "arch": Tilt("hip", "ankle", ("shoulder:mid", "hip:mid")),
            "thigh_off": Bend("shoulder", "hip", "knee", of="support_thigh"),
            "arm_level": ARM,
            "leg_level": Tilt("hip", "ankle", ("shoulder:mid", "hip:mid")),
            "raised_knee": KNEE,
            "elbow_over": Bow("shoulder", "elbow", "wrist"),
            "pelvis_roll": HIPS,
            "head_pitch": HEAD,
        },
    )
    measures = {
        **{f"arm_raise_{s}": ("deg", f"{s} arm from hanging: 90 level") for s in ("left", "right")},
        **{f"leg_raise_{s}": ("deg", f"{s} thigh from upright: 90 level") for s in ("left", "right")},
        "arm_right": ("0/1", "1 where the right arm is the raised one"),
        "leg_right": ("0/1", "1 where the right leg is the raised one"),
        **{f"{limb}_higher": ("deg", f"the higher of both {limb}s, as {limb}_raise") for limb in ("arm", "leg")},
        **{
            f"{limb}_up": ("deg", f"one {limb} above the other; alone, above its place on the floor")
            for limb in ("arm", "leg")
        },
        **{
            f"{limb}_nearer_seen": ("1", f"confidence of the near {joint} less that of the far one")
            for limb, joint in (("arm", "elbow"), ("leg", "knee"))
        },
        "lifted": ("deg", "the highest limb"),
        "hand_down": ("deg", "the lower arm, from hanging: 0 under the shoulder"),
        "thigh_down": ("deg", "the standing thigh, from upright: 0 under the hip"),
        "arm_level": ("deg", "raised arm above (+) or below (-) the horizontal"),
        "raised_elbow": ("deg", "elbow of the raised arm: 180 straight"),
        "raised_knee": ("deg", "knee of the raised leg: 180 straight"),
        "leg_level": ("deg", "raised leg above (+) or below (-) the line of the trunk"),
        "arch": ("deg", "as leg_level, of a leg above the horizontal: tells a hollow back"),
        "support_thigh": ("deg", "shoulder-hip-knee of the standing leg: 90 asked for"),
        "support_knee": ("deg", "knee of the standing leg, hidden ones guessed"),
        "support_far": ("0/1", "1 where the standing leg is the far one"),
        "elbow_over": ("deg", "supporting elbow past straight (+), or bent (-)"),
        **{
            f"{joint}_{axis}_{s}": ("1", f"{s} {joint}, {way} the picture, of its height")
            for joint in ("knee", "ankle", "wrist")
            for axis, way in (("x", "across"), ("y", "down"))
            for s in ("left", "right")
        },
        "pelvis_roll": ("deg", "pelvis rolled open to the side of the raised leg"),
        "head_pitch": ("deg", "head above (+) or below (-) the line of the trunk"),
        "thigh_off": ("deg", "standing thigh off the right angle, less what a far hip may misread"),
    }
    decided = {
        "arm_level": ("deg", "raised arm against the horizontal, held"),
        "leg_level": ("deg", "raised leg against the line of the trunk, held"),
        "raised_knee": ("deg", "raised knee, held"),
        "support_thigh": ("deg", "angle of trunk and standing thigh, held"),
        "trunk_pitch": ("deg", "trunk, held: 0 level"),
        "head_pitch": ("deg", "head against the line of the trunk, held"),
        "pair": ("0/1", "1 where arm and leg of opposite sides were raised"),
    }
    followed = (Followed("leg_level", "Leg against the trunk", 0),)
    breathing = Breathing(evenly=True)

    def signals(self, body: Body) -> dict[str, Array]:
        fwd = body.headward
        near_right = body.near_right(self.belly)
        shoulder = body.mid("shoulder")
        trunk = elevation(body.mid("hip"), shoulder, fwd)
        out = {"trunk_pitch": trunk} | self._limbs(body, fwd)
        for limb, joint in (("arm", "elbow"), ("leg", "knee")):
            left, right = (body.confidence[:, JOINT[joint][s]] for s in SIDES)
            out[f"{limb}_nearer_seen"] = np.where(near_right, right - left, left - right)
        arm_right, leg_right = out["arm_right"] > 0.5, out["leg_right"] > 0.5
        raised_arm, standing_arm = body.on(arm_right), body.on(~arm_right)
        raised_leg, standing_leg = body.on(leg_right), body.on(~leg_right)
        seen_arm = {
            s: np.where(_fits(body, s, fwd), at, np.nan) for s, at in body.directions("shoulder", "wrist", fwd).items()
        }
        out["arm_level"] = raised_arm.of(seen_arm)
        out["raised_elbow"] = raised_arm.of(body.joint_angles("shoulder", "elbow", "wrist"))
        knee = out["raised_knee"] = raised_leg.of(body.joint_angles("hip", "knee", "ankle"))
        leg, thigh = (raised_leg.of(body.directions("hip", j, -fwd)) for j in ("ankle", "knee"))
        # Where the foot is out of the picture the knee beside it is drawn too near.
        leg = np.where(np.isnan(knee), np.nan, np.where(knee >= STRAIGHT_DEG, leg, thigh))
        out["leg_level"] = leg + trunk
        out["arch"] = np.minimum(out["leg_level"], leg + self.in_force["arch_level_deg"])
        hips = body.joint_angles("shoulder", "hip", "knee")
        out["support_thigh"] = standing_leg.of(hips)
        guessed = body.joint_angles("hip", "knee", "ankle", guess=True)
        out["support_knee"] = standing_leg.of(guessed)
        out["support_far"] = (leg_right == near_right).astype(float)
        out["elbow_over"] = standing_arm.of({s: _over_straight(body, s, fwd) for s in SIDES})
        # A hidden leg is now and then drawn between the raised and the standing one: such frames say nothing of the legs.
        blended = np.fmin(out["leg_raise_left"], out["leg_raise_right"]) > BLENDED_DEG
        for name in ("leg_up", "leg_level", "arch", "raised_knee", "support_thigh"):
            out[name] = np.where(blended, np.nan, out[name])
        roll = _pelvis_roll(body)
        out["pelvis_roll"] = np.where(leg_right, -roll, roll)
        out["head_pitch"] = elevation(shoulder, body.chosen("ear", near_right), fwd) - trunk
        off = np.abs(out["support_thigh"] - 90.0 - self.in_force["thigh_bias_deg"])
        out["thigh_off"] = np.maximum(off - self.in_force["far_margin_deg"] * out["support_far"], 0.0)
        return out

    def _limbs(self, body: Body, fwd: Array) -> dict[str, Array]:
        """How far each limb is raised, which one it is, and where the limbs touch the floor."""
        out: dict[str, Array] = {}
        arms = body.directions("shoulder", "wrist", fwd, guess=True)
        legs = body.directions("hip", "knee", -fwd, guess=True)
        for s in SIDES:
            known = _fits(body, s, fwd) | np.isfinite(body.point("wrist", s)[:, 0])
            out[f"arm_raise_{s}"] = np.where(known, arms[s] + 90, np.nan)
            out[f"leg_raise_{s}"] = legs[s] + 90
            for joint in ("knee", "ankle", "wrist"):
                p = body.place(joint, s, guess=True) / body.size[1]
                out[f"{joint}_x_{s}"], out[f"{joint}_y_{s}"] = p[:, 0], p[:, 1]
        for limb in ("arm", "leg"):
            left, right = (out[f"{limb}_raise_{s}"] for s in SIDES)
            raised_left, raised_right = (np.where(np.isnan(v), 0.0, v) for v in (left, right))
            out[f"{limb}_right"] = (raised_right > raised_left).astype(float)
            out[f"{limb}_higher"] = higher = np.fmax(left, right)
            # Of a limb that is not seen the other one, standing, tells nothing.
            alone = np.where(higher > self.in_force["support_deg"], higher, np.nan)
            out[f"{limb}_up"] = np.where(np.isnan(left + right), alone, np.abs(left - right))
        out["lifted"] = np.fmax(out["arm_higher"], out["leg_higher"])
        out["hand_down"] = np.fmin(out["arm_raise_left"], out["arm_raise_right"])
        left, right = out["leg_raise_left"], out["leg_raise_right"]
        out["thigh_down"] = np.where(np.isnan(left) | (np.abs(right) < np.abs(left)), right, left)
        return out

    side_faults = frozenset({"same-side-pair", "repeated-pair"})
    position = (
        Gate("trunk_pitch", "trunk_low_deg", "trunk_high_deg"),
        Gate("hand_down", high="hand_down_deg"),
        Gate("thigh_down", high="thigh_down_deg", size=True),
        Gate("support_knee", "sitting_deg", "kneeling_deg"),
    )
    start = (Gate("arm_higher", high="support_deg", size=True), Gate("leg_higher", high="support_deg", size=True))
    hold = (
        Gate("arm_up", "raised_deg"),
        Gate("leg_up", "raised_deg"),
        slow("still_deg_s"),
    )

    explains = {"hip-sag": frozenset({"leg-high"})}

    def effort(self, s: Sample) -> float:
        return s["lifted"]

    def conclude(self, a: Attempt, limits: Limits, before: Sequence[Rep]) -> Outcome:
        arm, leg = raised(a, "arm", ("wrist",)), raised(a, "leg", ("knee", "ankle"))
        names = ("arm_level", "leg_level", "raised_knee", "support_thigh", "trunk_pitch", "head_pitch")
        measures = {n: a.at_peak(n) for n in names}
        least, still = limits["raised_deg"], limits["still_deg_s"]
        up = {"arm": arm.up >= least, "leg": leg.up >= least}
        down = {"arm": arm.up < least, "leg": leg.up < least}
        lasts = SINGLE_S if any(down.values()) else PAIR_S
        if not any(up.values()) or a.end_s - a.start_s < lasts or (a.lost and a.hold_s < LEFT_AFTER_S):
            return Outcome(ignore=True)
        if down["leg"] and a.at_peak("raised_elbow") < SCRATCHING_DEG:
            return Outcome(ignore=True)
        held, drop = held_up(a, [limb for limb in up if up[limb]], least, still), frozenset[str]()
        for limb, other in (("leg", "arm"), ("arm", "leg")):
            alone = held_up(a, [other], least, still)
            if all(up.values()) and blurred(a, limb, alone, least):
                held, drop = max(held, alone, key=lambda span: span[1] - span[0]), drop | BLURRED[limb]
        for limb, seen in (("arm", arm), ("leg", leg)):
            drop |= BLURRED[limb] if seen.exchanged else frozenset()
        hold = held[1] - held[0]
        if self.fails("hip-sag", a.at_peak("arch")):
            drop |= self.explains["hip-sag"]
        same = all(up.values()) and arm.side is not None and arm.side == leg.side
        opposite = not same and not any(down.values())
        side = _other_arm(a, leg.side, least) if opposite and arm.up != arm.up else arm.side
        measures["pair"] = float(opposite)
        faults: list[Told] = [("same-side-pair", None)] if same else []
        out = Outcome(side, faults=faults, drop=drop, measures=measures, hold_s=hold)
        if any(down.values()):
            out = replace(out, counted=False, why=f"only the {'arm' if up['arm'] else 'leg'} was raised")
        else:
            unseen = f"the raised {'leg' if up['arm'] else 'arm'} could not be seen"
            whole = all(up.values())
            out = replace(out, counted=whole, why=None if whole else unseen, decides={SHORT_HOLD: hold})
        counted = self.concluded(out).counted
        repeats = opposite and again(before, side, counted=counted, follows=a.follows)
        if repeats and before[-1].measures.get("pair") == 1.0:
            out = replace(out, faults=[*faults, ("repeated-pair", None)])
        return out


def _other_arm(a: Attempt, leg: str | None, least: float) -> str | None:
    """Return the arm opposite to a raised leg, if the arm beside it was seen to stand: whatever was up, was the other."""
    if leg is None or not a.at_peak(f"arm_raise_{leg}") < least:
        return None
    return "left" if leg == "right" else "right"


def _pelvis_roll(body: Body) -> Array:
    """(n,) degrees by which the left hip is lifted above the right one, from the world landmarks."""
    line = body.world_point("hip", "left") - body.world_point("hip", "right")
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.degrees(np.arcsin(np.clip(-line[:, 1] / np.linalg.norm(line, axis=1), -1, 1))))


def _fits(body: Body, side: str, forward: Array) -> Mask:
    """(n,) True where an arm raised to shoulder height would be in the picture."""
    hand = body.point("shoulder", side, guess=True)[:, 0] + ARM_REACH * forward * body.torso
    return np.asarray((hand >= 0) & (hand <= body.size[0]))


def _over_straight(body: Body, side: str, forward: Array) -> Array:
    """(n,) degrees by which a supporting elbow is bent forwards, past straight; negative = bent the natural way."""
    sh, el, wr = (body.point(j, side) for j in ("shoulder", "elbow", "wrist"))
    line, d = wr - sh, el - sh
    ahead = (d[:, 0] * line[:, 1] - d[:, 1] * line[:, 0]) * forward
    return np.copysign(180.0 - angle(sh, el, wr), ahead)
