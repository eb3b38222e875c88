"""C3D: markers in the binary format of motion labs (https://www.c3d.org)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from formcheck.errors import UsageError
from formcheck.files import atomic_path

from .markers import MARKERS, Markers


def write_c3d(markers: Markers, path: str | Path) -> None:
    """Write markers as C3D, whole or not at all; needs ezc3d.

    A marker not seen is (0, 0, 0) with residual -1, as the format has it. C3D knows no time of its own: that of the
    first frame is parameter ``FORMCHECK:START``, how the markers were made ``FORMCHECK:NOTE``.

    Raises
    ------
    UsageError
        If ezc3d is not installed.
    """
    try:
        import ezc3d
    except ImportError:
        raise UsageError("C3D needs ezc3d", "pip install 'formcheck[formats]'") from None
    n = len(markers.t)
    seen = np.asarray(np.isfinite(markers.xyz).all(axis=-1))
    points = np.ones((4, len(MARKERS), n))
    points[:3] = np.where(seen[..., None], markers.xyz, 0.0).transpose(2, 1, 0)
    out: Any = ezc3d.c3d()
    out["parameters"]["POINT"]["RATE"]["value"] = [markers.rate]
    out["parameters"]["POINT"]["LABELS"]["value"] = list(MARKERS)
    out["parameters"]["POINT"]["UNITS"]["value"] = [markers.unit]
    for name, value in (("X_SCREEN", "+X"), ("Y_SCREEN", "+Y")):
        out.add_parameter("POINT", name, [value])
    out.add_parameter("FORMCHECK", "START", [float(markers.t[0])])
    out.add_parameter("FORMCHECK", "NOTE", [markers.note[:250]])
    out["data"]["points"] = points
    out["data"]["meta_points"]["residuals"] = np.where(seen.T, 0.0, -1.0)[None]
    with atomic_path(path) as p:
        out.write(str(p))
