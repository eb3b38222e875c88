"""Observations into bodies: nothing is lost on the way, and the ball stays with its frame."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.judging.session.bodies import Bodies
from formcheck.sight.ball import Belief
from formcheck.sight.pose.landmarks import JOINT
from formcheck.sight.pose.smooth import OneEuro, ZeroPhase

from ..exercises.stick import PX_PER_M, TORSO, bridge, bridge_set, shoot, with_ball, without

TRACK = without(with_ball(shoot(bridge, bridge_set("right")), "shoulder", 0.3, 0.5), 1.0, 1.5)


def bodies(observations, smooth, at_least):
    through = Bodies(smooth, at_least)
    made = [m for o in observations if (m := through.update(o)) is not None]
    return made + ([last] if (last := through.flush()) is not None else [])


@pytest.mark.parametrize("smooth", [OneEuro, ZeroPhase])
@pytest.mark.parametrize("at_least", [1, 7, 32, 10_000])
def test_every_observation_comes_out_once_in_order_with_its_ball(smooth, at_least):
    observations = [replace(o, ball=None if k % 3 else o.ball) for k, o in enumerate(TRACK)]
    belief = Belief()
    believed = [replace(o, ball=belief.update(o.t, o.ball)) for o in observations]
    made = bodies(observations, smooth(), at_least)
    assert [o for _, seen in made for o in seen] == believed
    np.testing.assert_array_equal(np.concatenate([b.t for b, _ in made]), TRACK.t)
    balls = np.concatenate([b.ball for b, _ in made])
    np.testing.assert_array_equal(np.isfinite(balls[:, 0]), [o.ball is not None for o in believed])
    np.testing.assert_array_equal(balls[30::3], TRACK.ball[30::3])


@pytest.mark.parametrize(("confidence", "known"), [(1.0, True), (0.57, False)])
def test_exercises_do_not_see_a_doubtful_ball(confidence, known):
    observations = [replace(o, ball=replace(o.ball, confidence=confidence)) for o in TRACK]
    made = bodies(observations, OneEuro(), 1)
    centre, radius = (np.concatenate([getattr(b, n) for b, _ in made]) for n in ("ball_centre", "ball_radius"))
    late = TRACK.t >= 1.0
    assert np.isfinite(centre[late]).all() == np.isfinite(radius[late]).all() == known
    assert any(o.ball is not None for _, seen in made for o in seen) is known


def test_how_many_are_measured_together_changes_nothing():
    one, many = (np.concatenate([b.image for b, _ in bodies(TRACK, ZeroPhase(), n)]) for n in (1, 32))
    np.testing.assert_array_equal(one, many)


@pytest.mark.parametrize("smooth", [OneEuro, ZeroPhase])
def test_the_unit_is_the_trunks_length_even_while_it_is_hidden(smooth):
    image = TRACK.image.copy()
    hidden = (TRACK.t > 4.0) & (TRACK.t < 5.0)
    image[hidden, JOINT["shoulder"]["left"], 0] = -500.0
    made = bodies(replace(TRACK, image=image), smooth(), 8)
    unit = np.concatenate([b.torso for b, _ in made])
    np.testing.assert_allclose(unit, TORSO * PX_PER_M, rtol=0.02)
    seen = np.concatenate([b.torso_seen for b, _ in made])
    assert np.isnan(seen[hidden]).all()


def test_nobody_stays_nobody():
    gone = (TRACK.t >= 1.0) & (TRACK.t < 1.5)
    image = np.concatenate([b.image for b, _ in bodies(TRACK, ZeroPhase(), 32)])
    np.testing.assert_array_equal(np.isnan(image[:, 0, 0]), gone)


def test_without_observations_there_is_no_body():
    assert bodies([], OneEuro(), 1) == []


@pytest.mark.parametrize("at_least", [1, 32])
def test_a_body_that_is_suddenly_somewhere_else_is_sized_anew(at_least):
    def half_as_large(o):
        image = o.pose.image.copy()
        image[:, :2] = image[:, :2] / 2 + 150.0
        return replace(o, pose=replace(o.pose, image=image))

    observations = [o if o.t < 4.0 or o.pose is None else half_as_large(o) for o in TRACK]
    made = bodies(observations, ZeroPhase(), at_least)
    t, unit = (np.concatenate([getattr(b, n) for b, _ in made]) for n in ("t", "unit"))
    sizes = [float(np.median(unit[(t >= a) & (t < b)])) for a, b in ((3.0, 4.0), (4.5, 4.8))]
    assert sizes[1] == pytest.approx(sizes[0] / 2, rel=0.1)


def _back_after_a_gap(seconds, way, size):
    """Return how large a body is taken for that comes back elsewhere and of another size, and when it was elsewhere."""

    def other(o):
        image = o.pose.image.copy()
        middle = image[:, :2].mean(axis=0)
        image[:, :2] = middle + size * (image[:, :2] - middle) + [way * TORSO * PX_PER_M, 0.0]
        return replace(o, pose=replace(o.pose, image=image))

    through, units, elsewhere = Bodies(ZeroPhase(), 1), [], []
    for o in TRACK:
        back = o.t >= 4.0 + seconds and o.pose is not None
        made = through.update(o if o.t < 4.0 else other(o) if back else replace(o, pose=None))
        if made is not None:
            units += zip(made[0].t.tolist(), made[0].unit.tolist(), strict=True)
        if through.found_elsewhere:
            elsewhere.append(o.t)
    after = [u for t, u in units if 4.1 + seconds <= t <= 4.5 + seconds]
    before = [u for t, u in units if t < 3.9]
    return float(np.median(after) / np.median(before)), elsewhere


@pytest.mark.parametrize(("size", "anew"), [(1.3, True), (0.7, True), (1.1, False), (0.92, False)])
def test_a_body_that_comes_back_elsewhere_and_of_another_size_is_sized_anew(size, anew):
    ratio, (when,) = _back_after_a_gap(0.8, 2.0, size)
    assert ratio == pytest.approx(size if anew else 1.0, abs=0.03)
    assert when == pytest.approx(4.8, abs=0.1)


@pytest.mark.parametrize(("way", "found"), [(0.5, False), (0.8, True)])
def test_a_body_is_elsewhere_if_it_comes_back_further_than_it_is_told_from_where_it_was(way, found):
    assert bool(_back_after_a_gap(0.8, way, 1.0)[1]) == found
