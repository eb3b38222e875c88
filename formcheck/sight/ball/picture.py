"""The small working picture in which a ball is looked for: cut out around the body, scaled to it, in even colours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .body import BodyFrame

Image = NDArray[np.uint8]
Array32 = NDArray[np.float32]

#: Pixels a metre in the working picture: a ball of 45-85 cm has a radius of 20-38 px there.
WORK_SCALE = 90.0
#: A dark picture is lit up until its bright parts (95th percentile of brightness) reach this, but not more than GAIN.
BRIGHT, GAIN = 200.0, 5.0
#: Lightness counts less than colour: shading moves it, and texture is mostly lightness.
LIGHTNESS = 0.55


@dataclass(frozen=True)
class WorkPicture:
    """A cut-out at working scale.

    Attributes
    ----------
    lab : (h, w, 4) float32 array
        CIE L*a*b* in units of about one just noticeable step, lightness weighted by :data:`LIGHTNESS`, slightly
        blurred; and as fourth number how far the body may cover what is behind it, 0-1.
    x, y : float
        Where it starts in the full picture, px.
    factor : float
        Its pixels per pixel of the full picture.
    scale : float
        Pixels per metre at the body, in this picture.
    body : BodyFrame or None
        The body in this picture.
    gain : float
        How much the picture was lit up.
    """

    lab: Array32
    x: float
    y: float
    factor: float
    scale: float
    body: BodyFrame | None
    gain: float = 1.0

    def to_full(self, circle: NDArray[np.float64]) -> NDArray[np.float64]:
        """(..., 4) circles of this picture in pixels of the full one."""
        out = np.array(circle, np.float64)
        out[..., :3] /= self.factor
        out[..., 0] += self.x
        out[..., 1] += self.y
        return out

    def to_work(self, circle: NDArray[np.float64]) -> NDArray[np.float64]:
        """(..., 4) circles of the full picture in pixels of this one."""
        out = np.array(circle, np.float64)
        out[..., 0] -= self.x
        out[..., 1] -= self.y
        out[..., :3] *= self.factor
        return out

    def holds(self, circle: NDArray[np.float64]) -> bool:
        """Whether at least three quarters of the width and height of a circle (4,) of the full picture are in this."""
        x, y, r = self.to_work(circle)[:3]
        h, w = self.lab.shape[:2]
        return bool(r / 2 <= x <= w - r / 2 and r / 2 <= y <= h - r / 2)


def cut_out(
    image: Image,
    box: tuple[int, int, int, int],
    factor: float,
    scale: float,
    body: BodyFrame | None,
    gain: float | None = None,
) -> WorkPicture | None:
    """Return the part *box* (x0, y0, x1, y1) of an RGB picture, scaled by *factor*; None where nothing is left.

    Parameters
    ----------
    scale : float
        Pixels per metre of the full picture.
    body : BodyFrame or None
        The body in the full picture.
    gain : float or None
        How much to light the picture up, so that colours can be compared with those of another one; None: as much as
        it needs.
    """
    import cv2

    x0, y0, x1, y1 = box
    w, h = round((x1 - x0) * factor), round((y1 - y0) * factor)
    if w < 16 or h < 16:
        return None
    part = image[y0:y1, x0:x1]
    small = cv2.resize(part, (w, h), interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR)
    if gain is None:
        bright = float(np.percentile(small[::4, ::4, 1], 95))
        gain = min(max(BRIGHT / max(bright, 1.0), 1.0), GAIN)
    if gain > 1.05:
        small = cv2.convertScaleAbs(small, alpha=gain)
    colours = cv2.cvtColor(cv2.GaussianBlur(small, (3, 3), 0.8), cv2.COLOR_RGB2LAB)
    lab = np.zeros((h, w, 4), np.float32)
    lab[..., :3] = colours
    lab[..., 0] *= np.float32(LIGHTNESS * 100 / 255)
    fx = w / (x1 - x0)
    moved = None if body is None else body.moved(x0, y0, fx)
    if moved is not None:
        lab[..., 3] = moved.mask(w, h) > 0
    return WorkPicture(lab, float(x0), float(y0), fx, scale * fx, moved, gain)
