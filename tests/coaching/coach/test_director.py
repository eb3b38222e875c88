"""One queue for all that is said: what waits, what gives way, what is said once."""

from itertools import pairwise

import pytest

from formcheck.coaching.coach.advising import AGAIN_S, FORGET_S, Advising
from formcheck.coaching.coach.director import RULES, Directed, Director
from formcheck.coaching.voice.utterances import (
    ADVICE,
    ALERT,
    BREATH,
    CHAT,
    CORRECTION,
    COUNT,
    FLOW,
    PRAISE,
    TIMED,
    Utterance,
    speech_seconds,
)


def u(text, priority=COUNT, t=0.0, good_for=1.0, key=None):
    return Utterance(text, priority, t, good_for, text if key is None else key)


def text(directed):
    return None if directed.say is None else directed.say.text


class Ears:
    """A voice that takes the usual time; writes down what was said when, and what was cut off."""

    def __init__(self):
        self.director, self.said, self.cut = Director(), [], []
        self.until = -1.0

    def run(self, t0, t1, *offers, free_s=float("inf"), step=0.05):
        offers = sorted(offers, key=lambda o: o.t)
        for k in range(round((t1 - t0) / step)):
            t = t0 + k * step
            while offers and offers[0].t <= t:
                self.director.offer(offers.pop(0))
            d = self.director.update(t, speaking=t < self.until, free_s=free_s)
            if d.hush and t < self.until:
                self.cut.append(self.said[-1][0])
                self.until = t
            if d.say is not None:
                self.said.append((d.say.text, round(t, 2)))
                self.until = t + speech_seconds(d.say.text)
        return self

    @property
    def texts(self):
        return [x for x, _ in self.said]


def test_the_most_important_comes_first_and_the_others_after_it_while_they_are_fresh():
    d = Director()
    for x in (u("chat", CHAT), u("lift", CORRECTION), u("3"), u("next", FLOW)):
        d.offer(x)
    said = [text(d.update(t, speaking=False)) for t in (0.0, 0.1, 0.2, 0.3)]
    assert said == ["next", "3", "lift", "chat"]
    assert d.update(0.4, speaking=False) == Directed() and not d.waiting


def test_what_is_too_old_is_dropped():
    d = Director()
    d.offer(u("3", good_for=0.5))
    assert text(d.update(0.4, speaking=True)) is None
    assert text(d.update(0.6, speaking=False)) is None and not d.waiting


def test_of_one_kind_only_the_newest_waits():
    d = Director()
    d.offer(u("3", key="rep"))
    d.offer(u("4", key="rep"))
    assert [text(d.update(t, speaking=False)) for t in (0.0, 0.1)] == ["4", None]


def test_the_name_of_what_comes_waits_for_a_long_sentence_and_is_said():
    long = "Done: 8 repetitions. 6 of them clean. Rest for 5 seconds."
    ears = Ears().run(0, 12, u(long, FLOW, 0.0, 6.0, "set-done"), u("Next: Plane.", FLOW, 0.5, 30.0, "next"))
    assert ears.texts == [long, "Next: Plane."] and ears.cut == []
    assert ears.said[1][1] == pytest.approx(speech_seconds(long), abs=0.06)


@pytest.mark.parametrize("level", [CHAT, PRAISE, BREATH, CORRECTION, ADVICE, COUNT, FLOW, TIMED])
def test_countdown_and_milestones_are_never_displaced(level):
    story = "A sentence that takes quite some time to be said."
    seconds = [u(f"{n}", TIMED, 1.0 + k, 0.7, f"countdown:{n}") for k, n in enumerate((3, 2, 1))]
    ears = Ears().run(0, 5, u(story, level, 0.0), *seconds)
    assert ears.texts[:4] == [story, "3", "2", "1"]
    assert [t for _, t in ears.said[1:4]] == pytest.approx([1.3, 2.0, 3.0], abs=0.11)


def test_what_fills_silence_begins_only_where_there_is_time_for_it():
    for level in (CHAT, PRAISE, BREATH, CORRECTION, ADVICE):
        d = Director()
        d.offer(u("Navel to the spine.", level, good_for=5.0))
        assert text(d.update(0.0, speaking=False, free_s=1.0)) is None
        assert text(d.update(0.5, speaking=False, free_s=2.0)) == "Navel to the spine."
    for level in (COUNT, FLOW, TIMED, ALERT):
        d = Director()
        d.offer(u("Navel to the spine.", level))
        assert text(d.update(0.0, speaking=False, free_s=0.0)) == "Navel to the spine."


@pytest.mark.parametrize("level", list(RULES))
def test_the_same_words_are_not_said_again_within_their_gap(level):
    gap = RULES[level].gap_s
    offers = [u("words", level, k / 10, 0.05) for k in range(700)]
    ears = Ears().run(0, 70, *offers)
    times = [t for _, t in ears.said]
    assert len(times) > 2
    assert all(b - a >= gap - 1e-6 for a, b in pairwise(times))


@pytest.mark.parametrize(
    ("going_on", "coming", "cuts"),
    [
        (CHAT, FLOW, True), (COUNT, FLOW, True), (FLOW, ALERT, True), (COUNT, ALERT, True), (FLOW, FLOW, False),
        (ALERT, FLOW, False), (TIMED, FLOW, False), (CHAT, CORRECTION, False), (PRAISE, COUNT, False),
        (TIMED, ALERT, False), (ALERT, TIMED, False),
    ],
)  # fmt: skip
def test_only_flow_seconds_and_alerts_cut_off_what_matters_less(going_on, coming, cuts):
    d = Director()
    d.offer(u("first", going_on))
    d.update(0.0, speaking=False)
    d.offer(u("second", coming, 0.1))
    directed = d.update(0.1, speaking=True)
    assert (directed.hush, text(directed)) == ((True, "second") if cuts else (False, None))


def test_words_of_the_flow_that_are_cut_off_are_said_afterwards():
    intro = "Next: Swan. Lie on your stomach, side on to the camera, arms stretched in front, eyes to the floor."
    ears = Ears().run(0, 15, u(intro, FLOW, 0.0, 30.0, "intro"), u("The camera is gone.", ALERT, 1.0, 3.0))
    assert ears.texts == [intro, "The camera is gone.", intro] and ears.cut == [intro]


def test_what_events_have_overtaken_is_stopped_and_forgotten():
    d = Director()
    d.offer(u("intro", FLOW))
    d.update(0.0, speaking=False)
    d.offer(u("advice", ADVICE, 0.1, 9.0))
    d.overtake()
    d.offer(u("1", COUNT, 0.2))
    directed = d.update(0.2, speaking=True)
    assert (directed.hush, text(directed)) == (True, "1")
    assert not d.waiting


def test_forgetting_goes_by_the_first_word_of_the_key():
    d = Director()
    for key in ("advice:nobody", "intro", "advice", "rep"):
        d.offer(u(key, key=key))
    d.forget("advice", "intro")
    assert [text(d.update(t, speaking=False)) for t in (0.0, 0.1)] == ["rep", None]


# ---- advice --------------------------------------------------------------------------------------------------
def test_advice_is_given_at_once_then_less_and_less_often():
    a = Advising()
    told = [k / 10 for k in range(1000) if a.due("nobody", k / 10)]
    assert told == pytest.approx([0, 6, 18, 43, 68, 93], abs=0.11)
    assert AGAIN_S == (6.0, 12.0, 25.0)


def test_other_advice_is_given_at_once_and_does_not_make_the_first_new():
    a = Advising()
    order = ["nobody", "turn-side", "nobody", "turn-side", "nobody"]
    assert [a.due(key, 2.0 * k) for k, key in enumerate(order)] == [True, True, False, False, True]


def test_advice_that_was_not_due_for_long_is_new():
    a = Advising()
    assert a.due("nobody", 0.0) and a.due("nobody", 6.0) and not a.due("nobody", 13.0)
    assert a.due("nobody", 13.0 + FORGET_S + 0.1)
    assert not a.due(None, 30.0)


def test_advice_waits_while_something_else_is_said():
    a = Advising()
    assert not a.due("nobody", 0.0, busy=True)
    assert a.due("nobody", 0.5)
