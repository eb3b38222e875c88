"""What people said of sessions: kept beside what was measured, and gone with the session."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .cells import Cells
from .queries import session_of
from .store import History, guard


@dataclass(frozen=True)
class ReviewFigures:
    """The figures of a session that a person may correct: repetitions that count, clean ones, and the score.

    A figure that cannot be read is None.
    """

    counted: int | None
    clean: int | None
    score: float | None

    def value(self, key: str) -> float | None:
        """Return a figure by its key; None for one that nobody corrects."""
        return {"counted": self.counted, "clean": self.clean, "score": self.score}.get(key)


def corrections(history: History) -> dict[int, ReviewFigures]:
    """Return the figures as people corrected them, by session; none of a session that nobody looked at.

    Raises
    ------
    InputError
        If a review is damaged.
    """
    with guard(history.path):
        done = {(row["session"], row["exercise"]) for row in history.db.execute("SELECT session, exercise FROM sets")}
    # Judged again as another exercise, a film is another one to the person who looked at it, too.
    asked = {n: said for n, said in reviews(history).items() if (n, said.get("exercise")) in done}
    found = {number: figures_of(said, "corrected") for number, said in asked.items()}
    return {number: c for number, c in found.items() if c is not None}


def figures_of(said: Mapping[str, Any], which: str) -> ReviewFigures | None:
    """Return the figures of a review, those ``measured`` or those ``corrected``; None where it has none."""
    figures = said.get("figures")
    known = figures.get(which) if isinstance(figures, dict) else None
    if not isinstance(known, dict):
        return None
    counted, clean, score = (_number(known.get(k)) for k in ("counted", "clean", "score"))
    return ReviewFigures(
        int(counted) if counted is not None else None,
        int(clean) if clean is not None else None,
        score,
    )


def _number(x: Any) -> float | None:
    known = isinstance(x, (int, float)) and not isinstance(x, bool) and math.isfinite(x) and x >= 0
    return float(x) if known else None


def keep_review(history: History, report: Mapping[str, Any], review: Mapping[str, Any]) -> bool:
    """Keep a review with the session of its report, in place of what was kept before.

    Parameters
    ----------
    history : History
    report, review : mapping
        By the schemas ``formcheck.report/1`` and ``formcheck.review/1``.

    Returns
    -------
    bool
        Whether there is such a session: a report that was not added to the history has none.
    """
    text = json.dumps(review, ensure_ascii=True, allow_nan=False)
    with history.writing() as db:
        number = session_of(history, report)
        if number is None:
            return False
        db.execute(
            "INSERT INTO reviews VALUES (?, ?, ?) ON CONFLICT (session) DO UPDATE"
            " SET changed_at = excluded.changed_at, review = excluded.review",
            (number, review["changed"], text),
        )
    return True


def reviews(history: History) -> dict[int, dict[str, Any]]:
    """Return the reviews by session, as plain data.

    Raises
    ------
    InputError
        If one is damaged.
    """
    with guard(history.path):
        rows = history.db.execute("SELECT session, review FROM reviews ORDER BY session").fetchall()
    out: dict[int, dict[str, Any]] = {}
    for row in rows:
        cells = Cells(row, history.path, row["session"])
        try:
            data = json.loads(row["review"])
        except (TypeError, ValueError, RecursionError):
            raise cells.bad("review", row["review"]) from None
        if not isinstance(data, dict):
            raise cells.bad("review", data)
        out[row["session"]] = data
    return out
