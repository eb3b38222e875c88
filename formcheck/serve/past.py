"""What has been done, from a history: the calendar, the sessions, the progress page; each is asked with its file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from formcheck.coaching.history import History
from formcheck.coaching.history.calendar import DEFAULT_PLAN, PLANS
from formcheck.coaching.history.progress import overview_data
from formcheck.coaching.history.queries import days, sessions
from formcheck.coaching.history.reviews import corrections
from formcheck.coaching.history.summary import overview_of, plan_of, progress_of
from formcheck.errors import UsageError
from formcheck.shown import brief

from .reports import policy_in


@contextmanager
def _open(file: Path) -> Iterator[History | None]:
    """Open the history; None where there is none, and none is made."""
    if not file.exists():
        yield None
        return
    with History.open(file) as history:
        yield history


def plan(file: Path) -> str:
    """Return how often one means to train."""
    with _open(file) as history:
        return DEFAULT_PLAN if history is None else plan_of(history)


def remember_plan(file: Path, name: Any) -> None:
    """Remember how often one means to train.

    Raises
    ------
    UsageError
        If there is no such plan.
    """
    if name not in PLANS:
        raise UsageError(f"plan: expected one of {', '.join(PLANS)}, got {brief(name)}")
    with History.open(file) as history:
        history.remember("plan", name)


def history_data(file: Path, last: int) -> dict[str, Any]:
    """Return the calendar, what is due and the newest sessions, as plain data."""
    today = _now().date()
    with _open(file) as history:
        rows = sessions(history, last=last) if history is not None else []
        corrected = corrections(history) if history is not None else {}
        overview = overview_data({}, {}, DEFAULT_PLAN, today) if history is None else overview_of(history, today)
    due = overview["due"] if overview["totals"]["days"] else None
    return {
        "sessions": [
            {
                "number": s.number,
                "started": s.started.isoformat(timespec="seconds"),
                "ended": s.ended.isoformat(timespec="seconds"),
                "kind": s.kind,
                "routine": s.routine,
                "exercises": list(s.exercises),
                "reps": s.reps,
                "counted": s.counted,
                "clean": s.clean,
                "score": s.score,
                "finished": s.finished,
                "corrected": asdict(corrected[s.number]) if s.number in corrected else None,
            }
            for s in rows
        ],
        "plan": overview["plan"],
        "asked": overview["asked"],
        "due": None if due is None else {"day": due.day.isoformat(), "late": due.late},
        "weeks": [
            {
                "monday": w.monday.isoformat(),
                "sessions": list(w.sessions),
                "target": w.target,
                "done": w.done,
                "met": w.met,
            }
            for w in overview["weeks"]
        ],
        "streak": overview["streak"],
        "longest": overview["longest"],
        "totals": {k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in overview["totals"].items()},
    }


def progress_page(file: Path, lang: str) -> tuple[str, str] | None:
    """Return the progress page in a language, and its content policy; None where nothing has been done yet."""
    from formcheck.showing.page.progress import render_progress

    now = _now()
    with _open(file) as history:
        if history is None or not days(history):
            return None
        data = progress_of(history, now.date())
    page = render_progress(data, now, lang)
    return page, policy_in(page)


def _now() -> datetime:
    return datetime.now(UTC).astimezone()
