"""What may be shown of what came from elsewhere: one line, no control characters, no secrets, no endless numbers."""

from __future__ import annotations

import re
import shlex
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

from .addresses import without_secrets

#: Longest line shown; what is longer is cut in its middle.
LONGEST = 1200
#: Longest value quoted in a message.
LONGEST_VALUE = 60
#: Turn the order of letters round, or hide some: a line must not read as another.
_HIDDEN = frozenset("\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff")
_ODD = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufff9-\uffff]")


def printable(text: str) -> str:
    r"""Return a text whose control characters, line breaks and the like are escapes, as Python writes them.

    >>> printable("two\nlines \x1b[31m")
    'two\\nlines \\x1b[31m'
    """
    return _ODD.sub(lambda m: _escaped(m[0]), text)


def _escaped(character: str) -> str:
    odd = unicodedata.category(character) in {"Cc", "Cs", "Cn", "Zl", "Zp"} or character in _HIDDEN
    return character.encode("unicode_escape").decode("ascii") if odd else character


def one_line(text: str) -> str:
    r"""Return a text as one line that can be printed: printable, without secrets, of bearable length.

    >>> one_line("cannot open rtsp://me:pw@camera/1\n(why: \x00)")
    'cannot open rtsp://camera/1\\n(why: \\x00)'
    """
    # A text of any length may come from a file; no more of it than is shown is looked at.
    cut = text if len(text) <= 8 * LONGEST else text[: 4 * LONGEST] + " " + text[-4 * LONGEST :]
    line = printable(without_secrets(cut.strip()))
    if len(line) <= LONGEST:
        return line
    return f"{line[: LONGEST * 2 // 3]} ... {line[-LONGEST // 3 :]}"


def brief(value: object) -> str:
    """Return a value as it is quoted in a message: its ``repr``, short however large or deep it is.

    >>> brief(10**6000), brief("x" * 100)[:20]
    ('a number of 19932 bits', "'xxxxxxxxxxxxxxxxxxx")
    """
    if isinstance(value, int) and abs(value) >= 10**LONGEST_VALUE:
        return f"a number of {value.bit_length()} bits"
    try:
        text = repr(value if not isinstance(value, str) else value[: 2 * LONGEST_VALUE])
    except (ValueError, RecursionError):  # an endless number, or no bottom, somewhere in it
        return f"a {type(value).__name__}"
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}..."


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a question that names the known word nearest to a mistyped one; empty where none is near.

    >>> did_you_mean("plain", ["swan", "plane"]), did_you_mean("handstand", ["swan", "plane"])
    ("did you mean 'plane'?", '')
    """
    near = get_close_matches(word[:LONGEST_VALUE].lower(), list(known), 1)
    return f"did you mean '{near[0]}'?" if near else ""


def as_typed(text: str) -> str:
    r"""Return a text as it is typed in a command, in quotes.

    >>> as_typed("Anna B"), as_typed("Zoë O'Neil")
    ("'Anna B'", '"Zoë O\'Neil"')
    """
    if "'" in text and not set(text) & set('"$`\\!'):
        return f'"{text}"'
    return f"'{text}'" if "'" not in text else shlex.quote(text)
