"""Which exercise a position looks like."""

import numpy as np
import pytest

from formcheck.judging.exercises import exercises
from formcheck.judging.measure import Body
from formcheck.judging.session.positions import PositionVotes
from formcheck.judging.session.recognition import recognise

from ..exercises.stick import (
    BRIDGE,
    STANDING,
    Motion,
    all_fours,
    bridge,
    bridge_set,
    dips,
    plane_set,
    shoot,
    side_support,
    standing,
    with_ball,
)

THREE = {k: v for k, v in exercises().items() if k in ("plane", "shoulder-bridge", "side-plank")}


def votes(track, known=None):
    v = PositionVotes(known or THREE)
    for k in range(0, len(track), 32):
        s = slice(k, k + 32)
        v.update(Body(track.t[s], track.image[s], track.world[s], track.size))
    return v


@pytest.mark.parametrize(
    ("name", "build", "motion"),
    [
        ("plane", all_fours, plane_set("right", rest=4)),
        ("shoulder-bridge", bridge, bridge_set("right", "left")),
        ("side-plank", side_support, dips(3)),
    ],
)
@pytest.mark.parametrize("facing", ["right", "left"])
def test_an_exercise_is_recognised_from_its_position(name, build, motion, facing):
    assert name in votes(shoot(build, motion, facing=facing)).best()


def test_somebody_standing_is_in_none_of_them():
    assert votes(shoot(standing, Motion(STANDING).wait(5))).best() == []


def test_nobody_is_in_none_of_them():
    track = shoot(standing, Motion(STANDING).wait(2))
    v = votes(track.with_poses(np.full_like(track.image, np.nan), track.world))
    assert (v.best(), v.looks) == ([], 0)


@pytest.mark.parametrize("fps", [8, 30, 60])
def test_looks_are_taken_by_time_not_by_frames(fps):
    end = dips(2).end
    assert votes(shoot(side_support, dips(2), fps=fps)).looks == pytest.approx(end / 1.0, abs=3)


def voted(looks, **votes):
    """What is seen most after so many looks."""
    v = PositionVotes(THREE)
    v.looks = looks
    v.votes.update({name.replace("_", "-"): n for name, n in votes.items()})
    return v.best()


@pytest.mark.parametrize(("seen", "told"), [(14, []), (16, ["plane"])])
def test_a_position_seen_in_less_than_a_seventh_of_the_looks_is_not_told(seen, told):
    assert voted(100, plane=seen) == told
    assert voted(0) == []


@pytest.mark.parametrize(("second", "alike"), [(49, False), (51, True)])
def test_one_seen_half_as_often_as_the_first_is_alike(second, alike):
    assert voted(200, plane=100, shoulder_bridge=second) == (["shoulder-bridge"] if alike else []) + ["plane"]


# ---- the ball ----------------------------------------------------------------------------------------------
#: Two seconds in the start position, nothing done yet; and a whole set.
WAITING, SET = shoot(bridge, Motion(BRIDGE).wait(2)), shoot(bridge, bridge_set("right", "left"))
#: Where the ball is under the shoulder blades, and where it lies idle beside the feet.
IN_ITS_PLACE, IDLE = ("shoulder", 0.3, 0.5), ("ankle", 1.5, 0.0)


def test_a_ball_in_its_place_tells_the_exercise_before_its_first_repetition():
    assert recognise(WAITING).exercise is None
    found = recognise(with_ball(WAITING, *IN_ITS_PLACE))
    assert found.exercise == "shoulder-bridge" and found.confidence > 0.6
    assert recognise(with_ball(WAITING, *IDLE)).exercise is None


def test_a_ball_in_its_place_tells_the_exercise_where_it_cannot_be_judged():
    oblique = shoot(bridge, bridge_set("right", "left"), azimuth=40.0)
    assert recognise(oblique).exercise is None
    assert recognise(with_ball(oblique, *IN_ITS_PLACE)).exercise == "shoulder-bridge"


def test_where_the_ball_was_not_looked_for_nothing_changes():
    plain = recognise(SET)
    assert recognise(SET, ball_sought=False) == plain
    assert recognise(with_ball(SET, *IN_ITS_PLACE), ball_sought=False) == plain


def test_a_ball_that_is_elsewhere_speaks_softly_against():
    plain, found = recognise(SET), recognise(with_ball(SET, *IDLE))
    assert found.exercise == "shoulder-bridge"
    assert 0.6 < found.evidence["shoulder-bridge"] / plain.evidence["shoulder-bridge"] < 0.9
    assert found.confidence <= plain.confidence


def test_without_a_ball_that_could_have_been_seen_it_is_no_exercise_with_one():
    found = recognise(SET, ball_sought=True)
    assert found.exercise is None and found.evidence["shoulder-bridge"] == 0.0


def test_the_ball_says_nothing_of_exercises_without_one():
    track = shoot(all_fours, plane_set("right", rest=4))
    plain, sought = recognise(track), recognise(with_ball(track, *IDLE))
    assert sought.evidence["plane"] == plain.evidence["plane"]
    assert sought.exercise == plain.exercise == "plane"


def test_a_body_that_is_cut_off_may_hide_the_ball_it_uses():
    low = SET.image.copy()
    low[..., 1] += SET.size[1] - 1.0 - low[..., 1].max() + 40.0
    cut = SET.with_poses(low, SET.world)
    assert recognise(cut, ball_sought=True).evidence == recognise(cut).evidence
