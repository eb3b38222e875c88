"""What each part of the body is: in order, at fault, not known, or not judged."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from formcheck.coaching.coach.shown_now import Wrong, beyond, wrong_now
from formcheck.judging.rules.checks import Check
from formcheck.judging.rules.exercise import Exercise
from formcheck.judging.session.moment import Moment
from formcheck.sight.pose.landmarks import SIDES

from .joints import DrawnBody, Joint, Judged, joints_of, judged_angle, judged_line, on_side
from .style import BAD, GOOD, NOT_JUDGED, NOT_KNOWN

#: A bone as the names of the joints at its ends, and its side.
Bone = tuple[str, str, str]

#: The bones that a verdict on a joint colours.
BONES_OF: dict[str, tuple[tuple[str, str], ...]] = {
    "ear": (("ear", "shoulder"),),
    "shoulder": (("shoulder", "hip"), ("shoulder", "elbow")),
    "elbow": (("shoulder", "elbow"), ("elbow", "wrist")),
    "wrist": (("shoulder", "elbow"), ("elbow", "wrist")),
    "index": (("elbow", "wrist"),),
    "hip": (("shoulder", "hip"), ("hip", "knee")),
    "knee": (("hip", "knee"), ("knee", "ankle")),
    "ankle": (("hip", "knee"), ("knee", "ankle")),
    "heel": (("ankle", "heel"), ("heel", "foot_index")),
    "foot_index": (("ankle", "foot_index"), ("heel", "foot_index")),
}
#: A line bent more than this, or running past a knee bent more than that, is no line (an all-fours start, say): neither
#: it nor the straight one is drawn (degrees).
LINE_FROM_DEG, KNEE_FROM_DEG = 130.0, 140.0


@dataclass
class States:
    """Verdicts by part of the body.

    Attributes
    ----------
    bones : dict of bone to state
    marks : dict of fault id to joints
        Where the faults that are on are to be marked.
    angles : list of (signal, value in degrees, joints, state)
    line : (joints, state) or None
    """

    bones: dict[Bone, int] = field(default_factory=dict)
    marks: dict[str, list[Joint]] = field(default_factory=dict)
    angles: list[tuple[str, float, tuple[Joint, Joint, Joint], int]] = field(default_factory=list)
    line: tuple[tuple[Joint, ...], int] | None = None

    def _set(self, bone: Bone, state: int) -> None:
        self.bones[bone] = max(self.bones.get(bone, NOT_JUDGED), state)

    def paint(self, joint: Joint, state: int) -> None:
        """Give the bones at a joint a state, unless they have a weightier one.

        Between the middles of joints there are no bones: the body line shows their state.
        """
        name, side = joint
        for a, b in BONES_OF.get(name, ()):
            self._set((a, b, side), state)

    def clear_along(self, names: set[str]) -> None:
        """Leave the bones on either side of a line through the middles of joints thin, unless they are at fault."""
        ends = names | ({"knee"} if {"hip", "ankle"} <= names else set())
        for bone, state in list(self.bones.items()):
            if bone[0] in ends and bone[1] in ends and state != BAD:
                del self.bones[bone]

    def join(self, joints: tuple[Joint, ...], state: int) -> None:
        """Give the bones between joints in a row a state."""
        known = {b for bones in BONES_OF.values() for b in bones}
        for (a, s), (b, r) in pairwise(joints):
            if s == r and s in SIDES:
                for pair in ((a, b), (b, a)):
                    if pair in known:
                        self._set((*pair, s), state)


def judge_parts(exercise: Exercise, moment: Moment, figure: DrawnBody, wrong: Sequence[Wrong] | None = None) -> States:
    """Return the states of the parts of a body in a moment.

    Parameters
    ----------
    exercise : Exercise
    moment : Moment
    figure : DrawnBody
    wrong : sequence of Wrong, optional
        What is shown as wrong; default: what is wrong in this very moment.
    """
    judging = moment.phase != "away" and moment.problem is None
    if wrong is None:
        wrong = wrong_now(exercise, moment) if judging else ()
    out = States()
    angles = []
    for signal, *names in exercise.drawing.angles:
        value = moment.sample.get(signal, float("nan"))
        joints = judged_angle(figure, value, (names[0], names[1], names[2])) if math.isfinite(value) else None
        if joints is not None:
            angles.append((signal, joints))
    line = judged_line(figure, exercise.drawing.line) if len(exercise.drawing.line) > 1 else None
    at_fault = {c for w in wrong for c in w.checks}
    if line is not None and not _about_straight(figure, line):
        line = None
    judged = Judged(tuple(angles), line)
    for w in wrong:
        _mark(out, w, moment, figure, judged)
    for check in exercise.checks if judging else ():
        if check.signal and check not in at_fault and moment.phase in check.phases:
            state = _state(exercise, check, moment)
            for j in joints_of(figure, check, moment.sample.get(check.signal, math.nan), judged):
                out.paint(j, state)
    for signal, joints in angles:
        state = _drawn(exercise, signal, moment, at_fault, judging)
        out.angles.append((signal, moment.sample[signal], joints, state))
        out.join(joints, state)
    if line is not None and (judging or at_fault):
        state = _drawn(exercise, "line", moment, at_fault, judging)
        if state == GOOD and not all(figure.sees(j) for j in line):
            state = NOT_KNOWN
        out.line = line, state
        if any(side == "mid" for _, side in line):
            out.clear_along({name for name, _ in line})
        else:
            out.join(line, state)
    return out


def _state(exercise: Exercise, check: Check, moment: Moment) -> int:
    """Return what a check that is no fault says: beyond its limit, but not for long enough, it says nothing yet."""
    value = moment.sample.get(check.signal, math.nan)
    if not math.isfinite(value):
        return NOT_KNOWN
    return NOT_JUDGED if beyond(exercise, check, value) else GOOD


def _drawn(exercise: Exercise, drawn: str, moment: Moment, at_fault: set[Check], judging: bool) -> int:
    """Return the state of an angle or of the line: that of the checks which it shows, not of others at its joints."""
    shown = exercise.drawing.shown_by(drawn, exercise.checks)
    if at_fault.intersection(shown):
        return BAD
    states = [_state(exercise, c, moment) for c in shown if c.signal and moment.phase in c.phases] if judging else []
    known = [s for s in states if s != NOT_KNOWN]
    return min(known, default=NOT_JUDGED)


def _mark(out: States, wrong: Wrong, moment: Moment, figure: DrawnBody, judged: Judged) -> None:
    """Paint and mark the joints of a fault: of an attempt that is over, on the side that worked."""
    marks = out.marks.setdefault(wrong.id, [])
    for check in wrong.checks:
        if wrong.side is not None and not check.signal:
            middles = judged.line[1:-1] if judged.line is not None else ()
            joints = [(n, "mid") if (n, "mid") in middles else on_side(n, wrong.side) for n in check.joints]
        else:
            joints = joints_of(figure, check, moment.sample.get(check.signal, math.nan), judged)
        for j in joints:
            out.paint(j, BAD)
        marks += [j for j in joints if j not in marks]
    if not marks:
        del out.marks[wrong.id]


def _about_straight(figure: DrawnBody, line: tuple[Joint, ...]) -> bool:
    if any(figure.angle(*line[i : i + 3]) < LINE_FROM_DEG for i in range(len(line) - 2)):
        return False
    for (a, s), (b, r) in pairwise(line):
        sides = SIDES if s == "mid" else (s,)
        if (
            {a, b} == {"hip", "ankle"}
            and s == r
            and all(figure.angle(("hip", x), ("knee", x), ("ankle", x)) < KNEE_FROM_DEG for x in sides)
        ):
            return False
    return True
