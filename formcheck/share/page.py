"""The one file: what goes into it, and where the film comes from."""

from __future__ import annotations

import base64
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from formcheck.analysis.options import Options, Progress
from formcheck.analysis.track import make_track
from formcheck.errors import InputError, UsageError
from formcheck.files import write_text
from formcheck.showing.page.render import render_page
from formcheck.showing.page.table import read_table
from formcheck.showing.report.objects import Report, load_report
from formcheck.showing.review.file import read_review, review_path
from formcheck.sight.pose.trackfile import SUFFIX, is_track, read_track
from formcheck.sight.pose.types import Track

from .film import as_figure, as_it_is, small_film, without_face

Kind = Literal["plain", "blur", "figure", "none"]
#: Bytes of the whole file.
MAX_BYTES = 10_000_000


def share(
    report: Path,
    out: Path,
    kind: Kind = "plain",
    *,
    film: Path | None = None,
    review: Path | None = None,
    name: str | None = None,
    options: Options = Options(),
    progress: Progress | None = None,
) -> int:
    """Write a report as one file, whole or not at all; return its bytes.

    Parameters
    ----------
    report : Path
        A ``.report.json``.
    out : Path
    kind : str
        ``plain``: the film as it was drawn on; ``blur``: the face made unknown; ``figure``: a stick figure alone;
        ``none``: no film.
    film : Path, optional
        Film or track that the report was made of, where it is no longer where it was.
    review : Path, optional
        Default: the one beside the report, where there is one.
    name : str, optional
        Stands on the page in place of the film's name.
    options : Options
        For finding poses, where they are needed and there is no track.

    Raises
    ------
    InputError, UsageError, ModelError
        If something of it cannot be had, or the film is too long.
    """
    loaded = load_report(report)
    data = loaded.to_dict()
    if name is not None:
        data["source"] = {**data["source"], "path": name}
    said_in = review if review is not None else review_path(report)
    said = read_review(said_in) if review is not None or said_in.is_file() else None
    if said is not None and said.report_created != data["created"]:
        raise UsageError(f"{said_in} reviews another report", "review this one anew, or move that file away")
    measures = loaded.measures_path
    measures = measures if measures is not None and measures.suffix == ".csv" else None
    with TemporaryDirectory(prefix="formcheck-share-") as folder:
        bare = render_page(data, None, measures, review=said)
        room = (MAX_BYTES - len(bare.encode()) - 20_000) * 3 // 4
        small = Path(folder) / "film.mp4"
        first = _film(loaded, report, kind, film, small, room, options, progress)
        page = bare
        if first is not None:
            address = "data:video/mp4;base64," + base64.b64encode(small.read_bytes()).decode()
            page = render_page(data, None, measures, review=said, film=(address, first))
    write_text(out, page)
    return len(page.encode())


def _film(
    report: Report,
    file: Path,
    kind: Kind,
    film: Path | None,
    small: Path,
    room: int,
    options: Options,
    progress: Progress | None,
) -> float | None:
    """Write the small film; return the time of its first picture, None where there is none."""
    if kind == "none":
        return None
    first, last = _span(report)
    source = film if film is not None else Path(report.source.path)
    if kind == "figure":
        return small_film(
            as_figure(_track(report, file, source, small.parent, options, progress), first, last), small, room
        )
    drawn = file.with_name(f"{report.stem}.annotated.mp4")
    shown, offset = (drawn, first) if drawn.is_file() else (source, 0.0)
    if is_track(shown):
        raise UsageError(f"{report.source.path} has no pictures", "add --video figure, or --video none")
    if not shown.is_file():
        raise InputError(
            f"the film of the report is no longer at {shown}", "give it with --film, or add --video none to do without"
        )
    if kind == "plain":
        return small_film(as_it_is(shown, offset), small, room)
    track = _track(report, file, source, small.parent, options, progress)
    return small_film(without_face(shown, offset, track), small, room)


def _span(report: Report) -> tuple[float, float]:
    """Return the first and last time that were judged."""
    measures = report.measures_path
    if measures is not None and measures.suffix == ".csv":
        t = read_table(measures, ()).t
        if len(t):
            return float(t[0]), float(t[-1])
    return 0.0, float("inf")


def _track(
    report: Report, file: Path, source: Path, folder: Path, options: Options, progress: Progress | None
) -> Track:
    """Return the poses: of the source, of a track beside report or film, else found in the film now."""
    beside = (source, file.with_name(report.stem + SUFFIX), source.with_name(source.stem + SUFFIX))
    for candidate in beside:
        if is_track(candidate) and candidate.is_file():
            return read_track(candidate)
    if not source.is_file():
        raise InputError(
            f"the film of the report is no longer at {source}", "give the film, or a track of it, with --film"
        )
    return make_track(source, folder / f"film{SUFFIX}", options=options, progress=progress)
