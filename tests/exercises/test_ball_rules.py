"""Where the ball must be: told from the ball in the picture, unknown where there is none."""

from __future__ import annotations

import pytest

from . import test_heel_bridge as heel_bridge
from . import test_side_lift as side_lift
from .cases import Scene, fault_ids
from .stick import with_ball

#: Exercise, a good set, joint, where the ball belongs (towards the feet, below), and where it is lost.
PLACES = [
    ("heel-bridge", heel_bridge.GOOD, "ankle", (-0.1, 0.55), (1.6, 0.55)),
    ("side-lift", side_lift.GOOD, "ankle", (0.0, 0.0), (1.0, 0.2)),
]


@pytest.mark.parametrize(("exercise", "good", "joint", "there", "gone"), PLACES, ids=[p[0] for p in PLACES])
def test_a_ball_that_is_in_its_place_is_right_and_one_that_rolled_away_is_lost(exercise, good, joint, there, gone):
    right = Scene(exercise, lambda: with_ball(good.track, joint, *there, radius=0.55))
    wrong = Scene(exercise, lambda: with_ball(good.track, joint, *gone, radius=0.55))
    session = right(None)
    assert "ball-lost" not in fault_ids(session)
    (watch,) = (w for w in session.judge.watches if w.check.id == "ball-lost")
    assert watch.total.judged_s > 1
    assert "ball-lost" in fault_ids(wrong(None))


@pytest.mark.parametrize(("exercise", "good"), [p[:2] for p in PLACES], ids=[p[0] for p in PLACES])
def test_without_a_ball_in_the_picture_it_is_unknown(exercise, good):
    session = good(None)
    (watch,) = (w for w in session.judge.watches if w.check.id == "ball-lost")
    assert watch.total.judged_s == 0
    assert "ball-lost" not in fault_ids(session)
