"""Where each gate and check of an exercise lies: just inside is inside, just beyond is beyond.

The tables below hold the numbers a second time, on purpose: a limit that is moved, turned round or bound to another
signal parts other values than these.
"""

from __future__ import annotations

import pytest

from formcheck.judging.exercises import exercises, get_exercise
from formcheck.judging.rules.checks import HOLD, MOVE, START, CheckWatch
from formcheck.judging.rules.exercise import Attempt, Outcome
from formcheck.judging.rules.limits import Limits
from formcheck.judging.rules.records import FaultSeen
from formcheck.judging.rules.verdict import verdict

from .cases import attempt_of_nothing

#: Exercise, where it belongs, signal, least and most; ``relative`` to the rest before, ``size``: without its sign.
GATES = [
    ("ball-warmup", "position", "lean", None, 50.0, ""),
    ("ball-warmup", "position", "knee_drop", None, 0.72, ""),
    ("ball-warmup", "position", "hip_over_foot", 0.6, 1.6, ""),
    ("ball-warmup", "position", "hip_over_foot", None, 0.25, "relative size"),
    ("shoulder-bridge", "position", "trunk_pitch", -20.0, 40.0, ""),
    ("shoulder-bridge", "position", "support_thigh", None, 50.0, " size"),
    ("shoulder-bridge", "position", "hip_up", -0.4, None, "relative"),
    ("shoulder-bridge", "position", "sag", None, 0.2, ""),
    ("shoulder-bridge", "start", "support_shank", 40.0, 140.0, ""),
    ("shoulder-bridge", "start", "hip_clearance", 0.3, None, ""),
    ("shoulder-bridge", "start", "straighter_knee", None, 150.0, ""),
    ("shoulder-bridge", "hold", "working_knee", 152.0, None, ""),
    ("shoulder-bridge", "hold", "working_level", None, 15.0, " size"),
    ("heel-bridge", "position", "trunk_pitch", -20.0, 50.0, ""),
    ("heel-bridge", "position", "leg_pitch", -20.0, 65.0, ""),
    ("heel-bridge", "position", "straightest_knee", 130.0, None, ""),
    ("heel-bridge", "position", "belly_up", 30.0, None, ""),
    ("heel-bridge", "start", "line_dev", 9.5, None, ""),
    ("heel-bridge", "start", "trunk_pitch", None, 18.0, ""),
    ("heel-bridge", "start", "lift", None, 0.22, " size"),
    ("heel-bridge", "start", "leg_pitch", None, 50.0, ""),
    ("heel-bridge", "hold", "hold_line", None, 13.5, " size"),
    ("side-lift", "position", "slope", None, 28.0, " size"),
    ("side-lift", "position", "sideways", 0.2, None, ""),
    ("side-lift", "position", "line", 115.0, None, ""),
    ("side-lift", "start", "line", 145.0, None, ""),
    ("side-lift", "start", "propped", None, 0.55, ""),
    ("side-lift", "hold", "effort", 0.045, None, "relative"),
    ("side-lift", "hold", "effort_speed", None, 0.08, " size"),
    ("ball-kneel", "position", "higher_foot", None, 0.42, ""),
    ("ball-kneel", "position", "knee", None, 150.0, ""),
    ("ball-kneel", "start", "lean", 30.0, None, ""),
    ("ball-kneel", "hold", "lean", None, 15.0, ""),
    ("ball-kneel", "hold", "hip", 150.0, None, ""),
    ("toe-squat", "position", "trunk_up", 0.15, None, ""),
    ("toe-squat", "position", "hips_up", 0.35, None, ""),
    ("toe-squat", "start", "hips_up", 1.15, None, ""),
    ("toe-squat", "start", "knee_picture", 120.0, None, ""),
    ("swan", "position", "trunk_pitch", -15.0, 60.0, ""),
    ("swan", "position", "belly_up", None, 0.0, ""),
    ("swan", "position", "hip_over_ankle", None, 0.25, ""),
    ("swan", "position", "wrist_up", -0.7, None, ""),
    ("swan", "position", "knee", 115.0, None, ""),
    ("swan", "start", "trunk_pitch", -15.0, 20.0, ""),
    ("swan", "hold", "effort", 3.5, None, "relative"),
    ("swan", "hold", "effort_speed", None, 6.0, " size"),
    ("plane", "position", "trunk_pitch", -30.0, 45.0, ""),
    ("plane", "position", "hand_down", None, 100.0, ""),
    ("plane", "position", "thigh_down", None, 62.0, " size"),
    ("plane", "position", "support_knee", 35.0, 145.0, ""),
    ("plane", "start", "arm_higher", None, 48.0, " size"),
    ("plane", "start", "leg_higher", None, 48.0, " size"),
    ("plane", "hold", "arm_up", 35.0, None, ""),
    ("plane", "hold", "leg_up", 35.0, None, ""),
    ("plane", "hold", "effort_speed", None, 30.0, " size"),
    ("side-plank", "position", "slope", 2.0, 50.0, ""),
    ("side-plank", "position", "stacked", 0.15, None, ""),
    ("side-plank", "position", "support_drop", 0.2, None, ""),
    ("side-plank", "position", "knee_straight", 140.0, None, ""),
    ("side-plank", "position", "line_dev", None, 60.0, " size"),
    ("side-plank", "start", "floor_gap", 0.23, None, ""),
]

#: Exercise, fault, signal (none: the end of an attempt decides), side of the limit on which the fault lies, the limit,
#: seconds before it is called, how far beyond costs all, severity, the phases (start, move, hold), and whether it is
#: judged against the rest before.
CHECKS = [
    ("ball-warmup", "trunk-lean", "lean", "above", 25.0, 1.0, 25.0, "moderate", "smh", False),
    ("ball-warmup", "shoulders-move", "", "above", 0.65, 0.5, 0.7, "moderate", "mh", False),
    ("ball-warmup", "feet-move", "", "above", 0.22, 0.5, 0.4, "minor", "mh", False),
    ("ball-warmup", "small-range", "", "below", 0.1, 0.5, 0.08, "minor", "mh", False),
    ("ball-warmup", "broken-circle", "", "above", None, 0.5, 20.0, "moderate", "mh", False),
    ("shoulder-bridge", "hip-sag", "sag", "above", 0.045, 0.6, 0.08, "major", "smh", False),
    ("shoulder-bridge", "knee-angle", "knee_off", "above", 15.0, 1.2, 25.0, "moderate", "smh", False),
    ("shoulder-bridge", "hands-off", "hand_gap", "above", 0.8, 1.0, 0.6, "minor", "smh", False),
    ("shoulder-bridge", "ball-misplaced", "ball_off", "above", 0.3, 1.0, 0.5, "moderate", "smh", False),
    ("shoulder-bridge", "hip-drop", "", "above", 0.13, 0.5, 0.08, "moderate", "mh", False),
    ("shoulder-bridge", "leg-bent", "", "below", 148.0, 0.5, 40.0, "moderate", "mh", False),
    ("shoulder-bridge", "leg-low", "", "above", 15.0, 0.5, 25.0, "major", "mh", False),
    ("shoulder-bridge", "leg-high", "", "above", 15.0, 0.5, 25.0, "moderate", "mh", False),
    ("shoulder-bridge", "short-hold", "", "below", 1.0, 0.5, 1.0, "major", "mh", False),
    ("shoulder-bridge", "same-side", "", "above", None, 0.5, 20.0, "minor", "mh", False),
    ("heel-bridge", "hip-sag", "lift_line", "above", 13.5, 0.5, 20.0, "major", "mh", False),
    ("heel-bridge", "hip-arch", "line_dev", "below", -20.0, 0.6, 20.0, "moderate", "mh", False),
    ("heel-bridge", "knee-bent", "leg_knee", "below", 152.0, 0.6, 30.0, "moderate", "mh", False),
    ("heel-bridge", "legs-apart", "feet_gap", "above", 0.42, 1.0, 0.3, "minor", "s", False),
    ("heel-bridge", "ball-lost", "ball_off", "above", 0.5, 0.8, 0.5, "moderate", "smh", False),
    ("heel-bridge", "hip-sag", "", "above", 13.5, 0.5, 20.0, "major", "mh", False),
    ("heel-bridge", "leg-skipped", "", "above", None, 0.5, 20.0, "major", "mh", False),
    ("heel-bridge", "same-side", "", "above", None, 0.5, 20.0, "moderate", "mh", False),
    ("heel-bridge", "too-fast-up", "", "below", 2.0, 0.5, 1.5, "moderate", "mh", False),
    ("heel-bridge", "too-fast-down", "", "below", 2.0, 0.5, 1.5, "moderate", "mh", False),
    ("side-lift", "line-bent", "line_dev", "below", -7.0, 0.5, 12.0, "moderate", "s", False),
    ("side-lift", "line-bent", "line_dev", "above", 7.0, 0.5, 12.0, "moderate", "s", False),
    ("side-lift", "line-bent", "arm_line", "below", 150.0, 1.0, 40.0, "moderate", "smh", False),
    ("side-lift", "rolled", "shoulder_roll", "above", 25.0, 0.8, 30.0, "moderate", "smh", True),
    ("side-lift", "rolled", "hip_roll", "above", 25.0, 0.8, 30.0, "moderate", "smh", True),
    ("side-lift", "rolled", "roll", "above", 58.0, 1.0, 30.0, "moderate", "smh", False),
    ("side-lift", "knee-bent", "knee", "below", 155.0, 0.8, 40.0, "moderate", "smh", False),
    ("side-lift", "ball-lost", "ball_off", "above", 0.6, 0.8, 1.0, "moderate", "smh", False),
    ("side-lift", "line-bent", "", "below", -7.0, 0.5, 12.0, "moderate", "mh", False),
    ("side-lift", "trunk-lifts", "", "above", 0.1, 0.5, 0.2, "moderate", "mh", False),
    ("side-lift", "legs-apart", "", "above", 1.3, 0.5, 0.6, "moderate", "mh", False),
    ("side-lift", "too-high", "", "above", 0.35, 0.5, 0.3, "moderate", "mh", False),
    ("side-lift", "jerky", "", "below", 0.33, 0.5, 0.2, "minor", "mh", False),
    ("ball-kneel", "hip-bent", "hip", "below", 150.0, 2.0, 40.0, "major", "m", False),
    ("ball-kneel", "trunk-lean", "lean", "above", 15.0, 2.0, 30.0, "moderate", "m", False),
    ("ball-kneel", "head-down", "head", "below", -45.0, 1.5, 30.0, "minor", "smh", False),
    ("ball-kneel", "hands-on-ball", "leaning_hands", "below", 0.25, 0.8, 0.5, "moderate", "smh", False),
    ("ball-kneel", "hip-bent", "", "below", 150.0, 0.5, 40.0, "major", "mh", False),
    ("ball-kneel", "trunk-lean", "", "above", 15.0, 0.5, 30.0, "moderate", "mh", False),
    ("ball-kneel", "feet-down", "", "above", 0.4, 0.5, 0.4, "moderate", "mh", False),
    ("toe-squat", "heels-drop", "deep_heel", "below", 12.0, 0.3, 15.0, "moderate", "mh", False),
    ("toe-squat", "arms-drop", "arm_pitch", "below", -20.0, 0.4, 40.0, "minor", "smh", False),
    ("toe-squat", "trunk-lean", "trunk_lean", "above", 45.0, 0.4, 25.0, "moderate", "mh", False),
    ("toe-squat", "knees-cave", "knee_ratio", "below", 0.72, 0.4, 0.4, "major", "mh", False),
    ("toe-squat", "not-upright", "standing_knee", "below", 160.0, 2.0, 25.0, "minor", "s", False),
    ("toe-squat", "heels-drop", "", "below", 18.0, 0.5, 15.0, "moderate", "mh", False),
    ("toe-squat", "shallow", "", "above", 105.0, 0.5, 30.0, "moderate", "mh", False),
    ("toe-squat", "not-upright", "", "below", 160.0, 0.5, 25.0, "minor", "mh", False),
    ("toe-squat", "jerky", "", "below", 0.7, 0.5, 0.5, "minor", "mh", False),
    ("toe-squat", "step", "", "above", 0.35, 0.5, 0.5, "moderate", "mh", False),
    ("swan", "arms-bent", "elbow", "below", 145.0, 0.6, 40.0, "moderate", "mh", False),
    ("swan", "neck-back", "neck", "above", 30.0, 0.6, 30.0, "moderate", "mh", True),
    ("swan", "neck-back", "neck", "above", 34.0, 0.6, 30.0, "moderate", "mh", False),
    ("swan", "legs-lift", "leg_pitch", "above", 7.0, 0.5, 15.0, "moderate", "mh", True),
    ("swan", "legs-lift", "legs_off", "above", 10.0, 0.5, 15.0, "moderate", "s", False),
    ("swan", "arms-low", "arms_up", "below", 0.15, 0.8, 0.3, "major", "h", True),
    ("swan", "short-hold", "", "below", 2.0, 0.5, 2.0, "major", "mh", False),
    ("swan", "arms-low", "", "below", 0.15, 0.5, 0.3, "major", "mh", False),
    ("swan", "jerky", "", "below", 0.95, 0.5, 0.6, "moderate", "mh", False),
    ("swan", "fading", "", "below", 0.7, 0.5, 0.4, "minor", "mh", False),
    ("plane", "hip-sag", "arch", "above", 22.0, 0.8, 20.0, "major", "h", False),
    ("plane", "thigh-angle", "thigh_off", "above", 15.0, 2.0, 25.0, "moderate", "h", False),
    ("plane", "arm-low", "arm_level", "below", -15.0, 1.0, 30.0, "moderate", "h", False),
    ("plane", "arm-high", "arm_level", "above", 17.0, 1.0, 30.0, "minor", "h", False),
    ("plane", "leg-low", "leg_level", "below", -15.0, 1.0, 30.0, "moderate", "h", False),
    ("plane", "leg-high", "leg_level", "above", 16.0, 1.0, 20.0, "minor", "h", False),
    ("plane", "knee-bent", "raised_knee", "below", 152.0, 1.0, 40.0, "moderate", "h", False),
    ("plane", "elbow-locked", "elbow_over", "above", 25.0, 3.0, 20.0, "minor", "h", False),
    ("plane", "pelvis-open", "pelvis_roll", "above", 42.0, 1.5, 25.0, "moderate", "h", True),
    ("plane", "head-down", "head_pitch", "below", -42.0, 1.5, 30.0, "minor", "h", False),
    ("plane", "head-back", "head_pitch", "above", 32.0, 1.5, 30.0, "minor", "h", False),
    ("plane", "short-hold", "", "below", 10.0, 0.5, 10.0, "major", "mh", False),
    ("plane", "same-side-pair", "", "above", None, 0.5, 20.0, "major", "mh", False),
    ("plane", "repeated-pair", "", "above", None, 0.5, 20.0, "minor", "mh", False),
    ("side-plank", "hip-sag", "line_dev", "above", 12.0, 0.4, 20.0, "major", "s", False),
    ("side-plank", "hip-pike", "line_dev", "below", -12.0, 0.4, 20.0, "major", "s", False),
    ("side-plank", "hip-touch", "hip_clearance", "below", 0.3, 0.2, 0.2, "moderate", "mh", False),
    ("side-plank", "rotated", "rotation", "above", 32.0, 1.0, 30.0, "moderate", "smh", False),
    ("side-plank", "arm-off-vertical", "arm_off", "above", 20.0, 1.0, 40.0, "moderate", "smh", False),
    ("side-plank", "feet-apart", "feet_gap", "above", 0.6, 1.0, 0.5, "minor", "smh", False),
    ("side-plank", "support-off", "support_off", "above", 0.27, 1.0, 0.4, "moderate", "smh", False),
    ("side-plank", "head-off", "head_off", "above", 32.0, 1.5, 30.0, "minor", "smh", False),
    ("side-plank", "small-dip", "", "below", 0.0265, 0.5, 0.03, "major", "mh", False),
    ("side-plank", "deep-dip", "", "above", 0.15, 0.5, 0.1, "minor", "mh", False),
    ("side-plank", "hip-sag", "", "above", 12.0, 0.5, 20.0, "major", "mh", False),
    ("side-plank", "hip-pike", "", "below", -12.0, 0.5, 20.0, "major", "mh", False),
]

#: How much further a lenient coach lets somebody go, and a strict one half as much less far, by exercise and limit.
SLACKS = {
    "ball-warmup": {"back_turn": 0.1, "small_torso": -0.03, "shoulder_ratio": 0.2, "feet_torso": 0.1, "lean_deg": 8.0},
    "shoulder-bridge": {
        "level_deg": 5.0,
        "leg_bent_deg": -5.0,
        "knee_off_deg": 6.0,
        "sag_fraction": 0.02,
        "drop_torso": 0.04,
        "hands_torso": 0.2,
        "ball_off_torso": 0.05,
    },
    "heel-bridge": {"line_deg": 4.0, "arch_deg": -4.0, "knee_deg": -8.0, "fast_s": -0.4, "apart_m": 0.1},
    "side-lift": {
        "high_leg": 0.1,
        "line_low_deg": -2.0,
        "line_high_deg": 2.0,
        "arm_line_deg": -8.0,
        "roll_change_deg": 8.0,
        "rolled_deg": 8.0,
        "rise_torso": 0.04,
        "gap_ratio": 0.15,
        "knee_deg": -8.0,
        "jerky_s": -0.08,
    },
    "ball-kneel": {"lean_deg": 5.0, "hip_deg": -8.0, "head_deg": -8.0},
    "toe-squat": {
        "rep_knee_deg": 6.0,
        "full_knee_deg": 6.0,
        "heel_flat_deg": -4.0,
        "heel_deg": -4.0,
        "heel_risen_deg": -4.0,
        "arm_deg": -8.0,
        "lean_deg": 6.0,
        "cave_ratio": -0.08,
        "upright_deg": -6.0,
        "jerky_s": -0.15,
        "step_torso": 0.1,
    },
    "swan": {
        "arms_torso": -0.04,
        "elbow_deg": -8.0,
        "neck_turn_deg": 8.0,
        "neck_deg": 8.0,
        "legs_deg": 3.0,
        "legs_lying_deg": 3.0,
        "jerky_s": -0.2,
        "fading_fraction": -0.1,
    },
    "plane": {
        "arm_low_deg": -6.0,
        "arm_high_deg": 6.0,
        "leg_low_deg": -6.0,
        "leg_high_deg": 5.0,
        "arch_deg": 5.0,
        "knee_deg": -8.0,
        "thigh_off_deg": 6.0,
        "elbow_over_deg": 5.0,
        "pelvis_open_deg": 8.0,
        "head_down_deg": -8.0,
        "head_back_deg": 8.0,
    },
    "side-plank": {
        "deep_fraction": 0.03,
        "line_deg": 4.0,
        "arm_off_deg": 6.0,
        "feet_torso": 0.2,
        "support_torso": 0.1,
        "rotated_deg": 8.0,
        "head_off_deg": 8.0,
        "pike_deg": -4.0,
    },
}

PHASES = {"s": START, "m": MOVE, "h": HOLD}
WEIGHTS = {"minor": 12.0, "moderate": 25.0, "major": 40.0}
STEP_S = 0.05


def _limits(exercise):
    return Limits(exercise.id, exercise.limits)


def _near(number):
    """A step that is small beside a limit."""
    return max(abs(number) * 0.004, 1e-4)


def _name(row):
    return "-".join(str(v) for v in row[:3] if v)


def test_the_tables_hold_every_gate_and_every_check():
    gates = [
        (n, where, g.signal, bool(g.low), bool(g.high))
        for n, e in exercises().items()
        for where in ("position", "start", "hold")
        for g in getattr(e, where)
    ]
    assert sorted(gates) == sorted((n, w, s, lo is not None, hi is not None) for n, w, s, lo, hi, _ in GATES)
    checks = [(n, c.id, c.signal, c.sense) for n, e in exercises().items() for c in e.checks]
    assert sorted(checks) == sorted(row[:4] for row in CHECKS)


@pytest.mark.parametrize("row", GATES, ids=_name)
def test_a_gate_parts_what_lies_just_on_either_side_of_it(row):
    name, where, signal, low, high, how = row
    exercise = get_exercise(name)
    limits = _limits(exercise)
    gates = [
        g
        for g in getattr(exercise, where)
        if (g.signal, bool(g.low), bool(g.high)) == (signal, low is not None, high is not None)
    ]
    (gate,) = [g for g in gates if g.relative == ("relative" in how)]

    def holds(v, rest=0.0):
        return gate.holds({signal: v}, {signal: rest}, limits)

    for bound, inwards in ((low, 1.0), (high, -1.0)):
        if bound is None:
            continue
        near = inwards * _near(bound)
        assert (holds(bound + near), holds(bound - near)) == (True, False)
        # A rest elsewhere moves what is judged against it, and nothing else.
        moved = 7.0 if gate.relative else 0.0
        assert (holds(bound + near + moved, 7.0), holds(bound - near + moved, 7.0)) == (True, False)
    if "size" in how:
        assert (holds(-(high - _near(high))), holds(-(high + _near(high)))) == (True, False)
    elif low is None:
        assert holds(-1e3)
    elif high is None:
        assert holds(1e3)


def _watch(row):
    name, fault, signal, sense, *_ = row
    exercise = get_exercise(name)
    rows = [r for r in CHECKS if r[:4] == row[:4]]
    same = [c for c in exercise.checks if (c.id, c.signal, c.sense) == (fault, signal, sense)]
    check = same[rows.index(row)]
    limit = _limits(exercise)[check.limit]
    return CheckWatch(check, limit, exercise.limits[check.limit].unit)


def _seen(row, value, seconds, phase, base=0.0):
    """Whether a value that stays for so long in a phase is called a fault, and the tally of it."""
    watch, signal = _watch(row), row[2]
    events, n = [], round(seconds / STEP_S)
    for k in range(n + 1):
        events += watch.update(k * STEP_S, phase, {signal: value + base}, {signal: base})
    return [e.id for e in events if isinstance(e, FaultSeen)], watch


MEASURED = [row for row in CHECKS if row[2]]


@pytest.mark.parametrize("row", MEASURED, ids=_name)
def test_a_check_calls_what_lies_beyond_for_its_time_and_nothing_else(row):
    _, fault, _, sense, limit, dwell_s, span, severity, phases, relative = row
    outwards = 1.0 if sense == "above" else -1.0
    near, phase = outwards * _near(limit), PHASES[phases[0]]
    assert _seen(row, limit + near, dwell_s + STEP_S, phase)[0] == [fault]
    assert _seen(row, limit - near, dwell_s + 5.0, phase)[0] == []
    assert _seen(row, limit + near, dwell_s - STEP_S, phase)[0] == []
    for letter, other in PHASES.items():
        assert bool(_seen(row, limit + near, dwell_s + STEP_S, other)[0]) == (letter in phases)
    # What is judged against the rest before is judged against nothing else.
    moved = _seen(row, limit + near, dwell_s + STEP_S, phase, base=-outwards * 1e3)[0]
    assert bool(moved) == relative
    # Half a span beyond costs half of what being far beyond costs.
    watch = _seen(row, limit + outwards * span / 2, 1.0, phase)[1]
    assert watch.total.excess_s == pytest.approx(0.5)
    assert _seen(row, limit + near, dwell_s + 1.0, phase)[1].current().severity == severity


ENDED = [row for row in CHECKS if not row[2]]
#: Faults of the end that keep an attempt from counting by themselves.
UNCOUNTING = {
    "shoulder-bridge": {"leg-bent", "leg-low", "leg-high", "short-hold"},
    "plane": {"same-side-pair", "short-hold"},
    "side-plank": {"small-dip", "hip-sag", "hip-pike"},
    "swan": {"arms-low", "short-hold"},
}


@pytest.mark.parametrize("row", ENDED, ids=_name)
def test_a_fault_that_the_end_decides_costs_by_how_far_it_is_beyond(row):
    name, fault, _, sense, limit, _, span, severity, *_ = row
    exercise = get_exercise(name)

    class Concluded(type(exercise)):
        worst = None

        def conclude(self, a: Attempt, limits: Limits, before) -> Outcome:
            return Outcome(faults=[(fault, self.worst)])

    it = Concluded()
    outwards = 1.0 if sense == "above" else -1.0
    for share, costs in ((0.25, 0.25), (0.5, 0.5), (3.0, 1.0), (-1.0, 0.0)):
        it.worst = None if limit is None else limit + share * outwards * span
        rep = verdict(attempt_of_nothing(), it, _limits(it), [], [])
        (found,) = rep.faults
        assert (found.id, found.limit, found.severity, found.worst) == (fault, limit, severity, it.worst)
        share_lost = costs if limit is not None else 1.0
        assert rep.counted == (fault not in UNCOUNTING.get(name, ())) and bool(rep.why) != rep.counted
        most = 100.0 if rep.counted else 40.0
        assert rep.score == pytest.approx(most / 100 * (100.0 - WEIGHTS[severity] * (0.5 + 0.5 * share_lost)))


@pytest.mark.parametrize("name", SLACKS)
def test_a_lenient_coach_allows_more_and_a_strict_one_less_of_what_the_table_says_and_of_nothing_else(name):
    exercise = get_exercise(name)
    lenient, normal, strict = (
        Limits(name, exercise.limits, strictness=how).as_dict() for how in ("lenient", "normal", "strict")
    )
    more = {k: round(lenient[k] - v, 9) for k, v in normal.items() if lenient[k] != v}
    less = {k: round(v - strict[k], 9) for k, v in normal.items() if strict[k] != v}
    assert more == SLACKS[name]
    assert less == {k: round(v / 2, 9) for k, v in SLACKS[name].items()}


def test_the_table_of_slacks_holds_every_exercise():
    assert set(SLACKS) == set(exercises())
