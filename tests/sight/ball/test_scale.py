"""When the scale that poses give is to be trusted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from formcheck.sight.ball.scale import Steadiness


def after(scales: list[float | None], step: float = 0.1) -> Steadiness:
    """What is known after looks at these scales, *step* seconds apart."""
    s = Steadiness()
    for k, scale in enumerate(scales):
        s.update(k * step, scale)
    return s


def test_one_look_tells_nothing_and_two_that_agree_are_promising():
    assert not after([200.0]).promising
    two = after([200.0, 210.0])
    assert two.promising
    assert not two.known


@given(st.lists(st.floats(190, 215), min_size=6, max_size=30))
def test_half_a_second_of_poses_that_agree_is_enough(scales):
    s = after(scales)
    assert s.known
    assert s.agrees


@given(st.integers(2, 6), st.floats(0.05, 0.5))
def test_a_pose_that_comes_and_goes_never_tells(gap, step):
    s = Steadiness()
    for k in range(30):
        s.update(k * step, 200.0 if k % gap == 0 else None)
        assert not s.known
        # Far apart, the window may begin with the only pose in it; two of them always have a gap between.
        assert not s.promising


def test_one_pose_of_another_size_is_told_from_the_rest():
    s = after([200.0] * 8 + [90.0])
    assert s.known
    assert not s.agrees
    assert after([200.0] * 8 + [90.0, 200.0]).agrees


def test_somebody_who_comes_is_promising_at_once():
    assert after([None] * 20 + [200.0, 205.0]).promising


def test_looks_that_are_far_apart_are_enough_when_they_agree():
    assert after([200.0, 205.0, 198.0], step=0.8).known


@given(st.lists(st.one_of(st.none(), st.floats(30, 600)), min_size=1, max_size=12), st.floats(0.1, 10))
def test_the_unit_of_scale_does_not_matter(scales, factor):
    a, b = after(scales), after([None if s is None else factor * s for s in scales])
    assert (a.known, a.promising) == (b.known, b.promising)
