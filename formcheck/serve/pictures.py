"""Pictures that came over the wire: small JPEGs, never unpacked before their size is known."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray

from .items import BadItemError

#: Longer side of a picture of the whole, and of the small one for the ball (px).
MAX_PICTURE_SIDE, MAX_BALL_SIDE = 1280, 480


def unpacked(jpeg: bytes, most: int, n: int | None = None) -> NDArray[np.uint8]:
    """Return a JPEG as an (h, w, 3) RGB picture.

    Raises
    ------
    BadItemError
        If it is none, is damaged, or has a side longer than *most*.
    """
    from PIL import Image

    try:
        with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as picture:
            if max(picture.size) > most:
                raise BadItemError(f"a picture has at most {most} pixels a side, got {max(picture.size)}", n)
            return np.asarray(picture.convert("RGB"), np.uint8)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as e:
        if isinstance(e, BadItemError):
            raise
        raise BadItemError(f"the picture cannot be read ({type(e).__name__})", n) from e


def packed(image: NDArray[np.uint8], side: int, quality: int = 80) -> bytes:
    """Return a picture as a JPEG of which the longer side has *side* pixels at most, for clients in Python."""
    from PIL import Image

    picture = Image.fromarray(image)
    picture.thumbnail((side, side))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()
