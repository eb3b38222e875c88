"""True joint angles and landmarks over time: the ``.npz`` beside a truth file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from formcheck.errors import InputError

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class TruthSeries:
    """True angles over time.

    Attributes
    ----------
    t : (n,) array
        Seconds.
    angles : dict of (n,) arrays
        Joint angles in space by name (``knee_left``), degrees.
    px : (n, 33, 2) array or None
        True landmarks in pixels.
    """

    t: Array
    angles: dict[str, Array]
    px: Array | None = None


def read_series(path: Path) -> TruthSeries:
    """Read the true angles and landmarks in a ``.npz``.

    Raises
    ------
    InputError
        If the file cannot be read or its arrays do not fit together.
    """
    hint = "it must hold `t` (n), `angle_<joint>_<side>` (n) in degrees and may hold `px` (n, 33, 2)"
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as z:
            t = np.asarray(z["t"], dtype=np.float64)
            angles = {k[6:]: np.asarray(z[k], dtype=np.float64) for k in z.files if k.startswith("angle_")}
            px = np.asarray(z["px"], dtype=np.float64) if "px" in z.files else None
    except Exception as e:  # numpy and zipfile raise many kinds on a damaged archive
        raise InputError(f"{path}: not a readable truth series ({type(e).__name__}: {e})", hint) from e
    n = len(t) if t.ndim == 1 else -1
    fits = n > 0 and bool(np.all(np.isfinite(t))) and bool(np.all(np.diff(t) > 0))
    if not fits or any(a.shape != (n,) for a in angles.values()) or (px is not None and px.shape != (n, 33, 2)):
        raise InputError(f"{path}: the arrays of the truth series do not fit together", hint)
    return TruthSeries(t, angles, px)
