"""What every signal of an exercise reads in a good attempt, at rest and in its end position, and what decides it.

The values in ``measured.json`` are those of the figures that the exercises' tests are made of. A change that means to
measure something in another way changes them; one that does not, does not.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from formcheck.judging.exercises import ROUTINE, get_exercise

from . import test_ball_kneel as ball_kneel
from . import test_ball_warmup as ball_warmup
from . import test_toe_squat as toe_squat
from .cases import attempt_of
from .test_conclusions import GOOD

SCENES = {
    **GOOD,
    "ball-kneel, half from the front": ball_kneel.scene(turn=ball_kneel.OBLIQUE),
    "ball-kneel, nearly from the side": ball_kneel.scene(thigh=20.0, turn=60.0),
    "toe-squat, from the front": toe_squat.AHEAD,
    "ball-warmup, to the side": ball_warmup.scene(ball_warmup.sideways, turn=ball_warmup.FRONT),
}
MEASURED = json.loads(Path(__file__).with_name("measured.json").read_text(encoding="utf-8"))
#: The figures are made anew each time, and the same each time: no more than the last digit may differ.
SHARE, LEAST = 0.0005, 0.001


def near(value: float | tuple[float, ...]):
    return pytest.approx(value, rel=SHARE, abs=LEAST, nan_ok=True)


def test_every_exercise_is_measured_in_all_that_decides_it():
    assert list(MEASURED) == list(SCENES)
    for e in ROUTINE:
        assert set(MEASURED[e.id]["decided"]) == {*e.decided, "hold_s"}


@pytest.mark.parametrize("name", SCENES)
def test_a_good_attempt_reads_what_it_is(name):
    a, before = attempt_of(SCENES[name])
    wanted = {k: tuple(float("nan") if v is None else v for v in both) for k, both in MEASURED[name]["signals"].items()}
    read = {signal: (a.before(signal), a.at_peak(signal)) for signal in wanted}
    assert {k: (read[k], wanted[k]) for k in wanted if read[k] != near(wanted[k])} == {}
    exercise = get_exercise(SCENES[name].exercise)
    decided = {**exercise.judged(a, exercise.in_force, before).measures, "hold_s": a.hold_s}
    said = {k: float("nan") if v is None else v for k, v in MEASURED[name]["decided"].items()}
    assert {k: (decided[k], said[k]) for k in said if decided[k] != near(said[k])} == {}
