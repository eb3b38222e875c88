"""Sides that take turns: whether an attempt repeats the side of the one before it."""

from __future__ import annotations

from collections.abc import Sequence

from .records import Rep


def again(before: Sequence[Rep], side: str | None, *, counted: bool, follows: bool = True) -> bool:
    """Return whether the same side is raised as in the attempt before.

    Doing again, and now rightly, what did not count is no repeated side; nor is one that was not seen whole, or one
    between which and the last (*follows* is False) another may have been that was not seen.
    """
    if side is None or not before or not follows or before[-1].cut is not None:
        return False
    return before[-1].side == side and not (counted and not before[-1].counted)
