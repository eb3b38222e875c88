"""Typed access to the fields of a truth file; every complaint names the file and the field."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

from formcheck.errors import InputError

HINT = "a truth file is a JSON object with at least `exercise` and `reps` (a list) or `count` (a number)"


class Fields:
    """A JSON object whose fields are what they must be.

    Parameters
    ----------
    data : object
        The parsed JSON.
    where : str
        Its name, for messages.

    Raises
    ------
    InputError
        By every method, if a field is not what it must be; by this one, if the data are no object.
    """

    def __init__(self, data: Any, where: str) -> None:
        self.where = where
        if not isinstance(data, dict):
            raise self.bad("expected an object", data)
        self.data: dict[str, Any] = data

    def bad(self, what: str, got: Any) -> InputError:
        """Return the error that says what is wrong, and with what."""
        shown = json.dumps(got, default=str)
        return InputError(f"{self.where}: {what}, got {shown if len(shown) <= 40 else shown[:37] + '...'}", HINT)

    def text(self, key: str) -> str | None:
        """Return a word, or None where there is none."""
        v = self.data.get(key)
        if v is not None and (not isinstance(v, str) or not v.strip()):
            raise self.bad(f"`{key}` must be a word", v)
        return v

    def one_of(self, key: str, words: Sequence[str]) -> str | None:
        """Return one of some words, or None where there is none."""
        v = self.data.get(key)
        if v is not None and v not in words:
            raise self.bad(f"`{key}` must be {', '.join(words)} or null", v)
        return v

    def side(self, key: str) -> str | None:
        """Return ``left``, ``right`` or None."""
        return self.one_of(key, ("left", "right"))

    def flag(self, key: str, default: bool) -> bool:
        """Return true or false."""
        v = self.data.get(key, default)
        if not isinstance(v, bool):
            raise self.bad(f"`{key}` must be true or false", v)
        return v

    def maybe_flag(self, key: str, default: bool) -> bool | None:
        """Return true, false, or None where that is open."""
        v = self.data.get(key, default)
        if v is not None and not isinstance(v, bool):
            raise self.bad(f"`{key}` must be true or false, or null where either is right", v)
        return v

    def number(self, key: str) -> float | None:
        """Return a number of seconds, 0 or more, or None."""
        v = self.data.get(key)
        return None if v is None else self._seconds(key, v, v)

    def _seconds(self, key: str, v: Any, shown: Any) -> float:
        if isinstance(v, bool) or not isinstance(v, (int, float)) or not math.isfinite(v) or v < 0:
            raise self.bad(f"`{key}` must be a number of seconds", shown)
        return float(v)

    def items(self, key: str) -> list[Any] | None:
        """Return a list, or None."""
        v = self.data.get(key)
        if v is not None and not isinstance(v, list):
            raise self.bad(f"`{key}` must be a list", v)
        return v

    def ids(self, key: str) -> frozenset[str] | None:
        """Return ids, given as plain strings or as objects with an ``id``; None where the field is missing."""
        v = self.items(key)
        if v is None:
            return None
        out: list[Any] = [x.get("id") if isinstance(x, dict) else x for x in v]
        for x in out:
            if not isinstance(x, str) or not x:
                raise self.bad(f"`{key}` must list fault ids", v)
        return frozenset(out)

    def spans(self, key: str) -> tuple[tuple[float, float], ...]:
        """Return pairs of a start and an end in seconds, in the order of time."""
        out = []
        for x in self.items(key) or ():
            if not isinstance(x, list) or len(x) != 2:
                raise self.bad(f"`{key}` must list pairs [start, end] of seconds", x)
            start, end = (self._seconds(key, v, x) for v in x)
            if end <= start:
                raise self.bad(f"`{key}`: the end must be after the start", x)
            out.append((start, end))
        return tuple(sorted(out))
