"""Whether the body is in the exercise's position: taken after a moment in it, lost after a time elsewhere or unseen."""

from __future__ import annotations

from .exercise import Sample
from .recall import RecalledMoment

#: Seconds in the position before the body is taken to be in it; what was measured meanwhile is not lost.
ENTER_S = 0.3
#: Seconds out of the position before it is lost and an attempt given up.
LOST_S = 1.0
#: Longest step between two moments that counts as time seen (s); what is further apart counts as so far apart.
MAX_STEP_S = 0.5
#: Seconds unseen before the position is lost and what was under way is cut.
GAP_S = 1.2
#: Seconds unseen in a movement that are worth telling.
TOLD_S = 0.7
#: A body in position so soon after the first sample (s) was there from the first.
FROM_FIRST_S = 0.5


class Presence:
    """Follows where the body is, given what is seen of it at rising times (s).

    Attributes
    ----------
    inside : bool
        Whether the position is taken.
    begun : str or None
        Why what comes next may have been under way before: ``start`` of the stream, ``gap``, or None: it was not.
    entries : list of float
        When the position was taken (s).
    blind : list of (float, float)
        Times (s) from which to which a body in position was not seen, for so long that nothing can be said of it.
    seen_at : float
        When it was last known where the body was (s).
    """

    def __init__(self) -> None:
        self.inside = False
        self.begun: str | None = "start"
        self.entries: list[float] = []
        self.blind: list[tuple[float, float]] = []
        self.seen_at = float("-inf")
        self._first_t: float | None = None
        self._out_since: float | None = None
        self._left_by_gap = False
        self._blind_from: float | None = None
        #: When a body was last seen that was about to take the position, and is not seen now.
        self._nearly: float | None = None
        self._entering: list[RecalledMoment] = []

    def begin(self, t: float) -> None:
        """Note that there was a sample at all."""
        self._first_t = t if self._first_t is None else self._first_t

    def unseen(self, t: float, patience_s: float = GAP_S) -> bool:
        """Take it that nothing can be judged now; return whether that has lasted so long that the position is lost."""
        if self.inside:
            return t - self.seen_at > patience_s
        self._entering = [r for r in self._entering if t - r.t <= ENTER_S + GAP_S]
        if self._entering and t - self._entering[-1].t > ENTER_S:
            self._nearly = self._entering[-1].t
            self._entering = []
        if self._nearly is not None and self._blind_from is None and t - self._nearly > TOLD_S:
            self._blind_from = self._nearly
        self._left_by_gap = self._left_by_gap or self.begun == "start"
        return False

    def out_of_sight(self) -> None:
        """Take it that a body out of position was not seen going where it is now: what it does may be under way."""
        self._entering = []
        self._left_by_gap = True

    def told(self, t: float) -> None:
        """Take it that it is known again whether the body is in position: what was unseen before is noted."""
        if self._blind_from is not None:
            self.blind.append((self._blind_from, t))
            self._blind_from = None
        self._nearly = None

    def note_short_gap(self, t: float) -> None:
        """Note that a movement was not seen for a while, if it was long enough to be told."""
        if self.inside and t - self.seen_at > TOLD_S:
            self.blind.append((self.seen_at, t))

    def there(self, t: float) -> None:
        """Take it that the body is in position."""
        self.seen_at = t
        self._out_since = None

    def elsewhere(self, t: float) -> bool:
        """Take it that the body is not in the position; return whether it has been away for so long that it is lost."""
        if not self.inside:
            self._entering = []
            if self._first_t is not None and t - self._first_t > FROM_FIRST_S:
                self.begun = None
            self._left_by_gap = False
            return False
        if self._out_since is None:
            self._out_since = t
        self.seen_at = t
        return t - self._out_since >= LOST_S

    def enter(self, t: float, sample: Sample) -> list[RecalledMoment]:
        """Take the position after a moment in it; return what was measured meanwhile, nothing as long as it is not."""
        self._entering.append(RecalledMoment(t, float("nan"), sample))
        if t - self._entering[0].t < ENTER_S:
            return []
        waiting, self._entering = self._entering, []
        first = self._first_t is not None and waiting[0].t - self._first_t <= FROM_FIRST_S
        self.entries.append(waiting[0].t)
        self.begun = "start" if first else "gap" if self._left_by_gap else None
        self.inside = True
        self.there(t)
        return waiting

    @property
    def until(self) -> float:
        """Last time (s) at which the body was, or may have been, in position."""
        return self.seen_at if self._out_since is None else self._out_since

    def leave(self, *, gap: bool) -> None:
        """Take it that the position is lost: to a gap in what is seen, or because the body left it."""
        self.inside = False
        self._entering = []
        self._out_since = None
        self._left_by_gap = gap
        if gap:
            self._blind_from = self.seen_at

    def pause(self) -> None:
        """Take it that nobody was to look: what was not seen is nothing to tell."""
        self._blind_from = self._nearly = None
