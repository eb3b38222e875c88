"""A limb that was drawn now here, now there: told by how it wavers while the other one is held still."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.judging.rules.exercise import Attempt
from formcheck.judging.rules.raised import BLURRED_DEG_S, BLURRED_S, blurred, held_up

LEAST = 35.0


def raised(leg, seconds: float = 6.0) -> Attempt:
    """An attempt in which the arm is up and still, and the leg so many degrees up (by time)."""
    t = np.arange(0.0, seconds, 0.1)
    values = {"arm_up": np.full(len(t), 90.0), "leg_up": np.array([leg(x) for x in t])}
    values |= {"arm_higher": values["arm_up"], "leg_higher": values["leg_up"]}
    return Attempt(t, values, values["arm_up"], 0.0, seconds / 2, seconds, 0.0, None, {}, returned=True)


def wavering(deg_s: float, about: float = 80.0):
    """A leg that goes up and down at a speed, turning every second."""
    return lambda t: about + deg_s * abs((t % 2.0) - 1.0)


@pytest.mark.parametrize(
    ("leg", "span", "told"),
    [
        (wavering(1.3 * BLURRED_DEG_S), (0.5, 5.0), True),
        (wavering(0.9 * BLURRED_DEG_S), (0.5, 5.0), False),
        (wavering(1.3 * BLURRED_DEG_S), (1.0, 1.0 + BLURRED_S - 0.05), False),
        (wavering(1.3 * BLURRED_DEG_S), (1.0, 1.0 + BLURRED_S + 0.05), True),
        (wavering(1.3 * BLURRED_DEG_S, about=0.0), (0.5, 5.0), False),
        (lambda t: 80.0, (0.5, 5.0), False),
        (lambda t: float("nan"), (0.5, 5.0), False),
    ],
    ids=["wavers", "wavers little", "too short", "long enough", "is down", "still", "unseen"],
)
def test_a_limb_is_blurred_that_wavers_while_it_is_up_and_the_other_is_held(leg, span, told):
    assert blurred(raised(leg), "leg", span, LEAST) is told


def test_what_is_held_is_the_longest_time_up_and_still():
    a = raised(lambda t: 80.0 if 1.95 < t < 5.05 else 0.0)
    assert held_up(a, ["arm"], LEAST, 30.0) == (pytest.approx(0.0), pytest.approx(5.9))
    from_s, to_s = held_up(a, ["arm", "leg"], LEAST, 30.0)
    # The half of a smoothing length on either side is the way up and down.
    assert from_s == pytest.approx(2.0, abs=0.21) and to_s == pytest.approx(5.0, abs=0.21)
