"""Cycles without a rest between them: finding the single rounds of a movement that goes to and fro, or round and round.

The finder follows a point in a space of a few signals, such as how far the hips and the knees lie beside the feet. Two
of its turning points (:mod:`~formcheck.judging.rules.turning`), out and back, are one cycle, whichever way the path
runs, straight or round, about whatever middle: no rest is needed before, between or after, the middle may drift, and
one kind of movement may follow another at once. A path that encloses an area is a circle: how far it has turned tells
whether its last round was whole. Stopping in the middle, where a movement that goes on is quickest, ends it. Everything
goes by time, nothing assumes a frame rate.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import dist, isfinite

import numpy as np

from .shapes import Array, Oval
from .turning import PathPoint, Turn, TurningPoints

#: Still for so long (s) on the way back from an end, in the middle after a whole cycle, or anywhere: it is over.
STILL_S, MIDDLE_S, LINGER_S = 1.2, 2.0, 2.85
#: Still means moving less than this share of the least swing.
QUIET = 0.3
#: Who moves less than this share of the swing before, or of the least swing, in this time (s), has stopped ...
STOP_SHARE, STOP_LEAST, STOP_S = 0.08, 0.2, 0.4
#: ... in the middle, if it was between these shares of that swing from its end.
NEAR_MIDDLE = (0.25, 0.61)
#: Who turns within this share of the swing before from its end has turned in the middle: another movement begins.
MIDDLE = 0.6
#: A way longer by this than the one before, after the first cycle of a movement, shows that that began in the middle.
LONGER = 1.35
#: Who comes to rest this share of the last way short of its end has come back from it.
SETTLED = 0.25
#: Who goes out to one side only is home again within this share of the way of where he started ...
HOME = 0.35
#: ... and that is a cycle if it is this share of the swing of the cycle before: else it is half of one.
ONE_SIDED = 0.7
#: Where a movement begins is its first turning point if it lies this share of the least swing from the rest before.
AWAY = 0.6
#: Departed is nearer to the end of the way out by this share of it; moving is further than this share of the swing.
DEPARTED, MOVING = 0.12, 0.5
#: Shares of a turn from which a circle that ends was a whole one, and a broken off one; less is the way to the middle.
WHOLE_TURN, BROKEN_TURN = 0.7, 0.5
#: Before a whole turn was seen its middle is not known well, and a part of it reads longer: whole is from here on.
FIRST_TURN = 0.85
#: A turn shorter than the first when its turning points are known is waited for until it is as long as the second.
NEARLY_TURN, LONG_TURN = 0.85, 0.9
#: The way from the middle to a circle may end in a turning point of its own: shorter than this share of the next way.
WAY_IN = 0.42
#: A circle encloses this share of its area by the time at which its second turning point is known.
SO_FAR = 0.75
#: Who is within this share of a circle's radius for so long (s) has left it.
IN_MIDDLE, LEFT_S = 0.4, 0.45
#: Who sits down or gets up does so within the first time (s), and goes on until nearly level for the second.
LEVEL_S, SETTLED_S = 1.0, 0.5
#: Seconds remembered before a movement, and of a movement without an end.
RUN_UP_S, LONGEST_S = 5.0, 30.0


@dataclass(frozen=True)
class Cycle:
    """One round.

    Attributes
    ----------
    start_s, peak_s, end_s : float
        The peak is the furthest point of the way out, or half way round a circle.
    swing : float
        From one side to the other.
    complete : bool
        False: a circle that was broken off.
    cut : bool
        True: it was under way when the stream ended.
    """

    start_s: float
    peak_s: float
    end_s: float
    swing: float
    complete: bool = True
    cut: bool = False


@dataclass
class _Circle:
    """A movement round and round: its last turn, what that lacked, and when the path was last on it."""

    oval: Oval
    seen_s: float
    lack: float = 0.0


@dataclass(frozen=True)
class _Held:
    """The first cycle of a movement, until the way after it tells whether it was one."""

    t: float
    back: Turn


@dataclass(frozen=True)
class _Due:
    """A path that seemed round when both its turning points were known, but had not turned far: it is waited for."""

    t: float
    back: Turn
    round: bool


class CycleFinder:
    """Streaming finder of cycles.

    Parameters
    ----------
    weights : mapping
        Names of the signals that span the space, with the weight of each.
    plane : (str, str)
        Names of the two signals, x and y, in whose plane a circle is followed by its angle.
    swing : float
        Least swing of a cycle from one side to the other, in that space.
    turning : callable
        From (n,) arrays of signals by name, the (n,) share of a circle that has been gone round so far, signed
        (such as :func:`~.shapes.swept`).
    round_ratio : float
        Its size from which a path is a circle.
    also : sequence of str
        Names of further signals that *turning* looks at.
    height : (str, str), optional
        Names of a height in lengths of the body and of that length (px): who rises or sinks by more than *most* lengths
        within :data:`LEVEL_S` sits down or gets up, and what was under way is over.
    most : float

    Examples
    --------
    Two swings to and fro from a rest, sampled at 20 Hz:

    >>> from .shapes import swept
    >>> finder = CycleFinder(
    ...     {"x": 1.0, "y": 0.5}, ("x", "y"), swing=0.1, turning=lambda v: swept(v["x"], v["y"]), round_ratio=0.3
    ... )
    >>> t = np.arange(0, 7, 0.05)
    >>> x = np.where((t > 1) & (t < 5), 0.2 * np.sin(np.pi * (t - 1)), 0.0)
    >>> found = [c for u, v in zip(t, x) for c in finder.update(u, {"x": v, "y": 0.0})]
    >>> [round(c.end_s - c.start_s) for c in found]
    [2, 2]
    """

    def __init__(
        self,
        weights: Mapping[str, float],
        plane: tuple[str, str],
        *,
        swing: float,
        turning: Callable[[Mapping[str, Array]], Array],
        round_ratio: float,
        also: Sequence[str] = (),
        height: tuple[str, str] | None = None,
        most: float = float("inf"),
    ) -> None:
        self._height, self._most = height, most
        self._heights: deque[tuple[float, float]] = deque()
        self._sits = False
        self.weights, self.swing, self.round_ratio = dict(weights), swing, round_ratio
        self._turning = turning
        self._names = tuple(dict.fromkeys([*plane, *weights, *also]))
        self.reset()

    def reset(self) -> None:
        """Forget the movement under way."""
        #: The path since the last cycle ended, or the last seconds of rest.
        self._rows: list[PathPoint] = []
        self._recent: deque[PathPoint] = deque()
        self._rest()

    def _rest(self) -> None:
        """Wait for a movement: no turning point is known."""
        self._turns: TurningPoints | None = None
        #: The turning point out, once it is known.
        self._out: Turn | None = None
        self._due: _Due | None = None
        self._held: _Held | None = None
        self._circle: _Circle | None = None
        #: Of the cycle before, 0 where there was none in this movement.
        self._last_swing = 0.0

    @property
    def moving(self) -> bool:
        """Whether a cycle is under way."""
        if self._out is not None:
            return True
        return self._turns is not None and dist(self._rows[-1].p, self._rows[0].p) >= MOVING * self.swing

    def update(self, t: float, sample: Mapping[str, float]) -> list[Cycle]:
        """Take the sample at time *t* (s; unknown signals change nothing); return the cycles that are complete."""
        values = {name: sample.get(name, float("nan")) for name in self._names}
        if not all(map(isfinite, values.values())):
            return []
        ended: list[Cycle] = []
        if self._left_level(t, sample):
            ended = self._ended(BROKEN_TURN)
            self.reset()
        row = PathPoint(t, tuple([w * values[name] for name, w in self.weights.items()]), tuple(values.values()))
        self._rows.append(row)
        self._recent.append(row)
        while t - self._recent[0].t > LINGER_S:
            self._recent.popleft()
        out = ended
        # A turn that is whole by now is taken before a turning point that becomes known with the same sample.
        if self._due is not None and self._gone() >= LONG_TURN:
            out.append(self._turn_over(t, self._due.back.run))
        if self._turns is None:
            self._set_out(row)
        elif (turn := self._turns.update(row)) is not None:
            out += self._turned(turn, row)
        if self._left_circle(row) or self._stopped(row):
            out += self._ended(BROKEN_TURN)
            self._rest()
            self._rows = [r for r in self._rows if t - r.t <= STOP_S]
        still = self._still_for()
        if still >= STILL_S:
            out += self._settle(row, still)
        return out

    def _left_level(self, t: float, sample: Mapping[str, float]) -> bool:
        """Whether the body rises or sinks as it does when it sits down: in pixels, for its length may be unsettled."""
        if self._height is None:
            return False
        height, length = (sample.get(n, float("nan")) for n in self._height)
        if not (isfinite(height) and isfinite(length)):
            return False
        seen = self._heights
        seen.append((t, height * length))
        while t - seen[0][0] > LEVEL_S:
            seen.popleft()
        span, most = (SETTLED_S, self._most / 4) if self._sits else (LEVEL_S, self._most)
        values = [v for u, v in seen if t - u <= span]
        self._sits = max(values) - min(values) > most * length
        return self._sits

    def finish(self) -> list[Cycle]:
        """End the movement; return the cycle that was waiting for its end, and what was under way, as cut."""
        out = self._ended(WHOLE_TURN)
        if not out and self._out is not None and self._run >= max(self.swing, ONE_SIDED * self._last_swing):
            first, last = self._rows[0].t, self._rows[-1].t
            out = [Cycle(first, self._out.point.t, last, self._run, complete=False, cut=True)]
        self.reset()
        return out

    # ---- turning points ------------------------------------------------------------
    @property
    def _run(self) -> float:
        return self._turns.run if self._turns is not None else 0.0

    def _set_out(self, row: PathPoint) -> None:
        """Wait until the path has gone by the least swing; where it came from is a turning point, or the start."""
        while row.t - self._rows[0].t > RUN_UP_S:
            self._rows.pop(0)
        away = np.linalg.norm(np.array([r.p for r in self._rows]) - row.p, axis=1)
        k = int(np.argmax(away))
        if away[k] < self.swing:
            return
        begun, rest = self._rows[k], self._rows[0]
        self._turns = TurningPoints(self.swing, begun, row)
        way = dist(rest.p, begun.p)
        if way >= AWAY * self.swing:
            self._take_out(Turn(begun, way))
        else:
            self._rows = self._rows[k:]

    def _take_out(self, turn: Turn) -> None:
        """Take a turning point for the one out; the first cycle of a movement begins where the path departed."""
        self._out = turn
        if self._last_swing:
            return
        off = [(r.t, dist(r.p, turn.point.p)) for r in self._rows if r.t <= turn.point.t]
        far = (1 - DEPARTED) * max(d for _, d in off)
        start = max(t for t, d in off if d >= far)
        self._rows = [r for r in self._rows if r.t >= start]

    def _turned(self, turn: Turn, row: PathPoint) -> list[Cycle]:
        """Take a turning point: the one out, or the one back, which makes a cycle."""
        while row.t - self._rows[0].t > LONGEST_S:
            self._rows.pop(0)
        if self._due is not None:
            return self._turned_again(turn, self._due, row)
        if self._held is not None and self._out is not None:
            return self._after_first(turn, self._held, self._out, row)
        if turn.point.t < self._rows[0].t:  # of the cycle before
            return []
        if self._out is None and turn.run < MIDDLE * self._last_swing:
            return self._begun_anew(turn, row)
        if self._out is None:
            self._take_out(turn)
            return []
        return self._turned_back(turn, self._out, row)

    def _turned_back(self, turn: Turn, out: Turn, row: PathPoint) -> list[Cycle]:
        """Take the second turning point of a cycle."""
        if not self._round(SO_FAR):
            if self._last_swing:
                return [self._cut(row.t, turn.run)]
            self._held = _Held(row.t, turn)
            return []
        if not self._last_swing and out.run < WAY_IN * turn.run:
            self._out = turn
        elif self._gone() >= NEARLY_TURN:
            return [self._turn_over(row.t, turn.run)]
        else:
            self._due = _Due(row.t, turn, self._round())
        return []

    def _begun_anew(self, turn: Turn, row: PathPoint) -> list[Cycle]:
        """End a movement that turned in the middle; another begins there."""
        out = self._ended(BROKEN_TURN, turn.point.t)
        self._rest()
        self._turns = TurningPoints(self.swing, turn.point, row)
        self._rows = [r for r in self._rows if r.t >= turn.point.t]
        return out

    def _after_first(self, turn: Turn, held: _Held, out: Turn, row: PathPoint) -> list[Cycle]:
        """Take the turning point after the first cycle of a movement.

        The ways of a movement are about as long, but for the first, which begins in the middle. Where only this one is
        long, the one before began in the middle: what came before that was no part of the movement (sitting down).
        """
        if turn.run < MIDDLE * held.back.run:
            return self._begun_anew(turn, row)
        if turn.run < LONGER * held.back.run:
            cycle = self._cut(held.t, held.back.run)
            self._out = turn
            return [cycle]
        self._rows = [r for r in self._rows if r.t >= out.point.t]
        self._held = None
        self._take_out(held.back)
        return self._turned_back(turn, held.back, row)

    def _ended(self, least: float, end_s: float | None = None) -> list[Cycle]:
        """Return what was waiting for its end when a movement ends: its first cycle, or a circle."""
        if self._held is not None:
            return [self._cut(self._held.t, self._held.back.run)]
        return self._rest_of_circle(least, end_s)

    def _turned_again(self, turn: Turn, due: _Due, row: PathPoint) -> list[Cycle]:
        """Take a further turning point of what seemed a circle: it was a line, or one that was not gone round."""
        if not due.round and not self._last_swing and self._out is not None:
            self._due = None
            return self._after_first(turn, _Held(due.t, due.back), self._out, row)
        out = self._rest_of_circle(BROKEN_TURN, due.t) if due.round else [self._cut(due.t, due.back.run)]
        if not out:
            self._cut(due.t, due.back.run)
        self._out = turn
        return out

    # ---- circles -------------------------------------------------------------------
    def _path(self) -> tuple[Array, Array, Array]:
        """(n,) seconds, x and y."""
        x, y = np.array([r.values[:2] for r in self._rows]).T
        return np.array([r.t for r in self._rows]), x, y

    def _gone_round(self) -> Array:
        """(n,) share of a circle gone round so far."""
        columns = np.array([r.values for r in self._rows]).T
        return self._turning(dict(zip(self._names, columns, strict=True)))

    def _round(self, share: float = 1.0) -> bool:
        return bool(abs(self._gone_round()[-1]) >= share * self.round_ratio)

    def _part_round(self) -> bool:
        return bool(np.abs(self._gone_round()).max() >= self.round_ratio)

    def _gone(self, oval: Oval | None = None) -> float:
        """Turns gone round since the last whole one."""
        t, x, y = self._path()
        turns = (oval or Oval.fit(x, y)).turns(t, x, y)
        return turns - (self._circle.lack if self._circle is not None else 0.0)

    def _turn_over(self, end_s: float, swing: float) -> Cycle:
        """Take the rows up to a time for one turn."""
        # What this turn lacks is made up for by the next.
        lack = max(1.0 - self._gone(), 0.0)
        _, x, y = self._path()
        circle = _Circle(Oval.fit(x, y), self._rows[-1].t, lack)
        cycle = self._cut(end_s, swing, circle=True)
        self._circle = circle
        return cycle

    def _left_circle(self, row: PathPoint) -> bool:
        """Whether the path has gone from the circle to its middle."""
        circle = self._circle
        if circle is None:
            return False
        x, y = (np.array([v]) for v in row.values[:2])
        if circle.oval.angles(x, y)[1][0] > IN_MIDDLE:
            circle.seen_s = row.t
        return row.t - circle.seen_s >= LEFT_S

    def _rest_of_circle(self, least: float, end_s: float | None = None) -> list[Cycle]:
        """Return the circle under way when the movement ends, if at least this share of its turn was made."""
        run = self._due.back.run if self._due is not None else self._run
        if self._circle is None and (self._out is None or run < self.swing or not self._part_round()):
            return []
        turned = self._gone(self._circle.oval if self._circle is not None else None)
        if turned < least:
            return []
        whole = turned >= (FIRST_TURN if self._circle is None else WHOLE_TURN)
        end = self._rows[-1].t if end_s is None else end_s
        return [self._cut(end, max(run, self._last_swing), circle=True, complete=whole)]

    # ---- the end of a movement -------------------------------------------------------
    def _still_for(self) -> float:
        """Return for how long (s) the point has been where it is now."""
        last, near = self._recent[-1], QUIET * self.swing
        since = last.t
        for row in reversed(self._recent):
            if any(abs(a - b) > near for a, b in zip(row.p, last.p, strict=True)):
                break
            since = row.t
        return last.t - since

    def _stopped(self, row: PathPoint) -> bool:
        """Whether the path stopped in the middle after whole cycles."""
        swing = self._held.back.run if self._held is not None else self._last_swing
        between = self._out is None or self._held is not None or self._circle is not None
        if self._turns is None or not swing or not between:
            return False
        if not NEAR_MIDDLE[0] <= dist(row.p, self._turns.last.p) / swing <= NEAR_MIDDLE[1]:
            return False
        near = max(STOP_SHARE * swing, STOP_LEAST * self.swing)
        for r in reversed(self._recent):
            if row.t - r.t > STOP_S:
                return True
            if dist(r.p, row.p) > near:
                return False
        return False

    def _settle(self, row: PathPoint, still: float) -> list[Cycle]:
        """End the movement if it has come to rest other than at an end of its way."""
        since = row.t - still
        out: list[Cycle] = []
        if self._turns is not None:
            if self._due is not None:
                out = self._rest_of_circle(BROKEN_TURN, since)
            elif self._held is None and self._out is not None and self._came_back(row, self._turns, self._out):
                out = [self._cut(max(since, self._out.point.t), max(self._run, self.swing))]
            elif still < (MIDDLE_S if self._rests_in_middle(row, self._turns) else LINGER_S):
                return []
            else:
                out = self._ended(BROKEN_TURN, since)
            self._rest()
        self._rows = [r for r in self._rows if row.t - r.t <= STILL_S]
        return out

    def _rests_in_middle(self, row: PathPoint, turns: TurningPoints) -> bool:
        """Whether the path stopped between the ends of its way."""
        if self._held is not None:
            return dist(row.p, turns.last.p) <= MIDDLE * self._held.back.run
        return self._out is None and 0.0 < dist(row.p, turns.last.p) <= MIDDLE * self._last_swing

    def _came_back(self, row: PathPoint, turns: TurningPoints, out: Turn) -> bool:
        """Whether the path came to rest on its way back from the second end, or, gone out once, where it began."""
        if turns.run >= self.swing and dist(row.p, turns.far.p) >= max(SETTLED * turns.run, QUIET * self.swing):
            return True
        way = dist(out.point.p, self._rows[0].p)
        return way >= max(self.swing, ONE_SIDED * self._last_swing) and dist(row.p, self._rows[0].p) <= HOME * way

    def _cut(self, end_s: float, swing: float, *, circle: bool = False, complete: bool = True) -> Cycle:
        """Take the rows up to a time for one cycle."""
        start = self._rows[0].t
        peak = (start + end_s) / 2 if circle or self._out is None else self._out.point.t
        self._rows = [r for r in self._rows if r.t >= end_s]
        self._out = self._due = self._held = None
        self._last_swing = swing
        if self._circle is not None:
            self._circle.lack = 0.0
        return Cycle(start, peak, end_s, swing, complete)
