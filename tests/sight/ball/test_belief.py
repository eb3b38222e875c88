"""Only a ball that steady evidence speaks for is believed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.sight.ball import Belief
from formcheck.sight.ball.belief import BELIEVED, CHANGE, GAP_S, KEPT, LEAP, STEADY_S
from formcheck.sight.pose.types import Ball

BALL = Ball(300.0, 200.0, 50.0, 0.95)


def run(balls: Iterable[tuple[float, Ball | None]], belief: Belief | None = None) -> list[bool]:
    """Whether each ball of a stream is believed."""
    belief = belief or Belief()
    return [belief.update(t, b) is not None for t, b in balls]


def stream(seconds: float, ball: Ball = BALL, start: float = 0.0, fps: float = 20.0) -> list[tuple[float, Ball]]:
    """The same ball for some time."""
    return [(start + k / fps, ball) for k in range(round(seconds * fps) + 1)]


@pytest.mark.parametrize("fps", [8.0, 15.0, 30.0])
def test_a_ball_is_believed_after_steady_evidence_and_not_before(fps: float) -> None:
    seen = stream(2.0, fps=fps)
    got = run(seen)
    first = next(t for (t, _), believed in zip(seen, got, strict=True) if believed)
    assert STEADY_S - 1e-6 <= first < STEADY_S + 1 / fps
    assert all(got[got.index(True) :])


def test_the_ball_that_is_let_through_is_the_one_that_was_seen() -> None:
    belief = Belief()
    for t, b in stream(1.0):
        got = belief.update(t, b)
    assert got is BALL


@given(st.lists(st.floats(0.0, BELIEVED - 0.001), min_size=5, max_size=60))
def test_a_doubtful_ball_is_never_believed_however_long(confidences: list[float]) -> None:
    assert not any(run((k / 15, replace(BALL, confidence=c)) for k, c in enumerate(confidences)))


@pytest.mark.parametrize(("confidence", "believed"), [(BELIEVED, True), (BELIEVED - 0.01, False)])
def test_how_sure_it_must_be(confidence: float, believed: bool) -> None:
    assert run(stream(1.0, replace(BALL, confidence=confidence)))[-1] is believed


@pytest.mark.parametrize(("confidence", "believed"), [(KEPT, True), (KEPT - 0.01, False)])
def test_how_far_a_believed_one_may_fade(confidence: float, believed: bool) -> None:
    belief = Belief()
    run(stream(1.0), belief)
    assert run([(1.1, replace(BALL, confidence=confidence))], belief) == [believed]


def test_one_that_faded_has_to_be_believed_anew() -> None:
    belief = Belief()
    run(stream(1.0), belief)
    run([(1.1, replace(BALL, confidence=KEPT - 0.01))], belief)
    assert run(stream(1.0, start=1.2), belief)[:3] == [False] * 3


def test_one_doubtful_look_starts_the_clock_again() -> None:
    looks = stream(STEADY_S - 0.05)
    doubtful = [(looks[-1][0] + 0.05, replace(BALL, confidence=BELIEVED - 0.1))]
    after = stream(STEADY_S - 0.05, start=looks[-1][0] + 0.1)
    assert not any(run([*looks, *doubtful, *after]))


@pytest.mark.parametrize(("gap", "believed"), [(GAP_S - 0.01, True), (GAP_S + 0.01, False)])
def test_a_ball_that_comes_back_soon_is_the_same(gap: float, believed: bool) -> None:
    belief = Belief()
    run([*stream(1.0), (1.01, None)], belief)
    assert run([(1.0 + gap, BALL)], belief) == [believed]


@pytest.mark.parametrize(("leap", "believed"), [(LEAP - 0.05, True), (LEAP + 0.05, False)])
def test_a_ball_that_is_suddenly_elsewhere_is_another(leap: float, believed: bool) -> None:
    belief = Belief()
    run(stream(1.0), belief)
    assert run([(1.05, replace(BALL, x=BALL.x + leap * BALL.r))], belief) == [believed]


@pytest.mark.parametrize(("change", "believed"), [(CHANGE - 0.02, True), (CHANGE + 0.02, False)])
def test_a_ball_of_another_size_is_another(change: float, believed: bool) -> None:
    belief = Belief()
    run(stream(1.0), belief)
    assert run([(1.05, replace(BALL, r=BALL.r * (1 + change)))], belief) == [believed]


def test_a_ball_that_rolls_away_stays_believed() -> None:
    rolling = [(k / 15, replace(BALL, x=BALL.x + max(0, k - 15) * 20.0)) for k in range(40)]
    assert all(run(rolling)[8:])
