"""Files beside the module of an exercise: read where they are, refused by one line where they are damaged."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from formcheck.judging.exercises import get_exercise
from formcheck.judging.rules.beside import NO_TEXTS, Outline, Text, languages, outline, texts
from formcheck.judging.rules.exercise import Exercise

KINDS = iter(range(1000))
GHOST = json.dumps(
    {
        "heading": -1,
        "floor": 1.5,
        "points": {"left_hip": [0, 0], "right_hip": [0.1, 0], "left_shoulder": [0, -1], "right_shoulder": [0.1, -1]},
        "ball": [0, 1, 0.5],
    }
)


@pytest.fixture
def kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> type[Exercise]:
    """An exercise whose module lies in an empty folder."""
    name = f"beside_{next(KINDS)}"
    module = ModuleType(name)
    module.__file__ = str(tmp_path / f"{name}.py")
    monkeypatch.setitem(sys.modules, name, module)
    base = type(get_exercise("plane"))
    return type("Mine", (base,), {"id": "mine", "__module__": name})


def test_without_files_there_is_nothing(kind: type[Exercise]) -> None:
    assert texts(kind, "pl") is NO_TEXTS and outline(kind) is None and languages(kind) == []


def test_an_exercise_without_a_file_of_its_own_has_none() -> None:
    made = type("Made", (type(get_exercise("plane")),), {"id": "plane", "__module__": "nowhere"})
    assert texts(made, "en") is NO_TEXTS and outline(made) is None


def test_a_text_is_said_and_written_alike_or_in_two_ways(kind: type[Exercise], tmp_path: Path) -> None:
    (tmp_path / "mine.pl.toml").write_text(
        'title = "A"\nintro = ["B {hold}"]\n[cues]\nleg-low = { spoken = "C", written = "D" }\n[measures]\nleg = "E"\n'
    )
    (tmp_path / "mine.en.toml").write_text("")
    (tmp_path / "other.de.toml").write_text("")
    own = texts(kind, "pl")
    assert languages(kind) == ["en", "pl"]
    assert own.single == {"title": Text("A", "A")} and own.intro == (Text("B {hold}", "B {hold}"),)
    assert own.cues == {"leg-low": Text("C", "D")} and own.measures == {"leg": Text("E", "E")}
    assert own.mended == own.blocks == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title = ", "Invalid value"),
        ('name = "A"', "there is no text called 'name'"),
        ("title = 3", "title: expected a text"),
        ('title = { spoken = "A" }', "title: expected a text, or both spoken and written"),
        ('title = ""', "title: expected one line"),
        ('title = "a\\nb"', "title: expected one line"),
        ('title = "\\u001b[31m"', "title: expected one line"),
        ('title = "{reps}"', "only {hold} and {hold_or_more} are filled in"),
        ('title = "{"', "only {hold} and {hold_or_more} are filled in"),
        ('intro = "A"', "intro: expected a list"),
        ('cues = "A"', "cues: expected texts by name"),
        ('[cues]\nleg-lo = "A"', "the exercise has no fault 'leg-lo'"),
        ('[mended]\nlegs = "A"', "the exercise has no fault 'legs'"),
    ],
)
def test_what_is_no_text_is_named(kind: type[Exercise], tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "mine.pl.toml").write_text(text)
    with pytest.raises((ValueError, TypeError)) as e:
        texts(kind, "pl")
    assert str(e.value).startswith("mine.pl.toml: ") and said in str(e.value)


def test_what_is_no_utf8_is_named(kind: type[Exercise], tmp_path: Path) -> None:
    (tmp_path / "mine.pl.toml").write_bytes(b'title = "\xff"')
    with pytest.raises(ValueError, match=r"mine\.pl\.toml: .*utf-8"):
        texts(kind, "pl")


def test_an_outline_is_a_body_its_floor_and_its_ball(kind: type[Exercise], tmp_path: Path) -> None:
    (tmp_path / "mine.ghost.json").write_text(GHOST)
    found = outline(kind)
    assert found is not None and (found.heading, found.floor) == (-1, 1.5)
    assert found.points[[11, 23]].tolist() == [[0, -1], [0, 0]] and np.isnan(found.points).sum() == 2 * 29
    assert found.ball is not None and found.ball.tolist() == [0, 1, 0.5]


WAY = {
    **json.loads(GHOST),
    "moves": [[0, 0, 0.1, 0, 0, -1, 0.1, -1], [0.5, 0.1, 0.6, 0.1, 0.5, -0.9, 0.6, -0.9]],
    "balls": [[0, 1], [0.2, 1.1]],
}


def test_the_way_of_an_outline_is_that_of_the_joints_it_names_and_of_its_ball(
    kind: type[Exercise], tmp_path: Path
) -> None:
    (tmp_path / "mine.ghost.json").write_text(json.dumps(WAY))
    found = outline(kind)
    assert found is not None and found.moves.shape == (2, 33, 2) and found.back
    assert found.moves[1, [23, 24, 11, 12]].tolist() == [[0.5, 0.1], [0.6, 0.1], [0.5, -0.9], [0.6, -0.9]]
    assert np.isnan(found.moves).sum() == 2 * 2 * 29
    assert found.balls is not None and found.balls.tolist() == [[0, 1], [0.2, 1.1]]
    points, ball = found.at(0.5)
    assert points[23].tolist() == [0.25, 0.05] and ball is not None and ball.tolist() == pytest.approx([0.1, 1.05, 0.5])


def test_a_way_that_comes_back_by_itself_says_so(kind: type[Exercise], tmp_path: Path) -> None:
    (tmp_path / "mine.ghost.json").write_text(json.dumps({**WAY, "back": False}))
    found = outline(kind)
    assert found is not None and not found.back


@pytest.mark.parametrize(
    "changed",
    [
        {"balls": [[0, 1]]},
        {"balls": [[0, 1], [0.2, 20.1]]},
        {"moves": [[0, 0, 0.1, 0, 0, -1, 0.1], WAY["moves"][1]]},
        {"moves": [[0, 0, 0.1, 0, 0, -1, 0.1, -1, 0.3], WAY["moves"][1]]},
        {"floor": -20.1},
    ],
    ids=["too few balls", "a ball far away", "too few numbers", "too many numbers", "a floor far away"],
)
def test_a_way_that_is_damaged_is_named(kind: type[Exercise], tmp_path: Path, changed: dict[str, object]) -> None:
    (tmp_path / "mine.ghost.json").write_text(json.dumps({**WAY, **changed}))
    with pytest.raises(ValueError, match=r"^mine\.ghost\.json: expected"):
        outline(kind)


def test_an_outline_reaches_no_further_than_twenty_trunks(kind: type[Exercise], tmp_path: Path) -> None:
    (tmp_path / "mine.ghost.json").write_text(json.dumps({**WAY, "floor": 19.9}))
    found = outline(kind)
    assert found is not None and found.floor == 19.9


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("-1,", '"left",'),
        ('"heading": -1', '"heading": 0'),
        ('"left_hip"', '"left_hop"'),
        ('"left_hip": [0, 0]', '"left_hip": [0]'),
        ('"left_hip": [0, 0]', '"left_hip": [0, NaN]'),
        ('"left_hip": [0, 0]', '"left_hip": [0, 1e9]'),
        ('"left_hip": [0, 0], ', ""),
        ('"floor": 1.5', '"floor": "low"'),
        ('"ball"', '"bell"'),
        ("}", ""),
    ],
)
def test_a_damaged_outline_is_named(kind: type[Exercise], tmp_path: Path, old: str, new: str) -> None:
    assert old in GHOST
    (tmp_path / "mine.ghost.json").write_text(GHOST.replace(old, new, 1))
    with pytest.raises(ValueError, match=r"^mine\.ghost\.json: "):
        outline(kind)


@pytest.mark.parametrize(
    ("share", "x", "ball"),
    [
        (0.0, 0.0, 9.0),
        (-1.0, 0.0, 9.0),
        (0.25, 1.5, 2.5),
        (0.5, 2.0, 3.0),
        (0.75, 4.0, 5.0),
        (1.0, 6.0, 7.0),
        (2.0, 6.0, 7.0),
    ],
)
def test_on_the_way_an_outline_lies_between_the_two_it_is_between(share: float, x: float, ball: float) -> None:
    moves = np.stack([np.full((33, 2), v) for v in (1.0, 2.0, 6.0)])
    balls = np.array([[v, v] for v in (2.0, 3.0, 7.0)])
    way = Outline(1, 1.0, np.zeros((33, 2)), np.array([9.0, 9.0, 0.5]), moves, balls)
    points, at = way.at(share)
    assert points[5].tolist() == [x, x] and at is not None and at.tolist() == [ball, ball, 0.5]
    still = Outline(1, 1.0, np.zeros((33, 2)), None, moves[:0])
    assert still.at(share)[0][5].tolist() == [0.0, 0.0] and still.at(share)[1] is None
