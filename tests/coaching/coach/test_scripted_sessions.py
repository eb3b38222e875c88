"""Whole sessions as they go wrong in life, heard as the person on the mat hears them: one voice, nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise

import pytest

from formcheck.coaching.coach.director import RULES
from formcheck.coaching.coach.phrases import Phrases
from formcheck.coaching.coach.plan import Plan, Step, single_plan
from formcheck.coaching.coach.workout import Workout
from formcheck.coaching.voice.utterances import TIMED, Utterance, speech_seconds
from formcheck.judging.session.session import Session
from formcheck.sight.pose.types import Observation, Track

from ...judging.exercises.stick import all_fours, dips, plane_set, shoot, side_support
from .test_hands import raised

EN = Phrases("en")


@dataclass
class Heard:
    """What was heard of one utterance."""

    utterance: Utterance
    began: float
    cut: float | None = None

    @property
    def text(self) -> str:
        return self.utterance.text

    @property
    def key(self) -> str:
        return self.utterance.key


@dataclass
class Mat:
    """A workout with somebody on the mat, and a voice that takes its usual time."""

    plan: Plan
    introduce: bool = False
    heard: list[Heard] = field(default_factory=list)
    scenes: list[tuple[float, str, str]] = field(default_factory=list)
    until: float = -1.0
    t: float = 0.0

    def __post_init__(self) -> None:
        self.workout = Workout(self.plan, EN, session_of=lambda e: Session(e, live=True), introduce=self.introduce)

    def feed(self, observations: Iterable[Observation]) -> Mat:
        """Show what is seen, from now on."""
        seen = list(observations)
        later = (self.t + 1 / 15 if self.scenes else 0.0) - seen[0].t
        for observation in seen:
            o = replace(observation, t=observation.t + later)
            self.workout.observe(o, speaking=o.t < self.until)
            self._hear(o.t)
        return self

    def wait(self, seconds: float) -> Mat:
        """Let time pass without pictures."""
        end = self.t + seconds
        while self.t < end:
            t = self.t + 0.1
            self.workout.tick(t, speaking=t < self.until)
            self._hear(t)
        return self

    def _hear(self, t: float) -> None:
        self.t = t
        if self.workout.take_hush() and t < self.until:
            self.heard[-1].cut, self.until = t, t
        for u in self.workout.heard():
            assert t >= self.until, f"{u.text!r} is said over {self.heard[-1].text!r}"
            self.heard.append(Heard(u, t))
            self.until = t + speech_seconds(u.text)
        scene = self.workout.scene
        if not self.scenes or self.scenes[-1][1:] != (scene.kind, scene.headline):
            self.scenes.append((t, scene.kind, scene.headline))

    def times(self, text: str) -> list[float]:
        return [h.began for h in self.heard if h.text == text]


def seconds(track: Track, lo: float, hi: float) -> list[Observation]:
    return [o for o in track if lo <= o.t < hi]


def nobody(n: float, luma: float = 120.0) -> list[Observation]:
    return [Observation(k / 15, None, (960, 540), None, luma, 0) for k in range(round(n * 15))]


PLANE = shoot(all_fours, plane_set("right", "left"))
KNEELING = seconds(PLANE, 0.0, 1.9)


def still(n: float) -> list[Observation]:
    """Stay in the start position of the plane."""
    one = [KNEELING[k % 20] for k in range(round(n * 15))]
    return [replace(o, t=k / 15) for k, o in enumerate(one)]


def leaves_and_comes_back() -> Mat:
    mat = Mat(single_plan("plane", 3)).feed(still(7.0)).feed(seconds(PLANE, 0.0, 17.0))
    return mat.feed(nobody(25.0)).feed(still(8.0)).feed(PLANE)


def second_person() -> Mat:
    mat = Mat(single_plan("plane", 6)).feed(still(7.0))
    return mat.feed(replace(o, persons=2) for o in PLANE)


def light_is_dimmed() -> Mat:
    mat = Mat(single_plan("plane", 6)).feed(still(7.0)).feed(seconds(PLANE, 0.0, 17.0))
    return mat.feed(nobody(14.0, luma=8.0)).feed(still(4.0)).feed(seconds(PLANE, 0.0, 17.0))


def retry() -> Mat:
    short = shoot(all_fours, plane_set("right", "right", hold=3.0))
    return Mat(single_plan("plane", 6)).feed(still(7.0)).feed(short).feed(PLANE)


def turned_away() -> Mat:
    front = shoot(all_fours, plane_set("right"), azimuth=55.0)
    return Mat(single_plan("plane", 6)).feed(still(7.0)).feed(front)


def wrong_exercise() -> Mat:
    mat = Mat(Plan("two", (Step("swan"), Step("plane", 2)))).feed(seconds(PLANE, 0.0, 24.0))
    arm = [replace(o, t=k / 15) for k, o in enumerate([raised("left")] * 40)]
    return mat.feed(arm).feed(still(6.0))


def two_exercises() -> Mat:
    plan = Plan("two", (Step("side-plank", 1, 6.0), Step("plane", 2, 0.0)))
    mat = Mat(plan, introduce=True).feed(shoot(side_support, dips(2))).wait(5.0)
    other = shoot(side_support, dips(1))
    turned = Track(other.t, *_turned(other), other.ball, other.size, {})
    return mat.feed(turned).wait(8.0).feed(still(22.0)).feed(seconds(PLANE, 0.0, 17.0))


def _turned(track: Track):
    """The other side down: left and right change their names."""
    from formcheck.sight.pose.landmarks import PAIRS

    image, world = track.image.copy(), track.world.copy()
    for a, b in PAIRS:
        image[:, [a, b]], world[:, [a, b]] = image[:, [b, a]], world[:, [b, a]]
    image[..., 0] = track.size[0] - image[..., 0]
    world[..., 0] = -world[..., 0]
    return image, world


STORIES = [leaves_and_comes_back, wrong_exercise, second_person, light_is_dimmed, retry, turned_away, two_exercises]


@cache
def told(story: Callable[[], Mat]) -> Mat:
    return story()


@pytest.mark.parametrize("story", STORIES, ids=lambda s: s.__name__)
def test_nothing_is_said_twice_within_its_gap(story) -> None:
    last: dict[str, float] = {}
    for h in told(story).heard:
        gap = RULES[h.utterance.priority].gap_s
        assert h.began - last.get(h.text, -1e9) >= gap - 1e-6, h.text
        last[h.text] = h.began


@pytest.mark.parametrize("story", STORIES, ids=lambda s: s.__name__)
def test_what_belongs_to_its_second_is_said_in_it(story) -> None:
    mat = told(story)
    timed = [h for h in mat.heard if h.utterance.priority == TIMED]
    assert timed
    assert all(h.began - h.utterance.t <= 0.4 for h in timed)
    counted = [h.key for h in timed if h.key.startswith("countdown")]
    assert "countdown:3" in counted, "a countdown begins with three"
    holds = [h for h in timed if h.key.startswith("hold:")]
    runs = "".join(h.key.removeprefix("hold:")[0] for h in holds)
    assert runs.replace("h321o", "") in ("", "h"), "no second of a hold is missing"


def test_who_leaves_is_called_less_and_less_often_and_led_back() -> None:
    mat = told(leaves_and_comes_back)
    called = mat.times(EN.advice("nobody"))
    gone = 7.0 + 17.0
    assert called[0] - gone == pytest.approx(3.5, abs=1.0)
    assert [round(t - called[0]) for t in called] == [0, 6, 18]
    kinds = [k for t, k, _ in mat.scenes if t > gone]
    assert kinds[0] == "work" or kinds[0] == "paused"
    after = [k for k in dict.fromkeys(kinds) if k != "work"]
    assert after == ["paused", "setup", "countdown", "summary"]
    assert "ready" in [h.key for h in mat.heard if h.began > called[-1]]
    assert sum(r.counted for r in mat.workout.results[0].reps) == 3


def test_a_second_person_is_asked_to_leave_once_and_holds_nothing_up() -> None:
    mat = told(second_person)
    assert 1 <= len(mat.times(EN.advice("one-person"))) <= 2
    assert [h.text for h in mat.heard if h.key == "rep"] == ["1. Change sides.", "2. Change sides."]


def test_in_the_dark_a_light_is_asked_for_and_nobody_is_looked_for() -> None:
    mat = told(light_is_dimmed)
    assert mat.times(EN.advice("nobody")) == []
    dark = mat.times(EN.advice("more-light"))
    assert [round(b - a) for a, b in pairwise(dark)] == [6, 12][: len(dark) - 1]
    assert len(dark) >= 2
    assert len(mat.times(EN.say("view-good"))) == 1


def test_doing_again_what_did_not_count_is_not_blamed() -> None:
    mat = told(retry)
    texts = [h.text for h in mat.heard if h.key.startswith(("not-counted", "rep"))]
    assert texts[0] == "Not counted. Hold it longer."
    assert texts[1].startswith("Not counted.")
    assert texts[2:] == ["1. Change sides.", "2. Change sides."]
    assert not any("repeated-pair" in h.key for h in mat.heard)


def test_voice_and_screen_say_how_to_turn_in_the_same_words() -> None:
    mat = told(turned_away)
    said = [h for h in mat.heard if h.key.startswith("advice:turn")]
    assert said
    for h in said:
        assert h.text in {words for _, _, words in mat.scenes}


def test_the_next_exercise_is_named_with_its_introduction_whatever_was_said_before() -> None:
    mat = told(two_exercises)
    intro = [h.text for h in mat.heard if h.key == "intro"]
    assert intro[0].startswith("We begin with: Side plank")
    assert intro[-1].startswith("Next: Plane. Go on all fours")
    assert any(h.text.startswith("1. Now the other side") for h in mat.heard)


def test_after_a_loss_of_pictures_the_introduction_is_heard_to_its_end() -> None:
    mat = Mat(single_plan("plane"), introduce=True).feed(still(2.0))
    mat.workout.tell(replace(mat.heard[0].utterance, text=EN.advice("camera-lost"), priority=8, t=mat.t, key="camera"))
    mat.wait(20.0)
    assert [h.key for h in mat.heard][:3] == ["intro", "camera", "intro"]
    assert mat.heard[0].cut is not None


def test_the_wrong_exercise_is_asked_about_once_and_an_arm_says_yes() -> None:
    mat = told(wrong_exercise)
    question = "That looks like the plane. Shall we go on with it? Raise an arm."
    (asked,) = [h for h in mat.heard if h.key == "other"]
    assert asked.text == question
    assert ("setup", question) in [(kind, words) for _, kind, words in mat.scenes]
    after = [h.text for h in mat.heard if h.began > asked.began and h.key == "next"]
    assert after == [EN.say("switched")]
    assert mat.workout.exercise.id == "plane"
    assert [s.exercise for s in mat.workout.plan.steps] == ["plane", "swan"], "nothing of the plan is lost"
