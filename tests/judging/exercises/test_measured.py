"""What every signal of an exercise reads in a good attempt: at rest before it, and in its end position.

The values in ``measured.json`` are those of the figures that the exercises' tests are made of. A change that means to
measure something in another way changes them; one that does not, does not.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .cases import attempt_of
from .test_conclusions import GOOD

MEASURED = json.loads(Path(__file__).with_name("measured.json").read_text(encoding="utf-8"))
#: The figures are made anew each time, and the same each time: no more than the last digit may differ.
SHARE, LEAST = 0.0005, 0.001


def test_every_exercise_is_measured():
    assert set(MEASURED) == set(GOOD)


@pytest.mark.parametrize("name", MEASURED)
def test_a_good_attempt_reads_what_it_is(name):
    a, _ = attempt_of(GOOD[name])
    read = {signal: (a.before(signal), a.at_peak(signal)) for signal in MEASURED[name]}
    wanted = {k: tuple(float("nan") if v is None else v for v in both) for k, both in MEASURED[name].items()}
    off = {
        k: (read[k], wanted[k])
        for k in wanted
        if read[k] != pytest.approx(wanted[k], rel=SHARE, abs=LEAST, nan_ok=True)
    }
    assert not off
