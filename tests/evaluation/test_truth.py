import json
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from formcheck.errors import InputError
from formcheck.evaluation import Truth, TruthRep, parse_truth, read_truth

from .builders import rep


def test_exercise_and_count_are_enough():
    truth = parse_truth({"exercise": "swan", "count": 5})
    assert (truth.exercise, truth.count, truth.reps, truth.faults) == ("swan", 5, None, None)


def test_reps_without_times_are_enough_and_count_by_default():
    truth = parse_truth({"exercise": "plane", "reps": [{"side": "left"}, {"counted": False}]})
    assert truth.count == 1
    assert [r.timed for r in truth.reps] == [False, False]
    assert truth.faults is None


def test_timed_reps_are_put_in_order():
    truth = parse_truth({"exercise": "plane", "reps": [rep(5, 8, side="left"), rep(1, 4, side="right")]})
    assert [r.side for r in truth.reps] == ["right", "left"]


def test_faults_of_the_clip_are_those_named_anywhere():
    reps = [rep(0, 1, faults=["jerky"]), rep(2, 3)]
    truth = parse_truth({"exercise": "swan", "reps": reps, "faults": [{"id": "neck-back", "start_s": 0, "end_s": 1}]})
    assert truth.faults == {"jerky", "neck-back"}


def test_an_empty_fault_list_says_that_there_are_none():
    assert parse_truth({"exercise": "swan", "count": 1, "faults": []}).faults == frozenset()


def test_the_label_of_a_cycle_is_its_block():
    truth = parse_truth({"exercise": "ball-warmup", "reps": [rep(0, 1, block="tilt", side=None)]})
    assert truth.reps[0].label == "tilt"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ([], "expected an object"),
        ({"reps": []}, "`exercise` is missing"),
        ({"exercise": " ", "count": 1}, "`exercise` must be a word"),
        ({"exercise": 3, "count": 1}, "`exercise` must be a word"),
        ({"exercise": "swan"}, "neither `reps` nor `count`"),
        ({"exercise": "swan", "count": -1}, "`count` must be a whole number"),
        ({"exercise": "swan", "count": True}, "`count` must be a whole number"),
        ({"exercise": "swan", "count": 2.5}, "`count` must be a whole number"),
        ({"exercise": "swan", "count": 2, "reps": [rep(0, 1)]}, "`count` disagrees"),
        ({"exercise": "swan", "reps": {}}, "`reps` must be a list"),
        ({"exercise": "swan", "reps": [3]}, "reps[0]: expected an object"),
        ({"exercise": "swan", "reps": [rep(0, 1), rep(3, 2)]}, "reps[1]: `end_s` must not be before"),
        ({"exercise": "swan", "reps": [rep("a", 2)]}, "`start_s` must be a number"),
        ({"exercise": "swan", "reps": [rep(float("nan"), 2)]}, "`start_s` must be a number"),
        ({"exercise": "swan", "reps": [rep(0, 2, side="top")]}, "`side` must be left, right or null"),
        ({"exercise": "swan", "reps": [rep(0, 2, counted="yes")]}, "`counted` must be true or false, or null"),
        ({"exercise": "swan", "count": 1, "faults": "jerky"}, "`faults` must be a list"),
        ({"exercise": "swan", "count": 1, "faults": [{"name": "jerky"}]}, "`faults` must list fault ids"),
        ({"exercise": "swan", "count": 1, "also_ok": [1]}, "`also_ok` must list fault ids"),
        ({"exercise": "swan", "count": 1, "camera": {"near_side": "up"}}, "`near_side` must be left"),
        ({"exercise": "swan", "reps": [rep(0, 2, cut="middle")]}, "`cut` must be start, end, gap or null"),
        ({"exercise": "swan", "reps": [rep(0, 2, maybe="jerky")]}, "`maybe` must be a list"),
        (
            {"exercise": "swan", "reps": [], "optional_reps": [rep(3, 2)]},
            "optional_reps[0]: `end_s` must not be before",
        ),
        ({"exercise": "swan", "reps": [], "refusal": "maybe"}, "`refusal` must be fine, wrong or null"),
        ({"exercise": "swan", "reps": [], "sure": "no"}, "`sure` must be true or false"),
        ({"exercise": "swan", "reps": [], "holds": [[1, 2, 3]]}, "`holds` must list pairs"),
        ({"exercise": "swan", "reps": [], "holds": [["a", 2]]}, "`holds` must be a number of seconds"),
        ({"exercise": "swan", "reps": [], "holds": [[2, 1]]}, "`holds`: the end must be after the start"),
        ({"exercise": None, "reps": [], "tempting": ["squat"]}, "`tempting` must list ids of exercises"),
        ({"exercise": None, "reps": [], "attempts_ok": [{}]}, "`attempts_ok` must list ids of exercises"),
        ({"exercise": None, "reps": [rep(0, 1)]}, "a movement outside the routine"),
        ({"exercise": None, "count": 2}, "a movement outside the routine"),
        ({"exercise": "swan", "reps": [rep(0, 2, faults=["jerky"])], "never": ["jerky"]}, "both in `never` and"),
    ],
)
def test_a_broken_truth_is_refused_in_one_line_that_names_the_field(data, says):
    with pytest.raises(InputError) as e:
        parse_truth(data, "clip.json")
    assert str(e.value).startswith("clip.json")
    assert says in e.value.message
    assert e.value.hint
    assert "\n" not in str(e.value)


def test_a_file_is_named_after_itself_if_it_gives_no_name(tmp_path):
    (tmp_path / "mine.json").write_text('{"exercise": "swan", "count": 2}')
    assert read_truth(tmp_path / "mine.json").clip == "mine"


def test_a_byte_order_mark_does_no_harm(tmp_path):
    (tmp_path / "mine.json").write_text('{"exercise": "swan", "count": 2}', encoding="utf-8-sig")
    assert read_truth(tmp_path / "mine.json").count == 2


@pytest.mark.parametrize("text", ["{", "", "\x00"])
def test_a_file_that_is_not_json_is_refused(tmp_path, text):
    path = tmp_path / "mine.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="not JSON"):
        read_truth(path)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(InputError, match="no truth file that can be read"):
        read_truth(tmp_path / "none.json")


def test_the_series_beside_the_file_is_read(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps({"exercise": "swan", "count": 0}))
    np.savez(tmp_path / "a.npz", t=[0.0, 1.0], angle_knee_left=[10.0, 20.0], px=np.zeros((2, 33, 2)))
    series = read_truth(tmp_path / "a.json").series
    assert list(series.angles) == ["knee_left"]
    assert series.px.shape == (2, 33, 2)


@pytest.mark.parametrize(
    "arrays",
    [
        {"angle_knee_left": [1.0, 2.0]},  # no times
        {"t": [1.0, 0.0]},  # times that run backwards
        {"t": [0.0, 1.0], "angle_knee_left": [1.0]},  # lengths that differ
        {"t": [0.0, 1.0], "px": np.zeros((2, 17, 2))},  # another body model
        {"t": []},
    ],
)
def test_a_series_that_does_not_fit_is_refused(tmp_path, arrays):
    (tmp_path / "a.json").write_text('{"exercise": "swan", "count": 0}')
    np.savez(tmp_path / "a.npz", **arrays)
    with pytest.raises(InputError, match=r"a\.npz"):
        read_truth(tmp_path / "a.json")


def test_a_damaged_series_is_refused(tmp_path):
    (tmp_path / "a.json").write_text('{"exercise": "swan", "count": 0}')
    (tmp_path / "a.npz").write_bytes(b"PK\x03\x04 cut short")
    with pytest.raises(InputError, match="not a readable truth series"):
        read_truth(tmp_path / "a.json")


def test_the_document_on_truth_by_hand_shows_a_sound_file_and_names_every_field():
    text = (Path(__file__).resolve().parents[2] / "docs" / "truth.md").read_text(encoding="utf-8")
    block = text[text.index('    {"exercise"') : text.index("## Attempts")]
    truth = parse_truth(json.loads(block))
    assert (truth.exercise, truth.count, truth.most, len(truth.needed)) == ("toe-squat", 1, 2, 1)
    told = {f.name for f in (*fields(TruthRep), *fields(Truth))}
    own = {"clip", "count", "most", "kind", "view", "series", "optional"}  # worked out, or plain from the context
    assert {name for name in told - own if f"`{name}`" not in text} == set()
