"""Seconds that only go forward, from the presentation times a file or stream gives."""

from __future__ import annotations


class FrameClock:
    """Turns raw presentation times into seconds since the first frame, strictly increasing.

    A frame with the time of the one before it is dropped, as is a single frame that steps back. When the next frame
    steps back too, the source has reset its clock (joined recordings, a camera that restarted): time then goes on one
    nominal frame after the last.

    Parameters
    ----------
    period : float
        Nominal seconds between frames, used where the source gives no time.
    origin : float, optional
        Raw time that counts as zero; by default that of the first frame.

    Examples
    --------
    >>> clock = FrameClock(0.1)
    >>> [clock.update(raw) for raw in (5.0, 5.1, 5.1, 5.3)]
    [0.0, 0.09999999999999964, None, 0.2999999999999998]
    """

    def __init__(self, period: float, origin: float | None = None) -> None:
        self.period = period
        self.dropped = 0
        self._origin = origin
        self._last: float | None = None
        self._back: float | None = None

    def update(self, raw: float | None) -> float | None:
        """Return the seconds of a frame, or None where the frame is to be dropped.

        Parameters
        ----------
        raw : float or None
            Presentation time in seconds; None where the source gives none.
        """
        if raw is None:
            t = 0.0 if self._last is None else self._last + self.period
            self._last = t
            return t
        if self._origin is None:
            self._origin = raw
        t = raw - self._origin
        if self._last is not None and t <= self._last:
            reset = self._back is not None and raw > self._back
            self._back = raw if t < self._last else self._back
            if not reset:
                self.dropped += 1
                return None
            t = self._last + self.period
            self._origin = raw - t
        self._back = None
        self._last = t
        return t
