"""``knee-lift``: standing, one knee raised to hip height, the other leg straight."""

from collections.abc import Sequence

import numpy as np

from formcheck.plugin import (
    ALWAYS,
    PLUMB,
    Array,
    Attempt,
    Body,
    Check,
    Drawing,
    Exercise,
    Followed,
    Gate,
    Limit,
    Limits,
    Outcome,
    Prescription,
    Rep,
    Sample,
    Tilt,
    wrap_degrees,
)


class KneeLift(Exercise):
    """Stand tall, raise one knee to hip height, put the foot down; then the other."""

    id = "knee-lift"
    title = "Standing knee lift"
    summary = "standing upright, one side to the camera"
    camera = "At your side, 2-3 m away, at hip height, with head and feet in the picture."
    views = ("side",)
    belly = "ahead"
    prescription = Prescription(reps=10, alternate=True)
    intro = ("Stand tall, feet together.", "Raise one knee to hip height and put the foot down, then the other.")
    limits = {
        "least_effort": Limit(35.0, "deg", "a thigh raised and lowered by this much: an attempt; steps make some 25"),
        "upright_deg": Limit(45.0, "deg", "position: trunk no further off the vertical"),
        "standing_deg": Limit(40.0, "deg", "position: the thigh of the standing leg hangs within this"),
        "lowered_deg": Limit(30.0, "deg", "start: the thigh of the other leg hangs within this, too"),
        "lift_deg": Limit(75.0, "deg", "thigh this far up: 90 is level, and the pose model may read 10 less", -10.0),
        "lean_deg": Limit(15.0, "deg", "trunk off the vertical", 6.0),
    }
    checks = (
        Check("trunk-lean", "lean_deg", "Stay tall.", "the trunk is leaning",
              "lean", "above", ALWAYS, "moderate", ("shoulder",), dwell_s=0.5, span=20.0),
        Check("too-low", "lift_deg", "Raise your knee to hip height.", "the knee stayed low",
              sense="below", severity="major", joints=("knee",), span=40.0,
              uncounts="the thigh came up to {value:.0f} degrees, {limit:g} are asked for"),
    )  # fmt: skip
    # What the rest of formcheck asks of an exercise; all of it may be left out.
    drawing = Drawing(
        angles=(("hip", "shoulder", "hip", "knee"),),
        sketches={"lean": Tilt("hip:mid", "shoulder:mid", PLUMB), "too-low": Tilt("hip", "knee", PLUMB)},
    )
    measures = {
        "lift_left": ("deg", "left thigh off the vertical: 0 hanging, 90 level"),
        "lift_right": ("deg", "right thigh off the vertical"),
        "higher": ("deg", "the higher of both: the effort"),
        "lower": ("deg", "the lower of both: the standing leg"),
        "lean": ("deg", "trunk off the vertical, either way"),
    }
    decided = {"lift": ("deg", "raised thigh at its highest")}
    followed = (Followed("lift", "Height of the knee", 1),)

    def signals(self, body: Body) -> dict[str, Array]:
        # How far each thigh has left the vertical: 0 hanging, 90 level, whichever way the person faces.
        def lift(side: str) -> Array:
            return np.abs(wrap_degrees(body.direction("hip", "knee", side, guess=True) + 90.0))

        left, right = lift("left"), lift("right")
        higher, lower = np.maximum(left, right), np.minimum(left, right)
        return {"lift_left": left, "lift_right": right, "higher": higher, "lower": lower, "lean": 90.0 - body.trunk}

    position = (Gate("lean", high="upright_deg", size=True), Gate("lower", high="standing_deg"))
    start = (Gate("higher", high="lowered_deg"),)

    def effort(self, s: Sample) -> float:
        return s["higher"]

    def conclude(self, a: Attempt, limits: Limits, before: Sequence[Rep]) -> Outcome:
        lift = {side: a.at_peak(f"lift_{side}") for side in ("left", "right")}
        side = max(lift, key=lambda k: np.nan_to_num(lift[k]))
        return Outcome(side, measures={"lift": lift[side]}, decides={"too-low": lift[side]})
