"""What the window shows beside the scenes themselves: answers to keys, the legend of a pause, the first card."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from formcheck.coaching.coach.phrases import Phrases
from formcheck.coaching.coach.plan import Target
from formcheck.coaching.coach.scene import COUNTDOWN, INTRO, NO_CAMERA, PAUSED, REST, SETUP, SUMMARY, WORK, Scene
from formcheck.judging.exercises import exercises, get_exercise
from formcheck.live import painter as module
from formcheck.live.judging import Shown
from formcheck.live.keys import Keys
from formcheck.live.painter import NOTICE_S, Painter

from ..showing.draw.test_overlay import body, moment

PICTURE = np.full((360, 640, 3), 90, np.uint8)


def shown(kind: str = REST) -> Shown:
    scene = Scene(kind, "plane", "", "Rest")
    return Shown(PICTURE, 0.0, 0.0, None, scene, None, get_exercise("plane"), Target(3), True)


@pytest.mark.parametrize("lang", ["en", "pl"])
def test_the_key_of_the_voice_is_answered_for_a_moment(lang: str) -> None:
    now = [100.0]
    painter = Painter(Phrases(lang), mirror=False, clock=lambda: now[0])
    before = painter.paint(shown())
    voice = SimpleNamespace(muted=False)
    keys = Keys(None, SimpleNamespace(phrases=Phrases(lang)), None, painter, voice)  # type: ignore[arg-type]
    keys.press("v")
    assert voice.muted
    off = painter.paint(shown())
    keys.press("v")
    on = painter.paint(shown())
    assert (off != before).any() and (on != before).any() and (on != off).any()
    now[0] += NOTICE_S
    assert (painter.paint(shown()) == before).all()


def test_in_a_pause_the_legend_says_that_space_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    legends: list[dict[str, str]] = []

    class Noting(module.Screens):
        def draw(self, rgb, scene, moment=None, keys=(), t=0.0):  # type: ignore[no-untyped-def]
            legends.append(dict(keys))
            return super().draw(rgb, scene, moment, keys, t)

    monkeypatch.setattr(module, "Screens", Noting)
    painter = Painter(Phrases("en"), mirror=False)
    painter.paint(shown(REST))
    painter.paint(shown(PAUSED))
    assert [x["space"] for x in legends] == ["pause", "go on"]


def test_while_the_camera_is_being_opened_nothing_is_crossed_out() -> None:
    painter = Painter(Phrases("en"), mirror=False)
    opening, lost = (painter.card(Scene(NO_CAMERA, headline="One moment ...", ok=ok)) for ok in (None, False))
    assert (opening != lost).any()


def test_the_legend_of_the_keys_leaves_when_work_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    legends: dict[str, bool] = {}

    class Noting(module.Screens):
        def draw(self, rgb, scene, moment=None, keys=(), t=0.0):  # type: ignore[no-untyped-def]
            legends[scene.kind] = bool(keys)
            return super().draw(rgb, scene, moment, keys, t)

    monkeypatch.setattr(module, "Screens", Noting)
    painter = Painter(Phrases("en"), mirror=False)
    for kind in (INTRO, SETUP, COUNTDOWN, WORK, PAUSED, REST, SUMMARY):
        painter.paint(replace(shown(kind), moment=moment(image=body())))
    assert legends == {INTRO: True, SETUP: True, COUNTDOWN: True, WORK: False, PAUSED: True, REST: True, SUMMARY: True}


@pytest.mark.parametrize("lang", ["en", "pl"])
def test_the_banner_says_what_the_voice_says(lang: str) -> None:
    phrases = Phrases(lang)
    for exercise in exercises().values():
        shown_words = {c.id: c.cue for c in phrases.localise(exercise, "spoken").checks}
        assert shown_words == {c.id: phrases.cue(exercise, c.id) for c in exercise.checks}
