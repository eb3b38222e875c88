"""Gates that several exercises have: further out than at rest, and still."""

import pytest

from formcheck.judging.rules.gates import all_hold, risen, slow
from formcheck.judging.rules.limits import Limit, Limits

LIMITS = Limits("toy", {"least": Limit(5.0, "deg", "risen"), "still": Limit(30.0, "deg/s", "still")})


@pytest.mark.parametrize(
    ("effort", "rest", "speed", "held"),
    [
        (12.0, 7.0, 30.0, True),
        (12.0, 7.0, -30.0, True),
        (11.9, 7.0, 0.0, False),
        (12.0, 7.0, 30.1, False),
        (12.0, 7.0, -30.1, False),
    ],
)
def test_what_is_risen_and_slow_is_held(effort: float, rest: float, speed: float, held: bool) -> None:
    gates = (risen("least"), slow("still"))
    assert all_hold(gates, {"effort": effort, "effort_speed": speed}, {"effort": rest}, LIMITS) is held


def test_where_it_rested_is_not_known_only_the_speed_tells() -> None:
    gates = (risen("least"), slow("still"))
    assert all_hold(gates, {"effort": 12.0, "effort_speed": 0.0}, {}, LIMITS) is True
    assert all_hold(gates, {"effort": 12.0, "effort_speed": 40.0}, {}, LIMITS) is False
