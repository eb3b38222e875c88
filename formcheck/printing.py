"""Standard output and error: whatever encoding they have, printing never fails; data on them is UTF-8."""

from __future__ import annotations

import codecs
import sys
import unicodedata

#: How the signs that formcheck prints are written where an encoding does not have them.
_SIGNS = str.maketrans(
    {
        "×": "x", "·": ".", "•": "*", "●": "*", "✓": "ok", "✗": "x", "–": "-", "—": "-", "…": "...", "→": "->",
        "±": "+-", "≥": ">=", "≤": "<=", "°": " deg", "²": "2", "“": '"', "”": '"', "„": '"', "’": "'", "‘": "'",
        "ł": "l", "Ł": "L", "ß": "ss", "ø": "o", "æ": "ae",
    }
)  # fmt: skip
_HANDLER = "formcheck.readable"


def readable(text: str) -> str:
    r"""Return a text in ASCII, as near as can be to what it says.

    >>> readable("8 × 2 s – półka 体 \udcff")
    '8 x 2 s - polka \\u4f53 \\udcff'
    """
    plain = unicodedata.normalize("NFKD", text.translate(_SIGNS))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return plain.encode("ascii", "backslashreplace").decode("ascii")


def _replaced(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return readable(error.object[error.start : error.end]), error.end


def print_anything() -> None:
    """Make standard output and error print all texts, in their own encoding: what it does not have is paraphrased."""
    codecs.register_error(_HANDLER, _replaced)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors=_HANDLER)


def print_data(text: str) -> None:
    """Print what another program is to read: always as UTF-8, whatever the terminal speaks."""
    sys.stdout.flush()
    binary = getattr(sys.stdout, "buffer", None)
    if binary is None:  # a stand-in that takes text only, as in notebooks
        sys.stdout.write(text)
    else:
        binary.write(text.encode("utf-8", "backslashreplace"))
        binary.flush()
