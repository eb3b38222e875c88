"""The pictures worth keeping of a clip: each repetition at its end position, each fault at its worst.

They are picked while the clip streams past, so that a camera's pictures, which come once only, serve as well as a
file's. A repetition is known only when it is over; until then candidates are kept: a compressed picture every
``STEP_S`` (of a long attempt every second one is dropped again and again, so that there are never more than
``CANDIDATES``), and for each check the very frame in which it was furthest beyond its limit.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formcheck.judging.rules.checks import CheckWatch
from formcheck.judging.rules.records import FaultOver, FaultSpan, Rep, RepDone
from formcheck.judging.rules.timing import Clock
from formcheck.judging.session.moment import Moment
from formcheck.sight.video.waiting import Waiting

Image = NDArray[np.uint8]

#: Seconds between two candidates, seconds of them kept while no attempt is under way, and the most of them.
STEP_S, IDLE_S, CANDIDATES = 0.12, 4.0, 64
#: Repetitions whose picture is kept; one of 20 kB to 80 kB each.
MAX_REPS = 300
#: Pictures kept of one fault, those of its worst moments.
MAX_OF_FAULT = 4
#: A picture further (s) than this from the moment that is wanted does not show it.
NEAR_S = 1.0
#: Spells of the same problem this close together (s) are one, and the most of them that are kept.
JOIN_S, MAX_PROBLEMS = 0.5, 500
#: Longer side (px) and quality of the compressed pictures.
SIDE, QUALITY = 960, 88


@dataclass(frozen=True)
class KeyPicture:
    """A moment with its picture.

    Attributes
    ----------
    moment : Moment
    jpeg : bytes or None
        The whole picture; None where there was none (a track).
    size : (int, int)
        Width and height of the picture the landmarks were measured in, px.
    """

    moment: Moment
    jpeg: bytes | None
    size: tuple[int, int]

    @property
    def t(self) -> float:
        """When it was, seconds."""
        return self.moment.t


@dataclass(frozen=True)
class Shots:
    """The pictures of a clip.

    Attributes
    ----------
    reps : dict of int to KeyPicture
        By the repetition's index.
    faults : dict of fault id to list of KeyPicture
        Of its worst moments.
    problems : list of (from, to, reason)
        When the picture could not be judged, seconds, and why.
    """

    reps: dict[int, KeyPicture] = field(default_factory=dict)
    faults: dict[str, list[KeyPicture]] = field(default_factory=dict)
    problems: list[tuple[float, float, str]] = field(default_factory=list)

    def of_fault(self, fault: Mapping[str, Any], reps: Sequence[Mapping[str, Any]]) -> KeyPicture | None:
        """Return the picture of a fault at its worst, None where there is none.

        Parameters
        ----------
        fault : mapping
            An entry of a report's ``faults``.
        reps : sequence of mapping
            The report's repetitions. Of a fault that the end of a repetition decided, the picture is that repetition's.
        """
        at = fault.get("worst_s")
        if at is None:
            mine = [r for r in reps for f in r["faults"] if f["id"] == fault["id"] and f["worst"] == fault["worst"]]
            return next((self.reps[r["index"]] for r in mine if r["index"] in self.reps), None)
        found: KeyPicture | None = nearest(self.faults.get(fault["id"], ()), at)
        return found


@dataclass
class _Candidate:
    """A frame kept in case it is wanted; compressed when it has to wait for long."""

    moment: Moment
    picture: Image | Waiting | None
    size: tuple[int, int]
    shot: KeyPicture | None = None

    @property
    def t(self) -> float:
        return self.moment.t

    def kept(self) -> KeyPicture:
        if self.shot is None:
            self.shot = KeyPicture(self.moment, _jpeg(self.picture), self.size)
            self.picture = None
        return self.shot


@dataclass
class _Excursion:
    """The time that a check is beyond its limit, and the frame in which it is furthest."""

    clock: Clock = field(default_factory=lambda: Clock(grace_s=0.3))
    excess: float = 0.0
    worst: _Candidate | None = None


class KeyFrames:
    """Picks the pictures of a session as its moments pass.

    Parameters
    ----------
    watches : sequence of CheckWatch
        The session's, for the checks and their limits.
    size : (int, int)
        Width and height of the pictures, px.
    """

    def __init__(self, watches: Sequence[CheckWatch], size: tuple[int, int]) -> None:
        self._watches, self._size = watches, size
        self._ring: list[KeyPicture] = []
        self._step = STEP_S
        self._open = [_Excursion() for _ in watches]
        self._over: deque[KeyPicture] = deque(maxlen=2 * len(watches) + 1)
        self._reps: dict[int, KeyPicture] = {}
        self._faults: dict[str, list[tuple[float, KeyPicture]]] = {}
        self._problems: list[tuple[float, float, str]] = []

    def update(self, moment: Moment, picture: Image | Waiting | None, base: Mapping[str, float]) -> None:
        """Take a moment.

        Parameters
        ----------
        moment : Moment
            Later than the one before.
        picture : (h, w, 3) uint8 array, Waiting or None
            Red first; None where there is none. Of those that wait, only what is kept is made a picture again.
        base : mapping
            Signals in the first start position, which some checks compare with.
        """
        self._note(moment)
        if moment.image is not None:
            here = _Candidate(moment, picture, self._size)
            self._follow(here, base)
            if not self._ring or moment.t - self._ring[-1].t >= self._step:
                self._ring.append(here.kept())
            if len(self._ring) > CANDIDATES:
                del self._ring[1::2]
                self._step *= 2
        for event in moment.events:
            if isinstance(event, FaultOver):
                self._keep_fault(event.span)
            elif isinstance(event, RepDone):
                self._keep_rep(event.rep)
        if moment.rep is None:
            self._forget(moment.t - IDLE_S)

    @property
    def waiting(self) -> int:
        """How many pictures are kept in case they are wanted."""
        return len(self._ring) + len(self._over)

    def shots(self) -> Shots:
        """Return the pictures of what has been judged so far."""
        faults = {name: [s for _, s in found] for name, found in self._faults.items()}
        return Shots(dict(self._reps), faults, list(self._problems))

    def _note(self, m: Moment) -> None:
        if m.problem is None:
            return
        reason = m.problem[0]
        last = self._problems[-1] if self._problems else None
        if last is not None and last[2] == reason and m.t - last[1] <= JOIN_S:
            self._problems[-1] = last[0], m.t, reason
        elif len(self._problems) < MAX_PROBLEMS:
            self._problems.append((m.t, m.t, reason))

    def _follow(self, here: _Candidate, base: Mapping[str, float]) -> None:
        m = here.moment
        for watch, run in zip(self._watches, self._open, strict=True):
            check = watch.check
            v = check.value(m.sample, base) if m.phase in check.phases else float("nan")
            excess = check.excess(v, watch.limit)
            if run.clock.ends(m.t, excess > 0):
                if run.worst is not None and run.clock.running >= check.dwell_s / 2:
                    self._over.append(run.worst.kept())
                run.clock.reset()
                run.worst = None
            run.clock.update(m.t, excess > 0)
            if excess > 0 and (run.worst is None or excess > run.excess):
                run.worst, run.excess = here, excess

    def _keep_fault(self, span: FaultSpan) -> None:
        shot = self._at(span.worst_s)
        if shot is None or span.worst is None or span.limit is None:
            return
        found = self._faults.setdefault(span.id, [])
        if all(s.t != shot.t for _, s in found):
            found.append((abs(span.worst - span.limit), shot))
            found.sort(key=lambda pair: -pair[0])
            del found[MAX_OF_FAULT:]

    def _keep_rep(self, rep: Rep) -> None:
        for span in rep.faults:
            self._keep_fault(span)
        shot = self._at(rep.peak_s)
        if shot is not None and len(self._reps) < MAX_REPS:
            self._reps[rep.index] = shot
        self._forget(rep.end_s)

    def _at(self, t: float | None) -> KeyPicture | None:
        if t is None:
            return None
        open_now = [run.worst for run in self._open if run.worst is not None]
        best = nearest([*self._ring, *self._over, *open_now], t)
        return best.kept() if isinstance(best, _Candidate) else best

    def _forget(self, before: float) -> None:
        self._ring = [s for s in self._ring if s.t > before]
        self._step = STEP_S if len(self._ring) < CANDIDATES / 2 else self._step


def nearest(items: Sequence[Any], t: float) -> Any:
    """Return the item with a time ``t`` nearest to one that is wanted, None where none is within ``NEAR_S``."""
    best = min(items, key=lambda item: abs(item.t - t), default=None)
    return best if best is not None and abs(best.t - t) <= NEAR_S else None


def _jpeg(kept: Image | Waiting | None) -> bytes | None:
    if kept is None:
        return None
    import cv2

    picture = kept.image if isinstance(kept, Waiting) else kept
    h, w = picture.shape[:2]
    if max(h, w) > SIDE:
        k = SIDE / max(h, w)
        picture = np.asarray(
            cv2.resize(picture, (max(round(w * k), 1), max(round(h * k), 1)), interpolation=cv2.INTER_AREA), np.uint8
        )
    ok, data = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    return data.tobytes() if ok else None
