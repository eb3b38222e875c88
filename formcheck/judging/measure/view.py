"""From where the camera sees the body, and whether the picture is good enough to judge by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from formcheck.sight.pose.landmarks import MAIN_JOINTS

from .body import Body

Array = NDArray[np.float64]

#: Turn of the body (degrees, see Body.yaw) from which a view is a side view, and up to which it is front or back.
#: Measured on rendered clips: side views read 65-89, front views 0-9, a camera 39 degrees off the side 40-50.
SIDE_YAW_DEG = 57.0
FRONT_YAW_DEG = 33.0
#: Torso length (px, at inference size) below which joints are too coarse to judge (below 50 some frames are missed).
SMALL_TORSO_PX = 30.0
#: Mean brightness (0-255) below which pictures are too dark for the pose model.
DARK_LUMA = 35.0
#: A view is the running median over this many seconds, so that one bad frame does not turn the body.
VIEW_MEMORY_S = 2.0


@dataclass(frozen=True)
class View:
    """What the camera sees.

    Attributes
    ----------
    kind : str
        ``side``, ``front`` (or back), ``oblique`` or ``unknown``.
    near_side : str or None
        The side of the body nearer the camera in a side or oblique view.
    yaw : float
        Degrees, see :attr:`Body.yaw`.
    """

    kind: str = "unknown"
    near_side: str | None = None
    yaw: float = float("nan")

    def suits(self, views: Sequence[str]) -> bool:
        """Return whether it is one of some kinds of view; one that is not known yet may be.

        >>> View("front").suits(("side",)), View().suits(("side",))
        (False, True)
        """
        return self.kind == "unknown" or self.kind in views


def classify(yaw: float) -> View:
    """Name the view for a body turned by *yaw* degrees.

    >>> classify(80.0)
    View(kind='side', near_side='right', yaw=80.0)
    >>> classify(float("nan")).kind
    'unknown'
    """
    if not isfinite(yaw):
        return View()
    near = "right" if yaw > 0 else "left"
    if abs(yaw) >= SIDE_YAW_DEG:
        return View("side", near, yaw)
    if abs(yaw) <= FRONT_YAW_DEG:
        return View("front", None, yaw)
    return View("oblique", near, yaw)


def too_small(torso: float) -> bool:
    """Return whether a body of this torso length (px) is too small in the picture to be judged."""
    return torso < SMALL_TORSO_PX


def too_dark(luma: float | None) -> bool:
    """Return whether a picture of this mean brightness (0-255; None: not known) is too dark to find anybody in."""
    return luma is not None and luma < DARK_LUMA


def cut_off(body: Body) -> Array:
    """(n,) number of the twelve main joints that lie outside the picture."""
    p = body.image[:, MAIN_JOINTS, :2]
    with np.errstate(invalid="ignore"):
        return np.asarray(((p < 0) | (p > body.size)).any(-1).sum(-1), np.float64)
