"""Hostile values, as JSON and TOML give them, and sound data with some of them in it."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import strategies as st

#: Texts that do something to a terminal, a page, a table, a path or a shell.
TEXTS = [
    *("", "\n", "two\nlines", "\x1b[2J\x1b[31m", "\x00", "\u202egnp.exe", "\u2028", "\x9b31m", "../../etc/passwd"),
    *("<script>alert(1)</script>", "{{7*7}}", "[red]x[/]", "[/b]", "=cmd|' /C calc'!A0", "%s%n", "a" * 5000, "NaN"),
    *("null", "1e999", "plane", "auto", "2026-13-45T99:99:99Z", "żółw", "\ud800", "C:\\x", "~x", "-1", "true"),
]
NUMBERS = [
    *(0, -1, 1, 10**18, -(10**18), 2**63, 10**300, 10**4000, 1e308, -1e308, 5e-324, 0.5, -0.0, 1e-9, 1e9, 1e17),
    *(float("inf"), float("-inf"), float("nan")),
]


def texts() -> st.SearchStrategy[str]:
    return st.sampled_from(TEXTS) | st.text(st.characters(), max_size=30)


def numbers() -> st.SearchStrategy[float]:
    return st.sampled_from(NUMBERS) | st.integers() | st.floats()


def plain() -> st.SearchStrategy[Any]:
    """Anything that JSON can say, and what Python reads beyond it."""
    one = st.none() | st.booleans() | numbers() | texts()
    return st.recursive(one, lambda x: st.lists(x, max_size=3) | st.dictionaries(texts(), x, max_size=3), max_leaves=6)


def _places(value: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [at] * bool(at) + [p for key, v in inside for p in _places(v, (*at, key))]


@st.composite
def changed(draw: st.DrawFn, base: Any, most: int = 3) -> Any:
    """Sound data with a few values replaced, left out or added."""
    value = copy.deepcopy(base)
    for _ in range(draw(st.integers(1, most))):
        places = _places(value)
        if not places:
            return value
        *way, last = draw(st.sampled_from(places))
        inner = value
        for key in way:
            inner = inner[key]
        how = draw(st.sampled_from(["replace", "replace", "replace", "remove", "add"]))
        if how == "replace":
            inner[last] = draw(plain())
        elif how == "remove":
            del inner[last]
        elif isinstance(inner, dict):
            inner[draw(texts())] = draw(plain())
        else:
            inner.append(draw(plain()))
    return value


def as_json(value: Any) -> bytes:
    return json.dumps(value).encode()


@st.composite
def damaged(draw: st.DrawFn, whole: bytes) -> bytes:
    """A sound file cut short, with bytes changed, or with others put in."""
    data = bytearray(whole)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        how = draw(st.sampled_from(["cut", "flip", "put"]))
        if how == "cut":
            del data[at : at + draw(st.integers(1, 200))]
        elif how == "flip" and at < len(data):
            data[at] ^= draw(st.integers(1, 255))
        else:
            data[at:at] = draw(st.binary(max_size=20))
    return bytes(data)


def deep(opening: bytes, times: int = 60_000) -> bytes:
    """Something nested without bottom."""
    return opening * times


def toml(value: Any) -> str:
    """A value as TOML writes it, also where TOML has no such value."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return hex(value) if abs(value) > 10**1000 and value > 0 else str(value) if abs(value) < 10**1000 else "-9" * 3
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {toml(v)}" for k, v in value.items()) + "}"
    return "1979-05-27" if value is None else json.dumps(value)
