"""A workout from its introduction to its summary: stages, hands-free, by the observations' own time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest

from formcheck.coaching.coach.countdown import COUNTDOWN_S
from formcheck.coaching.coach.current import ASTRAY_S
from formcheck.coaching.coach.phrases import Phrases
from formcheck.coaching.coach.plan import Plan, Step, Target, routine_plan, single_plan
from formcheck.coaching.coach.scenes import SceneBook
from formcheck.coaching.coach.sets import SetResult
from formcheck.coaching.coach.stages import SUMMARY_S
from formcheck.coaching.coach.workout import Workout
from formcheck.coaching.voice.utterances import Utterance
from formcheck.judging.exercises import get_exercise
from formcheck.judging.rules.records import Rep
from formcheck.judging.session.session import Session
from formcheck.sight.pose.types import Observation, Track

from ...judging.exercises.stick import (
    all_fours,
    bridge,
    bridge_set,
    dips,
    joined,
    plane_set,
    shoot,
    side_support,
    without,
)


class Diary:
    """Hears all there is to hear."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.reps: list[tuple[str, int, bool]] = []
        self.results: list[SetResult] = []
        self.moments = 0

    def set_begun(self, session, target) -> None:
        self.begun.append(session.exercise.id)

    def moment(self, moment, size) -> None:
        self.moments += 1

    def rep_done(self, rep) -> None:
        self.reps.append((self.begun[-1], rep.index, rep.counted))

    def set_over(self, result) -> None:
        self.results.append(result)


class Run:
    """A workout fed with tracks; keeps what was shown and said."""

    def __init__(self, plan: Plan, *, lang: str = "en", introduce: bool = False) -> None:
        self.diary = Diary()
        self.workout = Workout(
            plan,
            Phrases(lang),
            session_of=lambda e: Session(e, live=True),
            listener=self.diary,
            introduce=introduce,
        )
        self.said: list[Utterance] = []
        self.scenes: list[tuple[float, str]] = []
        self.t = -1.0

    def feed(self, observations: Iterable[Observation]) -> Run:
        for o in observations:
            self.workout.observe(o)
            self._note(o.t)
        return self

    def wait(self, seconds: float, step: float = 0.1) -> Run:
        for _ in range(round(seconds / step)):
            self.workout.tick(self.t + step)
            self._note(self.t + step)
        return self

    def _note(self, t: float) -> None:
        self.t = t
        self.said += self.workout.heard()
        self.scenes.append((t, self.workout.scene.kind))

    @property
    def keys(self) -> list[str]:
        return [u.key for u in self.said]

    @property
    def kinds(self) -> list[str]:
        """Scenes in the order in which they came."""
        out: list[str] = []
        for _, k in self.scenes:
            if not out or out[-1] != k:
                out.append(k)
        return out


def later(track: Track, t: float) -> Track:
    return Track(track.t - track.t[0] + t, track.image, track.world, track.ball, track.size, {})


def still_then_dips(n: int, still: float = 0.0) -> Track:
    dip = shoot(side_support, dips(n))
    if not still:
        return dip
    rest = shoot(side_support, dips(1))
    keep = rest.t < 0.9
    frozen = Track(rest.t[keep], rest.image[keep], rest.world[keep], rest.ball[keep], rest.size, {})
    return joined(*[frozen] * int(still / 0.9), dip)


def test_ready_countdown_go_and_then_it_counts() -> None:
    run = Run(single_plan("side-plank", 0)).feed(still_then_dips(2, still=8.0))
    assert run.kinds == ["setup", "countdown", "work"]
    spoken = [k for k in run.keys if k.partition(":")[0] in ("ready", "countdown", "go", "rep")]
    assert spoken == ["ready", "countdown:3", "countdown:2", "countdown:1", "go", "rep", "rep"]
    ready, go = (next(u.t for u in run.said if u.key == k) for k in ("ready", "go"))
    assert go - ready == pytest.approx(COUNTDOWN_S, abs=0.15)
    assert [c for _, _, c in run.diary.reps] == [True, True]


def test_somebody_else_in_the_picture_is_asked_to_leave_and_holds_nothing_up() -> None:
    track = still_then_dips(2, still=8.0)
    alone = [o for o in track if o.t < 1.0]
    company = [replace(o, persons=2) for o in track if o.t >= 1.0]
    run = Run(single_plan("side-plank", 0)).feed([*alone, *company])
    asked = [u for u in run.said if u.key == "one-person"]
    assert [u.text for u in asked] == [Phrases("en").advice("one-person")]
    assert asked[0].t == pytest.approx(3.0, abs=0.2)
    assert [c for _, _, c in run.diary.reps] == [True, True]


def test_who_begins_before_the_countdown_is_over_loses_no_repetition() -> None:
    run = Run(single_plan("side-plank", 0)).feed(still_then_dips(2))
    assert [c for _, _, c in run.diary.reps] == [True, True]
    assert "go" not in run.keys


def test_a_repetition_cuts_the_introduction_short() -> None:
    run = Run(single_plan("side-plank", 0), introduce=True)
    hushed = []
    for o in still_then_dips(1):
        run.feed([o])
        hushed.append(run.workout.take_hush())
    assert run.kinds == ["intro", "work"]
    assert sum(hushed) == 1
    assert len(run.diary.reps) == 1


def test_the_introduction_names_the_exercise_and_gives_way_to_the_set_up() -> None:
    run = Run(single_plan("side-plank"), introduce=True)
    empty = without(shoot(side_support, dips(8)), 0.0, 1e9)
    run.feed(empty)
    assert run.kinds == ["intro", "setup"]
    assert "Side plank" in run.said[0].text


def test_nobody_there_is_told_once_and_then_now_and_again() -> None:
    empty = without(shoot(side_support, dips(8)), 0.0, 1e9)
    run = Run(single_plan("side-plank")).feed(empty)
    told = [u.t for u in run.said if u.key == "advice:nobody"]
    assert 2 <= len(told) <= 4
    gaps = np.diff(told)
    assert (gaps >= 5.9).all() and (np.diff(gaps) >= -0.1).all(), "less and less often"


def test_the_target_ends_the_set_with_a_summary_and_a_reminder_to_stretch() -> None:
    run = Run(single_plan("plane", 2)).feed(shoot(all_fours, plane_set("right", "left", "right")))
    assert run.workout.stage == "summary"
    assert [c for _, _, c in run.diary.reps] == [True, True], "what comes after the set is not judged"
    assert run.diary.results[0].complete
    assert "stretch" in run.said[-1].text
    assert not run.workout.done
    run.wait(SUMMARY_S + 1.0)
    assert run.workout.done


def test_sides_are_asked_for_in_turn() -> None:
    run = Run(single_plan("side-plank", 2)).feed(still_then_dips(2))
    assert run.workout.stage == "work", "the other side is still to be done"
    assert "other side" in run.said[-1].text


def test_three_exercises_hands_free() -> None:
    plan = Plan("short", (Step("plane", 2, 5.0), Step("shoulder-bridge", 2, 5.0), Step("side-plank", 0, 0.0)))
    run = Run(plan)
    plane = shoot(all_fours, plane_set("right", "left"))
    stream = joined(plane, shoot(bridge, bridge_set("right", "left", "right")), shoot(side_support, dips(3)))
    # The second exercise begins when the rest after the first is over.
    first = plane.t[-1]
    t = np.where(stream.t > first, stream.t + 5.0, stream.t)
    second = shoot(bridge, bridge_set("right", "left", "right")).t[-1]
    t = np.where(stream.t > first + second + 0.1, t + 5.0, t)
    run.feed(Track(t, stream.image, stream.world, stream.ball, stream.size, {}))
    run.workout.finish()
    assert run.diary.begun == ["plane", "shoulder-bridge", "side-plank"]
    counted = [name for name, _, c in run.diary.reps if c]
    assert [counted.count(n) for n in run.diary.begun] == [2, 2, 3]
    assert [r.complete for r in run.diary.results] == [True, True, False]
    assert run.keys.count("set-done") == 2
    assert "rest" in run.kinds
    assert run.workout.done


def test_a_rest_goes_on_without_pictures_and_names_what_comes() -> None:
    plan = Plan("two", (Step("plane", 1, 20.0), Step("swan", 1, 0.0)))
    run = Run(plan).feed(shoot(all_fours, plane_set("right")))
    assert run.workout.stage == "rest"
    scene = run.workout.scene
    assert "Swan" in scene.detail
    assert scene.seconds == pytest.approx(20.0, abs=5.0)
    run.wait(25.0)
    assert "next" in run.keys
    assert run.workout.exercise.id == "swan"


def test_pause_stops_judging_and_the_clock_of_the_rest() -> None:
    plan = Plan("two", (Step("plane", 1, 20.0), Step("swan", 1, 0.0)))
    run = Run(plan).feed(shoot(all_fours, plane_set("right")))
    run.wait(2.0)
    left = run.workout.scene.seconds
    assert left is not None
    run.workout.pause()
    run.wait(100.0)
    assert run.workout.scene.kind == "paused"
    run.workout.pause()
    assert run.workout.scene.seconds == pytest.approx(left, abs=0.01)


def test_what_is_done_in_a_pause_does_not_count_and_what_was_under_way_is_kept() -> None:
    track = shoot(all_fours, plane_set("right", "left", "right"))
    session = Session(get_exercise("plane"))
    for o in track:
        session.update(o)
    session.finish()
    assert len(session.judge.reps) == 3
    second = session.judge.reps[1]
    run = Run(single_plan("plane", 0))
    middle = (second.start_s + second.end_s) / 2
    run.feed(o for o in track if o.t < middle)
    run.workout.pause()
    run.feed(o for o in track if middle <= o.t < second.end_s + 0.5)
    run.workout.pause()
    run.feed(o for o in track if o.t >= second.end_s + 0.5)
    assert [c for _, _, c in run.diary.reps] == [True, False, True]


def test_skip_and_repeat() -> None:
    run = Run(routine_plan())
    run.wait(1.0)
    assert run.workout.exercise.id == "ball-warmup"
    run.workout.skip()
    run.wait(0.2)
    assert run.workout.exercise.id == "shoulder-bridge"
    run.workout.repeat()
    assert run.workout.exercise.id == "shoulder-bridge"
    for _ in range(8):
        run.workout.skip()
    assert run.workout.stage == "summary"
    run.workout.skip()
    assert run.workout.done


def test_repeat_begins_the_count_again_and_keeps_what_was_done() -> None:
    track = shoot(all_fours, plane_set("right"))
    run = Run(single_plan("plane", 3)).feed(track)
    run.workout.repeat()
    run.feed(later(track, run.t + 0.1))
    run.workout.finish()
    assert [len(r.reps) for r in run.diary.results] == [1, 1]
    assert [i for _, i, _ in run.diary.reps] == [1, 1]


def spoken(run: Run, key: str) -> list[str]:
    return [u.text for u in run.said if u.key == key]


def test_skipping_and_repeating_are_answered() -> None:
    plan = Plan("two", (Step("plane", 3), Step("swan", 3)))
    run = Run(plan, introduce=True).feed(shoot(all_fours, plane_set("right")))
    assert run.workout.stage == "work"
    run.workout.repeat()
    run.wait(0.2)
    assert run.kinds[-1] == "setup", "whoever was in the middle of it knows it"
    assert spoken(run, "next") == ["Once more from the beginning."]
    run.workout.skip()
    run.wait(0.2)
    assert spoken(run, "intro")[-1].startswith("Skipped. Next: Swan. ")
    run.workout.repeat()
    run.wait(0.2)
    assert "Lie on your stomach" in spoken(run, "intro")[-1], "an introduction not heard out is given again"


def test_the_name_of_an_exercise_always_comes_with_its_introduction() -> None:
    plan = Plan("two", (Step("plane", 1, 20.0), Step("swan", 3)))
    run = Run(plan, introduce=True).feed(shoot(all_fours, plane_set("right", "left")))
    assert run.workout.stage == "rest"
    run.wait(21.0)
    assert run.workout.stage == "intro"
    assert spoken(run, "next") == ["Next: Swan."]
    assert spoken(run, "intro")[-1].startswith("Next: Swan. Lie on your stomach")
    run.workout.repeat()
    run.wait(0.2)
    assert spoken(run, "intro")[-1].startswith("Once more from the beginning. Swan. Lie on your stomach")


def test_without_introductions_the_exercises_of_a_plan_are_named_all_the_same() -> None:
    run = Run(Plan("two", (Step("plane", 1), Step("swan", 3)))).wait(0.2)
    run.workout.skip()
    run.wait(0.2)
    assert spoken(run, "next") == ["We begin with: Plane.", "Skipped. Next: Swan."]
    assert spoken(Run(single_plan("plane")).wait(0.2), "next") == []


def test_balancing_shows_its_longest_in_the_summary() -> None:
    exercise = get_exercise("ball-kneel")
    session = Session(exercise)
    session.judge.reps.append(Rep(1, None, 0.0, 5.0, 10.0, 7.3, True, None))
    done = SetResult(Step("ball-kneel"), exercise, Target(5), session, 0.0, 12.0, False)
    head, row = SceneBook(single_plan("ball-kneel"), Phrases("en")).summary([done]).lines
    assert "Longest balance" in head
    assert "7.3 s" in row


def test_out_of_position_in_the_middle_of_a_set_the_start_position_is_shown_again() -> None:
    track = shoot(all_fours, plane_set("right", "left"))
    other = shoot(side_support, dips(3))
    run = Run(single_plan("plane", 6)).feed(track)
    run.feed(o for o in later(other, run.t + 0.1) if o.t < run.t + ASTRAY_S + 3.0)
    assert run.kinds[-1] == "setup"
    assert run.workout.stage == "work"


def test_who_leaves_the_picture_pauses_and_goes_on_after_the_set_up() -> None:
    track = shoot(all_fours, plane_set("right", "left"))
    gone = without(shoot(side_support, dips(3)), 0.0, 1e9)
    run = Run(single_plan("plane", 6)).feed(track)
    run.feed(o for o in later(gone, run.t + 0.1) if o.t < run.t + 6.0)
    scene = run.workout.scene
    assert (scene.kind, scene.detail) == ("paused", Phrases("en").advice("nobody"))
    assert not run.workout.paused, "nobody need press anything"
    run.feed(later(track, run.t + 0.1))
    assert run.kinds[run.kinds.index("paused") :] == ["paused", "setup", "countdown", "work"]
    assert [c for _, _, c in run.diary.reps].count(True) == 4


def test_finish_judges_what_is_under_way_once() -> None:
    track = shoot(all_fours, plane_set("right", "left"))
    run = Run(single_plan("plane", 0)).feed(o for o in track if o.t < track.t[-1] * 0.75)
    run.workout.finish()
    run.workout.finish()
    assert len(run.diary.results) == 1
    assert run.workout.done


@pytest.mark.parametrize("lang", ["en", "pl"])
def test_every_scene_of_the_routine_has_words(lang: str) -> None:
    run = Run(routine_plan(), lang=lang, introduce=True)
    seen = set()
    for _ in range(len(routine_plan().steps) + 1):
        run.wait(0.2)
        for scene in (run.workout.scene, run.workout._book.rest(0, 10.0, 20.0)):
            seen.add(scene.kind)
            assert scene.headline
        run.workout.pause()
        assert not run.workout.paused or run.workout.scene.headline
        if run.workout.paused:
            run.workout.pause()
        run.workout.skip()
    assert {"intro", "rest", "summary"} <= seen
    assert all(u.text for u in run.said)
