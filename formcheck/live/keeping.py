"""Keeps what happens in a live workout: each attempt in the history as it happens, a report of each set."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from formcheck.coaching.coach.plan import Target
from formcheck.coaching.coach.sets import SetResult
from formcheck.errors import FormcheckError, OutputError
from formcheck.files import write_json
from formcheck.judging.rules.exercise import Exercise
from formcheck.judging.rules.records import Rep
from formcheck.judging.session.moment import Moment
from formcheck.judging.session.session import Session
from formcheck.showing.page import write_page
from formcheck.showing.page.keyframes import KeyFrames
from formcheck.showing.report.build import build_report
from formcheck.showing.report.measures import MeasuresCsv

#: A set that was left within this time (s) before anything was attempted was looked at, or skipped: no report.
SKIPPED_S = 20.0
_OURS = re.compile(r"(\d+)-.+\.(?:measures\.csv|report\.(?:json|html))")


class SetLog(Protocol):
    """The history of one session, as :meth:`formcheck.coaching.history.History.begin_session` gives it."""

    def begin_set(self, exercise: str, target: int | None) -> None:
        """Begin a set."""

    def add_rep(self, rep: Rep) -> None:
        """Keep an attempt."""

    def end_set(self, *, score: float | None = None) -> None:
        """End the set."""

    def note_report(self, file: Path) -> None:
        """Note where a report was written."""


@dataclass
class Keeper:
    """Listens to a workout and keeps what happens.

    Attributes
    ----------
    folder : path or None
        Where reports go, numbered behind those that are there; None writes none.
    log : SetLog or None
    source : dict
        What the reports say of the camera; frames and times are filled in.
    on_rep : callable, optional
        Called with the exercise and each attempt.
    warn : callable, optional
        Called with a line where something could not be kept.
    ball_cm : float or None
        Diameter of the ball, for lengths in centimetres.
    lang : str
        Language of the report pages.
    reports : list of dict
        Of the sets in which something was attempted, or somebody was seen for long.
    """

    folder: Path | None
    log: SetLog | None
    source: dict[str, Any]
    on_rep: Callable[[Exercise, Rep], None] | None = None
    warn: Callable[[str], None] = lambda _line: None
    ball_cm: float | None = None
    lang: str = "en"
    reports: list[dict[str, Any]] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    _session: Session | None = None
    _keys: KeyFrames | None = None
    _csv: MeasuresCsv | None = None
    _stack: ExitStack = field(default_factory=ExitStack)
    _number: int = 0
    _in_log: bool = False
    _target: Target | None = None

    def set_begun(self, session: Session, target: Target) -> None:
        """Make ready for a set; nothing is written before there is something to write."""
        self._session, self._target, self._in_log = session, target, False

    def moment(self, moment: Moment, size: tuple[int, int]) -> None:
        """Add a row to the measures of the set, and keep the moments worth drawing (as stick figures: no picture)."""
        if self.folder is None or self._session is None or (self._csv is None and not moment.sample):
            return
        with self._writing():
            if self._csv is None:
                self.folder.mkdir(parents=True, exist_ok=True)
                self._number = _next_number(self.folder)
                own = self._session.own_measures
                self._csv = self._stack.enter_context(MeasuresCsv(self._file("measures.csv"), own))
                self._keys = KeyFrames(self._session.judge.watches, size)
            self._csv.write(moment)
        if self._keys is not None:
            self._keys.update(moment, None, self._session.judge.rest)

    def rep_done(self, rep: Rep) -> None:
        """Keep an attempt at once: a crash loses no more than the one under way."""
        assert self._session is not None
        exercise = self._session.exercise
        with self._forgiving():
            if self.log is not None:
                if not self._in_log:
                    self.log.begin_set(exercise.id, self._target.total if self._target is not None else None)
                    self._in_log = True
                self.log.add_rep(rep)
        if self.on_rep is not None:
            self.on_rep(exercise, rep)

    def set_over(self, result: SetResult) -> None:
        """Write the report of a set in which there was something to see."""
        session, report = result.session, None
        if session.found and (result.reps or result.ended_s - result.started_s >= SKIPPED_S):
            report = build_report(session, self._described(result), ball_cm=self.ball_cm)
            self.reports.append(report)
        with self._forgiving():
            if self.log is not None and self._in_log:
                self.log.end_set(score=report["score"] if report is not None else None)
        if report is None:
            self._discard()
        elif self._csv is not None and self._keys is not None:
            with self._writing():
                self._csv.flush()
                page = self._file("report.html")
                write_page(
                    report, page, None, self._csv.path, self._keys.shots(), self.lang, self._asked(session.exercise)
                )
                write_json(self._file("report.json"), report)
                self.files.append(page)
                with self._forgiving():
                    if self.log is not None:
                        self.log.note_report(self._file("report.json"))
        with self._writing():
            self._stack.close()
        self._stack, self._csv, self._keys = ExitStack(), None, None

    def _asked(self, exercise: Exercise) -> int | None:
        """Return the repetitions asked for as pages tell them: a side, or all blocks together."""
        if self._target is None:
            return None
        return self._target.total if exercise.prescription.blocks else self._target.reps

    @contextmanager
    def _forgiving(self) -> Iterator[None]:
        """Let the workout go on where the history cannot be written."""
        try:
            yield
        except FormcheckError as e:
            self.log = None
            self.warn(f"the rest of this session is not kept in the history: {e}")

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Let the workout go on where its files cannot be written."""
        try:
            yield
        except (FormcheckError, OSError) as e:
            why = e if isinstance(e, FormcheckError) else f"{self.folder}: {(e.strerror or str(e)).lower()}"
            self._discard()
            self.folder = None
            self.warn(f"no more reports of this session: {why}")

    def _discard(self) -> None:
        """Leave nothing of the set's files behind."""
        with suppress(_Discarded, OSError), self._stack:
            raise _Discarded
        self._stack, self._csv, self._keys = ExitStack(), None, None
        if self.folder is not None:
            with suppress(OSError):
                self.folder.rmdir()  # only where it is empty

    def _file(self, kind: str) -> Path:
        assert self.folder is not None
        assert self._session is not None
        return self.folder / f"{self._number}-{self._session.exercise.id}.{kind}"

    def _described(self, result: SetResult) -> dict[str, Any]:
        seconds = max(result.ended_s - result.started_s, 0.0)
        frames = result.session.frames
        return {
            **self.source,
            "duration_s": round(seconds, 3),
            "fps": round(frames / seconds, 3) if seconds else None,
            "frames": frames,
            "frames_used": frames,
        }


class _Discarded(Exception):
    """Ends the block of an unfinished file, which then leaves none."""


def _next_number(folder: Path) -> int:
    """Return the number behind all those of the reports in a folder."""
    numbers = [int(found[1]) for p in folder.iterdir() if (found := _OURS.fullmatch(p.name))]
    return max(numbers, default=0) + 1


def check_folder(folder: Path) -> None:
    """Make sure that reports can be written to a folder, without making it.

    Raises
    ------
    UsageError
        If it is none, or cannot be made or written to.
    """
    there = next(p for p in (folder.absolute(), *folder.absolute().parents) if os.path.lexists(p))
    if not there.is_dir():
        raise OutputError(f"cannot write reports to {folder}", f"{there} is not a folder; choose another with -o")
    if not os.access(there, os.W_OK | os.X_OK):
        raise OutputError(f"cannot write reports to {folder}", f"{there} is not writable; choose another with -o")
