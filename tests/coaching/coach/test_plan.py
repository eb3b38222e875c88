"""Plans: what is to be done, in which order, and when a set is complete."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.coaching.coach.plan import REST_S, Plan, Step, Target, read_plan, routine_plan, single_plan
from formcheck.errors import UsageError
from formcheck.judging.exercises import ROUTINE, get_exercise
from formcheck.judging.rules.records import Rep


def rep(index: int, side: str | None = None, *, counted: bool = True, block: str | None = None) -> Rep:
    return Rep(index, side, float(index), index + 0.5, index + 0.9, 0.0, counted, None, block=block)


def test_the_routine_is_the_nine_exercises_in_order_with_what_they_prescribe() -> None:
    plan = routine_plan()
    assert [s.exercise for s in plan.steps] == [e.id for e in ROUTINE]
    assert [Target.of(get_exercise(s.exercise), s.reps).total for s in plan.steps] == [40, 10, 5, 16, 5, 10, 5, 6, 10]


@pytest.mark.parametrize(
    ("exercise", "target"),
    [
        ("plane", Target(6)),
        ("side-lift", Target(8, ("left", "right"))),
        ("ball-warmup", Target(10, ("tilt", "sideways", "circle-right", "circle-left"))),
    ],
)
def test_a_target_follows_the_prescription(exercise: str, target: Target) -> None:
    assert Target.of(get_exercise(exercise)) == target


def test_reps_of_ones_own_are_a_side_or_a_block() -> None:
    assert Target.of(get_exercise("side-plank"), 3) == Target(3, ("left", "right"))
    assert Target.of(get_exercise("ball-warmup"), 2).total == 8
    assert Target.of(get_exercise("swan"), 0).total == 0


def test_only_what_counts_brings_the_end_nearer() -> None:
    target = Target(2)
    assert target.left([rep(1), rep(2, counted=False)]) == {"total": 1}
    assert target.left([rep(1), rep(2, counted=False), rep(3)]) == {}


def test_sides_are_counted_apart() -> None:
    target = Target(2, ("left", "right"))
    assert target.left([rep(k, "left") for k in (1, 2, 3)]) == {"right": 2}
    assert target.left([rep(1, None), rep(2, "right")]) == {"left": 2, "right": 1}


def test_blocks_are_counted_apart() -> None:
    target = Target(1, ("tilt", "sideways"))
    assert target.left([rep(1, block="sideways")]) == {"tilt": 1}


@given(st.lists(st.tuples(st.sampled_from(["left", "right", None]), st.booleans()), max_size=30), st.integers(1, 6))
def test_what_is_left_never_grows(done: list[tuple[str | None, bool]], n: int) -> None:
    target = Target(n, ("left", "right"))
    reps = [rep(k, s, counted=c) for k, (s, c) in enumerate(done, 1)]
    left = [sum(target.left(reps[:k]).values()) for k in range(len(reps) + 1)]
    assert left == sorted(left, reverse=True)
    assert left[0] == 2 * n


def test_a_plan_file(tmp_path: Path) -> None:
    file = tmp_path / "mornings.toml"
    file.write_text(
        'rest_s = 10\n[[step]]\nexercise = "swan"\nreps = 3\n[[step]]\nexercise = "plane"\nrest_s = 0\n',
        encoding="utf-8",
    )
    assert read_plan(file) == Plan("mornings", (Step("swan", 3, 10.0), Step("plane", None, 0.0)))


def test_rests_unless_said_otherwise(tmp_path: Path) -> None:
    file = tmp_path / "p.toml"
    file.write_text('name = "short"\n[[step]]\nexercise = "swan"\n', encoding="utf-8")
    assert read_plan(file) == Plan("short", (Step("swan", None, REST_S),))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "at least one step"),
        ("[[step]]\nreps = 3", "step 1: no exercise"),
        ('[[step]]\nexercise = "swan"\n[[step]]\nexercise = "dance"', "step 2.*dance"),
        ('[[step]]\nexercise = "swan"\nreps = -1', "reps: expected a number from 0"),
        ('[[step]]\nexercise = "swan"\nreps = 2.5', "whole number"),
        ('[[step]]\nexercise = "swan"\nreps = true', "expected a number"),
        ('[[step]]\nexercise = "swan"\nrest_s = "long"', "rest_s"),
        ('[[step]]\nexercise = "swan"\nrest = 3', "unknown key 'rest'"),
        ('steps = 1\n[[step]]\nexercise = "swan"', "unknown key 'steps'"),
        ("step = 3", "not a list of tables"),
        ('name = 3\n[[step]]\nexercise = "swan"', "letters for name, got 3"),
        ("[[step", "cannot read the plan"),
    ],
)
def test_a_plan_file_that_does_not_fit_says_where(text: str, says: str, tmp_path: Path) -> None:
    file = tmp_path / "plan.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=says):
        read_plan(file)


def test_a_missing_plan_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="plan file not found"):
        read_plan(tmp_path / "none.toml")


def test_an_unknown_exercise() -> None:
    with pytest.raises(UsageError):
        single_plan("dance")
