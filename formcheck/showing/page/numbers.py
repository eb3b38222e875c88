"""Numbers of a report on its page, each marked with where it stands in the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from .language import Words

_NOT_KNOWN = Markup('<span class="none"><span aria-hidden="true">–</span><span class="sr">{}</span></span>')


class Numbers:
    """Shows numbers of a report, each marked with where it stands in it, so that page and JSON cannot part.

    Parameters
    ----------
    report : mapping
    words : Words
    """

    def __init__(self, report: Mapping[str, Any], words: Words) -> None:
        self._report, self._words = report, words

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
            ``number``, ``clock`` (a moment), ``share`` (of one) or ``whole`` (rounded, without a unit).
        """
        x, words = self.value(*path), self._words
        if x is None:
            return _NOT_KNOWN.format(words("not-known"))
        match form:
            case "clock":
                text = words.clock(x)
            case "share":
                text = words.share(x)
            case "whole":
                text = words.whole(x)
            case _:
                text = words.with_unit(x, unit)
        return Markup('<data value="{}" data-p="{}">{}</data>').format(repr(x), ".".join(map(str, _flat(path))), text)


def _flat(path: Sequence[str | int | tuple[str | int, ...]]) -> list[str | int]:
    return [key for part in path for key in (part if isinstance(part, tuple) else (part,))]
