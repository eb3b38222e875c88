"""Pictures that lie on their side or stand on their head are named, with the turn that puts them right; others not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.analysis.clip import analyze_clip
from formcheck.judging.exercises import exercises, get_exercise
from formcheck.judging.session.session import Session
from formcheck.judging.session.turned import FALLING_SHARE, KEEP_S, STEP_S, TurnWatch, _Look
from formcheck.sight.pose.trackfile import write_track

from ..exercises import figures
from ..exercises.stick import (
    STANDING,
    Motion,
    all_fours,
    bridge,
    bridge_set,
    dips,
    judge,
    plane_set,
    shoot,
    side_support,
    standing,
)

FILMS = {
    "shoulder-bridge": lambda: shoot(bridge, bridge_set("right", "left")),
    "plane": lambda: shoot(all_fours, plane_set("right")),
    "side-plank": lambda: shoot(side_support, dips(2)),
    "standing": lambda: shoot(standing, Motion(STANDING).wait(8)),
    "toe-squat": lambda: still(8.0),
}
TRACKS = {}


def still(seconds):
    """On the toes with the arms stretched in front, seen from the right."""
    t = figures.clock(seconds)
    return figures.film(t, figures.standing(len(t), knee=np.full_like(t, 174.0)))


def film(name):
    if name not in TRACKS:
        TRACKS[name] = FILMS[name]()
    return TRACKS[name]


def told(track, exercise):
    """What is said of a film in which nothing was counted."""
    watch = TurnWatch(get_exercise(exercise) if exercise else None)
    for o in track:
        watch.update(o)
    return watch.notes()


@pytest.mark.parametrize("exercise", ["shoulder-bridge", "plane"])
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_film_of_a_lying_body_is_named_with_the_turn_that_puts_it_right(exercise, turn):
    shown = film(exercise).turned(360 - turn)
    assert judge(exercise, shown).judge.reps == [] or not any(r.counted for r in judge(exercise, shown).judge.reps)
    how = "stands on its head" if turn == 180 else "lies on its side"
    assert told(shown, exercise) == [f"The picture {how}: give --rotate {turn}."]


def test_who_stands_on_the_head_does_so_in_a_turned_picture():
    (said,) = told(film("toe-squat").turned(180), "toe-squat")
    assert said == "The picture stands on its head: give --rotate 180."
    upside_down = film("standing").turned(180)
    # Which turn puts it right is not known without an exercise, or where none fits.
    for exercise in (None, "plane"):
        assert told(upside_down, exercise) == [
            "The picture stands on its head or lies on its side: try --rotate 180, 90 or 270."
        ]


@pytest.mark.parametrize("name", FILMS)
def test_of_an_upright_film_nothing_is_said_whatever_is_asked_for(name):
    for exercise in (None, *exercises()):
        assert told(film(name), exercise) == [], exercise


def test_a_film_in_which_something_counted_is_upright():
    watch, session = TurnWatch(get_exercise("plane")), film("plane").turned(90)
    for o in session:
        watch.update(o)
    assert watch.notes(counted=1) == []
    assert len(watch.notes()) == 1


def test_no_more_is_kept_than_it_takes_and_nothing_once_something_counted():
    watch = TurnWatch(get_exercise("plane"))
    track = film("plane")
    (one, *_) = track
    for k in range(int(2 * KEEP_S / 0.03)):
        watch.update(replace(one, t=0.03 * k))
    assert len(watch._kept) <= KEEP_S / STEP_S + 1
    session = Session(get_exercise("plane"))
    for o in track:
        watch.update(o, session.update(o))
    assert watch._kept == []


def test_a_few_frames_tell_nothing():
    short = film("standing").turned(180)
    watch = TurnWatch()
    for o in list(short)[:20]:
        watch.update(o)
    assert watch.notes() == []


def test_nobody_tells_nothing():
    nobody = film("standing").turned(180)
    nobody = nobody.with_poses(np.full_like(nobody.image, np.nan), np.full_like(nobody.world, np.nan))
    assert told(nobody, "plane") == []


def test_the_report_says_it_first_and_does_not_name_another_exercise(tmp_path):
    file = tmp_path / "lying.track.npz"
    write_track(film("shoulder-bridge").turned(90), file)
    notes = analyze_clip(file, "shoulder-bridge").report["notes"]
    assert notes[0] == "The picture lies on its side: give --rotate 270."
    assert not any("looks like" in n for n in notes)
    write_track(film("standing").turned(180), file)
    notes = analyze_clip(file, "auto").report["notes"]
    assert notes[0].startswith("The picture stands on its head or lies on its side")


@pytest.mark.parametrize(
    ("name", "turn", "falls"), [("standing", 0, False), ("toe-squat", 0, False), ("plane", 180, True)]
)
def test_a_body_falls_whose_middle_is_beside_what_carries_it(name, turn, falls):
    assert (_Look(film(name).turned(turn)).falling >= FALLING_SHARE) == falls
