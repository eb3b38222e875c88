"""Limits: defaults, strictness, overrides by file, and clear words when they do not fit."""

import pytest

from formcheck.errors import UsageError
from formcheck.judging.rules.limits import STRICTNESS, Limit, Limits, read_overrides

DEFAULTS = {
    "upper": Limit(10.0, "deg", "an upper bound", 4.0),
    "lower": Limit(-10.0, "deg", "a lower bound", -4.0),
    "asked": Limit(2.0, "s", "what the routine asks for"),
}


def test_strictness_moves_bounds_apart_and_together_but_not_what_is_asked_for():
    lenient, normal, strict = (Limits("toy", DEFAULTS, strictness=s).as_dict() for s in ("lenient", "normal", "strict"))
    assert normal == {"upper": 10.0, "lower": -10.0, "asked": 2.0}
    assert lenient == {"upper": 14.0, "lower": -14.0, "asked": 2.0}
    assert strict == {"upper": 8.0, "lower": -8.0, "asked": 2.0}


@pytest.mark.parametrize("strictness", STRICTNESS)
def test_an_override_is_taken_as_given_whatever_the_strictness(strictness):
    assert Limits("toy", DEFAULTS, {"upper": 33}, strictness)["upper"] == 33.0


def test_reading_marks_a_limit_as_used_and_looking_at_all_does_not():
    limits = Limits("toy", DEFAULTS)
    limits.as_dict()
    assert list(limits) == list(DEFAULTS) and len(limits) == 3
    assert limits.used == set()
    assert limits["upper"] == 10.0
    assert limits.used == {"upper"}


def test_unknown_names_are_refused_with_the_known_ones():
    with pytest.raises(UsageError) as error:
        Limits("toy", DEFAULTS, {"uper": 1.0})
    assert "'toy' has no limit 'uper'" in str(error.value) and "asked, lower, upper" in str(error.value)
    with pytest.raises(UsageError, match="lenient, normal, strict"):
        Limits("toy", DEFAULTS, strictness="kind")


@pytest.mark.parametrize("value", ["12", True, None, [1.0]])
def test_a_value_that_is_no_number_is_refused(value):
    with pytest.raises(UsageError, match="toy.upper: expected a number"):
        Limits("toy", DEFAULTS, {"upper": value})


@pytest.mark.parametrize("sign", [1, -1])
def test_a_limit_may_be_moved_as_far_as_switches_it_off_and_no_further(sign):
    assert Limits("toy", DEFAULTS, {"upper": sign * 1e6})["upper"] == sign * 1e6
    with pytest.raises(UsageError, match="toy.upper: expected -1e\\+06 to 1e\\+06 deg"):
        Limits("toy", DEFAULTS, {"upper": sign * 1.0001e6})


@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
def test_a_number_that_decides_nothing_is_refused(tmp_path, value):
    file = tmp_path / "l.toml"
    file.write_text(f"[toy]\nupper = {value}\n")
    with pytest.raises(UsageError, match="toy.upper"):
        Limits("toy", DEFAULTS, read_overrides(file)["toy"])


def test_overrides_are_read_from_a_file(tmp_path):
    file = tmp_path / "l.toml"
    file.write_text("[toy]\nupper = 12.5\nasked = 8\n\n[other]\nx = 1\n")
    assert read_overrides(file) == {"toy": {"upper": 12.5, "asked": 8}, "other": {"x": 1}}


@pytest.mark.parametrize("content", [b"upper = 3\n", b"[toy\nupper", b"\xff\xfe\x00", b"[toy]\nupper = 1\nupper = 2\n"])
def test_a_file_that_is_no_table_of_limits_is_refused_in_one_line(tmp_path, content):
    file = tmp_path / "l.toml"
    file.write_bytes(content)
    with pytest.raises(UsageError) as error:
        read_overrides(file)
    assert str(file) in str(error.value) and "\n" not in str(error.value)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(UsageError, match="not found"):
        read_overrides(tmp_path / "none.toml")
    with pytest.raises(UsageError):
        read_overrides(tmp_path)


def test_seconds_may_be_few_but_not_less_than_none():
    waits = {"hold_s": Limit(2.0, "s", "held"), "lean_deg": Limit(2.0, "deg", "leaning")}
    assert Limits("toy", waits, {"hold_s": 0.0})["hold_s"] == 0.0
    assert Limits("toy", waits, {"lean_deg": -0.1})["lean_deg"] == -0.1
    with pytest.raises(UsageError, match="hold_s"):
        Limits("toy", waits, {"hold_s": -0.1})
