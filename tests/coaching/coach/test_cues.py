"""What is said during an exercise: prompt counts, one correction at a time, no nagging, praise, quiet as holds end."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from formcheck.coaching.coach.cues import CueScheduler
from formcheck.coaching.coach.phrases import Phrases
from formcheck.coaching.coach.plan import Target
from formcheck.coaching.voice.utterances import CORRECTION, COUNT, FLOW, speech_seconds
from formcheck.judging.exercises import exercises, get_exercise
from formcheck.judging.measure.view import View
from formcheck.judging.rules.records import FaultOver, FaultSeen, FaultSpan, PositionLost, Rep, RepDone, RepStarted
from formcheck.judging.session.moment import Moment
from formcheck.judging.session.session import Session

from ...judging.exercises.stick import all_fours, plane_set, shoot

EN = Phrases("en")


def span(fault, start=0.0, end=1.0):
    return FaultSpan(fault, start, end, None, None, "", "major")


def rep(t, *faults, counted=True, why=None, side=None, block=None, hold=0.0, start=None, cut=None):
    begin = t - 1.5 if start is None else start
    return Rep(1, side, begin, t - 0.5, t, hold, counted, why, tuple(span(f) for f in faults), block=block, cut=cut)


def quiet(said):
    """Leave out the cues for belly and breath."""
    return [x for x in said if not x[1].startswith(("chat:", "breath:"))]


class Story:
    """Feeds moments at 20 a second to a scheduler, and writes down what it says; the voice takes its usual time."""

    def __init__(self, exercise, *, step=0.05, **how):
        self.e = get_exercise(exercise)
        self.cues = CueScheduler(self.e, EN, **how)
        self.t, self.step = 0.0, step
        self.said, self.times, self.utterances = [], [], []
        self.counts = {"total": 0, "left": 0, "right": 0}
        self.busy_until = -1.0
        self.hold = 0.0

    def moment(self, phase="start", *, faults=(), events=(), problem=None, sample=True):
        self.hold = self.hold if phase == "hold" else 0.0
        for e in events:
            if isinstance(e, RepDone) and e.rep.counted:
                self.counts = {**self.counts, "total": self.counts["total"] + 1}
                if e.rep.side:
                    self.counts[e.rep.side] += 1
        measures = {c.signal: 1.0 for c in self.e.checks} if sample is True else sample or {}
        m = Moment(self.t, None, measures, 1.0, View(), phase, None, self.hold, tuple(faults),
                   problem, tuple(events), dict(self.counts))  # fmt: skip
        u = self.cues.update(m, speaking=self.t < self.busy_until)
        if u is not None:
            self.said.append((u.text, u.key))
            self.times.append(round(self.t, 2))
            self.utterances.append(u)
            self.busy_until = self.t + speech_seconds(u.text) - 0.3
        self.t += self.step
        if phase == "hold":
            self.hold += self.step
        return u

    def run(self, seconds, phase="start", **how):
        for _ in range(round(seconds / self.step)):
            self.moment(phase, **how)
        return self

    def begin(self, phase="move"):
        self.moment(phase, events=[RepStarted(self.t)])
        return self

    def done(self, *faults, lost=False, **how):
        events = [RepDone(self.t, rep(self.t, *faults, **how))]
        self.moment("away" if lost else "start", events=[*events, *([PositionLost(self.t)] if lost else [])])
        return self

    def fault(self, name, seconds, phase="hold"):
        """A fault that lasts for some time."""
        self.moment(phase, faults=[name], events=[FaultSeen(self.t, name, self.t - 0.5, 0.0, 0.0)])
        return self.run(seconds, phase, faults=[name])

    @property
    def keys(self):
        return [k for _, k in quiet(self.said)]

    @property
    def texts(self):
        return [x for x, k in quiet(self.said)]


# ---- counting ------------------------------------------------------------------------------------------------
def test_a_repetition_is_counted_in_the_moment_it_is_done():
    s = Story("toe-squat").run(1)
    for _ in range(3):
        s.run(2).done()
    assert s.texts == ["1", "2", "3"]
    assert s.utterances[0].priority == COUNT
    assert s.times == [round(u.t, 2) for u in s.utterances] == [3.0, 5.05, 7.1]


def test_counts_are_said_though_the_voice_is_busy():
    s = Story("toe-squat")
    s.busy_until = 100.0
    s.run(2).fault("knees-cave", 1, "move").done()
    assert s.texts == ["1"]


def test_the_last_but_one_is_announced():
    s = Story("swan")
    for _ in range(5):
        s.run(3).done()
    assert s.texts == ["1", "2", "3", "4. One more.", "5"]
    endless = Story("swan", target=Target(0))
    for _ in range(6):
        endless.run(3).done()
    assert endless.texts == [f"{n}" for n in range(1, 7)]


def test_who_goes_on_beyond_the_target_is_counted_on():
    s = Story("toe-squat", target=Target(2))
    for _ in range(4):
        s.run(3).done()
    assert s.texts == ["1", "2", "3", "4"]


def test_sides_are_counted_apart_and_named_where_they_begin():
    s = Story("side-plank", target=Target(2, ("left", "right")))
    for side in ("left", "left", "right", "right"):
        s.run(3).done(side=side)
    assert s.texts == ["Left side, 1", "2. Now the other side.", "1", "2"]
    assert s.utterances[1].priority == FLOW


def test_blocks_are_counted_apart_in_any_order():
    s = Story("ball-warmup", target=Target(2, ("tilt", "sideways")))
    for block in ("sideways", "tilt", "sideways", "tilt"):
        s.run(3).done(block=block)
    assert s.texts == ["Left and right, 1", "Forward and back, 1", "2. Now forward and back.", "2"]


def test_long_holds_that_alternate_ask_for_the_other_side():
    s = Story("plane", target=Target(4))
    for side in ("right", "left", "right", "left"):
        s.run(3).done(side=side, hold=10.0)
    assert s.texts == ["1. Change sides.", "2. Change sides.", "3. Change sides, last one.", "4"]


def test_tries_tell_their_seconds_and_the_best():
    s = Story("ball-kneel")
    for hold in (4.2, 3.0, 9.9, 0.0):
        s.run(4).done(hold=hold, lost=True)
    assert s.texts == ["Try 1: 4 seconds.", "Try 2: 3 seconds.", "Try 3: 9 seconds, your best today.", "4. One more."]


# ---- attempts that do not count ------------------------------------------------------------------------------
def test_an_attempt_that_does_not_count_is_said_with_the_fault_that_explains_it():
    s = Story("plane").run(2).done("arm-low", "same-side-pair", "short-hold", counted=False, why="x", side="right")
    assert s.said[-1] == ("Not counted. Raise the opposite arm and leg.", "not-counted:same-side-pair")


def test_why_it_does_not_count_is_said_in_one_of_three():
    s = Story("shoulder-bridge")
    for _ in range(7):
        s.run(3).done("short-hold", counted=False, why="held 0.5 s of 1 s", side="left")
    why = "Not counted. Hold it longer."
    assert s.texts == [why, "Not counted.", "Not counted.", why, "Not counted.", "Not counted.", why]


def test_one_without_a_known_fault_is_said_all_the_same():
    assert Story("plane").run(2).done(counted=False, why="only the arm was raised").texts == ["Not counted."]


def test_what_was_not_seen_is_not_blamed_on_the_person():
    s = Story("plane").run(2).done(counted=False, cut="gap", lost=True)
    assert s.texts == [EN.say("unseen")]


def test_getting_up_in_the_middle_is_not_commented_on():
    assert Story("swan").run(2).done("short-hold", counted=False, why="x", lost=True).texts == []


# ---- holds ---------------------------------------------------------------------------------------------------
def test_a_long_hold_is_told_half_way_then_counted_down_to_its_end():
    s = Story("plane").run(1).begin().run(0.5, "move").run(12, "hold")
    assert s.texts == ["Half way.", "3", "2", "1", "And down."]
    start = 1.55
    at = [round(t - start, 1) for t, (_, k) in zip(s.times, s.said, strict=True) if k.startswith("hold:")]
    assert at == pytest.approx([5.0, 6.9, 7.9, 8.9, 10.0], abs=0.11)


def test_nothing_but_the_count_is_said_in_the_last_three_seconds():
    s = Story("plane").run(1).begin().run(6.5, "hold").fault("hip-sag", 4.5, "hold")
    assert s.texts == ["Half way.", "3", "2", "1", "And down."]
    s.done("hip-sag", side="right", hold=11.0).run(2.4)
    assert s.keys[-2:] == ["rep", "fault:hip-sag"], "what there was no time for is said afterwards"


def test_a_broken_hold_is_counted_anew():
    s = Story("plane").run(1).begin().run(8.2, "hold").run(0.5, "move").run(10.5, "hold")
    assert s.texts == ["Half way.", "3", "2", "Half way.", "3", "2", "1", "And down."]


def test_short_holds_are_taught_twice_and_again_after_one_too_short():
    s = Story("shoulder-bridge", target=Target(9))
    for n in range(4):
        s.run(2).begin().run(1.4, "hold").run(0.4, "move").done(side="left" if n % 2 else "right")
    assert s.texts == ["Hold.", "And change.", "1", "Hold.", "And change.", "2", "And change.", "3", "And change.", "4"]
    s.run(2).begin().run(0.5, "hold").done("short-hold", counted=False, why="x", side="right")
    s.run(4).begin().run(0.5, "hold")
    assert s.texts[-2:] == ["Not counted. Hold it longer.", "Hold."]


def test_holds_without_a_length_tell_the_seconds_reached_only_where_they_are_tries():
    assert Story("ball-kneel").run(1).begin().run(16, "hold").texts == ["5 seconds.", "10 seconds.", "15 seconds."]
    assert Story("heel-bridge").run(1).begin().run(9, "hold").texts == []


def test_the_hold_in_force_is_counted_not_the_prescribed_one():
    assert Story("plane", hold_s=6.0).run(1).begin().run(6.5, "hold").texts == ["3", "2", "1", "And down."]


# ---- corrections ---------------------------------------------------------------------------------------------
def test_the_gravest_fault_is_spoken_of_and_what_it_brings_along_is_not():
    s = Story("plane").run(1).begin()
    both = [FaultSeen(s.t, f, s.t - 1, 0.0, 0.0) for f in ("leg-high", "hip-sag")]
    s.moment("hold", faults=["leg-high", "hip-sag"], events=both)
    s.run(5, "hold", faults=["leg-high", "hip-sag"])
    assert [k for k in s.keys if k.startswith("fault")] == ["fault:hip-sag"]


def test_two_faults_are_spoken_of_one_after_the_other():
    s = Story("side-plank").run(1).fault("hip-sag", 3, "start")
    s.moment("start", faults=["hip-sag", "feet-apart"], events=[FaultSeen(s.t, "feet-apart", s.t, 0.0, 0.0)])
    s.run(3, "start", faults=["hip-sag", "feet-apart"])
    assert s.keys == ["fault:hip-sag", "fault:feet-apart"]
    assert s.times[1] - s.times[0] >= 4


@pytest.mark.parametrize(("every", "told"), [(1, [1, 2, 3, 4, 5, 6, 7]), (2, [1, 3, 5, 7]), (3, [1, 4, 7])])
@pytest.mark.parametrize("within", [True, False])
def test_a_fault_that_stays_is_spoken_of_in_one_of_so_many_repetitions(every, told, within):
    s, out = Story("side-plank", correct_every=every, target=Target(20)).run(1), []
    for n in range(1, 8):
        s.begin()
        before = len(s.keys)
        if within:
            s.fault("arm-off-vertical", 5, "move")
        else:
            s.run(5, "move")
        s.done("arm-off-vertical" if within else "small-dip", side="left", counted=True).run(5)
        out += [n] if any(k.startswith("fault:") for k in s.keys[before:]) else []
    assert out == told


def test_a_fault_that_stays_where_no_repetition_ends_is_spoken_of_now_and_then():
    s = Story("side-plank").run(1).fault("arm-off-vertical", 65, "start")
    assert s.keys == ["fault:arm-off-vertical"] * 4
    assert [round(b - a) for a, b in pairwise(s.times)] == [20, 20, 20]


def test_a_fault_that_is_not_on_any_more_is_not_spoken_of():
    s = Story("side-plank").run(1)
    s.busy_until = s.t + 2
    s.fault("arm-off-vertical", 1, "start").run(4)
    assert s.keys == []


def test_a_fault_of_the_hold_is_not_spoken_of_on_the_way_down():
    s = Story("plane").run(1).begin()
    s.busy_until = s.t + 2
    s.fault("leg-low", 1, "hold").run(3, "move", faults=["leg-low"])
    assert s.keys == []


def test_a_fault_on_the_way_back_from_a_hold_waits_for_the_number():
    s = Story("swan").run(2).begin().run(1, "move").run(2.6, "hold").fault("legs-lift", 1, "move")
    s.done("legs-lift", hold=2.5).run(2)
    assert s.keys == ["hold:begun", "hold:over", "rep", "fault:legs-lift"]


def test_a_second_time_does_not_talk_over_the_number():
    s = Story("toe-squat")
    for _ in range(4):
        s.run(1.2).begin().run(0.8, "move").fault("arms-drop", 1.0, "move").done("arms-drop")
    s.run(2)
    assert s.texts == ["Arms up to shoulder height.", "1", "2", "3", "4", "Arms up to shoulder height."]


def test_what_the_end_of_a_repetition_tells_is_said_after_its_number():
    s = Story("toe-squat").run(2).done("shallow").run(2)
    assert s.texts == ["1", "Squat a little deeper."]
    assert s.times[1] - s.times[0] < 1.0


def test_what_came_too_late_is_left_out():
    s = Story("toe-squat").run(2).done("shallow")
    s.busy_until = s.t + 4
    assert s.run(5).texts == ["1"]


# ---- praise --------------------------------------------------------------------------------------------------
def test_putting_a_fault_right_is_praised_once_it_lasts():
    s = Story("side-plank").run(1).fault("hip-sag", 3, "start")
    s.moment("start", events=[FaultOver(s.t, span("hip-sag"))])
    s.run(1)
    assert s.keys == ["fault:hip-sag"]
    s.run(0.5)
    assert s.said[-1] == ("Good, one straight line.", "mended:hip-sag")


def test_a_fault_that_cannot_be_seen_any_more_is_not_mended():
    s = Story("shoulder-bridge").run(1).fault("knee-angle", 3, "start")
    s.moment("start", events=[FaultOver(s.t, span("knee-angle"))])
    s.run(3, sample={"knee_off": float("nan"), "sag": 0.0}).begin()
    s.run(3, "hold", sample={"knee_off": float("nan"), "sag": 0.0}).done(side="left").run(1)
    assert not any(k.startswith("mended") for k in s.keys)


def test_a_fault_that_comes_back_or_was_in_the_attempt_is_not_mended():
    back = Story("side-plank").run(1).fault("hip-sag", 3, "start")
    back.moment("start", events=[FaultOver(back.t, span("hip-sag"))])
    back.run(0.8).fault("hip-sag", 3, "start")
    listed = Story("side-plank").run(1).begin().fault("rotated", 3, "move")
    listed.moment("move", events=[FaultOver(listed.t, span("rotated"))])
    listed.done("rotated", side="left").run(4)
    assert not any(k.startswith("mended") for k in back.keys + listed.keys)


def test_a_fault_that_ends_because_the_movement_does_is_not_praised():
    s = Story("plane").run(1).begin().fault("leg-low", 3, "hold")
    s.moment("move", events=[FaultOver(s.t, span("leg-low"))])
    s.run(3, "move")
    assert s.keys == ["fault:leg-low"]


def test_a_fault_of_the_start_that_ends_as_the_repetition_begins_is_not_praised():
    s = Story("side-lift").run(1).fault("line-bent", 3, "start").begin()
    s.moment("move", events=[FaultOver(s.t, span("line-bent"))])
    s.run(3, "move")
    assert s.keys == ["fault:line-bent"]


def test_the_next_repetition_without_the_fault_is_praised_but_not_every_time():
    s = Story("toe-squat", target=Target(50))
    for n in range(12):
        s.run(4.5).done(*(["shallow"] if n % 2 == 0 else []))
    assert 1 <= sum(k == "mended:shallow" for k in s.keys) <= 2
    assert s.keys.index("mended:shallow") > s.keys.index("fault:shallow")


def test_the_other_side_done_well_does_not_mend_a_fault_of_this_side():
    s = Story("plane").run(1).begin().fault("leg-low", 3, "hold").done("leg-low", side="left", hold=10.0).run(2)
    s.run(3).begin().run(3, "hold").done(side="right", hold=10.0).run(2)
    assert not any(k.startswith("mended") for k in s.keys)
    s.run(3).begin().run(3, "hold").done(side="left", hold=10.0, start=s.t - 3).run(2)
    assert s.keys[-1] == "mended:leg-low"


def test_a_fault_never_spoken_of_is_not_praised():
    assert Story("toe-squat").run(3).done().run(3).done().run(3).texts == ["1", "2"]


# ---- breath and belly ----------------------------------------------------------------------------------------
def said_of(story, prefix):
    return [x for x, k in story.said if k.startswith(prefix)]


def test_the_swan_breathes_in_on_the_way_up_and_out_on_the_way_down():
    s = Story("swan").run(2).begin().run(1, "move").run(2.6, "hold").run(1, "move").done(hold=2.5)
    assert [x for x, _ in s.said] == ["Breathe in.", "Hold.", "Breathe out, and down.", "1"]


def test_breath_is_led_in_some_repetitions_only():
    s = Story("side-plank", target=Target(20, ("left", "right")))
    for _ in range(8):
        s.run(2).begin().run(1.5, "move").done(side="left")
    assert len(said_of(s, "breath:")) == 4


def test_an_even_breath_belongs_to_the_long_hold():
    s = Story("plane").run(1).begin().run(4.8, "hold")
    assert said_of(s, "breath:") == ["Breathe evenly."]


def test_general_cues_are_rare_and_leave_room():
    s = Story("side-lift").run(120)
    texts = [x for x, k in s.said if k.startswith("chat:")]
    assert texts[:2] == ["Navel to the spine.", "Keep breathing."]
    assert len(texts) <= 4 and s.times[0] >= 10
    assert min(b - a for a, b in pairwise(s.times)) >= 30


# ---- the picture ---------------------------------------------------------------------------------------------
def test_faults_are_not_spoken_of_while_the_picture_is_bad():
    s = Story("side-plank").run(1).run(0.9, faults=["hip-sag"], problem=("cut off", "x"))
    assert s.said == []


# ---- always --------------------------------------------------------------------------------------------------
@settings(max_examples=60, deadline=None)
@given(st.data())
def test_never_two_corrections_close_together_and_never_an_empty_word(data):
    exercise = data.draw(st.sampled_from(sorted(exercises())))
    s = Story(exercise, step=0.1)
    ids = sorted({c.id for c in s.e.checks})
    for _ in range(data.draw(st.integers(3, 12))):
        s.run(data.draw(st.floats(0.5, 4)))
        s.begin()
        on = data.draw(st.lists(st.sampled_from(ids), max_size=3, unique=True))
        s.run(data.draw(st.floats(0.5, 4)), data.draw(st.sampled_from(["move", "hold"])), faults=on)
        side = data.draw(st.sampled_from(["left", "right"]))
        s.done(*on, counted=data.draw(st.booleans()), why="x", side=side, hold=1.0)
    corrections = [u.t for u in s.utterances if u.priority == CORRECTION and u.key.startswith("fault")]
    assert all(b - a >= 4 - 1e-6 for a, b in pairwise(corrections))
    assert all(u.text and u.key and u.good_for_s > 0 for u in s.utterances)
    assert sum(u.key == "rep" for u in s.utterances) == s.counts["total"]


def test_a_real_set_reads_like_a_coach():
    session = Session(get_exercise("plane"), live=True)
    cues = CueScheduler(session.exercise, EN, target=Target(2))
    said, busy = [], -1.0
    moments = [m for o in shoot(all_fours, plane_set("right", "left", hold=10.6)) for m in session.update(o)]
    for m in moments:
        u = cues.update(m, speaking=m.t < busy)
        if u is not None:
            busy = m.t + speech_seconds(u.text) - 0.3
            said.append((u.text, u.key))
    hold = ["Half way.", "3", "2", "1", "And down."]
    assert [x for x, _ in quiet(said)] == [*hold, "1. Change sides.", *hold, "2"]
    assert len(said) - len(quiet(said)) <= 2
