"""The files of an analysis: planned before the work begins, written while and after it is done."""

from __future__ import annotations

from collections import deque
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from formcheck.addresses import is_address
from formcheck.clips import stem_of
from formcheck.errors import OutputError, UsageError
from formcheck.files import check_name, expanded, write_json
from formcheck.judging.rules.exercise import Exercise
from formcheck.judging.session.moment import Moment
from formcheck.judging.session.session import Session
from formcheck.sight.pose.trackfile import is_track
from formcheck.sight.pose.types import Observation
from formcheck.sight.video.waiting import Waiting

#: A frame that waits for its moment: picture, time, observation.
Delayed = tuple[Waiting | None, float, Observation | None]


def planned_outputs(
    path: str | Path, out: str | Path, *, video: bool, html: bool, parquet: bool, stem: str | None = None
) -> dict[str, Path]:
    """Return the files an analysis writes, by kind."""
    if is_address(str(out)):
        raise OutputError(f"cannot write to {out}: it is no folder of this machine", "give a folder with -o")
    stem, folder = stem or stem_of(path), Path(out)
    check_name(folder)
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"cannot write to {folder}: it is a file", "give a folder with -o")
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


def _overlay(exercise: Exercise, size: tuple[int, int], lang: str) -> Any:
    """Return what draws on the pictures, in a language."""
    from formcheck.coaching.coach.phrases import Phrases
    from formcheck.showing.draw import Overlay
    from formcheck.showing.draw.fonts import find_font
    from formcheck.showing.draw.style import Labels

    phrases = Phrases(lang)
    labels = Labels(**phrases.labels(exercise))
    return Overlay(phrases.localise(exercise, "spoken"), size, labels=labels, font=find_font(phrases.letters))


class Sinks:
    """The files written while a clip is judged."""

    def __init__(
        self, stack: ExitStack, outputs: dict[str, Path], session: Session, size: tuple[int, int], lang: str = "en"
    ) -> None:
        self._outputs, self._lang = outputs, lang
        self._stack = stack
        self._session = session
        self._csv: Any = None
        self._video: Any = None
        self._overlay: Any = None
        self._last: Moment | None = None
        if "video" in outputs:
            from formcheck.sight.video.writer import VideoWriter

            self._video = stack.enter_context(VideoWriter(outputs["video"], size))
            self._overlay = _overlay(session.exercise, size, lang)
        self._keys: Any = None
        if "html" in outputs:
            from formcheck.showing.page.keyframes import KeyFrames

            self._keys = KeyFrames(session.judge.watches, size)

    @property
    def wants_pictures(self) -> bool:
        """Whether any of the files shows pictures of the clip."""
        return self._video is not None or self._keys is not None

    def write(self, m: Moment, delay: deque[Delayed]) -> None:
        """Take a moment, and the frames up to it that wait to be drawn."""
        if self._csv is None and "measures" in self._outputs:
            from formcheck.showing.report.measures import MeasuresCsv

            self._csv = self._stack.enter_context(MeasuresCsv(self._outputs["measures"], self._session.own_measures))
        if self._csv is not None:
            self._csv.write(m)
        picture: Waiting | None = None
        while delay and delay[0][1] <= m.t:
            waiting, t, observation = delay.popleft()
            picture = waiting if observation is not None else picture
            self._draw(waiting, t, m if observation is not None or self._last is None else self._last)
        if self._keys is not None:
            self._keys.update(m, picture, self._session.judge.rest)
        self._last = m

    def _draw(self, waiting: Waiting | None, t: float, m: Moment) -> None:
        if waiting is not None and self._video is not None:
            # What waits gives a picture of its own each time, which may be drawn on.
            self._video.write(t, self._overlay.draw(waiting.image, m, copy=not waiting.small))

    def rest(self, delay: deque[Delayed]) -> None:
        """Draw the unused frames after the last moment."""
        while delay and self._last is not None:
            waiting, t, _ = delay.popleft()
            self._draw(waiting, t, self._last)

    def finish(self, report: dict[str, Any]) -> None:
        """Write what stands at the end: pages, tables of the whole, the report itself last."""
        if self._csv is not None:
            self._csv.flush()
            if "parquet" in self._outputs:
                from formcheck.showing.report.measures import csv_to_parquet

                csv_to_parquet(self._csv.path, self._outputs["parquet"])
        if "html" in self._outputs:
            from formcheck.showing.page import write_page

            video = self._outputs.get("video")
            measures = self._csv.path if self._csv is not None else None
            name = video.name if video is not None else None
            write_page(report, self._outputs["html"], name, measures, self._keys.shots(), self._lang)
        write_json(self._outputs["report"], report)
