"""Which exercise a position looks like."""

import numpy as np
import pytest

from formcheck.coach.recognise import LOOK_EVERY_S, PositionVotes
from formcheck.exercises import exercises
from formcheck.measure import Body

from ..exercises.stick import (
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
    assert votes(shoot(side_support, dips(2), fps=fps)).looks == pytest.approx(end / LOOK_EVERY_S, abs=3)
