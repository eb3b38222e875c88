"""A toy exercise for the engine: one number ``x`` that goes up and comes down, a hold above 8, a check of ``lean``."""

import numpy as np

from formcheck.judging.rules.checks import ALWAYS, Check
from formcheck.judging.rules.exercise import Exercise, Outcome, Prescription
from formcheck.judging.rules.gates import Gate
from formcheck.judging.rules.judge import Judge
from formcheck.judging.rules.limits import Limit

LIMITS = {
    "least_effort": Limit(4.0, "1", "up and down by this much: an attempt"),
    "inside": Limit(0.5, "1", "in position"),
    "low": Limit(3.0, "1", "at rest"),
    "top": Limit(8.0, "1", "the end position", -1.0),
    "hold_s": Limit(1.0, "s", "asked for"),
    "lean": Limit(10.0, "deg", "leaning", 5.0),
}


class Toy(Exercise):
    id = "toy"
    title = "Toy"
    summary = "a number going up and down"
    camera = "none"
    views = ("side",)
    belly = "ahead"
    prescription = Prescription(reps=3, hold_s=1.0)
    limits = LIMITS
    checks = (
        Check("leaning", "lean", "Stand up.", "you lean", "lean", phases=ALWAYS, dwell_s=0.5, span=20.0),
        Check("short-hold", "hold_s", "Hold it.", "too short", sense="below", severity="major", span=1.0),
        Check("too-low", "top", "Higher.", "too low", sense="below", severity="major", span=5.0),
    )

    def signals(self, body):
        raise NotImplementedError

    position = (Gate("inside", "inside"),)
    start = (Gate("x", high="low", size=True),)
    hold = (Gate("x", "top"),)

    def effort(self, s):
        return s["x"]

    def conclude(self, a, limits, before):
        top = float(np.max(a.during("x"))) if len(a.during("x")) else float("nan")
        if top < limits["top"]:
            return Outcome(None, False, "too low", [("too-low", top)], measures={"top": top})
        if a.hold_s < limits["hold_s"]:
            return Outcome(None, False, "short", [("short-hold", a.hold_s)], measures={"top": top})
        return Outcome(measures={"top": top})


class Still(Toy):
    still_ends = True


def line(*points):
    """Value over time through (seconds, value) points, by straight lines; the last point ends it."""
    t, x = zip(*points, strict=True)
    return lambda u: np.interp(u, t, x), t[-1]


def reps(n, *, rest=1.0, rise=0.5, hold=1.5, top=10.0, low=0.0, lead=1.0):
    """n repetitions by straight lines, coming down to *low* for *rest* seconds between them."""
    points, t = [(0.0, 0.0), (lead, 0.0)], lead
    for i in range(n):
        t += rise
        points.append((t, top))
        t += hold
        points.append((t, top))
        t += rise
        bottom = low if i < n - 1 else 0.0
        points.append((t, bottom))
        if rest:
            t += rest
            points.append((t, bottom))
    points.append((t + 1.0, 0.0))
    return line(*points)


def samples(course, *, rate=15.0, lean=None, inside=None, shift=0.0):
    """(t, sample) pairs of a course."""
    f, end = course
    for k in range(int(end * rate) + 1):
        t = k / rate
        yield (
            t + shift,
            {
                "x": float(f(t)),
                "lean": float(lean(t)) if lean else 0.0,
                "inside": float(inside(t)) if inside else 1.0,
            },
        )


def run(course, *, exercise=None, limits=None, problem=None, gone=None, finish=True, **how):
    """Judge a course; ``problem(t)`` and ``gone(t)`` spoil the picture and hide the person. Returns (judge, events)."""
    exercise = exercise or Toy()
    judge = Judge(exercise if limits is None else exercise.under(limits))
    events = []
    for t, s in samples(course, **how):
        bad = problem(t) if problem else None
        events += judge.update(t, None if gone and gone(t) else s, bad)
    if finish:
        events += judge.finish()
    return judge, events
