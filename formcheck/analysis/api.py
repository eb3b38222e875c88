"""The public functions of Python: the same work as the commands do, with typed results."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from formcheck.clips import REPORT_ENDING, stem_of
from formcheck.errors import UsageError
from formcheck.judging.exercises.chosen import AUTO
from formcheck.showing.report.objects import Report
from formcheck.sight.pose.choice import Follow

from .clip import analyze_clip
from .options import Options, Progress


def analyze(
    path: str | Path,
    exercise: str,
    out: str | Path | None = None,
    *,
    limits: Mapping[str, float] | None = None,
    strictness: str = "normal",
    start: float | None = None,
    end: float | None = None,
    mirror: bool = False,
    rotate: int = 0,
    fps: float | None = None,
    speed: float | None = None,
    stream: int | None = None,
    follow: str | None = None,
    every_frame: bool = False,
    workers: int | None = None,
    model: str | Path | None = None,
    video: bool = False,
    html: bool = False,
    parquet: bool = False,
    force: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Judge a recorded exercise.

    Parameters
    ----------
    path : path
        Any video FFmpeg reads, a folder of images, a stream, or a track (``.track.npz``).
    exercise : str
        Id of the exercise, or ``auto`` to recognise it.
    out : path, optional
        Folder to write the report and the measures to; None writes nothing.
    limits : mapping, optional
        Limits of the exercise by name that replace its own.
    strictness : str
        ``lenient``, ``normal`` or ``strict``: moves limits, never measures.
    start, end : float, optional
        Part of the source, seconds.
    mirror : bool
        The source is mirrored (a selfie view): exchange left and right.
    rotate : int
        Degrees clockwise to turn the picture beyond what its metadata says: 0, 90, 180 or 270.
    fps : float, optional
        Pictures a second of a folder of images, or of a file without times of its own.
    speed : float, optional
        Slow motion: life was so many times as fast as the video plays; by default what a telephone wrote into it.
    stream : int, optional
        Which of several videos in one file, from 1 on; by default the one with the largest picture.
    follow : str, optional
        Of several people judge the ``left``, ``right`` or ``largest``, or a number counted from the left (from 1 on);
        by default the one who looks most like exercising.
    every_frame : bool
        Use all frames; otherwise as many as it takes: ten to twenty a second of a film with more than twenty.
    workers : int, optional
        Threads that look at a film, each at a stretch of it; default: as many as there are cores, at most one for 20 s.
    model : path, optional
        Pose bundle (``.task``); default: the model store's.
    video : bool
        Write the annotated video too.
    html : bool
        Write the report page too.
    parquet : bool
        Write the measures as Parquet too.
    force : bool
        Replace files of an earlier run.
    progress : callable, optional
        Called with the seconds done and the seconds in all (None where unknown).

    Returns
    -------
    Report
        With the measures: ``report.measures_frame()``.

    Raises
    ------
    UsageError
        For an exercise, limit or option that does not exist, or files that do.
    InputError
        If the source is missing or unreadable.
    NoPersonError
        If nobody was found in it.
    ModelError
        If there is no pose model.

    Examples
    --------
    >>> report = analyze("my-video.mp4", "plane")  # doctest: +SKIP
    >>> report.counts.total, [fault.id for fault in report.faults]  # doctest: +SKIP
    (6, ['hip-sag'])
    """
    if limits and exercise == AUTO:
        raise UsageError("limits belong to an exercise", "name it in place of auto")
    options = Options(
        model=Path(model) if model is not None else None,
        overrides={exercise: limits} if limits else {},
        strictness=strictness,
        every_frame=every_frame,
        adaptive=None,
        workers=workers,
        start=start,
        end=end,
        mirror=mirror,
        rotate=rotate,
        fps=fps,
        speed=speed,
        stream=stream,
        follow=Follow.parse(follow),
    )
    files = {"video": video, "html": html, "parquet": parquet}
    if out is None and any(files.values()):
        raise UsageError(f"{', '.join(k for k, v in files.items() if v)}: nowhere to write to", "give a folder as out")
    with tempfile.TemporaryDirectory(prefix="formcheck-") as temporary:
        folder = Path(out) if out is not None else Path(temporary)
        data = analyze_clip(
            path,
            exercise,
            folder,
            options=options,
            video=video,
            html=html,
            parquet=parquet,
            force=force,
            progress=progress,
        ).report
        stem = folder / stem_of(path)
        if out is not None:
            return Report.from_dict(data, path=Path(f"{stem}{REPORT_ENDING}"))
        measures = Path(f"{stem}.measures.csv")
        table = measures.read_text(encoding="utf-8") if measures.is_file() else None
        return replace(Report.from_dict(data), table=table)
