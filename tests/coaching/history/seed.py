"""Made-up histories: repetitions, and months of practice that get better."""

from __future__ import annotations

import random
from datetime import datetime, timedelta, timezone

from formcheck.coaching.history import History
from formcheck.coaching.history.schema import moment
from formcheck.judging.rules.records import FaultSpan, Rep

#: Exercise -> repetitions, hold (s), measures from the first to the last session, faults with their share at first and
#: at last.
ROUTINE = {
    "ball-warmup": (20, 0.0, {"travel": (0.14, 0.2)}, {"small-range": (0.2, 0.0)}),
    "shoulder-bridge": (10, 1.4, {"working_knee": (158.0, 171.0)}, {"hip-sag": (0.3, 0.25), "leg-low": (0.4, 0.0)}),
    "ball-kneel": (5, 0.0, {"sway_rms": (0.09, 0.04)}, {"hip-bent": (0.3, 0.05)}),
    "toe-squat": (10, 0.0, {"knee": (112.0, 92.0)}, {"heels-drop": (0.0, 0.2)}),
    "plane": (6, 10.4, {"leg_level": (-9.0, -3.0)}, {"hip-sag": (0.5, 0.1), "head-down": (0.3, 0.0)}),
}


def rep(index: int = 1, **changes) -> Rep:
    """A good repetition, or one with changes."""
    values = {
        "index": index, "side": "right", "start_s": 10.0 * index, "peak_s": 10.0 * index + 4, "end_s": 10.0 * index + 8,
        "hold_s": 3.25, "counted": True, "why": None, "measures": {"leg_level": -4.0}, "score": 90.0,
    }  # fmt: skip
    return Rep(**{**values, **changes})


def fault(name: str = "hip-sag", severity: str = "major", worst: float | None = 0.0912) -> FaultSpan:
    return FaultSpan(name, 11.0, 12.5, worst, 0.06, "fraction", severity)


def put(history: History, at: datetime, sets, *, kind="live", minutes: float = 20.0, **more) -> int:
    """Record a finished session of sets (exercise, repetitions) that began at an aware moment."""
    log = history.begin_session(kind, started=at, **more)
    for exercise, reps in sets:
        log.begin_set(exercise, len(reps))
        for r in reps:
            log.add_rep(r)
    log.close()
    with history.writing() as db:
        db.execute(
            "UPDATE sessions SET ended_at = ? WHERE id = ?", (moment(at + timedelta(minutes=minutes)), log.number)
        )
    return log.number


def practise(history: History, last: datetime, weeks: int = 12, seed: int = 1) -> None:
    """Practise two or three times a week up to a moment, with a week missed, and get better."""
    luck = random.Random(seed)
    first = last - timedelta(weeks=weeks)
    moments = []
    for w in range(weeks + 1):
        for day in luck.sample(range(7), luck.choice((2, 2, 3, 3))) if w != weeks // 3 else ():
            at = first + timedelta(weeks=w, days=day - last.weekday(), minutes=luck.randrange(60))
            if at <= last:
                moments.append(at)
    for at in sorted(moments):
        share = (at - first) / (last - first) if last > first else 1.0
        share = min(max(share, 0.0), 1.0)
        sets = []
        for name, (n, hold, measures, faults) in ROUTINE.items():
            if luck.random() < 0.1:
                continue
            reps = []
            for k in range(1, n + 1):
                spans = tuple(
                    fault(f, luck.choice(("minor", "major")))
                    for f, (a, b) in faults.items()
                    if luck.random() < a + (b - a) * min(1.0, 1.4 * share)
                )
                held = luck.gauss(6 + 24 * share, 4) if name == "ball-kneel" else luck.gauss(hold, 0.1 * hold)
                values = {m: luck.gauss(a + (b - a) * share, 0.03 * abs(a)) for m, (a, b) in measures.items()}
                counted = luck.random() < 0.8 + 0.2 * share
                reps.append(
                    rep(
                        k, side=("right", "left")[k % 2] if name == "plane" else None, hold_s=max(held, 0.0),
                        counted=counted, why=None if counted else "held 4.1 s of 10 s", faults=spans, measures=values,
                        score=max(0.0, 100.0 - 18 * len(spans) - (0 if counted else 40)),
                    )
                )  # fmt: skip
            sets.append((name, reps))
        put(history, at, sets, routine="ball", minutes=luck.randrange(22, 41))


#: Where the made-up person lives.
PLACE = timezone(timedelta(hours=1))
