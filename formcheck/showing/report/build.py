"""The report of a session as plain data, schema ``formcheck.report/1``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np

from formcheck.judging.exercises import exercises
from formcheck.judging.exercises.plugins import described
from formcheck.judging.measure.level import STANDING, Roll
from formcheck.judging.rules.records import FaultSpan, Rep
from formcheck.judging.rules.score import rank
from formcheck.judging.session.ball_watch import BallWatch
from formcheck.judging.session.moment import count
from formcheck.judging.session.session import Session
from formcheck.judging.session.view_watch import view_advice
from formcheck.rounding import sig3
from formcheck.version import __version__

from .schema import SCHEMA

#: Seconds judged under which the position was not there; seconds outside the picture that are worth telling.
LEAST_JUDGED_S, OUTSIDE_S = 0.5, 0.5
#: What was not seen and ends so near (s) to a picture that stood still was not seen for that.
MARGIN_S = 1.0
#: Seconds, and share of the time judged, in which the movement could not be followed that are worth telling.
UNFOLLOWED_S, UNFOLLOWED_SHARE = 1.0, 0.2
#: Degrees by which a body lies aslant that are worth telling, and in how many pieces of the film at least.
ASLANT_DEG, ASLANT_LEAST = 8.0, 4
NOTHING_FITS = "What was seen fits none of the exercises."
#: Share of the seen time for which a problem must have lasted to be noted.
WORTH_NOTING = 0.05


def stamp(t: float) -> float:
    """Round a moment to hundredths of a second (three significant digits would lose moments of a long video)."""
    return round(t, 2)


def _stamp(t: float | None) -> float | None:
    return None if t is None else stamp(t)


def build_report(
    session: Session,
    source: dict[str, Any],
    *,
    extra_notes: list[str] | None = None,
    recognised: dict[str, Any] | None = None,
    ball_cm: float | None = None,
) -> dict[str, Any]:
    """Return the report of a finished session.

    Parameters
    ----------
    session : Session
        After ``finish()``.
    source : dict
        The ``source`` part, ready made.
    extra_notes : list of str, optional
        Put first.
    recognised : dict, optional
        ``exercise`` and ``confidence`` where the exercise was recognised, not given.
    ball_cm : float, optional
        Diameter of the ball, for lengths in centimetres.
    """
    judge = session.judge
    seen = max(judge.seconds["seen"], 1e-9)
    reps = [rep_data(r) for r in judge.reps]
    report: dict[str, Any] = {
        "schema": SCHEMA,
        "formcheck": __version__,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "source": source,
        "exercise": session.exercise.id,
        "recognised": recognised,
        "view": _view(session),
        "coverage": {
            **{k: sig3(min(judge.seconds[k] / seen, 1.0)) for k in ("pose", "in_position", "judged")},
            "withheld": _withheld(judge.seconds),
        },
        "counts": _counts(judge.reps),
        "reps": reps,
        "faults": _faults(session),
    }
    if session.company.most is not None:
        report["persons"] = session.company.most
    if session.exercise.reports_holds:
        report["holds"] = [{"from_s": stamp(a), "to_s": stamp(b), "seconds": sig3(b - a)} for a, b in session.holds]
    if session.exercise.uses_ball:
        report["ball"] = _ball(session.ball, ball_cm)
    scores = [r.score for r in judge.reps if r.score is not None]
    report["score"] = sig3(sum(scores) / len(scores)) if scores else None
    report["notes"] = [*(extra_notes or []), *_notes(session)]
    report["limits"] = {k: sig3(v) for k, v in session.limits.as_dict().items()}
    return report


def _withheld(seconds: Mapping[str, float]) -> float | None:
    """Return the share of the time in position that could not be judged; None where there was none."""
    there = seconds["judged"] + seconds["withheld"]
    return sig3(seconds["withheld"] / there) if there > 0 else None


def _ball(ball: BallWatch, ball_cm: float | None) -> dict[str, Any]:
    """Return what was seen of the ball; with its size, the torso's length in centimetres."""
    radius, floor = ball.radius_torso, ball.floor_y_px
    return {
        "seen": sig3(ball.share),
        "diameter_torso": sig3(2 * radius) if radius is not None else None,
        "travel_torso": sig3(ball.travel_torso),
        "floor_y_px": round(floor, 1) if floor is not None else None,
        "diameter_cm": ball_cm,
        "torso_cm": sig3(ball.torso_cm(ball_cm)) if ball_cm is not None else None,
    }


def empty_report(source: dict[str, Any], recognised: dict[str, Any], notes: Sequence[str] = ()) -> dict[str, Any]:
    """Return the report of a source in which no exercise was recognised; *notes* are put first."""
    return {
        "schema": SCHEMA,
        "formcheck": __version__,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "source": source,
        "exercise": None,
        "recognised": recognised,
        "view": {"kind": "unknown", "near_side": None, "ok": False, "advice": []},
        "coverage": {"pose": None, "in_position": None, "judged": None, "withheld": None},
        "counts": {"total": 0, "left": 0, "right": 0},
        "reps": [],
        "faults": [],
        "score": None,
        "notes": [
            *notes,
            "What was seen fits none of the exercises: nothing was judged. Name one with -e to try all the same.",
        ],
        "limits": {},
    }


def _counts(reps: list[Rep]) -> dict[str, Any]:
    counted = count(reps)
    out: dict[str, Any] = {name: counted[name] for name in ("total", "left", "right")}
    blocks = [r.block for r in reps if r.block is not None]
    if blocks:
        out["blocks"] = {b: counted.get(b, 0) for b in dict.fromkeys(blocks)}
    return out


def rep_data(r: Rep) -> dict[str, Any]:
    """Return an attempt as the report states it."""
    out: dict[str, Any] = {
        "index": r.index,
        "side": r.side,
        "start_s": stamp(r.start_s),
        "peak_s": stamp(r.peak_s),
        "end_s": stamp(r.end_s),
        "hold_s": sig3(r.hold_s),
        "counted": r.counted,
        "verdict": r.verdict,
        "why": r.why,
        "faults": [
            {
                "id": f.id,
                "from_s": stamp(f.from_s),
                "to_s": stamp(f.to_s),
                "worst": sig3(f.worst),
                "worst_s": _stamp(f.worst_s),
                "limit": sig3(f.limit),
                "unit": f.unit,
            }
            for f in r.faults
        ],
        "measures": {k: sig3(v) for k, v in r.measures.items()},
        "score": sig3(r.score),
        "seen": sig3(r.seen),
    }
    if r.cut is not None:
        out["cut"] = r.cut
    if r.block is not None:
        out["block"] = r.block
    return out


def _view(session: Session) -> dict[str, Any]:
    kind = session.views.most_common(1)[0][0] if session.views else "unknown"
    near = session.near.most_common(1)[0][0] if session.near else None
    ok = kind in session.exercise.views
    return {
        "kind": kind,
        "near_side": near if kind != "front" else None,
        "ok": ok,
        "advice": [a for _, a in _problems(session)] + _tilt_advice(session.roll),
    }


def _problems(session: Session) -> list[tuple[str, str]]:
    seen = max(session.judge.seconds["seen"], 1e-9)
    return [
        (f"{reason} for {s:.1f} s", session.advice.get(reason, view_advice(session.exercise)))
        for reason, s in sorted(session.judge.problems.items(), key=lambda p: -p[1])
        if s / seen >= WORTH_NOTING
    ]


def _faults(session: Session) -> list[dict[str, Any]]:
    judge = session.judge
    groups: dict[str, list[FaultSpan]] = {}
    for span in judge.all_faults():
        groups.setdefault(span.id, []).append(span)
    for r in judge.reps:
        for f in r.faults:
            groups.setdefault(f.id, [f])
    cues = {c.id: c.cue for c in reversed(session.exercise.checks)}
    out = []
    for name, spans in groups.items():
        known = [s for s in spans if s.worst is not None and s.limit is not None]
        worst = max(known, key=lambda s: abs((s.worst or 0.0) - (s.limit or 0.0))) if known else spans[0]
        out.append(
            {
                "id": name,
                "severity": spans[0].severity,
                "reps": [r.index for r in judge.reps if any(f.id == name for f in r.faults)],
                "seconds": sig3(sum(s.to_s - s.from_s for s in spans)),
                "worst": sig3(worst.worst),
                "worst_s": _stamp(worst.worst_s),
                "limit": sig3(worst.limit),
                "unit": worst.unit,
                "cue": cues[name],
                "from_s": stamp(min(s.from_s for s in spans)),
                "to_s": stamp(max(s.to_s for s in spans)),
            }
        )
    return sorted(out, key=lambda f: (rank(f["severity"]), f["from_s"]))


def _notes(session: Session) -> list[str]:
    judge, exercise = session.judge, session.exercise
    notes = [f"Not judged: {what}. {advice}" for what, advice in _problems(session)]
    if session.too_few is not None:
        few = f"Only {session.too_few:.0f} pictures a second were seen: too few for quick movements"
        sides = " and to tell the sides apart" if exercise.side_faults else ""
        notes.append(f"{few}{sides}. Film with 15 or more.")
    notes += _tilt(session.roll, session.exercise.supports) + _tilt_advice(session.roll)
    if company := session.company.note():
        notes.append(company)
    notes += _unseen(session)
    unfollowed = judge.seconds["unfollowed"]
    if unfollowed >= max(UNFOLLOWED_S, UNFOLLOWED_SHARE * judge.seconds["judged"]):
        notes.append(f"For {unfollowed:.1f} s the movement could not be followed: {_why_hidden(session)}")
    seen = _seen_instead(session)
    if judge.seconds["judged"] < LEAST_JUDGED_S:
        notes.append(f"Never saw the position of {exercise.id} ({described(exercise)}). {seen or NOTHING_FITS}")
        notes += _why_never(session)
    elif not any(r.counted for r in judge.reps):
        nothing = (
            f"Nothing counted as {exercise.id}." if judge.reps else "The position was held, but no repetition was seen."
        )
        notes.append(f"{nothing} {seen}".strip())
        notes += _why_never(session) if not judge.reps else []
    notes += [
        f"{r.bridged_s:.1f} s of the hold at {r.peak_s:.1f} s could not be seen: it was held before and after."
        for r in judge.reps
        if r.bridged_s > 0 and r.cut is None
    ]
    for w in judge.watches:
        t = w.total
        if t.unknown_s > 0 and t.judged_s < 0.2 * t.unknown_s:
            notes.append(f"Could not judge {w.check.id}: {_why_unknown(w.check.id, session)}")
    return list(dict.fromkeys(notes))


def _unseen(session: Session) -> list[str]:
    """Say when nothing was seen of a body in position, so that whatever was done then is missing."""
    notes = [
        f"The picture stood still from {a:.1f} to {b:.1f} s: what was done then could not be seen."
        for a, b in session.hung
    ]
    return notes + [
        f"The person could not be seen in position from {a:.1f} to {b:.1f} s: what was done then is not judged."
        for a, b in session.judge.blind
        if not any(c - MARGIN_S <= a and b <= d + MARGIN_S for c, d in session.hung)
    ]


def _why_never(session: Session) -> list[str]:
    """Say what may have kept the position from being seen."""
    unsure = session.judge.seconds["unsure"]
    if unsure >= max(UNFOLLOWED_S, UNFOLLOWED_SHARE * session.judge.seconds["seen"]):
        return [f"For {unsure:.1f} s the position could not be judged: {_why_hidden(session)}"]
    slant = float(np.median(session.aslant)) if session.aslant else 0.0
    if slant >= ASLANT_DEG and len(session.aslant) >= ASLANT_LEAST:
        aslant = f"The body lies aslant in the picture by about {slant:.0f} degrees and could not be judged"
        return [f"{aslant}: if it lies on a level floor the camera is tilted; put it straight."]
    return []


def _tilt(roll: Roll, supports: str) -> list[str]:
    """Say what was made of a camera that does not stand straight."""
    turned = f"{abs(roll.degrees):.0f} degrees {'clockwise' if roll.degrees > 0 else 'counter-clockwise'}"
    mildly = "the vertical was judged mildly."
    if supports == STANDING and roll.degrees:
        return [f"The picture is turned by some {turned}, as a body that stands straight shows: undone, and {mildly}"]
    if roll.unsure > 0:
        return [f"The camera is tilted by up to {2 * roll.unsure:.0f} degrees, or sees the floor aslant: {mildly}"]
    if roll.degrees:
        return [f"The picture is turned by {turned}, as the body's supports on the floor show: this was undone."]
    return []


def _tilt_advice(roll: Roll) -> list[str]:
    if not roll.beyond:
        return []
    return [f"The camera is tilted by about {abs(roll.beyond):.0f} degrees, too much to be undone: put it straight."]


def _why_unknown(check: str, session: Session) -> str:
    if check.startswith("ball"):
        return "no ball was seen."
    return _why_hidden(session)


def _why_hidden(session: Session) -> str:
    outside = [
        f"the {part} was outside the picture for {seconds:.1f} s"
        for part, seconds in session.outside.items()
        if seconds >= OUTSIDE_S
    ]
    return "; ".join(outside) + "." if outside else "the joints it needs were hidden or out of the picture."


def _seen_instead(session: Session) -> str:
    """Say what else was seen than the exercise asked for; nothing where it was that one.

    An exercise on the ball is named only where a ball was seen.
    """
    if session.found == 0:
        return "Nobody was seen."
    if not session.upright:
        return "The picture is turned."
    best = session.positions.best()
    if session.exercise.id in best:
        return ""
    known = exercises()
    best = [n for n in best if session.ball.seen or not known[n].uses_ball]
    return "What was seen looks like " + " or ".join(f"{n} ({described(known[n])})" for n in best) + "." if best else ""
