"""The measures table as the page needs it."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

#: Missing frames or values for this long (s) are shown as a gap.
GAP_S = 0.3


@dataclass(frozen=True)
class MeasuresTable:
    """The columns of a measures table that the page needs.

    Attributes
    ----------
    t : (n,) array
        Seconds.
    phase, view : list of str
    pose : (n,) bool array
        Whether somebody was found.
    columns : dict of (n,) arrays
        NaN = not measured.
    """

    t: Array
    phase: list[str]
    view: list[str]
    pose: Mask
    columns: dict[str, Array]


def read_table(path: Path, wanted: Sequence[str]) -> MeasuresTable:
    """Read the named columns of a measures table; those it does not have are left out."""
    with path.open(newline="", encoding="utf-8") as f:
        rows = csv.reader(f)
        head = {name: k for k, name in enumerate(next(rows, []))}
        keep = [name for name in dict.fromkeys(wanted) if name in head]
        at = [head[name] for name in keep]
        t, phase, view, pose = [], [], [], []
        values: list[list[float]] = [[] for _ in keep]
        for row in rows:
            t.append(float(row[head["t_s"]]))
            phase.append(row[head["phase"]])
            view.append(row[head["view"]])
            pose.append(row[head["pose"]] == "1")
            for column, k in zip(values, at, strict=True):
                column.append(float(row[k]) if row[k] else np.nan)
    columns = {name: np.array(v, float) for name, v in zip(keep, values, strict=True)}
    return MeasuresTable(np.array(t, float), phase, view, np.array(pose, bool), columns)


def spans(t: Array, mask: Mask, at_least: float = GAP_S) -> list[tuple[float, float]]:
    """Return the stretches of time (s) for which a mask holds for *at_least* seconds."""
    if not len(t):
        return []
    edge = np.diff(np.concatenate(([0], mask.astype(int), [0])))
    first, last = np.flatnonzero(edge == 1), np.flatnonzero(edge == -1)
    ends = [float(t[b]) if b < len(t) else float(t[-1]) for b in last]
    return [(float(t[a]), b) for a, b in zip(first, ends, strict=True) if b - t[a] >= at_least]
