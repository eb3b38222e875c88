"""Whatever a text holds, what is shown of it is one line that says no more and does nothing to a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.shown import LONGEST, LONGEST_VALUE, brief, one_line, printable


@given(st.text(st.characters(), max_size=200))
def test_any_text_becomes_one_plain_line(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert not [c for c in line if ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or 0xD800 <= ord(c) < 0xE000]
    line.encode("utf-8")


@pytest.mark.parametrize("sign", ["\n", "\x1b", "\x9b", "\u202e", "\u2028", "\udcff", "\x00"])
def test_what_moves_a_cursor_or_hides_letters_is_written_out(sign: str) -> None:
    assert printable(f"a{sign}b") == f"a{sign.encode('unicode_escape').decode()}b"


@pytest.mark.parametrize("text", ["półka 体 naïve", "día 1.mp4", "👩‍🦱 clip", "a\u00a0b"])
def test_the_letters_of_all_languages_stay(text: str) -> None:
    assert printable(text) == text


def test_a_long_text_keeps_its_beginning_and_its_end() -> None:
    line = one_line("what is wrong " + "x" * 1_000_000 + " what to do")
    assert len(line) <= LONGEST + 10
    assert line.startswith("what is wrong")
    assert line.endswith("what to do")


@pytest.mark.parametrize("value", [10**6000, -(10**6000), [10**6000], "x" * 10_000, {"a": ["b" * 500]}], ids=type)
def test_values_are_quoted_briefly(value: object) -> None:
    assert len(brief(value)) <= LONGEST_VALUE + 3


def test_a_value_without_bottom_is_quoted_too() -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    assert brief(deep) == "a list"
    assert brief("plain") == "'plain'"
