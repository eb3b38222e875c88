"""What an analysis is about to read and write, looked at before the work begins."""

from __future__ import annotations

from pathlib import Path

from .addresses import is_address
from .clips import stem_of
from .errors import UsageError
from .files import check_name, expanded
from .pose.trackfile import is_track


def planned_outputs(
    path: str | Path, out: str | Path, *, video: bool, html: bool, parquet: bool, stem: str | None = None
) -> dict[str, Path]:
    """Return the files an analysis writes, by kind."""
    if is_address(str(out)):
        raise UsageError(f"cannot write to {out}: it is no folder of this machine", "give a folder with -o")
    stem, folder = stem or stem_of(path), Path(out)
    check_name(folder)
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"cannot write to {folder}: it is a file", "give a folder with -o")
    planned = {"report": folder / f"{stem}.report.json", "measures": folder / f"{stem}.measures.csv"}
    if video and not is_track(path):
        planned["video"] = folder / f"{stem}.annotated.mp4"
    if html:
        planned["html"] = folder / f"{stem}.report.html"
    if parquet:
        planned["parquet"] = folder / f"{stem}.measures.parquet"
    return planned


def check_can_be_read_twice(path: str | Path) -> None:
    """Raise UsageError if what a path names is gone once it is read: a pipe, a device, a live stream."""
    text, there = str(path), expanded(path)
    once = not text.lower().startswith("http") if is_address(text) else not (there.is_file() or there.is_dir())
    if once and (is_address(text) or there.exists()):
        raise UsageError(
            f"{path} can be read once only, and -e auto needs it again for the pictures",
            "name the exercise, or add --no-video and --no-html",
        )
