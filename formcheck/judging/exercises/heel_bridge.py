"""3 ``heel-bridge``: on the back, heels on the ball; roll up into one line, lift one leg, then the other, roll down."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import isnan

import numpy as np
from numpy.typing import NDArray

from formcheck.sight.pose.landmarks import SIDES

from ..measure import Body, elevation, line_deviation
from ..measure.geometry import distance
from ..rules.checks import ALWAYS, START, Check
from ..rules.drawing import ANKLES, BODY_LINE, KNEE, Bow, Drawing
from ..rules.exercise import SEEN_SHARE, Array, Attempt, Exercise, Prescription, Sample
from ..rules.facts import BallPlace, Followed
from ..rules.gates import Gate
from ..rules.limits import Limit, Limits
from ..rules.outcome import Outcome, Told
from ..rules.presence import GAP_S
from ..rules.records import Rep
from ..rules.tempo import travel_seconds
from ..rules.timing import Trigger

#: A roll is timed between these shares of its way: less drowns in noise, more in the legs' lifts, which move the trunk too.
#: That is this share of the time of a smooth swing and of one at an even speed (see rules.tempo): who is fast swings,
#: who takes longer than SLOW_S rolls evenly.
TIMED_FROM, TIMED_TO, SMOOTH_SHARE, EVEN_SHARE, SLOW_S = 0.06, 0.8, 0.47, 0.6, 2.3
#: A roll is looked for from so long (s) before the attempt to so long after it: its edges are where it could be told.
ROUND_S = 0.5
#: Seen more squarely from the side than this, nothing tells how far apart the feet are (feet 0.6 m apart read 0.15 m).
BLIND_YAW_DEG = 72.0
#: A lifted foot stays up at least this long (s).
LIFT_DWELL_S = 0.15
#: A leg that was lost sight of at this share of a lift's least height, rising, and seen again there, sinking, was up
#: meanwhile; its way is looked at for so long (s) before and after.
HIDDEN, WAY_S = 0.5, 0.4


class HeelBridge(Exercise):
    """Heels on the ball; roll the trunk up into one line with the legs, lift one leg, the other, and roll down again."""

    id = "heel-bridge"
    title = "Heel bridge on the ball"
    summary = "on the back with straight legs and the heels on the ball, seen from the side"
    camera = (
        "Side on, at ball height, 2-3 m away, from head to feet in the picture, with room above for the raised leg."
    )
    views = ("side",)
    belly = "up"
    ball = BallPlace("ankle", below=0.55, radius=0.55)
    prescription = Prescription(reps=5)
    intro = (
        "On your back, legs straight and together, heels on the ball, arms beside you.",
        "Roll up vertebra by vertebra into one line with your legs. Lift one leg, then the other, and roll down slowly.",
    )
    limits = {
        "least_effort": Limit(
            5.0,
            "deg",
            "trunk rolled up by this much and back: an attempt; the line is reached at 12-18, at rest it sways by 1",
        ),
        "supine_deg": Limit(
            30.0, "deg", "position: on the back (reads 69-90 from the side), not on the stomach (-30 to -90)"
        ),
        "trunk_low_deg": Limit(-20.0, "deg", "position: trunk no lower than this at the hips"),
        "trunk_high_deg": Limit(50.0, "deg", "position: trunk no steeper than this"),
        "legs_low_deg": Limit(
            -20.0, "deg", "position: legs no lower than this; on the floor they may lie because the ball rolled away"
        ),
        "legs_high_deg": Limit(65.0, "deg", "position: legs no steeper than this"),
        "legs_straight_deg": Limit(130.0, "deg", "position: the straighter knee opened further"),
        "lying_line_deg": Limit(9.5, "deg", "start: hips below the line by this much at least"),
        "lying_deg": Limit(18.0, "deg", "start: trunk flatter than this"),
        "start_legs_deg": Limit(50.0, "deg", "start: legs of someone with the heels on the ball rise 28-36 degrees"),
        "least_rise_deg": Limit(
            8.0, "deg", "least roll of the trunk for a cycle without a leg lift; the line is reached at 15-18"
        ),
        "hips_up_deg": Limit(
            4.0,
            "deg",
            "hips nearer the line than lying by this much at least: rolling up brings 10-25, sitting up less than 0",
        ),
        "line_deg": Limit(
            13.5, "deg", "shoulder-hip-ankle straight to 165 degrees; the hip reads 1-8 straighter than it is", 4.0
        ),
        "arch_deg": Limit(
            -20.0, "deg", "over-arched past the line by 15 degrees; a straight body reads up to 7 past it", -4.0
        ),
        "knee_deg": Limit(152.0, "deg", "knees straight: straight ones read 167-180 at the near leg", -8.0),
        "lift_torso": Limit(
            0.22,
            "torso",
            "ankles this much further apart in height than lying: a leg is lifted (lifts of 25 degrees read 0.5-0.7)",
        ),
        "lower_torso": Limit(0.14, "torso", "ankles this close in height again: the leg is back on the ball"),
        "fast_s": Limit(2.0, "s", "rolling up or down in less is not vertebra by vertebra", -0.4),
        "apart_m": Limit(
            0.42,
            "m",
            "ankles this far apart at the start, where the view is turned enough to tell; feet together read 0.15-0.25",
            0.1,
        ),
        "ball_gap_torso": Limit(0.5, "torso", "the lower heel this far from the ball's top"),
    }
    checks = (
        Check("hip-sag", "line_deg", "Lift your hips into one line with your legs.", "the hips are sagging",
              "lift_line", "above", severity="major", joints=("hip",), dwell_s=0.5, span=20.0),
        Check("hip-arch", "arch_deg", "Lower your hips a little, ribs down.", "the back is arching past the line",
              "line_dev", "below", severity="moderate", joints=("hip",), dwell_s=0.6, span=20.0),
        Check("knee-bent", "knee_deg", "Straighten your knees.", "a knee is bent",
              "leg_knee", "below", severity="moderate", joints=("knee",), dwell_s=0.6, span=30.0),
        Check("legs-apart", "apart_m", "Put your feet together on the ball.", "the legs are apart",
              "feet_gap", "above", frozenset({START}), "minor", ("ankle",), dwell_s=1.0, span=0.3),
        Check("ball-lost", "ball_gap_torso", "Keep both heels on the ball.", "the ball has rolled away",
              "ball_off", "above", ALWAYS, "moderate", ("ankle",), dwell_s=0.8, span=0.5),
        Check("hip-sag", "line_deg", "Lift your hips into one line with your legs.", "the line was not reached", severity="major",
              joints=("hip",), span=20.0),
        Check("leg-skipped", "", "Lift one leg, then the other.", "a leg was left out", severity="major"),
        Check("same-side", "", "Change legs: lift the other one.", "the same leg was lifted twice", severity="moderate"),
        Check("too-fast-up", "fast_s", "Roll up slowly, vertebra by vertebra.", "rolled up too fast", sense="below", severity="moderate", span=1.5),
        Check("too-fast-down", "fast_s", "Roll down slowly, vertebra by vertebra.", "came down too fast", sense="below", severity="moderate", span=1.5),
    )  # fmt: skip
    drawing = Drawing(
        angles=(("line", "shoulder", "hip", "ankle"),),
        line=("shoulder", "hip", "ankle"),
        shows=(("line", ("lift_line", "line_dev")),),
        sketches={
            "lift_line": BODY_LINE,
            "line_dev": BODY_LINE,
            "leg_knee": KNEE,
            "feet_gap": ANKLES,
            "hip-sag": Bow("shoulder", "hip", "ankle", of="line_dev"),
        },
    )
    measures = {
        "trunk_pitch": ("deg", "elevation of the hips over the shoulders: 0 lying"),
        "lift": ("torso", "right ankle above the left one"),
        "line_dev": ("deg", "hips below (+) or above (-) the line shoulder-ankle: 0 straight"),
        "hold_line": ("deg", "the same with a hidden ankle guessed, for the hold only"),
        "lift_line": ("deg", "as line_dev, while a leg is lifted"),
        "leg_knee": ("deg", "near knee: 180 straight"),
        "leg_pitch": ("deg", "elevation of the ankle on the ball over the hips"),
        "straightest_knee": ("deg", "the straighter of both knees, hidden ones guessed"),
        "belly_up": ("deg", "belly to the ceiling (+) or to the floor (-), of 90"),
        "feet_gap": ("m", "between the ankles in space; empty in a plain side view"),
    }
    decided = {
        "line": ("deg", "shoulder-hip-ankle at the top: 180 straight"),
        "rise": ("deg", "how far the trunk was rolled up"),
        "up": ("s", "rolling up"),
        "down": ("s", "rolling down"),
        "legs": ("1", "how many legs were lifted"),
    }
    followed = (Followed("line", "Straightness at the top", 1),)
    uncounting = (
        "leg-skipped",
        "same-side",
    )

    def signals(self, body: Body) -> dict[str, Array]:
        near = body.on(body.near_right(self.belly))
        footward = -body.headward
        shoulder, hip = body.mid("shoulder"), body.mid("hip")
        ankle = {s: body.point("ankle", s, guess=True) for s in SIDES}
        out: dict[str, Array] = {"trunk_pitch": elevation(shoulder, hip, footward)}
        out["lift"] = (ankle["left"][:, 1] - ankle["right"][:, 1]) / body.torso  # positive: the right foot is higher
        right_lower = ankle["right"][:, 1] > ankle["left"][:, 1]
        # With both heels on the ball the near ankle is the better seen one.
        together = np.abs(out["lift"]) < self.in_force["lower_torso"]
        support = body.on(np.where(together, near.right, right_lower))
        out["line_dev"] = line_deviation(near("shoulder"), near("hip"), support("ankle"))
        out["line"] = 180.0 - np.abs(out["line_dev"])
        # The near leg hides the far ankle as it rises past it: guessed it still tells that the line is held.
        out["hold_line"] = line_deviation(near("shoulder"), near("hip"), support("ankle", guess=True))
        up = np.abs(out["lift"]) >= self.in_force["lift_torso"]
        out["lift_line"] = np.where(up, out["line_dev"], np.nan)
        knee = body.joint_angles("hip", "knee", "ankle")
        # The far knee is guesswork (it reads 157 when straight): only the near one is judged.
        out["leg_knee"] = near.of(knee)
        out["leg_pitch"] = elevation(hip, support("ankle", guess=True), footward)
        guessed = body.joint_angles("hip", "knee", "ankle", guess=True)
        out["straightest_knee"] = np.fmax(guessed["left"], guessed["right"])
        feet_gap = distance(body.world_point("ankle", "left"), body.world_point("ankle", "right"))
        out["feet_gap"] = np.where(np.abs(body.yaw) < BLIND_YAW_DEG, feet_gap, np.nan)
        # The heel that stays on the ball tells; the other may be up.
        gaps = [
            np.abs(distance(body.point("heel", s, guess=True), body.ball_centre) - body.ball_radius) / body.torso
            for s in SIDES
        ]
        out["ball_off"] = np.fmin(*gaps)
        out["belly_up"] = body.belly_up
        out["ball_x"], out["torso_px"] = body.ball_centre[:, 0], body.torso
        return out

    side_faults = frozenset({"same-side"})
    position = (
        Gate("trunk_pitch", "trunk_low_deg", "trunk_high_deg"),
        Gate("leg_pitch", "legs_low_deg", "legs_high_deg"),
        Gate("straightest_knee", "legs_straight_deg"),
        Gate("belly_up", "supine_deg"),
    )
    start = (
        Gate("line_dev", "lying_line_deg"),
        Gate("trunk_pitch", high="lying_deg"),
        Gate("lift", high="lift_torso", size=True),
        Gate("leg_pitch", high="start_legs_deg"),
    )
    hold = (Gate("hold_line", high="line_deg", size=True),)
    # Sagging hips come down by three quarters of the way, rests that creep up leave an eighth of it; legs are lifted in 2 s.
    back_share = 0.7
    settle_s = 2.5

    def effort(self, s: Sample) -> float:
        return s["trunk_pitch"]

    def conclude(self, a: Attempt, limits: Limits, before: Sequence[Rep]) -> Outcome:
        legs = lifted_legs(a, limits)
        up_s, down_s = roll_seconds(a)
        top = a.during("line_dev", *(a.hold_span or (a.peak_s - 0.5, a.peak_s + 0.5)))
        line = float(np.median(top)) if len(top) else float("nan")
        trunk = a.during("trunk_pitch")
        rise = float(trunk.max()) - a.rest["trunk_pitch"] if len(trunk) else float("nan")
        if not self._rolled(a, limits) or (not legs and (rise < limits["least_rise_deg"] or not a.returned)):
            return Outcome(ignore=True)  # settling on the floor, or getting up
        measures = {"line": 180.0 - abs(line), "rise": rise, "up": up_s, "down": down_s, "legs": float(len(set(legs)))}
        faults: list[Told] = []
        why = None if a.returned else "the trunk was not rolled down again"
        if len(set(legs)) < 2 and a.seen("lift") < SEEN_SHARE:
            why = "the lifted legs could not be seen"
        elif len(set(legs)) < 2:
            if len(legs) > 1:
                faults.append(("same-side", None))
                why = f"the {legs[0]} leg was lifted twice, the other not at all"
            else:
                faults.append(("leg-skipped", None))
                why = f"only the {legs[0]} leg was lifted" if legs else "no leg was lifted"
        elif any(x == y for x, y in pairwise(legs)):
            faults.append(("same-side", None))
        decides = {"too-fast-up": up_s}
        if a.hold_s <= 0.0:
            decides["hip-sag"] = line
        if a.returned:
            decides["too-fast-down"] = down_s
        return Outcome(None, why is None, why, faults, measures=measures, decides=decides)

    def _rolled(self, a: Attempt, limits: Limits) -> bool:
        """Whether the hips came up between shoulders and feet: who sits up raises the trunk and bends the hips more."""
        line = a.during("hold_line")
        lying = a.before("hold_line")
        return not (len(line) and lying - float(np.percentile(line, 5)) < limits["hips_up_deg"])


def roll_seconds(a: Attempt) -> tuple[float, float]:
    """Return how long the roll up and the roll down took (s); NaN where that was not seen.

    Measured from :data:`TIMED_FROM` to :data:`TIMED_TO` of the way and scaled to the whole of it.
    """
    inside = (a.t >= a.start_s - ROUND_S) & (a.t <= a.end_s + ROUND_S)
    t, x = a.t[inside], a.effort[inside]
    after = a.after.get("effort", a.rest["effort"]) - a.rest["effort"]
    ways = travel_seconds(t, x, TIMED_TO, TIMED_FROM, after)
    up, down = (min(v / SMOOTH_SHARE, max(v / EVEN_SHARE, SLOW_S)) if v == v else v for v in ways)
    return up, down


def _with_hidden_lifts(t: NDArray[np.float64], lift: NDArray[np.float64], high: float) -> NDArray[np.float64]:
    """Return the lifts with those told that were hidden: lost sight of on the way up, seen again on the way down.

    Somebody who walks by behind raised feet hides them for about as long as a leg is up.
    """
    out = lift.copy()
    known = np.flatnonzero(np.isfinite(lift))
    for i, j in pairwise(known.tolist()):
        if t[j] - t[i] < LIFT_DWELL_S or t[j] - t[i] > GAP_S:
            continue
        before, after = (
            lift[m & np.isfinite(lift)] for m in ((t >= t[i] - WAY_S) & (t <= t[i]), (t >= t[j]) & (t <= t[j] + WAY_S))
        )
        for sign in (1.0, -1.0):
            came, went = sign * (lift[i] - before), sign * (lift[j] - after)
            if min(sign * lift[i], sign * lift[j]) >= HIDDEN * high and min(came.max(), went.max()) > 0:
                out[i + 1 : j] = sign * 2 * high
    return out


def lifted_legs(a: Attempt, limits: Limits) -> list[str]:
    """Return which legs were lifted in an attempt, in order of time."""
    rest = a.before("lift")
    inside: NDArray[np.bool_] = (a.t >= a.start_s) & (a.t <= a.end_s)
    lift = _with_hidden_lifts(a.t, a.values["lift"] - (0.0 if isnan(rest) else rest), limits["lift_torso"])
    times: list[tuple[float, str]] = []
    for side, sign in (("right", 1.0), ("left", -1.0)):
        trigger = Trigger(limits["lift_torso"], limits["lower_torso"], LIFT_DWELL_S, LIFT_DWELL_S)
        was = False
        for t, x in zip(a.t[inside], sign * lift[inside], strict=True):
            up = trigger.update(float(t), float(x))
            if up and not was:
                times.append((float(t), side))
            was = up
    return [side for _, side in sorted(times)]
