"""What each part of the body is: in order, at fault, not known, or not judged."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise

from formcheck.judging.rules.checks import Check
from formcheck.judging.rules.exercise import Exercise
from formcheck.judging.session.moment import Moment
from formcheck.sight.pose.landmarks import SIDES

from .joints import Figure, Joint, Judged, joints_of, judged_angle, judged_line
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
    angles : list of (value in degrees, joints, state)
    line : (joints, state) or None
    """

    bones: dict[Bone, int] = field(default_factory=dict)
    marks: dict[str, list[Joint]] = field(default_factory=dict)
    angles: list[tuple[float, tuple[Joint, Joint, Joint], int]] = field(default_factory=list)
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


def judge_parts(exercise: Exercise, moment: Moment, figure: Figure) -> States:
    """Return the states of the parts of a body in a moment."""
    out = States()
    angles = []
    for signal, *names in exercise.drawing.angles:
        value = moment.sample.get(signal, float("nan"))
        joints = judged_angle(figure, value, (names[0], names[1], names[2])) if math.isfinite(value) else None
        if joints is not None:
            angles.append((signal, joints))
    line = judged_line(figure, exercise.drawing.line) if len(exercise.drawing.line) > 1 else None
    if line is not None and not _about_straight(figure, line):
        line = None
    judged = Judged(tuple(angles), line)
    judging = moment.phase != "away" and moment.problem is None
    if judging:
        for check in exercise.checks:
            _apply(out, check, moment, figure, judged)
    under_check = {
        name.partition(":")[0]
        for c in exercise.checks
        if judging
        and c.signal
        and moment.phase in c.phases
        and math.isfinite(moment.sample.get(c.signal, float("nan")))
        for name in c.joints
    }
    bad = {j for joints in out.marks.values() for j in joints}
    middles = set(line[1:-1]) if line is not None else set()
    line_bad = bool(middles & bad)
    for signal, joints in angles:
        mine = joints[1] in bad and (joints[1] not in middles or _same_names(joints, line))
        mine = mine or any(c.signal == signal and c.id in moment.faults for c in exercise.checks)
        state = BAD if mine else GOOD if joints[1][0] in under_check else NOT_JUDGED
        out.angles.append((moment.sample[signal], joints, state))
        out.join(joints, state)
    if line is not None and judging:
        checked = any(name in under_check for name, _ in line[1:-1] or line)
        sure = all(figure.sees(j) for j in line)
        state = BAD if line_bad else NOT_JUDGED if not checked else GOOD if sure else NOT_KNOWN
        out.line = line, state
        if any(side == "mid" for _, side in line):
            out.clear_along({name for name, _ in line})
        else:
            out.join(line, state)
    return out


def _about_straight(figure: Figure, line: tuple[Joint, ...]) -> bool:
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


def _same_names(a: tuple[Joint, ...], b: tuple[Joint, ...] | None) -> bool:
    return b is not None and [n for n, _ in a] == [n for n, _ in b]


def _apply(out: States, check: Check, moment: Moment, figure: Figure, judged: Judged) -> None:
    on = check.id in moment.faults
    if not check.signal or not (on or moment.phase in check.phases):
        return
    value = moment.sample.get(check.signal, float("nan"))
    joints = joints_of(figure, check, value, judged)
    state = BAD if on else GOOD if math.isfinite(value) else NOT_KNOWN
    for j in joints:
        out.paint(j, state)
    if on:
        marks = out.marks.setdefault(check.id, [])
        marks += [j for j in joints if j not in marks]
