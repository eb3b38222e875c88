"""An address as a QR code, for the terminal and for a page."""

from __future__ import annotations

import io


def qr_text(address: str) -> str:
    """Return a QR code of blocks for a terminal, two rows of modules a line, dark on light."""
    import segno

    out = io.StringIO()
    segno.make(address, error="l", micro=False).terminal(out, compact=True, border=2)
    return out.getvalue()


def qr_svg(address: str) -> str:
    """Return a QR code as an SVG picture without a size of its own."""
    import segno

    code = segno.make(address, error="m", micro=False)
    return str(code.svg_inline(omitsize=True, border=2, dark="#000", light="#fff"))
