"""Cycles without a rest between them: finding the single rounds of a movement that goes to and fro, or round and round.

The finder follows a point in a space of a few signals, such as how far the hips and the knees lie beside the feet. It
looks for *turning points*: a turning point is the place furthest from the turning point before it, once the path has
come back from it by a share of its way. Two turning points, out and back, are one cycle, whichever way the path runs,
straight or round, about whatever middle: no rest is needed before, between or after, the middle may drift, and one kind
of movement may follow another at once. Where a path encloses an area its turn is followed by its angle instead, so that
a cycle is a whole turn and a turn broken off is told. Stillness, where there is any, ends a movement. Everything goes
by time, nothing assumes a frame rate.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import dist, isfinite

import numpy as np

from .shapes import ON_CIRCLE, Array, Oval

#: Share of the way to a turning point by which the path must come back for it to be one: less is a wobble at the end.
BACK_SHARE = 0.35
#: ... and by this share of the least swing at least: less is trembling.
BACK_LEAST = 0.5
#: Still for so long (s) on the way back from an end, in the middle after a whole cycle, or anywhere: it is over.
STILL_S, MIDDLE_S, LINGER_S = 1.2, 2.0, 3.0
#: Still means moving less than this share of the least swing.
QUIET = 0.3
#: Who comes to rest this share of the last way short of its end has come back from it.
SETTLED = 0.25
#: Who goes out to one side only is home again within this share of the way of where he started ...
HOME = 0.35
#: ... and that is a cycle if it is this share of the swing of the cycle before: else it is half of one.
ONE_SIDED = 0.7
#: After a cycle, who stops or turns within this share of its swing from its end is in the middle, not at the other end.
MIDDLE = 0.6
#: A turning point that lies so far (share of the least swing) from where the movement set out is one; else it is the
#: start.
AWAY = 0.6
#: Departed is further from the start than this share of the way out.
DEPARTED = 0.12
#: Who moves less than this share of the swing before, or of the least swing, in this time (s), has stopped.
STOP_SHARE, STOP_LEAST, STOP_S = 0.08, 0.2, 0.4
#: ... in the middle, if it was between these shares of that swing from its end.
NEAR_MIDDLE = (0.25, 0.61)
#: Shares of a turn from which a circle that ends was a whole one, and a broken off one; less is the way to the middle.
WHOLE_TURN, BROKEN_TURN = 0.65, 0.4
#: A turn that was too short when its turning points were known is waited for until it is this long.
NEARLY_TURN = 0.9
#: The way from the middle to the circle may end in a turning point of its own; it is shorter than this share of the
#: next way.
WAY_IN = 0.42
#: The share of a turn that a cycle told by its turning points may lack, to be made up for by the next.
MOST_SURPLUS = 0.25
#: A circle encloses this share of its area by the time at which its second turning point is known.
SO_FAR = 0.75
#: Who is in the middle of the circle for so long (s) has left it.
LEFT_S = 0.45
#: ... which is within this share of its radius.
IN_MIDDLE = 0.4
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


@dataclass(frozen=True)
class _Row:
    t: float
    p: tuple[float, ...]
    #: The signals in the order of their names, those of the plane first.
    values: tuple[float, ...]


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
    ) -> None:
        self.weights, self.swing, self.round_ratio = dict(weights), swing, round_ratio
        self._turning = turning
        self._names = tuple(dict.fromkeys([*plane, *weights, *also]))
        self.reset()

    def reset(self) -> None:
        """Forget the movement under way."""
        self._rows: list[_Row] = []
        self._recent: deque[_Row] = deque()
        self._idle()

    def _idle(self) -> None:
        """Wait for a movement: no turning point is known."""
        #: The turning point before, the furthest point from it so far, and the one out, once it is known.
        self._from: _Row | None = None
        self._far: _Row | None = None
        self._out: _Row | None = None
        self._out_run = 0.0
        #: When both turning points of a path were known that seems round (s): it waits for the end of its turn.
        self._due_s: float | None = None
        self._due_run = 0.0
        self._was_round = False
        self._last_swing = 0.0
        self._oval: Oval | None = None
        #: By how many turns more than whole ones was gone round.
        self._surplus = 0.0
        #: When the path was last seen on its oval (s).
        self._on_s = float("inf")

    @property
    def moving(self) -> bool:
        """Whether a cycle is under way."""
        if self._out is not None or self._due_s is not None:
            return True
        return self._from is not None and dist(self._rows[-1].p, self._rows[0].p) >= 0.5 * self.swing

    def update(self, t: float, sample: Mapping[str, float]) -> list[Cycle]:
        """Take the sample at time *t* (s; unknown signals change nothing); return the cycles that are complete."""
        p = tuple([w * sample.get(name, float("nan")) for name, w in self.weights.items()])
        row = _Row(t, p, tuple([sample.get(name, float("nan")) for name in self._names]))
        if not all(map(isfinite, row.values)):
            return []
        self._rows.append(row)
        self._recent.append(row)
        while t - self._recent[0].t > LINGER_S:
            self._recent.popleft()
        if self._from is None:
            self._set_out(row)
        out = self._turn(row) if self._from is not None else []
        if self._due_s is not None:
            out += self._turned_round()
        if self._oval is not None:
            out += self._left_circle(row)
        if self._stopped(row):
            out += self._rest_of_circle(BROKEN_TURN)
            self._idle()
            self._rows = [r for r in self._rows if row.t - r.t <= STOP_S]
        still = self._still_for()
        if still >= STILL_S:
            out += self._settle(row, still)
        return out

    def finish(self) -> list[Cycle]:
        """End the movement; return the cycle that was waiting for its end, and what was under way, as cut."""
        out = self._rest_of_circle(WHOLE_TURN)
        if not out and self._out is not None and self._run() >= max(self.swing, ONE_SIDED * self._last_swing):
            first, last = self._rows[0].t, self._rows[-1].t
            out = [Cycle(first, self._out.t, last, self._run(), complete=False, cut=True)]
        self.reset()
        return out

    # ---- turning points ------------------------------------------------------------
    def _set_out(self, row: _Row) -> None:
        """Wait until the path has gone by the least swing; where it came from is the first turning point."""
        while row.t - self._rows[0].t > RUN_UP_S:
            self._rows.pop(0)
        away = np.linalg.norm(np.array([r.p for r in self._rows]) - row.p, axis=1)
        k = int(np.argmax(away))
        if away[k] < self.swing:
            return
        begun = self._rows[k]
        self._from, self._far = begun, row
        if dist(self._rows[0].p, begun.p) >= AWAY * self.swing:
            self._out = begun
        else:
            self._rows = self._rows[k:]

    def _run(self) -> float:
        return dist(self._far.p, self._from.p) if self._from is not None and self._far is not None else 0.0

    def _turn(self, row: _Row) -> list[Cycle]:  # noqa: PLR0911 - one return a kind of end
        assert self._from is not None
        assert self._far is not None
        while row.t - self._rows[0].t > LONGEST_S:
            self._rows.pop(0)
        if dist(row.p, self._from.p) >= self._run():
            self._far = row
            return []
        run = self._run()
        if run < self.swing or dist(row.p, self._far.p) < max(BACK_SHARE * run, BACK_LEAST * self.swing):
            return []
        turn, self._from, self._far = self._far, self._far, row
        if self._due_s is not None:
            return self._turned_again(turn, row)
        if turn.t < self._rows[0].t:  # of the cycle before
            return []
        if self._out is None and run < MIDDLE * self._last_swing:
            # From the middle it set out on the same side again: another kind of movement.
            out = self._rest_of_circle(BROKEN_TURN, turn.t)
            self._idle()
            self._from, self._far = turn, row
            self._rows = [r for r in self._rows if r.t >= turn.t]
            return out
        if self._out is None:
            self._out, self._out_run = turn, run
            if self._last_swing == 0.0:
                self._forget_rest()
            return []
        if self._round(SO_FAR):
            if self._last_swing == 0.0 and self._out_run < WAY_IN * run:
                self._out, self._out_run = turn, run
            elif self._gone() >= WHOLE_TURN:
                return [self._turn_over(row.t, run)]
            else:
                self._due_s, self._due_run, self._was_round = row.t, run, self._round()
        else:
            return [self._cut(row.t, run)]
        return []

    def _turned_again(self, turn: _Row, row: _Row) -> list[Cycle]:
        """Take a further turning point of what seemed a circle: it was a line, or one that was not gone round."""
        assert self._due_s is not None
        if self._was_round:
            out = self._rest_of_circle(BROKEN_TURN, self._due_s)
            if not out:
                self._cut(self._due_s, self._due_run, circle=True)
        else:
            out = [self._cut(self._due_s, self._due_run)]
        self._out, self._out_run = turn, dist(turn.p, row.p)
        return out

    # ---- circles -------------------------------------------------------------------
    def _plane(self) -> tuple[Array, Array]:
        x, y = np.array([r.values[:2] for r in self._rows]).T
        return x, y

    def _gone_round(self) -> Array:
        """(n,) share of a circle gone round so far."""
        columns = np.array([r.values for r in self._rows]).T
        return self._turning(dict(zip(self._names, columns, strict=True)))

    def _round(self, share: float = 1.0) -> bool:
        return bool(abs(self._gone_round()[-1]) >= share * self.round_ratio)

    def _turned(self, oval: Oval) -> Array:
        """(n,) turns made since the path came to the oval, 0 where it is not on it."""
        angle, radius = oval.angles(*self._plane())
        t = np.array([r.t for r in self._rows])
        on = np.flatnonzero(radius >= ON_CIRCLE)
        out = np.zeros(len(t))
        if len(on):
            # What lies before the path last came from the middle belongs to another movement.
            came = np.flatnonzero(np.diff(t[on]) > LEFT_S / 2)
            on = on[came[-1] + 1 :] if len(came) else on
            way = np.unwrap(angle[on], period=1.0)
            out[on] = np.abs(way - way[0])
        return out

    def _gone(self) -> float:
        """Turns gone round since the last whole one."""
        return self._surplus + float(self._turned(Oval.fit(*self._plane())).max())

    def _turn_over(self, end_s: float, swing: float) -> Cycle:
        """Take the rows up to a time for one turn; what it lacks of a whole one, or has more, goes to the next."""
        self._oval, self._on_s = Oval.fit(*self._plane()), self._rows[-1].t
        surplus = self._gone() - 1.0
        cycle = self._cut(end_s, swing, circle=True)
        self._surplus = float(np.clip(surplus, -MOST_SURPLUS, 0.0))
        return cycle

    def _turned_round(self) -> list[Cycle]:
        """Return the circle under way if its turn is whole."""
        return [self._turn_over(self._rows[-1].t, self._due_run)] if self._gone() >= NEARLY_TURN else []

    def _left_circle(self, row: _Row) -> list[Cycle]:
        """End a movement round and round when the path goes to the middle."""
        assert self._oval is not None
        if self._oval.angles(*np.array([row.values[:2]]).T)[1][0] > IN_MIDDLE:
            self._on_s = row.t
        if row.t - self._on_s < LEFT_S:
            return []
        out = self._rest_of_circle(BROKEN_TURN)
        self._idle()
        self._rows = self._rows[-1:]
        return out

    def _rest_of_circle(self, least: float, end_s: float | None = None) -> list[Cycle]:
        """Return the circle under way when the movement ends, if at least this share of its turn was made."""
        if self._oval is None and (self._out is None or self._run() < self.swing):
            return []
        x, y = self._plane()
        oval = self._oval
        if oval is None and np.abs(self._gone_round()).max() >= self.round_ratio:
            oval = Oval.fit(x, y)
        if oval is None:
            return []
        turned = self._surplus + float(self._turned(oval).max())
        if turned < least:
            return []
        end = self._rows[-1].t if end_s is None else end_s
        return [self._cut(end, max(self._run(), self._last_swing), circle=True, complete=turned >= WHOLE_TURN)]

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

    def _stopped(self, row: _Row) -> bool:
        """Whether the path stopped in the middle after whole cycles: there it is quickest where it goes on."""
        if self._from is None or not self._last_swing or (self._out is not None and self._oval is None):
            return False
        near = max(STOP_SHARE * self._last_swing, STOP_LEAST * self.swing)
        if not NEAR_MIDDLE[0] <= dist(row.p, self._from.p) / self._last_swing <= NEAR_MIDDLE[1]:
            return False
        for r in reversed(self._recent):
            if row.t - r.t > STOP_S:
                return True
            if dist(r.p, row.p) > near:
                return False
        return False

    def _settle(self, row: _Row, still: float) -> list[Cycle]:
        """End the movement if it has come to rest other than at an end of its way."""
        since = row.t - still
        out: list[Cycle] = []
        if self._from is not None:
            if self._due_s is not None:
                out = self._rest_of_circle(BROKEN_TURN, since)
            elif self._came_back(row) or self._came_home(row):
                out = [self._cut(max(since, self._peak_s()), max(self._run(), self.swing))]
            elif still < (MIDDLE_S if self._rests_in_middle(row) else 0.95 * LINGER_S):
                return []
            else:
                out = self._rest_of_circle(BROKEN_TURN, since)
            self._idle()
        self._rows = [r for r in self._rows if row.t - r.t <= STILL_S]
        return out

    def _peak_s(self) -> float:
        assert self._out is not None
        return self._out.t

    def _rests_in_middle(self, row: _Row) -> bool:
        """Whether the path stopped between the ends of its way."""
        assert self._from is not None
        return self._out is None and 0.0 < dist(row.p, self._from.p) <= MIDDLE * self._last_swing

    def _came_back(self, row: _Row) -> bool:
        """Whether the path came to rest on its way back from the second turning point."""
        if self._out is None or self._far is None:
            return False
        run = self._run()
        return run >= self.swing and dist(row.p, self._far.p) >= max(SETTLED * run, QUIET * self.swing)

    def _came_home(self, row: _Row) -> bool:
        """Whether the path went out to one side and came to rest where it began."""
        if self._out is None:
            return False
        way = dist(self._out.p, self._rows[0].p)
        return way >= max(self.swing, ONE_SIDED * self._last_swing) and dist(row.p, self._rows[0].p) <= HOME * way

    def _forget_rest(self) -> None:
        """Let the first cycle of a movement begin where the point departs."""
        assert self._out is not None
        first, out = self._rows[0].p, self._out
        near = DEPARTED * dist(out.p, first)
        start = max((r.t for r in self._rows if r.t <= out.t and dist(r.p, first) <= near), default=self._rows[0].t)
        self._rows = [r for r in self._rows if r.t >= start]

    def _cut(self, end_s: float, swing: float, *, circle: bool = False, complete: bool = True) -> Cycle:
        """Take the rows up to a time for one cycle."""
        start = self._rows[0].t
        peak = self._out or self._far or self._rows[0]
        middle = (start + end_s) / 2 if circle else peak.t
        self._rows = [r for r in self._rows if r.t >= end_s]
        self._out = None
        self._due_s, self._last_swing, self._surplus = None, swing, 0.0
        return Cycle(start, middle, end_s, swing, complete)
