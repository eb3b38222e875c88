"""Plain data to dataclasses and back, checked by the types the classes declare."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from formcheck.shown import brief

#: What a report says of itself.
SCHEMA = "formcheck.report/1"
#: Marks a field that is left out of the plain data where it is None.
OPTIONAL = {"optional": True}
#: Name of the field that keeps what a class does not know.
EXTRA = "extra"
#: Largest number: beyond, not every whole number is one of its own.
MOST = 2**53
_NAMES = {float: "a number", int: "a whole number", str: "a text", bool: "true or false", NoneType: "null"}
_hints = cache(get_type_hints)


def decode(kind: Any, value: Any, where: str = "") -> Any:
    """Make a value of a declared type from plain data.

    Parameters
    ----------
    kind : type
        A dataclass, ``tuple[X, ...]``, ``Mapping[str, X]``, a union, ``float``, ``int``, ``str``, ``bool``, ``Any``.
    value : plain data
        As parsed from JSON.
    where : str
        Where the value stands, for the message.

    Raises
    ------
    ValueError
        If it does not fit, saying where and how.

    Examples
    --------
    >>> decode(tuple[float, ...], [1, 2.5])
    (1, 2.5)
    >>> decode(float | None, "x", "reps[2].score")
    Traceback (most recent call last):
    ...
    ValueError: reps[2].score: expected a number or null, got 'x'
    """
    origin = get_origin(kind)
    if kind is Any:
        return value
    if origin in (Union, UnionType):
        return _decode_union(kind, value, where)
    if origin is tuple:
        if not isinstance(value, list):
            raise _wrong(where, "a list", value)
        return tuple(decode(get_args(kind)[0], v, f"{where}[{i}]") for i, v in enumerate(value))
    if origin is not None and issubclass(origin, Mapping):
        if not isinstance(value, Mapping):
            raise _wrong(where, "an object", value)
        return {k: decode(get_args(kind)[1], v, _at(where, k)) for k, v in value.items()}
    if is_dataclass(kind):
        return _decode_class(kind, value, where)
    if not _is_plain(kind, value):
        raise _wrong(where, _NAMES.get(kind, str(kind)), value)
    return value


def _is_plain(kind: Any, value: Any) -> bool:
    if kind in (float, int) and isinstance(value, bool):
        return False
    if kind in (float, int):
        # NaN and the endless fail here, too: no figure of a report is larger.
        return isinstance(value, int if kind is int else int | float) and -MOST <= value <= MOST
    return isinstance(value, kind)


def _decode_union(kind: Any, value: Any, where: str) -> Any:
    choices = get_args(kind)
    if value is None and NoneType in choices:
        return None
    rest = [c for c in choices if c is not NoneType]
    if len(rest) == 1 and rest[0] not in _NAMES:
        return decode(rest[0], value, where)
    for choice in rest:
        if _is_plain(choice, value):
            return value
    raise _wrong(where, " or ".join(_NAMES[c] for c in choices), value)


def _decode_class(kind: Any, value: Any, where: str) -> Any:
    if not isinstance(value, Mapping):
        raise _wrong(where, "an object", value)
    hints, found = _hints(kind), {}
    names = {f.name for f in fields(kind)} - {EXTRA}
    for f in fields(kind):
        if f.name in value and f.name != EXTRA:
            found[f.name] = decode(hints[f.name], value[f.name], _at(where, f.name))
        elif f.default is MISSING and f.default_factory is MISSING:
            raise ValueError(f"{_at(where, f.name)} is missing")
    # An explicit null of an optional field is kept too, so that the way back is exact.
    optional = {f.name for f in fields(kind) if f.metadata.get("optional")}
    found[EXTRA] = {k: v for k, v in value.items() if k not in names or (k in optional and v is None)}
    return kind(**found)


def encode(value: Any) -> Any:
    """Return plain data: dataclasses and mappings as dicts, tuples as lists.

    >>> encode(({"a": (1, 2)}, None))
    [{'a': [1, 2]}, None]
    """
    if is_dataclass(value) and not isinstance(value, type):
        out = {}
        for f in fields(value):
            v = getattr(value, f.name)
            if f.name != EXTRA and not (f.metadata.get("optional") and v is None):
                out[f.name] = encode(v)
        return {**getattr(value, EXTRA, {}), **out}
    if isinstance(value, Mapping):
        return {k: encode(v) for k, v in value.items()}
    if isinstance(value, tuple | list):
        return [encode(v) for v in value]
    return value


def _at(where: str, name: str) -> str:
    return f"{where}.{name}" if where else name


def _wrong(where: str, want: str, value: Any) -> ValueError:
    return ValueError(f"{where or 'value'}: expected {want}, got {brief(value)}")
