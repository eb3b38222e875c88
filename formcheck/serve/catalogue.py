"""The exercises, plans and words that a page shows, in the language asked for, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from formcheck.analysis.options import Options, limits_for
from formcheck.coaching.coach.phrases import Phrases, read_texts
from formcheck.coaching.coach.plan import Target, read_plan, routine_plan
from formcheck.coaching.coach.shown_now import gravity
from formcheck.errors import FormcheckError
from formcheck.judging.exercises import exercises
from formcheck.judging.rules.exercise import Exercise
from formcheck.rounding import sig3
from formcheck.showing.draw.silhouette import start_position

from .telling import plan_data, target_data


def exercises_data(phrases: Phrases, options: Options) -> list[dict[str, Any]]:
    """Return all exercises, with the limits in force."""
    return [_exercise(e, phrases, options) for e in exercises().values()]


def _exercise(exercise: Exercise, phrases: Phrases, options: Options) -> dict[str, Any]:
    p = exercise.prescription
    ranks = gravity(exercise)
    worst = {c.id: c.severity for c in sorted(exercise.checks, key=lambda c: -ranks[c.id][0])}
    limits = limits_for(exercise, options)
    return {
        "id": exercise.id,
        "title": phrases.title(exercise),
        "position": phrases.position(exercise),
        "camera": phrases.camera(exercise),
        "intro": list(phrases.intro(exercise.under(limits))),
        "views": list(exercise.views),
        "uses_ball": exercise.uses_ball,
        "target": target_data(Target.of(exercise)),
        "hold_s": p.hold_s,
        "blocks": {b: phrases.block(exercise, b) for b in p.blocks},
        "faults": [{"id": f, "cue": phrases.cue(exercise, f), "severity": worst[f]} for f in ranks],
        "limits": [
            {**asdict(limit), "name": name, "value": sig3(limits[name]), "default": limit.value}
            for name, limit in exercise.limits.items()
        ],
        "ghost": _ghost(exercise.id),
    }


def _ghost(exercise: str) -> dict[str, Any] | None:
    shape = start_position(exercise)
    if shape is None:
        return None
    known: list[bool] = np.asarray(np.isfinite(shape.points).all(axis=1)).tolist()
    points = [p if ok else None for p, ok in zip(np.round(shape.points, 3).tolist(), known, strict=True)]
    ball = None if shape.ball is None else np.round(shape.ball, 3).tolist()
    return {"heading": shape.heading, "floor": shape.floor, "ball": ball, "points": points}


def plans_data(phrases: Phrases, saved: Mapping[str, Path]) -> list[dict[str, Any]]:
    """Return the routine and the user's own plans; a file that is no plan is shown with what is wrong with it."""
    out: list[dict[str, Any]] = [{"id": "routine", **plan_data(routine_plan(), phrases)}]
    for name, file in saved.items():
        try:
            out.append({"id": name, **plan_data(read_plan(file), phrases)})
        except FormcheckError as e:
            out.append({"id": name, "name": name, "steps": [], "error": str(e)})
    return out


def words_data(lang: str) -> dict[str, Any]:
    """Return the short texts of the coach's own file, with their ``{names}`` to be filled in."""
    texts = read_texts(lang)
    return {"lang": lang, "language": texts["language"]} | {k: texts[k] for k in ("screen", "sides", "advice")}
