"""What a comparison says of a change, for the terminal and the page."""

from __future__ import annotations


def said_key(tone: str | None, *, known: bool, sides: bool) -> str | None:
    """Return the key (of the texts on comparing) of what is said of a change; None where there are not two values.

    Parameters
    ----------
    tone : str or None
        ``better``, ``worse``, ``changed``, ``steady`` or ``open``.
    known : bool
        Whether the least detectable change is.
    sides : bool
        Whether left is compared with right.

    Examples
    --------
    >>> said_key("steady", known=True, sides=False), said_key("open", known=False, sides=True)
    ('steady', 'open-sides')
    """
    end = "-sides" if sides else ""
    match tone:
        case "steady":
            return f"steady{end}" if known else "same"
        case "open":
            return f"open{end}"
        case "changed":
            return "differs" if sides else "changed"
    return tone
