"""Whatever is in a file or option that people give: one line, the right exit code, nothing half written.

Some hundreds of examples of each kind here; ``benchmarks/bad_input.py`` tries thousands.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .kinds import KINDS


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_bad_input(kind: str, data: st.DataObject) -> None:
    assert KINDS[kind](data.draw) == []
