"""Small streaming operators that take time: triggers with two thresholds, and clocks of conditions."""

from __future__ import annotations


class Trigger:
    """Turns on above one threshold and off below another, each held for a dwell time.

    Two thresholds and two dwell times, so that a value that trembles about a limit does not count twice.

    Parameters
    ----------
    on, off : float
        Thresholds, ``off <= on``.
    on_dwell_s, off_dwell_s : float
        How long the value must stay beyond the threshold, seconds.

    Examples
    --------
    >>> t = Trigger(on=10, off=5)
    >>> [t.update(i, x) for i, x in enumerate([0, 7, 11, 7, 4])]
    [False, False, True, True, False]
    """

    def __init__(self, on: float, off: float, on_dwell_s: float = 0.0, off_dwell_s: float = 0.0) -> None:
        if off > on:
            raise ValueError(f"expected off <= on, got off={off} and on={on}")
        self.on, self.off = on, off
        self.on_dwell_s, self.off_dwell_s = on_dwell_s, off_dwell_s
        self.active = False
        self._since: float | None = None

    def update(self, t: float, x: float) -> bool:
        """Take the value at time *t* (s; NaN changes nothing) and return whether the trigger is on."""
        if x != x:
            return self.active
        beyond = x <= self.off if self.active else x >= self.on
        if not beyond:
            self._since = None
        else:
            if self._since is None:
                self._since = t
            if t - self._since >= (self.off_dwell_s if self.active else self.on_dwell_s):
                self.active = not self.active
                self._since = None
        return self.active

    def reset(self) -> None:
        """Forget all that was seen."""
        self.active, self._since = False, None


class Clock:
    """Seconds for which a condition has held, forgiving breaks shorter than a grace time.

    The time of a forgiven break counts; the time after the last moment the condition held does not. Where no sample
    says otherwise the condition is taken to hold between two moments at which it does, up to a longest gap: a slow
    camera or a few unseen frames break nothing.

    Parameters
    ----------
    grace_s : float
        Longest forgiven break, seconds.
    gap_s : float
        Longest time without any sample, seconds.

    Examples
    --------
    >>> c = Clock(grace_s=0.3)
    >>> for t, ok in [(0.0, True), (0.1, True), (0.2, False), (0.35, True), (1.0, False)]:
    ...     c.update(t, ok)
    >>> round(c.longest, 2)
    0.35
    """

    def __init__(self, grace_s: float = 0.3, gap_s: float = 1.0) -> None:
        self.grace_s, self.gap_s = grace_s, gap_s
        self.start: float | None = None
        self.last: float | None = None
        self.longest = 0.0
        self.span: tuple[float, float] | None = None
        self._broken = False

    def ends(self, t: float, ok: bool) -> bool:
        """Return whether a sample at time *t* (s) ends the present run."""
        if self.last is None:
            return False
        said_otherwise = self._broken or not ok
        return t - self.last > (self.grace_s if said_otherwise else self.gap_s)

    def update(self, t: float, ok: bool) -> None:
        """Take the condition at time *t* (s)."""
        if self.ends(t, ok):
            self.start = self.last = None
        self._broken = not ok
        if ok:
            if self.start is None:
                self.start = t
            self.last = t
            if t - self.start >= self.longest:
                self.longest = t - self.start
                self.span = (self.start, t)

    @property
    def running(self) -> float:
        """Seconds of the present run, 0 where the condition does not hold."""
        return 0.0 if self.start is None or self.last is None else self.last - self.start

    def reset(self) -> None:
        """Forget all that was seen."""
        self.start = self.last = None
        self.longest, self.span = 0.0, None
        self._broken = False
