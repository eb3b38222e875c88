"""Who else was in the picture: how many people at once, and when."""

from __future__ import annotations

#: Somebody else must be in the picture for this long (s) before one asks to be alone; who passes is gone by then. It is
#: asked again after the second.
ASK_AFTER_S, ASK_AGAIN_S = 2.0, 45.0


class Company:
    """Counts the people in the picture over a session.

    Attributes
    ----------
    most : int or None
        Most people seen at once; None where nobody counted.
    spans : list of (float, float)
        From when to when (s) there was somebody besides the one followed.
    changes : list of float
        When (s) somebody was followed who was not where the one before was, while there were several.

    Examples
    --------
    >>> company = Company()
    >>> for t, n in enumerate((1, 2, 2, 1, 1, 2, 2)):
    ...     company.update(float(t), n)
    >>> company.most, company.spans
    (2, [(1.0, 2.0), (5.0, 6.0)])
    """

    #: Spans closer together than this (s) are one: somebody who stands still is looked for only now and then.
    TOGETHER_S = 2.0

    def __init__(self) -> None:
        self.most: int | None = None
        self.spans: list[tuple[float, float]] = []
        self.changes: list[float] = []
        self._asked: float | None = None

    @property
    def seconds(self) -> float:
        """For how long there was somebody else."""
        return sum(b - a for a, b in self.spans)

    def update(self, t: float, persons: int | None, *, elsewhere: bool = False) -> None:
        """Take the number of people in the picture at time *t* (s), None where nobody counted.

        Parameters
        ----------
        t : float
        persons : int or None
        elsewhere : bool
            Whether the one followed is not where the one before was, and nobody saw them go there.
        """
        if persons is None:
            return
        self.most = max(self.most or 0, persons)
        if persons > 1:
            if self.spans and t - self.spans[-1][1] <= self.TOGETHER_S:
                self.spans[-1] = self.spans[-1][0], t
            else:
                self.spans.append((t, t))
        if elsewhere and self.spans and t - self.spans[-1][1] <= self.TOGETHER_S:
            self.changes.append(t)

    def asks(self, t: float) -> bool:
        """Return whether to ask now that one person only be in the picture."""
        if not self.spans or self.spans[-1][1] < t or t - self.spans[-1][0] < ASK_AFTER_S:
            return False
        if self._asked is not None and t - self._asked < ASK_AGAIN_S:
            return False
        self._asked = t
        return True

    def note(self) -> str | None:
        """Return what to say of it in a report; None where there was nobody else."""
        if self.most is None or self.most < 2:
            return None
        who = "A second person was" if self.most == 2 else f"{self.most - 1} other people were"
        when = ", ".join(f"{a:.1f}-{b:.1f} s" for a, b in self.spans[:3])
        more = " and later" if len(self.spans) > 3 else ""
        note = f"{who} in the picture ({when}{more}): one person alone was followed and judged; --follow chooses whom."
        if not self.changes:
            return note
        at = ", ".join(f"{t:.1f}" for t in self.changes[:3]) + (" s and later" if len(self.changes) > 3 else " s")
        return f"{note} Somebody elsewhere was followed from {at} on: what was done there before is not judged."
