"""What people said of sessions: kept beside what was measured, and gone with the session."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .cells import Cells
from .queries import session_of
from .store import History, guard


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
