"""Exercises described in the terminal, and limits in a form that can be given back."""

import tomllib

import pytest
from rich.console import Console

from formcheck.errors import UsageError
from formcheck.judging.exercises import exercises, get_exercise
from formcheck.judging.rules.limits import Limits, read_overrides
from formcheck.showing.console.describe import print_exercise, print_exercises, print_limits_toml

names = pytest.mark.parametrize("name", list(exercises()))


@pytest.fixture
def console(tmp_path):
    with (tmp_path / "out.txt").open("w") as f:
        yield Console(width=400, record=True, file=f, highlight=False)


def test_the_list_names_every_exercise(console):
    print_exercises(console)
    text = console.export_text()
    for e in exercises().values():
        assert e.id in text and e.title in text


@names
def test_an_exercise_is_shown_with_camera_faults_cues_limits_and_reasons(name, console):
    print_exercise(name, console)
    text, e = console.export_text(), get_exercise(name)
    assert e.camera in text
    for check in e.checks:
        assert check.id in text and check.cue in text
    for key, limit in e.limits.items():
        assert key in text and limit.why in text


@names
def test_the_printed_limits_are_a_file_of_overrides_that_change_nothing(name, tmp_path, capsys):
    print_limits_toml(name)
    text = capsys.readouterr().out
    file = tmp_path / "l.toml"
    file.write_text(text)
    e = get_exercise(name)
    assert Limits(name, e.limits, read_overrides(file)[name]).as_dict() == Limits(name, e.limits).as_dict()
    assert set(tomllib.loads(text)[name]) == set(e.limits)


def test_an_unknown_exercise_is_a_usage_error(console):
    with pytest.raises(UsageError, match="choose one of"):
        print_exercise("handstand", console)
