"""Threads take short turns while somebody asks for it, and what was before comes back."""

from __future__ import annotations

import sys

import pytest

from formcheck.turns import TURN_S, short_turns

pytestmark = pytest.mark.smoke


@pytest.fixture(autouse=True)
def as_it_was():
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.005)
    yield
    sys.setswitchinterval(before)


def now():
    return pytest.approx(sys.getswitchinterval(), abs=2e-6)


def test_turns_are_short_until_the_last_block_ends():
    with short_turns():
        assert now() == TURN_S
        with short_turns():
            assert now() == TURN_S
        assert now() == TURN_S
    assert now() == 0.005


def test_blocks_that_end_crosswise_and_by_an_error_leave_what_was():
    first, second = short_turns(), short_turns()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert now() == TURN_S
    error = KeyError()
    assert not second.__exit__(KeyError, error, None)
    assert now() == 0.005


def test_turns_that_are_shorter_already_stay():
    sys.setswitchinterval(0.0002)
    with short_turns():
        assert now() == 0.0002
    assert now() == 0.0002
