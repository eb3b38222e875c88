"""A history in one piece: the plan in force, the calendar's overview, and the data of the progress page."""

from __future__ import annotations

from datetime import date
from typing import Any

from .calendar import DEFAULT_PLAN, PLANS
from .progress import overview_data, progress_data
from .queries import days, sets, totals
from .reviews import corrections
from .store import History


def plan_of(history: History) -> str:
    """Return the name of the plan by which one means to train."""
    name = history.setting("plan", DEFAULT_PLAN)
    return name if name in PLANS else DEFAULT_PLAN


def overview_of(history: History, today: date) -> dict[str, Any]:
    """Return the weeks, the streaks and what is due, see :func:`~formcheck.coaching.history.progress.overview_data`."""
    return overview_data(totals(history), days(history), plan_of(history), today)


def progress_of(history: History, today: date, *, only: str | None = None) -> dict[str, Any]:
    """Return what the progress page shows, of one exercise if *only* is given.

    See :func:`~formcheck.coaching.history.progress.progress_data`.
    """
    return progress_data(
        sets(history), days(history), plan_of(history), today, only=only, corrected=corrections(history)
    )
