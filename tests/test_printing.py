"""Printing works in every encoding that a terminal or a redirected output may have; data is UTF-8."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout

import pytest

from formcheck.printing import print_anything, print_data, readable

ENCODINGS = ["ascii", "cp1251", "cp437", "cp932", "cp1252", "latin-1", "utf-8"]


@contextmanager
def output(encoding: str) -> Iterator[io.BytesIO]:
    """Standard output as it is in an encoding (set in the test itself: pytest sets its own before each)."""
    data = io.BytesIO()
    stream = io.TextIOWrapper(data, encoding=encoding)
    with redirect_stdout(stream):
        print_anything()
        yield data
        stream.detach()  # writes what is held back, and leaves the bytes open


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_all_signs_are_printed_in_some_way(encoding: str) -> None:
    with output(encoding) as data:
        sys.stdout.write("8 × 2 s – ● ✓ • żółw 体 \udcff 👩\n")
    text = data.getvalue().decode(encoding)
    assert text.startswith("8 ")
    assert "2 s" in text
    assert text.endswith("\n")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_data_is_utf8_whatever_else_is(encoding: str) -> None:
    with output(encoding) as data:
        sys.stdout.write("before\n")
        print_data('{"path": "żółw 体"}\n')
    assert data.getvalue().splitlines()[1].decode("utf-8") == '{"path": "żółw 体"}'


def test_data_goes_to_an_output_of_texts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = io.StringIO()
    monkeypatch.setattr(sys, "stdout", notebook)
    print_data("żółw")
    assert notebook.getvalue() == "żółw"


@pytest.mark.parametrize(("text", "plain"), [("żółw", "zolw"), ("2 × 8 …", "2 x 8 ..."), ("naïve ß", "naive ss")])
def test_letters_become_those_they_are_read_as(text: str, plain: str) -> None:
    assert readable(text) == plain
