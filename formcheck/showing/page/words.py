"""Names, numbers and units as the page shows them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from markupsafe import Markup

_UNITS = {
    "deg": "°",
    "deg/s": "°/s",
    "s": "\N{NO-BREAK SPACE}s",
    "torso": "\N{NO-BREAK SPACE}torso lengths",
    "fraction": "",
    "1": "",
    "": "",
}
#: Units in words, where they stand alone.
UNIT_NAMES = {
    "deg": "degrees",
    "deg/s": "degrees a second",
    "s": "seconds",
    "torso": "torso lengths",
    "fraction": "fraction",
    "1": "ratio",
    "": "",
}

_SURROGATES = re.compile("[\ud800-\udfff]")
_NOT_KNOWN = Markup('<span class="none"><span aria-hidden="true">–</span><span class="sr">not known</span></span>')


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


def clock(t: float) -> str:
    r"""Return a moment as a viewer's clock shows it.

    >>> clock(1.93), clock(612.5)
    ('1.93\xa0s', '10:12.5')
    """
    if t < 60:
        return f"{plain(t)}\N{NO-BREAK SPACE}s"
    minutes, seconds = divmod(Decimal(str(t)), 60)
    whole, _, part = f"{seconds:f}".partition(".")
    part = part.rstrip("0")
    return f"{minutes:f}:{int(whole):02d}{'.' + part if part else ''}"


def share(x: float) -> str:
    r"""Return a share of one in percent.

    >>> share(0.957), share(1.0)
    ('95.7\xa0%', '100\xa0%')
    """
    return f"{plain(float(Decimal(str(x)) * 100))}\N{NO-BREAK SPACE}%"


def with_unit(x: float, unit: str) -> str:
    r"""Return a number with its unit.

    >>> with_unit(34.5, "deg"), with_unit(0.27, "torso"), with_unit(0.045, "fraction")
    ('34.5°', '0.27\xa0torso lengths', '0.045')
    """
    return plain(x) + _UNITS.get(unit, f" {unit}")


class Numbers:
    """Shows numbers of a report, each marked with where it stands in it, so that page and JSON cannot part.

    Parameters
    ----------
    report : mapping
    """

    def __init__(self, report: Mapping[str, Any]) -> None:
        self._report = report

    def value(self, *path: str | int | tuple[str | int, ...]) -> Any:
        """Return what stands at a path in the report, None where there is nothing."""
        at: Any = self._report
        for key in _flat(path):
            if isinstance(key, int):
                at = at[key] if isinstance(at, Sequence) and key < len(at) else None
            else:
                at = at.get(key) if isinstance(at, Mapping) else None
            if at is None:
                return None
        return at

    def __call__(self, *path: str | int | tuple[str | int, ...], unit: str = "", form: str = "number") -> Markup:
        """Return a ``<data>`` element for the number at a path.

        Parameters
        ----------
        *path : str, int or tuples of them
            Keys and indexes into the report.
        unit : str
            Unit of a plain number.
        form : str
            ``number``, ``clock`` (a moment) or ``share`` (of one).
        """
        x = self.value(*path)
        if x is None:
            return _NOT_KNOWN
        text = clock(x) if form == "clock" else share(x) if form == "share" else with_unit(x, unit)
        return Markup('<data value="{}" data-p="{}">{}</data>').format(repr(x), ".".join(map(str, _flat(path))), text)


def _flat(path: Sequence[str | int | tuple[str | int, ...]]) -> list[str | int]:
    return [key for part in path for key in (part if isinstance(part, tuple) else (part,))]


def one_of(n: int, noun: str) -> str:
    """Return a noun in the number needed.

    >>> one_of(1, "repetition"), one_of(2, "repetition")
    ('repetition', 'repetitions')
    """
    return noun if n == 1 else f"{noun}s"


def listed(words: Sequence[str], at_most: int = 5) -> str:
    """Return words as a list in a sentence, the first letter small.

    >>> listed(["Hip sag", "Knee bent", "Arm low"], 2)
    'hip sag, knee bent and 1 more'
    """
    small = [w[:1].lower() + w[1:] for w in words]
    if len(small) > at_most:
        return f"{', '.join(small[:at_most])} and {len(small) - at_most} more"
    return " and ".join([", ".join(small[:-1]), small[-1]] if len(small) > 1 else small)


def clean(text: str) -> str:
    """Return text with what cannot be written as UTF-8 (bytes of an odd file name) replaced."""
    return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text)
