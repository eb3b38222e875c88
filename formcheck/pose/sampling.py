"""Which frames are worth a look: the pose model takes nearly all the time of an analysis.

A :class:`Sampler` says of each frame, by its time, whether to infer a pose; :func:`sampled` goes through a source with
it. When a look shows that somebody came or went since the last one, the frame between is looked at after all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol, TypeVar

import numpy as np

from .types import Pose

Picture = TypeVar("Picture")

#: Frame times are rounded and jitter: a frame this much (s) early is on time.
SLACK_S = 0.004


class Sampler(Protocol):
    """Chooses frames of a source in the order of their times."""

    def wants(self, t: float) -> bool:
        """Return whether the frame at time *t* (s, rising) is to be looked at."""
        ...

    def saw(self, t: float, pose: Pose | None) -> float | None:
        """Take what the look at time *t* showed.

        Returns
        -------
        float or None
            The time (s) between the last look and this one near which a frame passed over is to be looked at after
            all; None: no need.
        """
        ...


class SteadySampler:
    """Every frame that comes at least *step_s* after the last one used.

    Examples
    --------
    >>> s = SteadySampler(0.5)
    >>> [t for t in (0.0, 0.2, 0.5, 0.9, 1.1) if s.wants(t)]
    [0.0, 0.5, 1.1]
    """

    def __init__(self, step_s: float) -> None:
        self.step_s = step_s
        self._last = -np.inf

    def wants(self, t: float) -> bool:
        """Return whether the frame at *t* is far enough from the last one."""
        if t - self._last < self.step_s:
            return False
        self._last = t
        return True

    def saw(self, t: float, pose: Pose | None) -> None:
        """Return None: no frame is looked at later."""


class AdaptiveSampler:
    """Ten looks a second at a body, five where nobody is.

    Looks a tenth of a second apart give the same repetitions and faults as every frame. At 0.125 s a movement that
    takes less than a second begins to look different, and so does a small one at 0.2 s: a dip of 0.02 torso lengths is
    no faster than the landmarks tremble, so a body cannot be told to be still and looked at less often.

    Parameters
    ----------
    body_s, nobody_s : float
        Time between looks while a body is seen, and while none is.

    Examples
    --------
    >>> s = AdaptiveSampler()
    >>> [round(float(t), 2) for t in np.arange(0, 1.2, 1 / 30) if s.wants(t) and s.saw(t, None) is None]
    [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
    """

    def __init__(self, body_s: float = 0.1, nobody_s: float = 0.2) -> None:
        self.body_s, self.nobody_s = body_s, nobody_s
        self._due = -np.inf
        self._last: tuple[float, bool] | None = None

    def wants(self, t: float) -> bool:
        """Return whether it is time for a look."""
        return t >= self._due - SLACK_S

    def saw(self, t: float, pose: Pose | None) -> float | None:
        """Take a look's pose; return where to look again if somebody came or went in a long step."""
        before, self._last = self._last, (t, pose is not None)
        step = self.nobody_s if pose is None else self.body_s
        # On a grid, so that the mean rate holds whatever the frame rate; after a gap the grid begins anew.
        self._due = max(self._due, t - step / 2) + step if np.isfinite(self._due) else t + step
        if before is not None and before[1] != (pose is not None) and t - before[0] > 1.5 * self.body_s:
            return (before[0] + t) / 2
        return None


def sampled(
    frames: Iterable[tuple[float, Picture]],
    look: Callable[[float, Picture], Pose | None],
    sampler: Sampler,
) -> Iterator[tuple[float, Picture, bool, Pose | None]]:
    """Go through a source looking at the frames a sampler wants.

    Parameters
    ----------
    frames : iterable of (t, picture)
        In order of time (s). Those passed over since the last look are held back until the next one.
    look : callable
        Infers the pose. The frame between two looks comes after the second of them.
    sampler : Sampler

    Yields
    ------
    (t, picture, used, pose)
        In order of time; pose is None where the frame was not used or nobody was found.
    """
    passed: list[tuple[float, Any]] = []
    for t, picture in frames:
        if not sampler.wants(t):
            passed.append((t, picture))
            continue
        pose = look(t, picture)
        again = sampler.saw(t, pose)
        best = None
        if again is not None and passed:
            best = min(range(len(passed)), key=lambda i: abs(passed[i][0] - again))
        for i, (u, p) in enumerate(passed):
            yield (u, p, True, look(u, p)) if i == best else (u, p, False, None)
        passed.clear()
        yield t, picture, True, pose
    for u, p in passed:
        yield u, p, False, None
