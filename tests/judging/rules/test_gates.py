"""Gates that several exercises have: further out than at rest, and still."""

from math import nan

import pytest

from formcheck.judging.rules.gates import Gate, all_hold, risen, slow
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


RANGE = Limits("toy", {"low": Limit(-20.0, "deg", "from"), "high": Limit(40.0, "deg", "to")})


@pytest.mark.parametrize(
    ("gate", "value", "held"),
    [
        (Gate("x", "low", "high"), -20.0, True),
        (Gate("x", "low", "high"), -20.1, False),
        (Gate("x", "low", "high"), 40.0, True),
        (Gate("x", "low", "high"), 40.1, False),
        (Gate("x", "low"), 1e9, True),
        (Gate("x", high="high"), -1e9, True),
        (Gate("x", high="high", size=True), -40.1, False),
        (Gate("x", high="high", size=True), -39.9, True),
        (Gate("x", "low", "high"), nan, None),
    ],
)
def test_a_gate_is_a_range_its_ends_included(gate, value, held):
    assert gate.holds({"x": value}, {}, RANGE) is held


def test_a_change_since_the_rest_is_not_known_without_one():
    gate = Gate("x", "low", "high", relative=True)
    assert gate.holds({"x": 45.0}, {"x": 10.0}, RANGE) is True
    assert gate.holds({"x": 45.0}, {"x": 0.0}, RANGE) is False
    assert gate.holds({"x": 45.0}, {}, RANGE) is None
    assert Gate("x", high="high", relative=True, size=True).holds({"x": -35.0}, {"x": 10.0}, RANGE) is False


@pytest.mark.parametrize(
    ("values", "held"),
    [
        ((), True),
        ((0.0,), True),
        ((nan,), None),
        ((0.0, nan), True),
        ((0.0, nan, nan), None),
        ((0.0, 0.0, nan, nan), True),
        ((nan, nan, nan, 50.0), False),
    ],
    ids=["none", "one", "one hidden", "one of two", "one of three", "two of four", "one that fails"],
)
def test_half_of_the_gates_must_be_known_and_none_of_them_may_fail(values, held):
    gates = [Gate(f"x{k}", "low", "high") for k in range(len(values))]
    assert all_hold(gates, {f"x{k}": v for k, v in enumerate(values)}, {}, RANGE) is held


TORSO = Limits("toy", {"left": Limit(0.25, "torso", "left the seat")})


@pytest.mark.parametrize(("up", "held"), [(1.37, True), (1.39, False)])
def test_a_change_since_the_rest_is_taken_in_the_length_of_now(up, held):
    """A body that rested with 132 px a torso and has 100 px by now: 0.85 of then is 1.122 of now."""
    gate = Gate("height", high="left", relative=True, size=True)
    rest, now = {"height": 0.85, "torso_px": 132.0}, {"height": up, "torso_px": 100.0}
    assert gate.holds(now, rest, TORSO) is held


@pytest.mark.parametrize("unknown", [{}, {"torso_px": nan}, {"torso_px": 0.0}])
def test_where_the_length_is_not_known_it_has_not_changed(unknown):
    gate = Gate("height", high="left", relative=True)
    assert gate.holds({"height": 1.2, "torso_px": 100.0}, {"height": 1.0, **unknown}, TORSO) is True
    assert gate.holds({"height": 1.3, **unknown}, {"height": 1.0, "torso_px": 50.0}, TORSO) is False


def test_angles_have_no_length():
    gate = Gate("x", "low", "high", relative=True)
    assert gate.holds({"x": 45.0, "torso_px": 50.0}, {"x": 10.0, "torso_px": 100.0}, RANGE) is True
