"""Judged moments as plain data for a page: the same sentences, states and counts as the annotated picture shows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from formcheck.coaching.coach.gestures import Gesture
from formcheck.coaching.coach.phrases import Phrases
from formcheck.coaching.coach.plan import Plan, Target
from formcheck.coaching.coach.scene import COUNTDOWN, SETUP, WORK, Scene
from formcheck.coaching.coach.setup import Setup
from formcheck.coaching.coach.shown_now import Wrong, gravity
from formcheck.coaching.voice.utterances import Utterance
from formcheck.judging.rules.exercise import Exercise
from formcheck.judging.rules.records import (
    Event,
    FaultOver,
    FaultSeen,
    HoldTick,
    Rep,
    RepDone,
    ViewProblem,
)
from formcheck.judging.session.moment import Moment
from formcheck.rounding import sig3
from formcheck.showing.draw.cues import CueBoard
from formcheck.showing.draw.joints import DrawnBody, Joint
from formcheck.showing.draw.states import States, judge_parts
from formcheck.showing.draw.style import BAD, GOOD, NOT_KNOWN, Labels
from formcheck.showing.report.build import rep_data
from formcheck.sight.pose.landmarks import JOINT

#: States of parts of the body by name; what was not judged is left out.
STATES = {NOT_KNOWN: "unknown", GOOD: "good", BAD: "bad"}
_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


class Teller:
    """Puts moments of a workout into plain data, the display's calm kept as on the annotated picture.

    Parameters
    ----------
    phrases : Phrases
    """

    def __init__(self, phrases: Phrases) -> None:
        self._phrases = phrases
        self._of: tuple[str, int] | None = None
        self._exercise: Exercise | None = None
        self._board: CueBoard | None = None
        self._labels = Labels()
        self._severity: dict[str, str] = {}

    def heard(self, moment: Moment, number: int, exercise: Exercise) -> None:
        """Take every judged moment of a set (*number* tells it from others), shown or not."""
        if self._of != (exercise.id, number):
            self._of = exercise.id, number
            self._labels = Labels(**self._phrases.labels(exercise))
            self._exercise = self._phrases.localise(exercise)
            self._board = CueBoard(self._exercise, self._labels)
            ranks = gravity(exercise)
            self._severity = {c.id: c.severity for c in sorted(exercise.checks, key=lambda c: -ranks[c.id][0])}
        assert self._board is not None
        self._board.update(self._worded(moment, exercise))

    def judged(self, moment: Moment, size: tuple[int, int], scene: Scene, origin: float) -> dict[str, Any]:
        """Return what a moment that was heard tells; *origin* is the camera's time of the session's second 0."""
        assert self._board is not None
        assert self._exercise is not None
        moment = self._worded(moment, self._exercise)
        shown = scene.kind in (WORK, SETUP, COUNTDOWN)
        figure = DrawnBody.of(moment, size, (1.0, 1.0), mirror=False) if shown else None
        faults = self._board.faults if scene.kind == WORK else ()
        states = judge_parts(self._exercise, moment, figure, faults) if figure is not None else States()
        cue = self._board.cue if scene.kind == WORK else None
        ball = moment.ball
        return {
            "t": round(origin + moment.t, 3),
            "phase": _phase(moment),
            "rep": moment.rep,
            "hold_s": round(moment.hold_s, 2),
            "counts": moment.counts,
            "confidence": sig3(moment.confidence),
            "view": {"kind": moment.view.kind, "near_side": moment.view.near_side},
            "problem": None if moment.problem is None else dict(zip(("reason", "text"), moment.problem, strict=True)),
            "cue": None if cue is None else {"text": cue.text, "kind": cue.kind, "fault": cue.fault, "side": cue.side},
            "faults": [self._fault(w, moment, states) for w in faults],
            "bones": _bones(states),
            "ball": None if ball is None else {k: round(getattr(ball, k), 1) for k in ("x", "y", "r")},
        }

    def _fault(self, w: Wrong, moment: Moment, states: States) -> dict[str, Any]:
        known = w.signal or w.id
        words = None
        if w.value is not None and w.limit is not None and w.unit == "deg":
            words = self._labels.measured(known, w.value, w.limit)
        return {
            "id": w.id,
            "cue": w.cue,
            "severity": self._severity.get(w.id),
            "side": w.side,
            "now": w.id in moment.faults,
            "joints": [i for joint in states.marks.get(w.id, ()) for i in landmarks_of(joint)],
            "value": sig3(w.value),
            "limit": sig3(w.limit),
            "unit": w.unit,
            "decided": words,
        }

    def _worded(self, moment: Moment, exercise: Exercise) -> Moment:
        """Return the moment with what is wrong with the picture in the language of choice."""
        if moment.problem is None:
            return moment
        reason = moment.problem[0]
        return replace(moment, problem=(reason, self._phrases.advice(reason, exercise)))


def _phase(moment: Moment) -> str:
    """Return the phase to be shown: nobody who is not seen, or not to be judged, is ready."""
    unseen = moment.image is None or moment.problem is not None
    return "away" if unseen and moment.phase == "start" else moment.phase


def landmarks_of(joint: Joint) -> list[int]:
    """Return the landmarks of a joint, two for the middle between left and right.

    >>> landmarks_of(("hip", "left")), landmarks_of(("hip", "mid"))
    ([23], [23, 24])
    """
    name, side = joint
    own = JOINT.get(name, {})
    return [own[side]] if side in own else list(own.values())


def _bones(states: States) -> list[list[Any]]:
    return [
        [JOINT[a][side], JOINT[b][side], STATES[state]]
        for (a, b, side), state in states.bones.items()
        if state in STATES and side in JOINT.get(a, {}) and side in JOINT.get(b, {})
    ]


def scene_data(scene: Scene) -> dict[str, Any]:
    """Return a scene as plain data."""
    seconds = None if scene.seconds is None else round(scene.seconds, 2)
    progress = None if scene.progress is None else round(scene.progress, 3)
    told = asdict(scene)
    del told["note"]  # a page has small print of its own
    return {**told, "lines": list(scene.lines), "seconds": seconds, "progress": progress}


def setup_data(setup: Setup | None) -> dict[str, Any] | None:
    """Return the state of the set-up as plain data."""
    return None if setup is None else {**asdict(setup), "progress": round(setup.progress, 3)}


def raised_data(gesture: Gesture | None) -> dict[str, Any] | None:
    """Return an arm that is held up as plain data.

    >>> raised_data(Gesture("one", 0.25, (310.04, 42.0)))
    {'kind': 'one', 'progress': 0.25, 'hand': [310.0, 42.0]}
    """
    if gesture is None:
        return None
    return {
        "kind": gesture.kind,
        "progress": round(gesture.progress, 3),
        "hand": [round(float(x), 1) for x in gesture.hand],
    }


def target_data(target: Target, reps: Sequence[Rep] | None = None) -> dict[str, Any]:
    """Return a target as plain data, with what is left of it where it is under way."""
    out: dict[str, Any] = {"reps": target.reps, "parts": list(target.parts), "total": target.total}
    if reps is not None:
        left = target.left(reps) if target.reps else {}
        out["left"] = {part: left.get(part, 0) for part in target.parts or ("total",)}
    return out


def event_data(event: Event, origin: float) -> dict[str, Any]:
    """Return an event as plain data; *origin* is the camera's time of the session's second 0."""
    out: dict[str, Any] = {"type": _CAPITAL.sub("-", type(event).__name__).lower(), "t": round(origin + event.t, 3)}
    if isinstance(event, RepDone):
        out["rep"] = _rep_by_the_camera(rep_data(event.rep), origin)
    elif isinstance(event, HoldTick):
        out["seconds"] = round(event.seconds, 2)
    elif isinstance(event, FaultSeen):
        out["id"] = event.id
    elif isinstance(event, FaultOver):
        out["id"] = event.span.id
    elif isinstance(event, ViewProblem):
        out["reason"] = event.reason
    return out


def _rep_by_the_camera(rep: dict[str, Any], origin: float) -> dict[str, Any]:
    """Return an attempt as a report states it, with the camera's times.

    >>> _rep_by_the_camera({"start_s": 1.5, "faults": [{"id": "x", "from_s": 2.0, "worst_s": None}]}, 100.0)
    {'start_s': 101.5, 'faults': [{'id': 'x', 'from_s': 102.0, 'worst_s': None}]}
    """
    faults = [_shifted(f, ("from_s", "to_s", "worst_s"), origin) for f in rep["faults"]]
    return {**_shifted(rep, ("start_s", "peak_s", "end_s"), origin), "faults": faults}


def _shifted(data: Mapping[str, Any], times: Sequence[str], origin: float) -> dict[str, Any]:
    return {k: round(origin + v, 3) if k in times and v is not None else v for k, v in data.items()}


def utterance_data(number: int, utterance: Utterance, clips: Sequence[str], origin: float) -> dict[str, Any]:
    """Return something to be said as plain data; *origin* is the camera's time of the session's second 0."""
    return {
        "id": number,
        "text": utterance.text,
        "spoken": utterance.text,
        "key": utterance.key,
        "level": utterance.priority,
        "t": round(origin + utterance.t, 3),
        "good_for_s": utterance.good_for_s,
        "clips": list(clips),
    }


def plan_data(plan: Plan, phrases: Phrases) -> dict[str, Any]:
    """Return a plan as plain data."""
    steps = [
        {"exercise": s.exercise, "title": phrases.title(s.exercise), "reps": s.reps, "rest_s": s.rest_s}
        for s in plan.steps
    ]
    return {"name": plan.name, "steps": steps}


def report_data(report: Mapping[str, Any], phrases: Phrases) -> dict[str, Any]:
    """Return what a list says of a report."""
    exercise = report["exercise"]
    return {
        "exercise": exercise,
        "title": phrases.title(exercise) if exercise else None,
        "created": report["created"],
        "score": report["score"],
        "counts": report["counts"],
        "faults": [
            {
                "id": f["id"],
                "cue": phrases.cue(exercise, f["id"]) if exercise else f["cue"],
                "severity": f["severity"],
                "reps": f["reps"],
            }
            for f in report["faults"]
        ],
    }


def address_of(file: Path) -> str:
    """Return the path under which a file of a report is asked for.

    >>> address_of(Path("sessions/2026-11-30 09-21-44 kq3v/1-plane.report.html"))
    '/reports/2026-11-30%2009-21-44%20kq3v/1-plane.report.html'
    """
    return f"/reports/{quote(file.parent.name)}/{quote(file.name)}"
