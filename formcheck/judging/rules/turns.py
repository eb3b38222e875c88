"""Sides that take turns: whether an attempt repeats the side of the one before it."""

from __future__ import annotations

from collections.abc import Sequence

from .records import Rep


def again(before: Sequence[Rep], side: str | None, *, follows: bool = True) -> bool:
    """Return whether the same side is raised as in the attempt before, and that one counted.

    Doing again what did not count is no repeated side, however often it is tried; nor is one that was not seen whole,
    or one between which and the last (*follows* is False) another may have been that was not seen.
    """
    if side is None or not follows:
        return False
    for rep in reversed(before):
        if rep.cut is not None or rep.side != side:
            return False
        if rep.counted:
            return True
    return False
