"""Through one set: what is seen moves it from stage to stage."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from formcheck.coaching.coach.countdown import COUNTDOWN_S, LOST_S
from formcheck.coaching.coach.director import Director
from formcheck.coaching.coach.leading import Leading
from formcheck.coaching.coach.phrases import Phrases
from formcheck.coaching.coach.scene import COUNTDOWN, INTRO, SETUP, WORK
from formcheck.coaching.coach.stages import INTRO_S, Stages
from formcheck.coaching.voice.utterances import ADVICE, CORRECTION, FLOW, Utterance
from formcheck.judging.rules.records import RepDone, RepStarted


class Set:
    """A set under way that answers as it is told to."""

    def __init__(self):
        self.left, self.told_view, self.reached, self.restarts = False, False, False, 0
        self.setup = SimpleNamespace(ready=False, advice=None, text="")
        self.helper = SimpleNamespace(restart=self._restart)
        self.cues = SimpleNamespace(update=lambda _m, *, speaking: self.cue)
        self.cue, self.away, self.good = None, False, False

    def _restart(self):
        self.restarts += 1

    def advice_due(self, t, *, speaking):
        return self.setup if self.setup.advice is not None and not speaking else None

    def astray(self, t):
        return self.away

    def good_again(self, t, *, speaking):
        return self.good


def moment(t, phase="start", problem=None):
    return SimpleNamespace(t=t, phase=phase, problem=problem)


@pytest.fixture
def led():
    stages, director = Stages(), Director()
    return SimpleNamespace(
        stages=stages, director=director, set=Set(), leading=Leading(Phrases("en"), stages, director)
    )


def follow(led, t, *events, speaking=False, **seen):
    return led.leading.follow(led.set, moment(t, **seen), events, speaking=speaking)


def said(led, t):
    out = []
    while (d := led.director.update(t, speaking=False)).say is not None:
        out.append(d.say.text)
    return out


def test_from_the_introduction_over_the_countdown_to_work(led):
    led.leading.enter(INTRO, 0.0, led.set)
    follow(led, INTRO_S - 0.1, speaking=True)
    assert led.stages.now == INTRO
    follow(led, INTRO_S + 0.1)
    assert led.stages.now == SETUP and led.set.restarts == 1
    led.set.setup.ready = True
    follow(led, 4.0)
    assert led.stages.now == COUNTDOWN and led.leading.countdown.left(4.0) == COUNTDOWN_S
    follow(led, 4.0 + COUNTDOWN_S - 0.01)
    assert led.stages.now == COUNTDOWN
    assert follow(led, 4.0 + COUNTDOWN_S) is False
    assert led.stages.now == WORK


def test_whoever_leaves_the_position_is_led_into_it_again(led):
    led.leading.enter(SETUP, 0.0, led.set)
    led.set.setup.ready = True
    follow(led, 1.0)
    follow(led, 1.0 + LOST_S + 0.01, phase="away")
    assert led.stages.now == SETUP and led.set.restarts == 2


def test_whoever_has_begun_needs_no_more_words(led):
    led.leading.enter(INTRO, 0.0, led.set)
    led.director.offer(Utterance("A long introduction.", FLOW, 0.0, 30.0, "intro"))
    led.set.left = True
    follow(led, 0.5, RepStarted(0.5), speaking=True)
    assert led.stages.now == WORK and led.set.left is False
    assert led.director.update(0.5, speaking=True).hush and not led.director.waiting


def test_the_set_is_complete_with_the_attempt_that_was_asked_for(led):
    led.leading.enter(WORK, 0.0, led.set)
    led.set.reached = True
    assert follow(led, 1.0) is False
    assert follow(led, 2.0, RepDone(2.0, rep=None)) is True


def test_a_bad_picture_is_spoken_of_first_and_told_to_be_good_again(led):
    led.leading.enter(WORK, 0.0, led.set)
    led.set.cue = Utterance("Lift your hips.", CORRECTION, 1.0, 9.0, "cue")
    led.set.setup = SimpleNamespace(ready=False, advice="more-light", text="Switch on a light.")
    follow(led, 1.0, problem=("too dark", "more light"))
    assert led.set.told_view is True
    assert said(led, 1.0) == ["Switch on a light.", "Lift your hips."]
    led.set.cue, led.set.good = None, True
    follow(led, 3.0)
    assert said(led, 3.0) == [Phrases("en").say("view-good")]


def test_who_is_astray_hears_how_to_come_back_and_nothing_else(led):
    led.leading.enter(WORK, 0.0, led.set)
    led.set.away = True
    led.set.cue = Utterance("Lift your hips.", CORRECTION, 1.0, 9.0, "cue")
    led.set.setup = SimpleNamespace(ready=False, advice="on-all-fours", text="Come onto all fours.")
    follow(led, 1.0, phase="away")
    assert said(led, 1.0) == ["Come onto all fours."] and led.set.told_view is False


def test_leaving_the_picture_is_a_pause(led):
    led.leading.enter(WORK, 0.0, led.set)
    led.set.setup = SimpleNamespace(ready=False, advice="nobody", text="Come back into the picture.")
    assert follow(led, 1.0, phase="away", problem=("nobody seen", "")) is False
    assert led.stages.now == SETUP and led.set.left is True
    waiting = led.director.update(1.0, speaking=False).say
    assert (waiting.text, waiting.priority) == ("Come back into the picture.", ADVICE)
