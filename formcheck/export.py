"""Reports and tracks as files for other programs."""

from __future__ import annotations

import shlex
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .analysis.feed import Image, open_feed
from .analysis.options import Options, limits_for
from .clips import stem_of
from .errors import InputError, UsageError
from .files import refuse_existing
from .showing.formats import FORMATS
from .sight.pose.trackfile import is_track, read_track

if TYPE_CHECKING:
    from .judging.session.moment import Moment
    from .showing.report.objects import Report
    from .sight.pose.types import Track


@dataclass(frozen=True)
class _Settings:
    rate: float | None
    unit: str
    space: str
    exercise: str | None
    options: Options


class _Input:
    """A report or a track (or, for a recording, a video), and what can be had from it."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.report: Report | None = None
        if is_track(path):
            self.stem = stem_of(path)
        elif self.path.suffix == ".json":
            from .showing.report.objects import load_report

            self.report = load_report(path)
            self.stem = self.report.stem
        else:
            self.stem = stem_of(path)
        self._track: Track | None = None

    def need_report(self, name: str) -> Report:
        if self.report is None:
            raise UsageError(f"{name} is made from a report, {self.path} is none", "give a .report.json")
        return self.report

    @property
    def source(self) -> Path:
        """The video or track: the input itself, or the one of the report, where it was or beside the report."""
        if self.report is None:
            return self.path
        given = Path(self.report.source.path)
        for there in (given, self.path.parent / given.name):
            if there.exists():
                return there
        raise InputError(f"the source of {self.path} is not there: {given}", "put it beside the report")

    def track(self, name: str) -> Track:
        if self._track is None:
            beside = self.path.with_name(f"{self.stem}.track.npz")
            source = beside if self.report is not None and beside.is_file() else self.source
            if not is_track(source):
                made = Path(f"{stem_of(source)}.track.npz")
                hint = (
                    f"make them with 'formcheck track {shlex.quote(str(source))} -o {shlex.quote(str(made))}' and"
                    f" export {made}"
                )
                raise UsageError(f"{name} is made from poses, {source} has none", hint)
            self._track = read_track(source)
        return self._track


def export(
    path: str | Path,
    formats: Sequence[str],
    out: str | Path | None = None,
    *,
    rate: float | None = None,
    unit: str = "m",
    space: str = "image",
    exercise: str | None = None,
    options: Options = Options(),
    force: bool = False,
) -> list[Path]:
    """Write a report or a track in other formats.

    Parameters
    ----------
    path : path
        A ``.report.json`` or ``.track.npz``; for ``rerun`` also a video.
    formats : sequence of str
        Names from :data:`formcheck.showing.formats.FORMATS`. ``csv`` and ``parquet`` need a report; ``netcdf``,
        ``trc`` and ``c3d`` need poses: a track, a report made of one, or one with ``<stem>.track.npz`` beside it.
        ``mot`` takes either, ``rerun`` judges the source again.
    out : path, optional
        Folder; default: beside *path*.
    rate : float, optional
        Frames a second of the formats with a constant rate; default: the source's own.
    unit : str
        Of markers: ``m`` or ``mm``.
    space : str
        Of the dataset: ``image`` or ``world``.
    exercise : str, optional
        Judged for a recording; default: the report's.
    options : Options
        How it is judged.
    force : bool
        Replace existing files.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    UsageError
        For an unknown format, one that cannot be made of *path*, a missing extra, or files that exist.
    InputError
        If *path* cannot be read.
    """
    unknown = [f for f in formats if f not in FORMATS]
    if unknown or not formats:
        what = f"unknown format '{unknown[0]}'" if unknown else "no format given"
        raise UsageError(what, f"choose of {', '.join(FORMATS)}")
    settings = _Settings(rate, unit, space, exercise, options)
    source = _Input(path)
    folder = Path(out) if out is not None else source.path.parent
    planned = {f: [folder / f"{source.stem}{ending}" for ending in FORMATS[f]] for f in dict.fromkeys(formats)}
    refuse_existing((file for files in planned.values() for file in files), force=force)
    for name, files in planned.items():
        _WRITERS[name](source, files, settings)
    return [file for files in planned.values() for file in files if file.is_file()]


def _csv(source: _Input, files: list[Path], _: _Settings) -> None:
    from .showing.report.saved import write_tables

    write_tables(source.need_report("a table"), files[0].parent)


def _parquet(source: _Input, files: list[Path], _: _Settings) -> None:
    from .showing.report.measures import csv_to_parquet
    from .showing.report.saved import write_tables

    report = source.need_report("a table")
    write_tables(report, files[0].parent, parquet=True)
    measures = report.measures_path
    if measures is not None and measures.suffix == ".csv":
        csv_to_parquet(measures, files[-1])


def _netcdf(source: _Input, files: list[Path], settings: _Settings) -> None:
    from .showing.formats.dataset import write_dataset

    write_dataset(source.track("a dataset"), files[0], settings.space)


def _trc(source: _Input, files: list[Path], settings: _Settings) -> None:
    from .showing.formats.markers import to_markers
    from .showing.formats.trc import write_trc

    write_trc(to_markers(source.track("TRC"), rate=settings.rate, unit=settings.unit), files[0])


def _c3d(source: _Input, files: list[Path], settings: _Settings) -> None:
    from .showing.formats.c3d import write_c3d
    from .showing.formats.markers import to_markers

    write_c3d(to_markers(source.track("C3D"), rate=settings.rate, unit=settings.unit), files[0])


def _mot(source: _Input, files: list[Path], settings: _Settings) -> None:
    from .showing.formats.mot import angles_of_measures, angles_of_track, write_mot

    measures = source.report.measures_path if source.report is not None else None
    if measures is not None and measures.suffix == ".csv":
        write_mot(angles_of_measures(measures, rate=settings.rate), files[0])
    else:
        write_mot(angles_of_track(source.track("MOT"), rate=settings.rate), files[0])


def _rerun(source: _Input, files: list[Path], settings: _Settings) -> None:
    from .judging.exercises import get_exercise
    from .judging.exercises.plugins import isolated
    from .judging.session.session import Session
    from .showing.formats.rerun import RerunRecording

    name = settings.exercise or (source.report.exercise if source.report is not None else None)
    if name is None:
        raise UsageError("a recording shows how an exercise is judged", "name it with -e")
    exercise = get_exercise(name)
    session = Session(exercise, limits_for(exercise, settings.options))
    pictures: deque[tuple[float, Image]] = deque()
    with open_feed(source.source, settings.options) as feed, RerunRecording(files[0], session.exercise) as recording:

        def write(moments: list[Moment]) -> None:
            for m in moments:
                image = None
                while pictures and pictures[0][0] <= m.t:
                    image = pictures.popleft()[1]
                recording.write(m, image)

        for image, t, observation in feed.items:
            if observation is None:
                continue
            if image is not None:
                pictures.append((t, image))
            with isolated(exercise):
                write(session.update(observation))
        with isolated(exercise):
            write(session.finish())


_WRITERS: dict[str, Callable[[_Input, list[Path], _Settings], None]] = {
    "csv": _csv, "parquet": _parquet, "netcdf": _netcdf, "trc": _trc, "mot": _mot, "c3d": _c3d, "rerun": _rerun,
}  # fmt: skip
