"""A font that has the letters of a text: the one Pillow carries where it will do, else one found on the machine."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .accents import taken_apart

#: A character that no font has: what is drawn for it is what is drawn for every missing letter.
_MISSING = "\U0010ffff"
#: Letters that Unicode does not take apart into a base and an accent, and signs with a plainer form.
_PLAIN = {
    "ł": "l",
    "Ł": "L",
    "ø": "o",
    "Ø": "O",
    "đ": "d",
    "Đ": "D",
    "ß": "ss",
    "æ": "ae",
    "Æ": "AE",
    "×": "x",
    "–": "-",
    "—": "-",
    "…": "...",
    "„": '"',
    "”": '"',
    "“": '"',
    "’": "'",
    "‘": "'",
}
#: The letters of Polish that English does not have.
POLISH = "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ"
#: Where systems keep a plain font with the letters of many languages.
_SYSTEM = {
    "darwin": (
        "/System/Library/Fonts/Supplemental/Arial.ttf",
        "/System/Library/Fonts/Helvetica.ttc",
        "/Library/Fonts/Arial.ttf",
    ),
    "win32": ("C:/Windows/Fonts/segoeui.ttf", "C:/Windows/Fonts/arial.ttf"),
    "linux": (
        "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
        "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
        "/usr/share/fonts/TTF/DejaVuSans.ttf",
        "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
        "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
    ),
}


@cache
def _face(path: str | None) -> Any:
    from PIL import ImageFont

    return ImageFont.load_default(24) if path is None else ImageFont.truetype(path, 24)


@cache
def _drawn(path: str | None, letter: str) -> bytes:
    mask = _face(path).getmask(letter)
    return bytes(mask) + repr(mask.size).encode()


@cache
def has(path: str | None, letter: str) -> bool:
    """Return whether a font has a letter; *path* None = the one Pillow carries."""
    return letter.isspace() or letter == _MISSING or _drawn(path, letter) != _drawn(path, _MISSING)


def _candidates() -> Iterator[Path]:
    # Matplotlib comes with the pose library, and DejaVu comes with matplotlib; some builds of OpenCV carry it as well.
    for package, folder in (("matplotlib", "mpl-data/fonts/ttf"), ("cv2", "qt/fonts")):
        spec = find_spec(package)
        for root in (spec.submodule_search_locations or ()) if spec is not None else ():
            yield Path(root) / folder / "DejaVuSans.ttf"
    yield from map(Path, _SYSTEM.get(sys.platform, ()))


@cache
def find_font(letters: str = POLISH) -> str | None:
    """Return the path of a font that has all *letters*.

    Parameters
    ----------
    letters : str
        Any text; of a language, best all its letters. English needs none: ``find_font("")`` is None.

    Returns
    -------
    str or None
        None where the font that Pillow carries will do, with accents drawn on its letters where need be, and also where
        no font is found: what can be neither had nor drawn then lacks its accent (see :func:`legible`).
    """
    if all(has(None, c) or can_be_drawn(c, None) for c in letters):
        return None
    for path in _candidates():
        if not path.is_file():
            continue
        try:
            if all(has(str(path), c) for c in letters):
                return str(path)
        except OSError:
            continue
    return None


@cache
def can_be_drawn(letter: str, path: str | None) -> bool:
    """Return whether a letter that a font does not have is one of its plain letters with an accent drawn on it."""
    parts = taken_apart(letter)
    return parts is not None and has(path, parts[0])


@cache
def accents(line: str, path: str | None) -> tuple[tuple[int, str, str], ...]:
    """Return where in a legible line accents are to be drawn: place, plain letter and accent.

    >>> accents("Łan", None) == ((0, "L", "/"),)
    True
    """
    out = []
    at = 0
    for c in line:
        if has(path, c):
            at += 1
            continue
        parts = taken_apart(c)
        if parts is not None and has(path, parts[0]):
            out.append((at, *parts))
        at += len(_plain(c, path))
    return tuple(out)


@cache
def legible(line: str, path: str | None) -> str:
    """Return a line with every letter that a font does not have in its plain form (``ł`` as ``l``), ``?`` at worst."""
    return "".join(c if has(path, c) else _plain(c, path) for c in line)


def _plain(letter: str, path: str | None) -> str:
    if letter in _PLAIN:
        return _PLAIN[letter]
    base = "".join(c for c in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(c))
    return base if base and base != letter and all(has(path, c) for c in base) else "?"
