"""When advice on the picture and the start position is said: at once when it is new, then less and less often."""

from __future__ import annotations

from dataclasses import dataclass

#: Advice is repeated after these seconds, the last for ever after.
AGAIN_S = (6.0, 12.0, 25.0)
#: Advice that was not due for this long (s) is new when it comes back.
FORGET_S = 10.0


@dataclass
class _Memory:
    said_at: float = -1e9
    due_at: float = -1e9
    times: int = 0


class Advising:
    """Remembers what advice was given, over all stages of an exercise."""

    def __init__(self) -> None:
        self._memory: dict[str, _Memory] = {}

    def due(self, key: str | None, t: float, *, busy: bool = False) -> bool:
        """Return whether to give this advice now, and take it for given.

        Parameters
        ----------
        key : str or None
            The advice that is right now; None: none is.
        t : float
            Seconds.
        busy : bool
            Whether something else is being said: then it waits.
        """
        if key is None:
            return False
        m = self._memory.setdefault(key, _Memory())
        if t - m.due_at > FORGET_S:
            m.times = 0
        m.due_at = t
        if busy or (m.times and t - m.said_at < AGAIN_S[min(m.times, len(AGAIN_S)) - 1]):
            return False
        m.said_at, m.times = t, m.times + 1
        return True
