"""TRC: marker positions as text, as OpenSim and Motion Analysis read it.

Layout: https://opensimconfluence.atlassian.net/wiki/spaces/OpenSim/pages/53089972/Marker+.trc+Files
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from formcheck.files import write_text

from .markers import MARKERS, Markers


def write_trc(markers: Markers, path: str | Path) -> None:
    """Write markers as TRC, whole or not at all. A marker not seen is an empty cell.

    Times are those of the source; the header tells the rate resampled to (``DataRate``) and the source's own
    (``OrigDataRate``).
    """
    n = len(markers.t)
    rate = round(markers.rate, 6)
    heads = {
        "DataRate": rate,
        "CameraRate": rate,
        "NumFrames": n,
        "NumMarkers": len(MARKERS),
        "Units": markers.unit,
        "OrigDataRate": round(markers.source_rate, 6),
        "OrigDataStartFrame": 1,
        "OrigNumFrames": markers.source_frames,
    }
    lines = [
        f"PathFileType\t4\t(X/Y/Z)\t{_one_word(Path(path).name)}",
        "\t".join(heads),
        "\t".join(str(v) for v in heads.values()),
        "Frame#\tTime\t" + "\t\t\t".join(MARKERS) + "\t\t",
        "\t\t" + "\t".join(f"{axis}{k}" for k in range(1, len(MARKERS) + 1) for axis in "XYZ"),
        "",
    ]
    for k, (t, row) in enumerate(zip(markers.t, markers.xyz.reshape(n, -1), strict=True), start=1):
        cells = (f"{v:.9g}" if np.isfinite(v) else "" for v in row)
        lines.append(f"{k}\t{t:.6f}\t" + "\t".join(cells))
    write_text(path, "\n".join(lines) + "\n")


def _one_word(name: str) -> str:
    """Return a file name that cannot break the header into more cells or lines."""
    return "".join(c if c.isprintable() and c != "\t" else "_" for c in name)
