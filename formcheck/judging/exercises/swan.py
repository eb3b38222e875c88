"""7 ``swan``: on the stomach, lift head, shoulders and stretched arms, hold, and lower them again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from formcheck.sight.pose.landmarks import SIDES

from ..measure import Body, angle, elevation
from ..rules.checks import HOLD, START, Check
from ..rules.drawing import Bend, Drawing, Gap, Tilt
from ..rules.exercise import Array, Attempt, Exercise, Prescription, Sample
from ..rules.facts import Breathing, Followed
from ..rules.gates import Gate, risen, slow
from ..rules.holding import SHORT_HOLD, WHY_SHORT
from ..rules.limits import Limit, Limits
from ..rules.outcome import Outcome
from ..rules.records import Rep
from ..rules.tempo import travel_seconds

#: A lift and a drop are timed between 10 % and this share of the height (what is held drifts by a sixth), and a smooth
#: movement lasts this many times as long (see rules.tempo).
TIMED_TO, WHOLE = 0.75, 2.6
#: How often the rise of the wrists above the shoulders counts besides their own.
ARMS_OVER = 2.0
#: The first reps of a set, against which the height of the later ones is compared.
FIRST_REPS = 2


class Swan(Exercise):
    """Face down, arms stretched in front; lift head, shoulders and arms, hold for two to three seconds, and lower them."""

    id = "swan"
    title = "Swan"
    summary = "on the stomach with the arms stretched in front, seen from the side"
    camera = "Side on, close to the floor, 2-3 m away, from the fingertips to the feet in the picture."
    views = ("side",)
    belly = "down"
    lies_level = True
    lacking = frozenset({"arms-low"})
    prescription = Prescription(reps=5, hold_s=2.0)
    intro = (
        "On your stomach, arms stretched in front of you, eyes to the floor.",
        "Breathe in and lift head, shoulders and arms. Hold for {hold_or_more}. Breathe out and lower them, the belly stays firm.",
    )
    limits = {
        "least_effort": Limit(
            3.5,
            "deg",
            "trunk lifted and lowered by this much is an attempt; real lifts read 4-20, resting trunks sway by 1-2",
        ),
        "trunk_low_deg": Limit(-15.0, "deg", "position: trunk no lower than this at the shoulders"),
        "trunk_high_deg": Limit(60.0, "deg", "position: a trunk steeper than this is no longer prone"),
        "prone_deg": Limit(0.0, "deg", "position: on the stomach (reads -30 to -90), not on the back (69 to 90)"),
        "hips_torso": Limit(
            0.25, "torso", "position: hips over the ankles by less; lying ones read -0.6 to 0.17, a push-up's 0.3-0.5"
        ),
        "propped_torso": Limit(
            -0.7,
            "torso",
            "position: a hand no further below the hips; on the floor they read -0.3, under a propped body -0.7 to -0.9",
        ),
        "legs_straight_deg": Limit(115.0, "deg", "position: knees opened further than kneeling ones"),
        "lying_deg": Limit(20.0, "deg", "start: trunk flatter than this"),
        "still_deg_s": Limit(
            6.0, "deg/s", "the trunk moves slower than this while held; lifting and lowering go at 10-30"
        ),
        "hold_s": Limit(2.0, "s", "the routine asks for 2-3 s"),
        "hold_tolerance_s": Limit(0.1, "s", "uncertainty of timing a hold at 15 frames/s"),
        "arms_torso": Limit(
            0.15,
            "torso",
            "wrists lifted by this much, counting three times what they rise above the shoulders: the arms are off the floor "
            "(lifts read 0.2-1.5, arms left on it up to 0)",
            -0.04,
        ),
        "arms_rise_deg": Limit(
            6.0, "deg", "... where the trunk was lifted by this much: of less the arms tell nothing"
        ),
        "elbow_deg": Limit(145.0, "deg", "elbows straight: straight ones read 161-177", -8.0),
        "neck_turn_deg": Limit(
            30.0,
            "deg",
            "ear-shoulder-hip turned back by 35 degrees since lying; neutral necks turn by -12 to 17, and turns read 10 small",
            8.0,
        ),
        "neck_deg": Limit(
            34.0,
            "deg",
            "ear-shoulder-hip 35 degrees beyond neutral, whatever it was when lying; neutral necks read -18 to 10",
            8.0,
        ),
        "legs_deg": Limit(
            7.0, "deg", "legs lifted off the floor against the start position; resting legs change by 2 at most", 3.0
        ),
        "legs_lying_deg": Limit(
            10.0,
            "deg",
            "legs off the floor while the trunk lies on it, over the level and over the line of the trunk; resting ones read "
            "-6 to 6",
            3.0,
        ),
        "jerky_s": Limit(
            0.95, "s", "lifting or dropping in less than 0.8 s is jerky; smoothing lets 0.6 read 0.65-0.9", -0.2
        ),
        "fading_fraction": Limit(0.7, "fraction", "lifted less than this share of the first reps' height", -0.1),
    }
    checks = (
        Check("arms-bent", "elbow_deg", "Stretch your arms forward.", "the arms are bent",
              "elbow", "below", severity="moderate", joints=("elbow",), dwell_s=0.6, span=40.0),
        Check("neck-back", "neck_turn_deg", "Look at the floor, neck long.", "the head is thrown back",
              "neck", "above", severity="moderate", joints=("ear",), dwell_s=0.6, span=30.0, relative=True),
        Check("neck-back", "neck_deg", "Look at the floor, neck long.", "the head is thrown back",
              "neck", "above", severity="moderate", joints=("ear",), dwell_s=0.6, span=30.0),
        Check("legs-lift", "legs_deg", "Keep your legs on the floor.", "the legs are lifting",
              "leg_pitch", "above", severity="moderate", joints=("ankle",), dwell_s=0.5, span=15.0, relative=True),
        Check("legs-lift", "legs_lying_deg", "Keep your legs on the floor.", "the legs are off the floor",
              "legs_off", "above", frozenset({START}), "moderate", ("ankle",), dwell_s=0.5, span=15.0),
        Check("arms-low", "arms_torso", "Lift your arms with your shoulders.", "the arms are on the floor",
              "arms_up", "below", frozenset({HOLD}), "major", ("wrist",), dwell_s=0.8, span=0.3, relative=True),
        Check("arms-low", "arms_torso", "Lift your arms with your shoulders.", "the arms stayed on the floor", sense="below", severity="major",
              joints=("wrist",), span=0.3, uncounts="the arms stayed on the floor"),
        Check("short-hold", "hold_s", "Stay up for {hold_or_more}.", "the hold was too short", sense="below", severity="major", span=2.0,
              slack="hold_tolerance_s", uncounts=WHY_SHORT),
        Check("jerky", "jerky_s", "Lift and lower slowly, with the breath.", "lifted or dropped with a jerk", sense="below", severity="moderate", span=0.6),
        Check("fading", "fading_fraction", "Lift as high as at the start.", "the height is fading", sense="below", severity="minor",
              joints=("shoulder",), span=0.4),
    )  # fmt: skip
    drawing = Drawing(
        angles=(("neck", "ear", "shoulder", "hip"), ("elbow", "shoulder", "elbow", "wrist")),
        line=("wrist", "shoulder", "hip", "ankle"),
        sketches={
            "elbow": Bend("shoulder", "elbow", "wrist"),
            "neck": Tilt("shoulder", "ear", ("hip", "shoulder")),
            "leg_pitch": Tilt("hip", "ankle"),
            "legs_off": Tilt("hip", "ankle"),
            "arms_up": Gap("wrist", "hip"),
        },
    )
    measures = {
        "arm_pitch": ("deg", "elevation of the near arm from the shoulder, headwards"),
        "wrist_up": ("torso", "lower wrist above the hip"),
        "arms_up": (
            "torso",
            "the same, and three times what it is above the shoulders: tells lifted arms from a lifted trunk",
        ),
        "elbow": ("deg", "near elbow: 180 straight"),
        "neck": ("deg", "head above (+) or below (-) the line of the trunk"),
        "leg_pitch": ("deg", "elevation of the higher leg from the hip"),
        "legs_off": ("deg", "the same, but no more than it lies over the line of the trunk"),
        "knee": ("deg", "near knee: 180 straight"),
        "belly_up": ("deg", "belly to the ceiling (+) or to the floor (-), of 90"),
        "hip_over_ankle": ("torso", "near hip above the near ankle"),
    }
    decided = {
        "rise": ("deg", "how far the trunk was lifted"),
        "wrist_rise": ("torso", "rise of the near wrist"),
        "neck": ("deg", "head off the line of the trunk, held"),
        "elbow": ("deg", "near elbow, held"),
        "up": ("s", "lifting"),
        "down": ("s", "lowering"),
        "height": ("fraction", "rise against that of the first repetitions"),
    }
    followed = (Followed("rise", "Lift of the trunk", 1),)
    breathing = Breathing(in_going=True, out_coming_back=True)

    def signals(self, body: Body) -> dict[str, Array]:
        near = body.on(body.near_right(self.belly))
        headward = body.headward
        shoulder, hip, wrist, ankle = near("shoulder"), near("hip"), near("wrist"), near("ankle")
        trunk = elevation(hip, shoulder, headward)
        wrist_up = np.fmin(*((hip - body.point("wrist", side))[:, 1] for side in SIDES)) / body.torso
        trunk_pitch = elevation(body.mid("hip"), body.mid("shoulder"), headward)
        leg_pitch = np.fmax(*body.directions("hip", "ankle", -headward).values())
        return {
            "trunk_pitch": trunk_pitch,
            "arm_pitch": elevation(shoulder, wrist, headward),
            # Of both arms and legs, the one at fault, where it is seen: the far one may be up or down alone.
            "wrist_up": wrist_up,
            # Arms that are lifted rise further than the shoulders, however little these do.
            "arms_up": wrist_up + ARMS_OVER * (wrist_up - (hip - shoulder)[:, 1] / body.torso),
            "elbow": angle(shoulder, near("elbow"), wrist),
            "neck": elevation(shoulder, near("ear"), headward) - trunk,
            "leg_pitch": leg_pitch,
            # A camera that is rolled lifts the legs by as much as it lowers the trunk.
            "legs_off": np.minimum(leg_pitch, leg_pitch + trunk_pitch),
            "knee": angle(hip, near("knee"), ankle),
            "belly_up": body.belly_up,
            "hip_over_ankle": (ankle - hip)[:, 1] / body.torso,
        }

    position = (
        Gate("trunk_pitch", "trunk_low_deg", "trunk_high_deg"),
        Gate("belly_up", high="prone_deg"),
        Gate("hip_over_ankle", high="hips_torso"),
        Gate("wrist_up", "propped_torso"),
        Gate("knee", "legs_straight_deg"),
    )
    start = (Gate("trunk_pitch", "trunk_low_deg", "lying_deg"),)
    hold = (risen("least_effort"), slow("still_deg_s"))

    def effort(self, s: Sample) -> float:
        return s["trunk_pitch"]

    def conclude(self, a: Attempt, limits: Limits, before: Sequence[Rep]) -> Outcome:
        if not a.returned and self.fails(SHORT_HOLD, a.hold_s):
            return Outcome(ignore=True)  # getting up at the end of the set
        inside = (a.t >= a.start_s) & (a.t <= a.end_s)
        after = a.after.get("trunk_pitch", a.rest["trunk_pitch"]) - a.rest["trunk_pitch"]
        up_s, down_s = (WHOLE * v for v in travel_seconds(a.t[inside], a.effort[inside], TIMED_TO, after=after))
        rise = a.at_peak("trunk_pitch") - a.rest["trunk_pitch"]
        wrists, arms = (a.since_rest(n) for n in ("wrist_up", "arms_up"))
        first = [h for r in before if r.counted and (h := r.measures.get("rise")) is not None][:FIRST_REPS]
        share = rise / float(np.mean(first)) if len(first) == FIRST_REPS else float("nan")
        measures = {
            "rise": rise, "wrist_rise": wrists, "neck": a.at_peak("neck"), "elbow": a.at_peak("elbow"), "up": up_s, "down": down_s, "height": share,
        }  # fmt: skip
        decides = {"jerky": np.fmin(up_s, down_s if a.returned else np.nan), "fading": share}
        if rise >= limits["arms_rise_deg"] and self.fails("arms-low", arms):
            decides["arms-low"] = arms
        else:
            decides[SHORT_HOLD] = a.hold_s
        why = None if a.returned else "the trunk was not lowered again"
        return Outcome(None, a.returned, why, measures=measures, decides=decides)
