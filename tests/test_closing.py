"""What is closed at the end of a ``with`` block."""

import pytest

from formcheck.closing import Closing


class Door(Closing):
    closed = 0

    def close(self) -> None:
        self.closed += 1


def test_it_is_given_and_closed_however_the_block_ends():
    with Door() as door:
        assert door.closed == 0
    assert door.closed == 1
    with pytest.raises(KeyError, match="from within"), door:
        raise KeyError("from within")
    assert door.closed == 2
