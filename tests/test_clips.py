"""How outputs are called after their clip."""

from __future__ import annotations

import os

import pytest

from formcheck.clips import LONGEST, file_name, stem_of


@pytest.mark.parametrize(
    ("path", "stem"),
    [
        ("day 1/plane.mp4", "plane"),
        ("plane.track.npz", "plane"),
        ("shots/", "shots"),
        ("shot-%04d.png", "shot-%04d"),
        ("https://host/x/run.mp4?key=1", "run"),
        ("https://me:pa/ss@host/x/plane%201.track.npz", "plane 1"),
        ("rtsp://me:pa/ss@camera", "stream"),
        ("https://host/a:b%2f*.mp4", "a_b_"),
    ],
)
def test_names(path: str, stem: str) -> None:
    assert stem_of(path) == stem


@pytest.mark.parametrize("letter", ["x", "ż", "体"])
def test_a_name_too_long_for_its_outputs_is_cut_and_stays_one_of_a_kind(letter: str) -> None:
    width = len(letter.encode())
    one, two = (stem_of(letter * (240 // width) + end) for end in ("a.mp4", "b.mp4"))
    assert one != two
    assert max(len(os.fsencode(one)), len(os.fsencode(two))) <= LONGEST
    assert stem_of(letter * (150 // width) + ".mp4") == letter * (150 // width)


def test_a_text_becomes_a_file_name() -> None:
    assert file_name(".. a/b\n*c ") == "a_b_c"
    assert file_name("...") == "clip"
