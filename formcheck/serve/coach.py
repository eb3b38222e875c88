"""One coaching session: numbered items in, messages out. The same engine, history and reports as ``formcheck live``.

Knows no network and no clock but the camera's; used by one thread at a time, and always the same one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from formcheck.analysis.feed import MAX_SIDE
from formcheck.analysis.options import Options
from formcheck.coaching.coach.phrases import Phrases
from formcheck.coaching.coach.plan import Plan, Target
from formcheck.coaching.coach.sets import SetResult
from formcheck.coaching.voice.utterances import Utterance
from formcheck.judging.exercises.plugins import isolated
from formcheck.judging.rules.records import Event, Rep, RepDone
from formcheck.judging.session.moment import Moment
from formcheck.judging.session.session import Session
from formcheck.live.keeping import Keeper
from formcheck.live.led import BallSearch, Estimator, Finder, begin_log, make_workout, speak
from formcheck.sight.pose.types import Ball, Observation, Pose

from .items import BadItemError, Do, Item, SentFrame, Tick
from .pictures import MAX_BALL_SIDE, MAX_PICTURE_SIDE, unpacked
from .telling import (
    Teller,
    address_of,
    event_data,
    raised_data,
    report_data,
    scene_data,
    setup_data,
    target_data,
    utterance_data,
)

Message = dict[str, Any]
Array = NDArray[np.float64]

#: Longest time from one item to the next (s).
MAX_STEP_S = 3600.0
#: A ball seen in one small picture is held to be there until the next, for so long (s).
BALL_HELD_S = 0.5
#: Messages kept for a page that did not get them before the network was lost.
KEPT = 400


class PageEstimator(Estimator, Protocol):
    """What finds the body in pictures, for pages that cannot."""

    def close(self) -> None:
        """Free the model."""


@dataclass(frozen=True)
class Work:
    """What a session is to be.

    Attributes
    ----------
    plan : Plan
    lang : str
    options : Options
        Limits and strictness; ``ball``: whether the page sends pictures for it.
    introduce : bool
    camera : str
        What the page calls its camera.
    """

    plan: Plan
    lang: str = "en"
    options: Options = field(default_factory=Options)
    introduce: bool = True
    camera: str = ""


class Coach:
    """Leads one person through a plan.

    Parameters
    ----------
    work : Work
    folder : path or None
        Where reports go; None writes none.
    make_estimator : callable, optional
        Makes what finds a body in pictures, when the first comes.
    make_finder : callable, optional
        Makes what finds the ball.
    clips_of : callable, optional
        Gives the addresses of the recorded sentences for an utterance.
    history : bool
        Keep the session in the history.
    history_file : Path, optional
        Which history; default: one's own.

    Attributes
    ----------
    next : int
        Number of the item that is due.
    over : bool
    """

    def __init__(
        self,
        work: Work,
        folder: Path | None,
        *,
        make_estimator: Callable[[], PageEstimator] | None = None,
        make_finder: Callable[[], Finder] | None = None,
        clips_of: Callable[[Utterance, str], list[str]] = lambda _utterance, _lang: [],
        history: bool = True,
        history_file: Path | None = None,
    ) -> None:
        self.work, self.next, self.over = work, 0, False
        self.phrases = Phrases(work.lang)
        self.history: int | None = None
        self._stack = ExitStack()
        self._warnings: list[str] = []
        self._all_warnings: list[str] = []
        log = begin_log(self._stack, work.plan, self._warn, history_file) if history else None
        self.history = log.number if log is not None else None
        source = {"path": work.camera or "browser", "kind": "browser", "width": None, "height": None, "rotation": 0}
        self.keeper = Keeper(folder, log, source, None, self._warn, work.options.ball_cm, work.lang)
        self.workout = make_workout(work.plan, self.phrases, work.options, self, introduce=work.introduce)
        self._ball = BallSearch(self.workout, make_finder if work.options.ball else None)
        self._make_estimator, self._clips_of = make_estimator, clips_of
        self._estimator: PageEstimator | None = None
        self._ear = _Ear()
        self._teller = Teller(self.phrases)
        self._sets = 0
        self._told_reports = 0
        self._events: list[Event] = []
        self._utterances = 0
        self._origin: float | None = None
        self._t = 0.0
        self._last_ball: tuple[float, Ball | None] | None = None
        self._moment: Moment | None = None
        self._size = (1, 1)
        self._kept: deque[Message] = deque(maxlen=KEPT)

    # ---- what a page sends -----------------------------------------------------------------
    def take(self, item: Item) -> list[Message]:
        """Take an item and return what there is to say to it: nothing where it is known, or all is over.

        Raises
        ------
        BadItemError
            If it is due and makes no sense; it counts as taken.
        """
        if self.over:
            return []
        if item.n is not None:
            if item.n < self.next:
                return []
            if item.n > self.next:
                return [{"type": "resend", "next": self.next}]
            self.next += 1
        with isolated(self.workout.exercise):
            self._do(item)
        return self._messages()

    def skip(self, n: int | None) -> None:
        """Count an item that could not be read as taken, where it is the one that is due."""
        if n == self.next:
            self.next += 1

    def missed(self, seen: int) -> list[Message]:
        """Return what mattered of the messages behind the one to item *seen*."""
        return [m for m in self._kept if m["n"] > seen]

    def now(self) -> Message:
        """Return how things stand, as a moment without news."""
        return self._moment_message([], [], hush=False)

    def finish(self) -> list[Message]:
        """End the session: what is under way is judged as far as it got, and its report written."""
        if self.over:
            return []
        try:
            self.workout.finish()
        finally:
            self.over = True
            self._stack.close()
            if self._estimator is not None:
                self._estimator.close()
                self._estimator = None
        return [self._moment_message([], [], hush=True), *self._reports(), self._end()]

    @property
    def body(self) -> list[list[float] | None] | None:
        """The newest landmarks as shares of width and height, and how well each is seen; for screens."""
        m = self._moment
        if m is None or m.image is None:
            return None
        xyv = np.column_stack([m.image[:, :2] / self._size, m.image[:, 3]])
        known: list[bool] = np.asarray(np.isfinite(xyv).all(axis=1)).tolist()
        return [row if ok else None for row, ok in zip(np.round(xyv, 4).tolist(), known, strict=True)]

    # ---- what the workout tells (Listener) ---------------------------------------------------
    def set_begun(self, session: Session, target: Target) -> None:
        """Make ready for a set."""
        self._sets += 1
        self._last_ball = None
        if self.work.options.ball:
            # Not before a page has sent a picture to look at.
            session.ball.sought = None
        self.keeper.set_begun(session, target)

    def moment(self, moment: Moment, size: tuple[int, int]) -> None:
        """Take a judged moment."""
        self._teller.heard(moment, self._sets, self.workout.exercise)
        self._events += [e for e in moment.events if not isinstance(e, RepDone)]
        self.keeper.moment(moment, size)

    def rep_done(self, rep: Rep) -> None:
        """Take an attempt; it is on disk when this returns."""
        self.keeper.rep_done(rep)
        self._events.append(RepDone(rep.end_s, rep))

    def set_over(self, result: SetResult) -> None:
        """Take a finished set."""
        self.keeper.set_over(result)

    # ---- inside --------------------------------------------------------------------------------
    def _do(self, item: Item) -> None:
        if isinstance(item, Do):
            self._command(item.what)
            return
        t = self._time(item.t, item.n)
        if t is None:
            return
        self._ear.speaking = item.speaking
        if isinstance(item, Tick):
            self.workout.tick(t, speaking=item.speaking)
            self._moment = None
        else:
            seen = self._observe(t, item)
            self._size = seen.size
            self.keeper.source |= {"width": seen.size[0], "height": seen.size[1]}
            self._moment = self.workout.observe(seen, speaking=item.speaking)

    def _command(self, what: str) -> None:
        if what == "pause":
            self.workout.pause()
        elif what == "next":
            self.workout.skip()
        elif what == "repeat":
            self.workout.repeat()
        else:
            self.workout.finish()
        self._moment = None

    def _time(self, t: float, n: int | None) -> float | None:
        """Return the seconds since the first item; None where time did not rise."""
        if self._origin is None:
            self._origin = t
            return 0.0
        since = t - self._origin
        if since <= self._t:
            return None
        if since - self._t > MAX_STEP_S:
            raise BadItemError(f"{since - self._t:.0f} s after the item before, at most {MAX_STEP_S:.0f}", n)
        self._t = since
        return since

    def _observe(self, t: float, frame: SentFrame) -> Observation:
        if frame.picture is not None:
            image = unpacked(frame.picture, MAX_PICTURE_SIDE, frame.n)
            estimator = self._open_estimator(frame.n)
            pose = estimator.estimate(t, image)
            self._seek()
            return Observation.of(t, image, pose, self._ball.find(t, image, pose), estimator.persons)
        size, pose = at_most(frame.size, frame.pose, MAX_SIDE)
        ball = self._ball_in(t, frame, size, pose)
        return Observation(t, pose, size, ball, frame.luma, frame.persons)

    def _open_estimator(self, n: int | None) -> PageEstimator:
        if self._make_estimator is None:
            raise BadItemError("pictures cannot be judged here: there is no pose model", n)
        if self._estimator is None:
            self._estimator = self._make_estimator()
        return self._estimator

    def _ball_in(self, t: float, frame: SentFrame, size: tuple[int, int], pose: Pose | None) -> Ball | None:
        """Return the ball: of this frame's small picture, or of the one before if that was just now."""
        if not self._ball.wanted:
            return None
        if frame.ball is not None:
            image = unpacked(frame.ball, MAX_BALL_SIDE, frame.n)
            self._seek()
            scale = image.shape[1] / size[0]
            found = self._ball.find(t, image, None if pose is None else scaled(pose, scale))
            ball = None if found is None else replace(found, x=found.x / scale, y=found.y / scale, r=found.r / scale)
            self._last_ball = t, ball
            return ball
        if self._last_ball is not None and t - self._last_ball[0] <= BALL_HELD_S:
            return self._last_ball[1]
        return None

    def _seek(self) -> None:
        """Note that a ball is looked for: from now on not seeing one means something."""
        session = self.workout.session
        if session is not None and self.work.options.ball:
            session.ball.sought = True

    def _messages(self) -> list[Message]:
        self._ear.hushed = False
        speak(self.workout, self._ear, self._t)
        said, self._ear.said = self._ear.said, []
        events, self._events = self._events, []
        out = [self._moment_message(events, said, hush=self._ear.hushed)]
        if events or said or self._ear.hushed:
            self._kept.append(out[0])
        out += self._reports()
        if self.workout.done:
            out += self.finish()
        return out

    def _moment_message(self, events: list[Event], said: list[Utterance], *, hush: bool) -> Message:
        w, m = self.workout, self._moment
        scene, origin = w.scene, self._origin or 0.0
        says = []
        for u in said:
            self._utterances += 1
            says.append(utterance_data(self._utterances, u, self._clips_of(u, self.work.lang), origin))
        session = w.session
        return {
            "type": "moment",
            "n": self.next - 1,
            "t": round(origin + self._t, 4),
            "scene": scene_data(scene),
            "exercise": w.exercise.id,
            "ball": self._ball.wanted,
            "paused": w.paused,
            "target": target_data(w.target, session.judge.reps if session is not None else ()),
            "setup": setup_data(w.setup),
            "raised": raised_data(w.gesture),
            "judged": None if m is None else self._teller.judged(m, self._size, scene, origin),
            "events": [event_data(e, origin) for e in events],
            "hush": hush,
            "say": says,
            "body": self.body if self._estimator is not None else None,
            "size": list(self._size),
        }

    def _reports(self) -> list[Message]:
        """Return a message for each report that was written since the last call, and each warning."""
        new = range(self._told_reports, len(self.keeper.reports))
        out: list[Message] = [{"type": "report", "n": self.next - 1, **self._report(k)} for k in new]
        self._told_reports = len(self.keeper.reports)
        self._kept += out
        warnings, self._warnings = self._warnings, []
        return [*out, *({"type": "warning", "text": line} for line in warnings)]

    def _report(self, k: int) -> Message:
        page = self.keeper.files[k] if k < len(self.keeper.files) else None
        address = address_of(page) if page is not None else None
        return {**report_data(self.keeper.reports[k], self.phrases), "page": address}

    def _end(self) -> Message:
        return {
            "type": "over",
            "n": self.next - 1,
            "reports": [self._report(k) for k in range(len(self.keeper.reports))],
            "history": self.history,
            "warnings": self._all_warnings,
        }

    def _warn(self, line: str) -> None:
        self._warnings.append(line)
        self._all_warnings.append(line)


class _Ear:
    """Stands for the page's voice: takes what is to be said."""

    def __init__(self) -> None:
        self.speaking, self.hushed = False, False
        self.said: list[Utterance] = []

    def say(self, utterance: Utterance, now: float) -> None:
        self.said.append(utterance)

    def hush(self) -> None:
        self.hushed = True


def at_most(size: tuple[int, int], pose: Pose | None, side: int) -> tuple[tuple[int, int], Pose | None]:
    """Return a picture's size and pose as in a picture of which no side is longer: what recorded ones are judged in."""
    longer = max(size)
    if longer <= side:
        return size, pose
    factor = side / longer
    shrunk = (max(round(size[0] * factor), 1), max(round(size[1] * factor), 1))
    return shrunk, None if pose is None else scaled(pose, factor)


def scaled(pose: Pose, factor: float) -> Pose:
    """Return a pose in a picture of another size."""
    image = pose.image.copy()
    image[:, :3] *= factor
    return Pose(image, pose.world)
