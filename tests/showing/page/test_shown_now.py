"""One list of what is wrong now: banner, coloured segments, rings and voice agree on every frame of every fault."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest

from formcheck.coaching.coach.cues import CueScheduler
from formcheck.coaching.coach.phrases import Phrases
from formcheck.coaching.coach.shown_now import wrong_now
from formcheck.judging.exercises import get_exercise
from formcheck.judging.rules.records import FaultSeen, RepDone
from formcheck.judging.session.moment import Moment
from formcheck.judging.session.session import Session
from formcheck.showing.draw import Labels, Overlay
from formcheck.showing.draw.cues import CueBoard
from formcheck.showing.draw.joints import DrawnBody
from formcheck.showing.draw.states import BONES_OF, States, judge_parts
from formcheck.showing.draw.style import BAD

from ...judging.exercises.test_faults_throughout import TABLE, Row
from ..draw.test_overlay import body, moment

#: Every how many frames a picture is looked at.
EVERY = 4
#: Drawing takes time: faults at hands and feet, which move the furthest, and in long holds.
PICTURED = [
    r
    for r in TABLE
    if r.name
    in {
        "ball-kneel-hands-on-ball",
        "toe-squat-heels-drop",
        "plane-leg-low",
        "side-plank-arm-off-vertical",
        "swan-legs-lift",
        "ball-warmup-shoulders-move",
    }
]


@cache
def moments(row: Row) -> tuple[tuple[Moment, ...], tuple[int, int]]:
    """A film of a fault, judged."""
    session = Session(get_exercise(row.exercise), notes=False)
    track = row.scene.track
    found = [m for o in track for m in session.update(o)]
    return (*found, *session.finish()), track.size


def frames(row: Row) -> Iterator[tuple[Moment, CueBoard, DrawnBody, States]]:
    exercise = get_exercise(row.exercise)
    board = CueBoard(exercise, Labels())
    found, size = moments(row)
    for k, m in enumerate(found):
        board.update(m)
        figure = DrawnBody.of(m, size, (1.0, 1.0), False)
        if figure is not None and (k % EVERY == 0 or m.events):
            yield m, board, figure, judge_parts(exercise, m, figure, board.faults)


def drawn_bad(states: States, joint: str) -> bool:
    """Whether the bones at a joint are in the colour of a fault, on any side; the middle has none but the line."""
    return any(states.bones.get((a, b, s)) == BAD for a, b in BONES_OF[joint] for s in ("left", "right", "mid"))


@pytest.mark.parametrize("row", TABLE, ids=lambda r: r.name)
def test_banner_segments_and_rings_show_one_list(row: Row) -> None:
    exercise = get_exercise(row.exercise)
    seen = set()
    for m, board, _, states in frames(row):
        shown = {w.id for w in board.faults}
        assert set(m.faults) <= shown or m.problem is not None
        assert set(states.marks) == {w.id for w in board.faults if w.joints}
        if board.cue is not None and board.cue.kind == "fault":
            assert board.cue.fault in shown and board.cue.text == next(
                w.cue for w in board.faults if w.id == board.cue.fault
            )
        for w in board.faults:
            assert all(drawn_bad(states, j.partition(":")[0]) for j in w.joints)
        for what, _, _, state in states.angles:
            assert (state == BAD) == any(
                c in w.checks for w in board.faults for c in exercise.drawing.shown_by(what, exercise.checks)
            )
        if states.line is not None:
            about = exercise.drawing.shown_by("line", exercise.checks)
            assert (states.line[1] == BAD) == any(c in w.checks for w in board.faults for c in about)
        seen |= shown
    assert row.fault in seen or row.fault == "ball-lost", "a ball's place is no part of these films"


@pytest.mark.parametrize("row", TABLE, ids=lambda r: r.name)
def test_the_voice_corrects_only_what_is_shown_or_was_in_the_attempt_just_over(row: Row) -> None:
    exercise = get_exercise(row.exercise)
    board, voice = CueBoard(exercise, Labels()), CueScheduler(exercise, Phrases("en"))
    over: set[str] = set()
    for m in moments(row)[0]:
        board.update(m)
        over = next(({f.id for f in e.rep.faults} for e in m.events if isinstance(e, RepDone)), over)
        said = voice.update(m)
        if said is not None and said.key.startswith("fault:"):
            assert said.key.removeprefix("fault:") in {w.id for w in board.faults} | over


@pytest.mark.parametrize("row", PICTURED, ids=lambda r: r.name)
def test_no_box_lies_over_a_joint_at_fault_and_nothing_moves_in_a_hold(row: Row) -> None:
    exercise = get_exercise(row.exercise)
    found, size = moments(row)
    small = (640, round(640 * size[1] / size[0]))
    overlay = Overlay(exercise, small, scale=small[0] / size[0])
    ground = np.full((small[1], small[0], 3), 120, np.uint8)
    before: tuple[str, list] = ("", [])
    for m in found:
        overlay.draw(ground, m)
        figure = DrawnBody.of(m, small, (small[0] / size[0],) * 2, False)
        if before[0] == m.phase == "hold":
            assert overlay.boxes[0] == before[1][0], "the counter stays"
        before = m.phase, overlay.boxes
        if figure is None:
            continue
        states = judge_parts(exercise, m, figure, overlay.faults)
        for joints in states.marks.values():
            for x, y in (p for j in joints if (p := figure.at(j)) is not None):
                assert not any(bx < x < bx + w and by < y < by + h for bx, by, w, h in overlay.boxes)


def test_the_angle_that_decided_is_the_one_shown() -> None:
    plane = get_exercise("plane")
    m = moment(faults=("hip-sag",), phase="hold", sample={"arch": 34.0, "support_thigh": 115.0, "thigh_off": 25.0})
    (wrong,) = wrong_now(plane, m)
    assert (wrong.signal, wrong.value, wrong.limit, wrong.unit) == ("arch", 34.0, 22.0, "deg")
    for lang, words in (("en", "back 34° of 22°"), ("pl", "plecy 34° z 22°")):
        labels = Labels(**Phrases(lang).labels(plane))
        assert labels.measured(wrong.signal, 34.0, 22.0) == words
    # How far below: nobody reads two minus signs.
    assert labels.measured("arm_level", -30.0, -15.0) == "ręka 30° z 15°"


@pytest.mark.parametrize("lang", ["en", "pl"])
def test_every_angle_that_may_decide_has_a_name(lang: str) -> None:
    phrases = Phrases(lang)
    for e in {r.exercise for r in TABLE}:
        exercise = get_exercise(e)
        names = phrases.measures(exercise)
        for c in exercise.checks:
            if c.joints and c.limit and exercise.limits[c.limit].unit == "deg":
                assert (c.signal or c.id) in names, (e, c.id)


def test_beyond_the_limit_but_not_yet_a_fault_is_not_green() -> None:
    plank = get_exercise("side-plank")
    image = body()
    figure = DrawnBody.of(moment(image=image), (640, 360), (1.0, 1.0), False)
    assert figure is not None
    for dev, bad in ((5.0, False), (31.0, False)):
        m = moment(image=image, sample={"line_dev": dev, "line": 180.0 - dev})
        states = judge_parts(plank, m, figure)
        assert states.line is not None
        assert (states.line[1] == BAD) is bad
    assert states.line[1] < 2, "neither green nor red"


def test_nobody_is_told_the_position_who_is_in_it() -> None:
    board = CueBoard(get_exercise("plane"), Labels())
    board.update(moment(0.0, image=body(), phase="away"))
    assert board.cue is not None and board.cue.kind == "position"
    board.update(moment(0.1, image=body()))
    assert board.cue is None


@pytest.mark.parametrize(
    ("name", "cause", "effect"),
    [("ball-kneel-hip-bent", "hip-bent", "trunk-lean"), ("plane-hip-sag", "hip-sag", "leg-high")],
)
def test_what_another_fault_brings_along_is_neither_shown_nor_spoken_of(name: str, cause: str, effect: str) -> None:
    row = next(r for r in TABLE if r.name == name)
    found = moments(row)[0]
    assert effect in get_exercise(row.exercise).explains[cause]
    assert any(cause in m.faults for m in found)
    assert not any(effect in m.faults for m in found)
    assert not any(isinstance(e, FaultSeen) and e.id == effect for m in found for e in m.events)
