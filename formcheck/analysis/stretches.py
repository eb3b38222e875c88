"""A film on several cores: stretches of it are looked at side by side, and joined into one stream of observations.

Each stretch is read, and looked at, with an estimator of its own: the first one here, the others each by a thread that
has it from another process. A stretch begins a little before the part that is its own, so that its tracker has
settled by then. Where it begins, the one before ends only once both see the same: the same body in the same pose, as
many people, the same ball. Until then the one before goes on, however far, so that nobody is exchanged at a joint; and
a stretch that cannot be looked at is left to the one before.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np

from formcheck.sight.pose.landmarks import MAIN_JOINTS
from formcheck.sight.pose.types import Array, Observation, Pose

from .feed import Feed, damaged_note

#: A frame's time, and what was observed there: None where nobody looked.
Seen = tuple[float, Observation | None]
#: Opens the film from a second on.
OpenFrom = Callable[[float | None], AbstractContextManager[Feed]]

#: A stretch begins this long (s) before its own part: whom to follow is open for two seconds, then it is settled.
LEAD_S = 3.0
#: So much film (s) is looked at here while another process starts: a second, at the rate of adaptive sampling. And
#: whoever looks here judges all of the film besides, which takes this share of the time that looking takes.
STARTING_S, JUDGING = 3.0, 0.05
#: Seconds of film for each worker where nobody says how many there are, and at least where somebody does.
EACH_S, LEAST_S = 20.0, 5.0
#: Longer stretches (s) are cut, so that no worker is left alone with a long one at the end.
LONGEST_S = 180.0
#: Stretches begin at whole numbers of this (s), so that looks at even steps from the beginning stay where they were.
STEP_S = 0.2
#: Two stretches see the same when they have agreed for this long (s): joints, on the mean, to within the second (torso
#: lengths), the ball to within the third (its radius). Poses no further apart than the fourth (s) may be compared.
AGREE_S, SAME, SAME_BALL, NEAR_S = 0.8, 0.15, 0.3, 0.3


def cuts(begin: float, end: float, workers: int) -> list[float]:
    """Return where (s) the stretches after the first one begin: all take as long, with what they look at before.

    Examples
    --------
    >>> cuts(0, 60, 2), cuts(0, 400, 2), cuts(10, 20, 4), cuts(0, 400, 1)
    ([31.6], [89.6, 193.0, 296.4], [17.8], [])
    """
    length = end - begin
    workers = min(workers, int(length / LEAST_S))
    if workers < 2:
        return []
    pieces = workers * int(np.ceil(length / (workers * LONGEST_S)))
    besides = JUDGING * length - STARTING_S
    each = (length + besides) / pieces + LEAD_S * (pieces - 1) / pieces
    marks = begin + each - besides + (each - LEAD_S) * np.arange(pieces - 1)
    return [round(float(t), 3) for t in np.round(marks / STEP_S) * STEP_S]


@dataclass
class _Stretch:
    begins: float | None
    ends: float
    seen: list[Seen] = field(default_factory=list)
    reached: float = -np.inf
    taken: bool = False
    #: Nothing more comes of it.
    done: bool = False
    #: It is no good, and left to the one before.
    void: bool = False
    #: Which one goes on after it, and from when (s); None: the film ends in it.
    next: int | None = None
    joint: float = np.inf
    #: The one before has been joined to it.
    joined: bool = False
    #: It has come to its end, and waits for one that goes on.
    waits: bool = False
    #: Damaged pieces of its own part.
    damaged: int = 0
    inference_s: float = 0.0
    #: What its feed had to say at its end: notes, and the report's source.
    notes: list[str] = field(default_factory=list)
    source: dict[str, Any] = field(default_factory=dict)


class Stretches:
    """A film looked at in stretches; a context manager whose threads end with it.

    Parameters
    ----------
    open_from : callable
        Opens the film from a second on (None: from where it is to begin), each time with an estimator of its own.
    begin, end : float
        Seconds of the film to be looked at.
    workers : int
    marks : sequence of float
        Where stretches begin, see :func:`cuts`.
    """

    def __init__(self, open_from: OpenFrom, begin: float, end: float, workers: int, marks: Sequence[float]) -> None:
        self._open_from, self._begin = open_from, begin
        begins: list[float | None] = [None, *marks]
        self._all = [_Stretch(b, e) for b, e in zip(begins, [*marks, end], strict=True)]
        self._changed = threading.Condition()
        self._stopped = False
        self._error: BaseException | None = None
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(workers)]
        self._alive = workers
        #: Of the feed in which the film ended: notes, and the report's source. Known once all has been given.
        self.notes: list[str] = []
        self.source: dict[str, Any] = {}

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    @property
    def looked_s(self) -> float:
        """Seconds of the film that somebody has looked at."""
        at = [(s.begins if s.begins is not None else self._begin, s.reached, s.ends) for s in self._all]
        return float(sum(min(max(reached - begins, 0.0), ends - begins) for begins, reached, ends in at))

    @property
    def inference_s(self) -> float:
        """Seconds that all estimators took, together."""
        return sum(s.inference_s for s in self._all)

    def __iter__(self) -> Iterator[Seen]:
        """Give every frame's time and observation, in order, as soon as it is known."""
        k, after = 0, -np.inf
        while True:
            stretch, at = self._all[k], 0
            while True:
                with self._changed:
                    while len(stretch.seen) == at and not stretch.done and self._error is None:
                        self._changed.wait(0.5)  # Ctrl-C gets through to a wait that ends
                    if self._error is not None:
                        raise self._error
                    new = stretch.seen[at:]
                    done = stretch.done
                at += len(new)
                yield from (one for one in new if one[0] >= after)
                if done:
                    break
            if stretch.next is None:
                self.notes, self.source = stretch.notes, stretch.source
                return
            k, after = stretch.next, stretch.joint
            stretch.seen = []

    def damaged(self) -> int:
        """Return how many pieces of the film were damaged."""
        return sum(s.damaged for s in self._all if not s.void)

    # ---- in the threads ------------------------------------------------------------------------
    def _work(self) -> None:
        try:
            while (k := self._take()) is not None:
                try:
                    self._look(k)
                except Exception as e:  # noqa: BLE001 -- raised again where nobody else can do it
                    self._failed(k, e)
        except BaseException as e:  # noqa: BLE001 -- told by whoever takes the items
            with self._changed:
                self._error, self._stopped = self._error or e, True
        finally:
            with self._changed:
                self._alive -= 1
                self._changed.notify_all()

    def _take(self) -> int | None:
        """Return a stretch that nobody looks at yet."""
        with self._changed:
            free = [k for k, s in enumerate(self._all) if not s.taken and not s.done]
            if self._stopped or not free:
                return None
            self._all[free[0]].taken = True
            return free[0]

    def _failed(self, k: int, error: Exception) -> None:
        """Leave a stretch to the one before; where that is not possible any more, all fails."""
        with self._changed:
            stretch = self._all[k]
            if k == 0 or stretch.joined:
                raise error
            stretch.void = stretch.done = True
            self._changed.notify_all()

    def _look(self, k: int) -> None:
        stretch = self._all[k]
        start = None if stretch.begins is None else max(stretch.begins - LEAD_S, self._begin)
        before: int | None = None if k else 0
        with self._open_from(start) as feed:
            for _, t, observation in feed.items:
                if self._stopped or stretch.void:
                    return
                if before is None and stretch.begins is not None and t >= stretch.begins:
                    before = feed.damaged()
                if t >= stretch.ends and self._joins(k, t):
                    break
                with self._changed:
                    stretch.seen.append((t, observation))
                    stretch.reached = t
                    self._changed.notify_all()
            with self._changed:
                stretch.damaged, stretch.inference_s = feed.damaged() - (before or 0), feed.inference_s
                # Damaged pieces are told of the whole film.
                stretch.notes = [n for n in feed.notes if n != damaged_note(feed.damaged())]
                stretch.source = feed.source
                stretch.done = True
                if stretch.next is None:
                    # The film ends here, perhaps sooner than it said: what begins behind its end is of no use.
                    for later in self._all[k + 1 :]:
                        later.void = later.done = True
                self._changed.notify_all()

    def _joins(self, k: int, t: float) -> bool:
        """Whether another stretch goes on from time *t*: it has seen the same just before."""
        stretch = self._all[k]
        with self._changed:
            for n in range(k + 1, len(self._all)):
                other = self._all[n]
                if other.begins is None or other.begins > t:
                    return False
                if not self._caught_up(stretch, other, t) or t >= other.joint:
                    continue
                if agree(stretch.seen, other.seen, t):
                    stretch.next, stretch.joint, other.joined = n, t, True
                    return True
                return False
        return False

    def _caught_up(self, stretch: _Stretch, other: _Stretch, t: float) -> bool:
        """Wait until another stretch has seen what is at time *t*; return whether it ever will."""
        stretch.waits = True
        self._changed.notify_all()
        while other.reached < t and not (other.done or other.waits or self._stopped or stretch.void):
            if not other.taken and self._alive < 2:
                break
            self._changed.wait(0.5)
        stretch.waits = False
        if other.waits and other.reached < t:
            # It is at its end, and this one, which never saw the same, has overtaken it.
            other.void = other.done = True
            self._changed.notify_all()
        return other.reached >= t and not other.void


def agree(one: Sequence[Seen], other: Sequence[Seen], t: float) -> bool:
    """Return whether two series saw the same in the last moments before time *t* (s)."""
    mine, theirs = _just_before(one, t), _just_before(other, t)
    if not mine or not theirs:
        return False
    if max(o.persons or 0 for o in mine) != max(o.persons or 0 for o in theirs):
        return False
    return all(_same(o, theirs) for o in mine) and _same_ball(mine[-1], theirs[-1])


def _just_before(seen: Sequence[Seen], t: float) -> list[Observation]:
    """Return the observations just before time *t*, in order."""
    out = []
    for at, o in reversed(seen):
        if at < t - AGREE_S:
            break
        if o is not None and at < t:
            out.append(o)
    return out[::-1]


def _same(o: Observation, series: Sequence[Observation]) -> bool:
    """Whether a series shows, at the time of an observation, the same body, or nobody as well."""
    before = max((p for p in series if p.t <= o.t), key=lambda p: p.t, default=None)
    after = min((p for p in series if p.t >= o.t), key=lambda p: p.t, default=None)
    near = [p for p in (before, after) if p is not None and abs(p.t - o.t) <= NEAR_S]
    if o.pose is None:
        return any(p.pose is None for p in near)
    poses = [(p.t, p.pose) for p in near if p.pose is not None]
    if not poses:
        return False
    share = (o.t - poses[0][0]) / (poses[-1][0] - poses[0][0]) if poses[-1][0] > poses[0][0] else 0.0
    here = (1 - share) * _joints(poses[0][1]) + share * _joints(poses[-1][1])
    off = float(np.linalg.norm(_joints(o.pose) - here, axis=1).mean())
    return off <= SAME * max(o.pose.torso_px, poses[0][1].torso_px, 1.0)


def _joints(pose: Pose) -> Array:
    return pose.image[MAIN_JOINTS, :2]


def _same_ball(a: Observation, b: Observation) -> bool:
    if a.ball is None or b.ball is None:
        return a.ball is b.ball
    return max(abs(a.ball.x - b.ball.x), abs(a.ball.y - b.ball.y), abs(a.ball.r - b.ball.r)) <= SAME_BALL * a.ball.r
