"""What has changed: a point a session for every exercise, trends, best holds, faults that went and faults that stay.

Everything is a plain value or a record of plain values, so that a terminal and a page can show the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import fmean
from typing import Any

from formcheck.judging.exercises import exercises
from formcheck.judging.rules.records import Rep
from formcheck.rounding import sig3

from .calendar import PLANS, SAID, STRETCH, longest_streak, next_due, streak, weeks
from .figures import HOLD, Figure, figures, repeated, tone, value_of
from .queries import SessionRecord, SetRecord
from .repeatability import Repeatability, repeatability
from .reviews import ReviewFigures

#: A trend compares the sessions of this many days with those of as many before.
TREND_DAYS = 28
#: Days with a value that each of the two needs: one day is no trend.
TREND_LEAST = 2
#: Sessions of an exercise that count as recent when faults are compared.
RECENT = 3
#: A fault in fewer repetitions than this before was chance, not something that went away.
LEAST = 2


@dataclass(frozen=True)
class SessionPoint:
    """One exercise in one session: attempts, what counted, and the figures by key (None = not measured).

    ``repeated`` has the values of the repetitions that a figure is the middle of, ``corrected`` the figures that a
    person corrected, where one looked at it.
    """

    session: int
    day: date
    reps: int
    values: Mapping[str, float | None]
    repeated: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    corrected: ReviewFigures | None = None


def points(
    sets: Iterable[SetRecord], exercise: str, corrected: Mapping[int, ReviewFigures] | None = None
) -> list[SessionPoint]:
    """Return a point a session in which an exercise was done, oldest first.

    A measure is the median over the repetitions that count, a hold the longest, a score the mean.
    """
    by_session: dict[int, tuple[SessionRecord, list[Rep]]] = {}
    for s in sets:
        if s.exercise == exercise:
            by_session.setdefault(s.session.number, (s.session, []))[1].extend(s.reps)
    asked, said = figures(exercise), corrected or {}
    return [
        SessionPoint(
            number,
            session.day,
            len(reps),
            {f.key: value_of(f.key, reps) for f in asked},
            {f.key: repeated(f.key, reps) for f in asked},
            said.get(number),
        )
        for number, (session, reps) in by_session.items()
    ]


@dataclass(frozen=True)
class Trend:
    """The mean of the last :data:`TREND_DAYS` days against that of as many before.

    ``tone`` is ``better``, ``worse``, ``steady``, ``changed`` where neither way is better, or ``open`` where it cannot
    be told: there are too few sessions to know how much the figure varies by itself. ``least`` is the least change
    that is more than that.
    """

    now: float
    before: float
    tone: str
    least: float | None = None


def trend(
    values: Iterable[tuple[date, float | None]], today: date, figure: Figure, repeats: Repeatability | None = None
) -> Trend | None:
    """Return the trend of a figure's dated values; None where one of the two stretches has but a day of them.

    A change of what is measured counts only beyond the least detectable change; where that is not known, it is open.
    """
    span = timedelta(days=TREND_DAYS)
    known = [(day, x) for day, x in values if x is not None]
    late = [(day, x) for day, x in known if today - span < day <= today]
    early = [(day, x) for day, x in known if today - 2 * span < day <= today - span]
    if min(len({day for day, _ in part}) for part in (late, early)) < TREND_LEAST:
        return None
    now, before = (fmean(x for _, x in part) for part in (late, early))
    least = repeats.least(len(early), len(late)) if repeats is not None else None
    return Trend(sig3(now) or 0.0, sig3(before) or 0.0, tone(before, now, figure, least), sig3(least))


@dataclass(frozen=True)
class FaultStory:
    """How a fault of an exercise has fared.

    Attributes
    ----------
    state : str
        ``gone``, ``less``, ``stays``, ``new``, or ``seen`` while there are too few sessions to tell.
    before, recent : float or None
        Share of the repetitions that had it: in the last :data:`RECENT` sessions, and in those before (None: there
        are none).
    last : date
        Day it was seen last.
    cue : str
        What to do about it.
    """

    exercise: str
    fault: str
    state: str
    before: float | None
    recent: float
    last: date
    cue: str


def fault_stories(sets: Sequence[SetRecord], exercise: str) -> list[FaultStory]:
    """Return how the faults of an exercise have fared, the most frequent lately first."""
    mine = [s for s in sets if s.exercise == exercise]
    order = list(dict.fromkeys(s.session.number for s in mine))
    recent = set(order[-RECENT:])
    late = [r for s in mine if s.session.number in recent for r in s.reps]
    early = [r for s in mine if s.session.number not in recent for r in s.reps]
    known = exercises().get(exercise)
    cues = {c.id: c.cue for c in reversed(known.checks)} if known is not None else {}
    last = {f.id: s.day for s in mine for r in s.reps for f in r.faults}
    out = []
    for fault, day in last.items():
        now, n = _with(late, fault), _with(early, fault)
        share, before = now / len(late), n / len(early) if early else None
        state = fault_state(now, n, share, before)
        if state:
            out.append(FaultStory(exercise, fault, state, sig3(before), sig3(share) or 0.0, day, cues.get(fault, "")))
    return sorted(out, key=lambda f: (-f.recent, -(f.before or 0.0), f.fault))


def _with(reps: Iterable[Rep], fault: str) -> int:
    return sum(any(f.id == fault for f in r.faults) for r in reps)


def fault_state(now: int, before: int, share: float, share_before: float | None) -> str:
    """Return how a fault fares, by its repetitions and their shares: see :class:`FaultStory`; empty for chance."""
    if share_before is None:
        return "seen"
    if not now:
        return "gone" if before >= LEAST else ""
    if not before:
        return "new"
    return "less" if share <= share_before / 2 else "stays"


def overview_data(totals: Mapping[str, int], by_day: dict[date, int], plan: str, today: date) -> dict[str, Any]:
    """Return the calendar and the totals, as plain data; parameters and keys as :func:`progress_data`."""
    return {
        "today": today,
        "plan": plan,
        "asked": SAID[plan],
        "target": PLANS[plan],
        "stretch": STRETCH,
        "streak": streak(by_day, today, plan),
        "longest": longest_streak(by_day, today, plan),
        "due": next_due(by_day, today, plan),
        "weeks": weeks(by_day, today, plan),
        "totals": {
            "sessions": sum(by_day.values()),
            "days": len(by_day),
            "since": min(by_day, default=None),
            **totals,
        },
    }


def progress_data(
    sets: Sequence[SetRecord],
    by_day: dict[date, int],
    plan: str,
    today: date,
    *,
    only: str | None = None,
    corrected: Mapping[int, ReviewFigures] | None = None,
) -> dict[str, Any]:
    """Return all that a progress page or table shows, as plain data.

    Parameters
    ----------
    sets : sequence of SetRecord
    by_day : dict
        Sessions by day.
    plan : str
        See :mod:`formcheck.coaching.history.calendar`.
    today : date
    only : str, optional
        Id of the one exercise to show.
    corrected : mapping, optional
        Figures as people corrected them, by session. They stand beside the measured ones; trends, bests and faults
        are of what was measured, which is the same on every day.

    Returns
    -------
    dict
        ``today``, ``plan``, ``asked``, ``target``, ``stretch``, ``streak``, ``longest``, ``due``, ``weeks``,
        ``totals``, ``exercises`` (each with ``figures``, ``sessions`` and ``faults``) and ``bests``. Dates are
        :class:`datetime.date`.
    """
    known = exercises()
    done = list(dict.fromkeys(s.exercise for s in sets))
    order = [*(e for e in known if e in done), *(e for e in done if e not in known)]
    shown = [_exercise(sets, e, today, corrected) for e in order if only in (None, e)]
    reps = [r for s in sets for r in s.reps]
    totals = {
        "reps": len(reps),
        "counted": sum(r.counted for r in reps),
        "clean": sum(r.verdict == "good" for r in reps),
    }
    return {**overview_data(totals, by_day, plan, today), "exercises": shown, "bests": _bests(shown)}


def _exercise(
    sets: Sequence[SetRecord], exercise: str, today: date, corrected: Mapping[int, ReviewFigures] | None
) -> dict[str, Any]:
    known = exercises().get(exercise)
    track = points(sets, exercise, corrected)
    followed = []
    for f in figures(exercise):
        values = [(p.day, p.values[f.key]) for p in track]
        some = [(day, x) for day, x in values if x is not None]
        if not some or (f is HOLD and not any(x for _, x in some)):
            continue
        repeats = (
            None if f.counts else repeatability([p.values[f.key] for p in track], [p.repeated[f.key] for p in track])
        )
        band = _band([x for _, x in values], repeats)
        best = max(some, key=lambda v: (v[1] * f.better, v[0])) if f.better else None
        followed.append(
            {
                "key": f.key,
                "label": f.label,
                "unit": f.unit,
                "better": f.better,
                "points": values,
                "last": some[-1][1],
                "best": best,
                "trend": trend(values, today, f, repeats),
                "least": sig3((band[1] - band[0]) / 2) if band is not None else None,
                "band": band,
            }
        )
    return {
        "id": exercise,
        "title": known.title if known is not None else exercise,
        "asked": known.prescription if known is not None else None,
        "figures": followed,
        "sessions": track,
        "faults": fault_stories(sets, exercise),
    }


#: Sessions at the beginning of which the band's middle is the mean.
FIRST = 3


def _band(values: Sequence[float | None], repeats: Repeatability | None) -> tuple[float, float] | None:
    """Return between which values a session differs from the first ones by no more than chance."""
    first = [x for x in values if x is not None][:FIRST]
    if repeats is None or not first:
        return None
    middle, least = fmean(first), repeats.least(len(first))
    return middle - least, middle + least


def _bests(shown: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the longest hold of each exercise that is held, with its day and the best of the days before."""
    out = []
    for e in shown:
        hold = next((f for f in e["figures"] if f["key"] == "hold"), None)
        if hold is None:
            continue
        best = max((x for _, x in hold["points"] if x is not None))
        day = next(d for d, x in hold["points"] if x == best)
        earlier = max((x for d, x in hold["points"] if x is not None and d < day), default=None)
        asked = e["asked"].hold_s if e["asked"] is not None and e["asked"].hold_s else None
        out.append(
            {"exercise": e["id"], "title": e["title"], "seconds": best, "day": day, "earlier": earlier, "asked": asked}
        )
    return out
