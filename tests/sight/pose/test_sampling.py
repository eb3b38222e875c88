"""Which frames are looked at: often while a body is there, seldom while none is, and again between."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.judging.exercises import get_exercise
from formcheck.judging.session.session import Session
from formcheck.sight.pose.sampling import AdaptiveSampler, SteadySampler, sampled
from formcheck.sight.pose.types import Observation, Pose, Track

from ...judging.exercises.stick import SIDE_SUPPORT, Motion, all_fours, dips, plane_set, shoot, side_support


class Frame(NamedTuple):
    t: float
    x: float | None


def look(frame: Frame) -> Pose | None:
    return None if frame.x is None else pose(frame.x)


def pose(x: float) -> Pose:
    """A body with a torso of 100 px, *x* px to the right."""
    image = np.zeros((33, 4))
    image[:, 0] = x
    image[[11, 12], 1] = -100.0
    return Pose(image, np.zeros((33, 4)))


def looks(place, seconds: float, fps: float = 30.0, sampler=None) -> list[float]:
    """Times looked at of a body that is at ``place(t)`` px (None: nobody)."""
    frames = [Frame(t, place(t)) for t in np.arange(0, seconds, 1 / fps)]
    return [round(f.t, 3) for f, used, _ in sampled(frames, look, sampler or AdaptiveSampler()) if used]


def rate(times: list[float], lo: float, hi: float) -> float:
    return sum(lo <= t < hi for t in times) / (hi - lo)


@pytest.mark.parametrize("fps", [24.0, 25.0, 29.97, 30.0, 50.0, 60.0, 120.0])
def test_rates_hold_whatever_the_camera(fps: float) -> None:
    assert rate(looks(lambda t: None, 10, fps), 2, 10) == pytest.approx(5, abs=0.6)
    assert rate(looks(lambda t: 0.0, 10, fps), 2, 10) == pytest.approx(10, abs=0.9)


def test_a_slow_camera_is_used_as_far_as_it_goes() -> None:
    assert rate(looks(lambda t: 0.0, 10, 8.0), 0, 10) == pytest.approx(8)


@pytest.mark.parametrize("comes", [True, False])
def test_the_frame_before_somebody_came_or_went_is_looked_at_after_all(comes: bool) -> None:
    times = looks(lambda t: 0.0 if (t >= 3.03) == comes else None, 5)
    assert max(np.diff([t for t in times if 2.95 <= t <= 3.15])) <= 0.134


def test_every_frame_comes_once_in_order_with_its_pose() -> None:
    frames = [Frame(t, None if t < 1.1 else 200.0 * t) for t in np.arange(0, 3, 1 / 30)]
    asked: list[float] = []

    def asking(frame: Frame) -> Pose | None:
        asked.append(frame.t)
        return look(frame)

    got = list(sampled(frames, asking, AdaptiveSampler()))
    assert [f for f, _, _ in got] == frames
    assert sorted(asked) == [f.t for f, used, _ in got if used]
    assert all((p is not None) == (used and f.x is not None) for f, used, p in got)
    assert all(p.image[0, 0] == f.x for f, _, p in got if p is not None)


@given(st.lists(st.floats(0.001, 2.0), min_size=1, max_size=60), st.randoms())
def test_any_frame_times(steps: list[float], random) -> None:
    times = np.cumsum(steps)
    frames = [Frame(float(t), random.choice([None, 0.0, 30.0])) for t in times]
    got = list(sampled(frames, look, AdaptiveSampler()))
    assert [f for f, _, _ in got] == frames
    assert got[0][1]
    used = [f.t for f, u, _ in got if u]
    # Nobody waits longer than the long step and one frame.
    assert all(b - a <= 0.2 + max(steps) + 1e-6 for a, b in zip(used, [*used[1:], times[-1]], strict=True))


def test_steady() -> None:
    assert looks(lambda t: 0.0, 1, 10.0, SteadySampler(0.0)) == [round(k / 10, 3) for k in range(10)]
    assert looks(lambda t: 0.0, 1, 10.0, SteadySampler(0.15)) == [0.0, 0.2, 0.4, 0.6, 0.8]


SETS = {
    "plane": ("plane", lambda: shoot(all_fours, plane_set("right", "left", hold=10.6), fps=30.0)),
    "dips": ("side-plank", lambda: shoot(side_support, dips(3), fps=30.0)),
    "low": ("side-plank", lambda: shoot(side_support, dips(2, depth=0.02), fps=30.0)),
    "quick": (
        "side-plank",
        lambda: shoot(side_support, Motion(SIDE_SUPPORT).wait(1.5).to(0.4, drop=0.1).back(0.4).wait(1.5), fps=30.0),
    ),
}


def findings(exercise: str, observations) -> tuple[list, list]:
    session = Session(get_exercise(exercise))
    for o in observations:
        session.update(o)
    session.finish()
    reps = session.judge.reps
    return [(r.side, r.counted, [f.id for f in r.faults]) for r in reps], [(r.start_s, r.end_s) for r in reps]


@pytest.mark.parametrize("name", SETS)
def test_judged_as_from_every_frame_from_less_than_half_of_them(name: str) -> None:
    exercise, make = SETS[name]
    track: Track = make()
    few = [Observation(o.t, p, o.size) for o, used, p in sampled(track, lambda o: o.pose, AdaptiveSampler()) if used]
    assert len(few) < 0.4 * len(track)
    whole, when = findings(exercise, track)
    assert whole
    found, then = findings(exercise, few)
    assert found == whole
    assert np.abs(np.array(then) - np.array(when)).max() < 0.25
