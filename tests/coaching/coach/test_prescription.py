"""What is asked for has one source: with a hold of one's own every text, scene, ring and page says that one."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pytest

from formcheck.coaching.coach.cues import CueScheduler
from formcheck.coaching.coach.phrases import Phrases
from formcheck.coaching.coach.plan import single_plan
from formcheck.coaching.coach.scenes import SceneBook
from formcheck.coaching.coach.workout import Workout
from formcheck.judging.exercises import get_exercise
from formcheck.judging.rules.exercise import Exercise
from formcheck.judging.rules.limits import Limits
from formcheck.judging.session.session import Session
from formcheck.showing.draw import Overlay
from formcheck.showing.page import render_page
from formcheck.showing.report.build import build_report
from formcheck.sight.pose.types import Observation

from ...showing.draw.test_overlay import moment

HELD = {"plane": 10.0, "swan": 2.0, "shoulder-bridge": 1.0}
#: The holds that the routine asks for, in figures and in words; not the "one" of "one leg".
OF_THE_ROUTINE = re.compile(
    r"\b(ten|two|one to two|two to three) seconds?\b|\bone second\b|\b(10|2|1) s\b"
    r"|\b(dziesięć sekund|dwie sekundy|jedną sekundę)\b"
)


def limits(name: str, hold_s: float = 5.0) -> Limits:
    return Limits(name, get_exercise(name).limits, {"hold_s": hold_s})


def texts(exercise: Exercise) -> Iterator[str]:
    """Everything that is said or shown of what to do, in every language."""
    yield from exercise.intro
    yield from (c.cue for c in exercise.checks)
    for lang in ("en", "pl"):
        phrases = Phrases(lang)
        yield from phrases.intro(exercise)
        yield from (phrases.cue(exercise, c.id) for c in exercise.checks)
        local = phrases.localise(exercise)
        yield from local.intro
        yield from (c.cue for c in local.checks)
        scene = SceneBook(single_plan(exercise.id), phrases, lambda _: exercise).intro(0)
        yield from (scene.headline, scene.detail, *scene.lines)


@pytest.mark.parametrize("name", HELD)
def test_no_text_says_the_hold_of_the_routine_when_another_is_asked_for(name: str) -> None:
    bound = get_exercise(name).under(limits(name))
    said = list(texts(bound))
    assert [t for t in said if OF_THE_ROUTINE.search(t)] == []
    assert not [t for t in said if "{" in t]
    for words in ("five seconds", "pięć sekund"):
        assert any(words in t for t in said)
    usual = list(texts(get_exercise(name)))
    assert any(OF_THE_ROUTINE.search(t) for t in usual) and not any("five" in t for t in usual)


@pytest.mark.parametrize("name", HELD)
def test_the_usual_limits_say_what_they_said(name: str) -> None:
    exercise = get_exercise(name)
    assert exercise.prescription.hold_s == exercise.limits["hold_s"].value == HELD[name]
    back = exercise.under(limits(name)).under(Limits(name, exercise.limits))
    assert list(texts(back)) == list(texts(exercise))
    assert [c.cue for c in get_exercise("plane").checks if c.id == "short-hold"] == [
        "Hold it for the full ten seconds."
    ]


def test_ring_voice_and_introduction_take_the_hold_from_the_limits() -> None:
    workout = Workout(
        single_plan("plane", 3),
        Phrases("en"),
        session_of=lambda e: Session(e, limits(e.id), live=True),
    )
    workout.observe(Observation.of(0.0, np.zeros((90, 160, 3), np.uint8), None))
    assert workout.exercise.prescription.hold_s == 5.0
    assert workout.scene.detail == "3 × 5 s"
    assert any("five seconds" in u.text for u in workout.heard())
    assert CueScheduler(workout.exercise, Phrases("en"))._holds.hold_s == 5.0
    size = (640, 360)
    ground = np.full((360, 640, 3), 120, np.uint8)
    five = Overlay(workout.exercise, size).draw(ground, moment(phase="hold", hold_s=5.0))
    ten = Overlay(get_exercise("plane"), size).draw(ground, moment(phase="hold", hold_s=5.0))
    assert (five != ten).any(), "the ring is full after five seconds, not half full"


def test_the_page_asks_for_what_was_asked_for() -> None:
    session = Session(get_exercise("plane"), limits("plane"))
    session.finish()
    report = build_report(session, {"path": "clip.mp4", "fps": 30.0, "seconds": 1.0, "width": 640, "height": 360})
    page = render_page(report, None)
    text = re.sub(r"<(style|script).*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)
    assert "Hold for five seconds" in text
    assert not re.search(r"\bten seconds|held 10 s", text)
