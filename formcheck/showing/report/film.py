"""The film of a report, and the time at which it begins."""

from __future__ import annotations

import csv
from pathlib import Path

from .objects import Report


def film_of(report: Report) -> tuple[Path, float] | None:
    """Return the film to show: the annotated one beside the report, else the one that was judged; None without one.

    Parameters
    ----------
    report : Report
        Read from a file.

    Returns
    -------
    (Path, float) or None
        The film, and the time of its first picture by the clock of the report, s.
    """
    beside = report.path.with_name(f"{report.stem}.annotated.mp4") if report.path is not None else None
    if beside is not None and beside.is_file():
        # The annotated film begins with the first picture that was judged.
        return beside, _first_moment(report.measures_path)
    film = Path(report.source.path)
    return (film, 0.0) if report.source.kind == "video" and film.is_file() else None


def _first_moment(measures: Path | None) -> float:
    """Return the time of the first row of a table of measures; 0 where there is none."""
    if measures is None or measures.suffix != ".csv":
        return 0.0
    with measures.open(encoding="utf-8", newline="") as f:
        row = next(csv.DictReader(f), None)
    return float(row["t_s"]) if row else 0.0
