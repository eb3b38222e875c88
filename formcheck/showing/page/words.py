"""Names, numbers and units as the page shows them."""

from __future__ import annotations

import re
from decimal import Decimal

_UNITS = {
    "deg": "°",
    "deg/s": "°/s",
    "s": "\N{NO-BREAK SPACE}s",
    "torso": "\N{NO-BREAK SPACE}trunk lengths",
    "fraction": "",
    "1": "",
    "": "",
}

_SURROGATES = re.compile("[\ud800-\udfff]")


def label(name: str) -> str:
    """Return an id in plain words.

    >>> label("hip-sag"), label("leg_level")
    ('Hip sag', 'Leg level')
    """
    words = name.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def plain(x: float) -> str:
    """Return a number in full, without exponent and without zeros at the end.

    >>> plain(12.0), plain(0.0469), plain(1230.0), plain(-0.5)
    ('12', '0.0469', '1230', '−0.5')
    """
    text = f"{Decimal(str(x)):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", "\N{MINUS SIGN}") if text != "-0" else "0"


def with_unit(x: float, unit: str) -> str:
    r"""Return a number with its unit.

    >>> with_unit(34.5, "deg"), with_unit(0.27, "torso"), with_unit(0.045, "fraction")
    ('34.5°', '0.27\xa0trunk lengths', '0.045')
    """
    return plain(x) + _UNITS.get(unit, f" {unit}")


def one_of(n: int, noun: str) -> str:
    """Return a noun in the number needed.

    >>> one_of(1, "repetition"), one_of(2, "repetition")
    ('repetition', 'repetitions')
    """
    return noun if n == 1 else f"{noun}s"


def clean(text: str) -> str:
    """Return text with what cannot be written as UTF-8 (bytes of an odd file name) replaced."""
    return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text)
