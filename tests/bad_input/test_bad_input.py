"""Whatever is in a file or option that people give: one line, the right exit code, nothing half written.

A hundred examples or so of each kind here; ``benchmarks/bad_input.py`` tries thousands.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .kinds import KINDS

EXAMPLES = 150
#: Of kinds that write and sync many files.
FEWER = {"histories": 80, "journals": 60}


@pytest.mark.parametrize("kind", KINDS)
def test_bad_input(kind: str) -> None:
    @settings(max_examples=FEWER.get(kind, EXAMPLES), deadline=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def nothing_is_wrong(data: st.DataObject) -> None:
        assert KINDS[kind](data.draw) == []

    nothing_is_wrong()
