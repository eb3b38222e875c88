"""Attempts by their shape: a rise and a fall of one number by at least a least amplitude, between two valleys.

No stillness is asked for, before, between or after. The rest of an attempt is the valley beside it, so that a rest that
drifts spoils nothing; wobbling on the top and trembling in the valley are smaller than the least amplitude; how many
samples a second there are does not matter. The operator streams: it knows of a rise once it has the least amplitude,
of the turn once it has fallen, and of the end when it has come down, turned up again, or settled.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

#: Share of the rise by which an attempt must fall to be over: less is a wobble on the top.
BACK_SHARE = 0.5
#: Within this share of the amplitude above a valley the body is at rest.
EDGE = 0.06
#: An attempt that has fallen enough and comes no lower for so long (s) is over, though the rest is higher than before.
SETTLE_S = 0.45
#: A valley older than this (s) is forgotten: the rest has drifted.
MEMORY_S = 3.0
#: A first value this share of the amplitude above the rest after it was no rest: the movement was under way.
UNDER_WAY = 0.4
#: A stream's first sample is the valley if the valley lies within this time (s) of it.
FIRST_S = 0.15
#: ... unless the body stayed for longer than this (s) within this share of the least amplitude of it: it was at rest.
RESTED_S, NEAR_SHARE = 0.5, 0.25
#: Who comes into position may go on rising in it, and is never so low again: the swings after such a rise are told by
#: themselves once two were made, each way of the second at least the first share of the first one's way down, and the
#: second no shorter (s) than a wobble.
ALIKE, LASTS_S = 0.6, 1.0
#: Seconds of a rise from a first sample that are kept to tell that.
KEPT_S = 60.0


@dataclass(frozen=True)
class Swing:
    """One rise and fall.

    Attributes
    ----------
    valley_s, valley : float
        Time (s) and value of the lowest point before the rise.
    peak_s, peak : float
        Of the highest point.
    end_s, end : float
        Of the lowest point after it that was seen when the attempt was over.
    returned : bool
        Whether it fell by enough to be over; False where the stream ended on the top.
    from_first : bool
        Whether the rise began at the very first sample, already above the rest after it: it was under way.
    """

    valley_s: float
    valley: float
    peak_s: float
    peak: float
    end_s: float
    end: float
    returned: bool
    from_first: bool

    @property
    def amplitude(self) -> float:
        """Height of the peak over the lower of the two valleys."""
        return self.peak - min(self.valley, self.end)


class SwingFinder:
    """Streaming finder of swings.

    Parameters
    ----------
    least : float
        Least amplitude, in the signal's unit.
    back_share : float
        See :data:`BACK_SHARE`.
    settle_s : float
        See :data:`SETTLE_S`.

    Examples
    --------
    Two swings without a rest between them, the second from a higher valley:

    >>> finder = SwingFinder(5.0)
    >>> wave = [0, 10, 20, 10, 3, 12, 22, 12, 4, 4]
    >>> found = [s for t, x in enumerate(wave) for s in finder.update(0.2 * t, float(x))] + finder.finish()
    >>> [(s.valley, s.peak, s.end) for s in found]
    [(0.0, 20.0, 3.0), (3.0, 22.0, 4.0)]
    """

    def __init__(self, least: float, back_share: float = BACK_SHARE, settle_s: float = SETTLE_S) -> None:
        self.least, self.back_share, self.settle_s = least, back_share, settle_s
        self._lows: deque[tuple[float, float]] = deque()
        self.reset()

    def reset(self) -> None:
        """Begin afresh: the next sample is the first."""
        #: Candidates for the valley, rising in value, oldest (and lowest) first.
        self._lows.clear()
        self.rising = False
        self._first_t: float | None = None
        self._valley = (0.0, 0.0)
        self._peak = (0.0, 0.0)
        self._low = (0.0, 0.0)
        self._fallen = False
        #: Until when the body was as low as in the valley, or nearly.
        self._stayed_s = 0.0
        #: A rise from a first sample as it came, and its turning points: a peak, a dip, a peak.
        self._came: list[tuple[float, float]] = []
        self._turns: list[tuple[float, float]] = []

    @property
    def valley(self) -> float:
        """Value of the valley before what is under way, or of the lowest point lately; NaN before the first sample."""
        if self.rising:
            return self._valley[1]
        return self._lows[0][1] if self._lows else float("nan")

    @property
    def valley_s(self) -> float:
        """Time of that valley (s)."""
        if self.rising:
            return self._valley[0]
        return self._lows[0][0] if self._lows else float("nan")

    @property
    def _from_first(self) -> bool:
        if self._first_t is None or self._valley[0] - self._first_t > FIRST_S:
            return False
        return not self._rested

    @property
    def _rested(self) -> bool:
        """Whether the body was as low as in the valley for a while since the first sample, or was so only later."""
        return self._first_t is None or self._stayed_s - self._first_t > RESTED_S

    @property
    def turned(self) -> bool:
        """Whether what is under way has fallen by enough to be over, and waits for its end."""
        return self.rising and self._fallen

    @property
    def amplitude(self) -> float:
        """Rise of what is under way so far."""
        return self._peak[1] - self._valley[1] if self.rising else 0.0

    def update(self, t: float, x: float) -> list[Swing]:
        """Take the value at time *t* (s; NaN = unknown changes nothing) and return the swings that are over."""
        if x != x:
            return []
        if self._first_t is None:
            self._first_t = t
        if not self.rising:
            self._rest(t, x)
            return []
        if not self._fallen:
            if x >= self._peak[1]:
                self._peak = (t, x)
            fall = max(self.least, self.back_share * (self._peak[1] - self._valley[1]))
            if x <= self._peak[1] - fall:
                self._fallen, self._low = True, (t, x)
            else:
                return self._swings_above(t, x)
        if x < self._low[1]:
            self._low = (t, x)
        up_again = x - self._low[1] >= self.least
        # From a first sample in mid-movement the way down goes on: only where it ends tells that.
        down = x <= self._valley[1] + EDGE * (self._peak[1] - self._valley[1]) and not self._from_first
        if not (up_again or down or t - self._low[0] >= self.settle_s):
            return []
        over = self._over()
        self._rest(t, x)
        return [over]

    def _swings_above(self, t: float, x: float) -> list[Swing]:
        """Follow the turns of a rise from a first sample; return what two swings have shown to be none of it."""
        if self._rested or t - self._valley[0] > KEPT_S:
            self._came.clear()
            return []
        self._came.append((t, x))
        turns = self._turns
        up = len(turns) % 2 == 1  # on the way up to the peak that stands last
        if not turns:
            turns.append((t, x))
        elif (x > turns[-1][1]) == up:
            turns[-1] = (t, x)
        elif abs(x - turns[-1][1]) >= self.least:
            turns.append((t, x))
        if len(turns) > 4:  # the second was too small to be one: perhaps the next
            del turns[:2]
        if len(turns) < 4:
            return []
        (_, peak), (dip_s, dip), (_, again), (_, low) = turns[:4]
        if min(again - dip, again - low) < ALIKE * (peak - dip):
            return []
        if t - dip_s < LASTS_S:
            del turns[:2]
            return []
        return self._from_dip(dip_s, dip)

    def _from_dip(self, dip_s: float, dip: float) -> list[Swing]:
        """Take the first swing as one that began where it was last as low as in its dip, and what came after anew."""
        came, self._came = self._came, []
        peak = max((c for c in came if c[0] < dip_s), key=lambda c: c[1])
        low = dip + EDGE * (peak[1] - dip)
        valley = max((c for c in [self._valley, *came] if c[0] < peak[0] and c[1] <= low), key=lambda c: c[0])
        out = [Swing(*valley, *peak, dip_s, dip, returned=True, from_first=False)]
        self.drop(dip_s, dip)
        for t, x in came:
            if t > dip_s:
                out += self.update(t, x)
        return out

    def finish(self) -> list[Swing]:
        """End the stream; return what was under way, if anything was."""
        return [self._over()] if self.rising else []

    def drop(self, t: float, x: float) -> None:
        """Give up what is under way: the value *x* at time *t* is the new rest."""
        first = self._first_t
        self.reset()
        self._first_t = first
        self._rest(t, x)

    def _rest(self, t: float, x: float) -> None:
        while self._lows and self._lows[-1][1] >= x:
            self._lows.pop()
        self._lows.append((t, x))
        while t - self._lows[0][0] > MEMORY_S:
            self._lows.popleft()
        if x - self._lows[0][1] >= self.least:
            self.rising, self._fallen = True, False
            self._came, self._turns = [], []
            self._valley, self._peak = self._lows[0], (t, x)
            near = self._valley[1] + NEAR_SHARE * self.least
            self._stayed_s = max(s for s, low in self._lows if low <= near)

    def _over(self) -> Swing:
        (valley_s, valley), (peak_s, peak) = self._valley, self._peak
        end_s, end = self._low if self._fallen else self._peak
        high = valley - end > UNDER_WAY * (peak - min(valley, end))
        swing = Swing(
            valley_s, valley, peak_s, peak, end_s, end, self._fallen, self._from_first and self._fallen and high
        )
        self.rising = False
        self._lows.clear()
        if self._fallen:
            self._lows.append(self._low)
        return swing
