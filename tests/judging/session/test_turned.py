"""Pictures that lie on their side or stand on their head are named, with the turn that puts them right; others not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from formcheck.analysis.clip import analyze_clip
from formcheck.judging.exercises import exercises, get_exercise
from formcheck.judging.session.session import Session
from formcheck.judging.session.turned import TurnWatch, _belly_down, _beside, _Look
from formcheck.sight.pose.landmarks import JOINT, Landmark
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
    rolled,
    shoot,
    side_support,
    standing,
)

#: The numbers stand here a second time, on purpose: one that is moved parts other values than these.
FALLING_SHARE, KEEP_S, STEP_S = 0.3, 120.0, 0.09
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


@pytest.mark.parametrize(("frames", "said"), [(29, 0), (30, 1)])
def test_thirty_looks_at_a_body_are_enough_to_tell(frames, said):
    track = shoot(standing, Motion(STANDING).wait(3.2), fps=10).turned(180)
    watch = TurnWatch()
    for o in list(track)[:frames]:
        watch.update(o)
    assert len(watch.notes()) == said


@pytest.mark.parametrize(("step", "kept"), [(0.1, 1201), (0.08, 751)])
def test_what_was_seen_is_kept_eleven_times_a_second_for_two_minutes(step, kept):
    watch = TurnWatch(get_exercise("plane"))
    (one, *_) = film("plane")
    for k in range(int(130.0 / step)):
        watch.update(replace(one, t=step * k))
    assert len(watch._kept) == pytest.approx(kept, abs=1)


@pytest.mark.parametrize(("share", "said"), [(0.56, 0), (0.64, 1)])
def test_a_picture_is_upside_down_if_the_hips_are_above_the_shoulders_for_most_of_the_time(share, said):
    up = shoot(standing, Motion(STANDING).wait(8), fps=10)
    down = up.turned(180)
    over = (np.arange(len(up.t)) < share * len(up.t))[:, None, None]
    mixed = up.with_poses(np.where(over, down.image, up.image), np.where(over, down.world, up.world))
    assert len(told(mixed, None)) == said


@pytest.mark.parametrize(("below", "inverted"), [(35.0, 0.0), (39.0, 1.0)])
def test_hips_are_above_the_shoulders_that_are_higher_by_most_of_the_trunk(below, inverted):
    # Upside down is 180 degrees; so far below the level it is the sine of that.
    track = shoot(standing, Motion(STANDING).wait(3))
    assert _Look(rolled(track, 90.0 + below)).inverted == inverted
    assert _Look(rolled(track, -90.0 - below)).inverted == inverted
    assert _Look(track).inverted == 0.0


# ---- what carries a body ---------------------------------------------------------------------------------------------
def column(**x):
    """One body whose joints stand one above the other, the feet lowest, but for some joints: how far beside (px)."""
    image = np.zeros((1, 33, 4))
    image[..., 1] = 100.0
    for side in ("left", "right"):
        for foot in ("heel", "ankle", "foot_index"):
            image[:, JOINT[foot][side], 1] = 400.0
        for joint, at in x.items():
            image[:, JOINT[joint][side], 0] = at
    return image


@pytest.mark.parametrize(
    ("joint", "share"),
    [("ear", 0.081), ("shoulder", 0.2765), ("elbow", 0.05), ("wrist", 0.022), ("hip", 0.3485), ("knee", 0.161)],
)
def test_each_part_of_the_body_has_its_share_of_the_mass(joint, share):
    assert _beside(column(**{joint: 100.0}), 10.0) == pytest.approx([100.0 * share])
    assert _beside(column(**{joint: -100.0}), 10.0) == pytest.approx([100.0 * share])


def test_a_body_is_carried_by_what_is_about_as_low_as_the_lowest_joint():
    image = column(ear=1000.0)
    hand = image[:, JOINT["wrist"]["left"]]
    hand[:, 0] = 200.0
    mass = 81.0 + 0.044 * 0.5 * 100.0
    for y, beside in ((389.0, mass), (391.0, 0.0)):
        hand[:, 1] = y
        assert _beside(image, 10.0) == pytest.approx([beside], abs=0.01)
    # Beyond the hand it falls over it.
    hand[:, 0], image[:, JOINT["ear"]["left"], 0] = 50.0, 1000.0
    assert _beside(image, 10.0) == pytest.approx([81.0 + 0.044 * 0.5 * 25.0 * 2 / 2 - 50.0], abs=0.6)


def facing(nose=0.0, toes=0.0, shank=0.0):
    """A lying body, head to the right: how far its nose and toes point up, and its shanks down, of 1."""
    image = np.zeros((1, 33, 4))
    for side in ("left", "right"):
        image[:, JOINT["heel"][side], :2] = image[:, JOINT["ankle"][side], :2] = [-100.0, 0.0]
        image[:, JOINT["foot_index"][side], :2] = [-100.0 - 50.0 * np.sqrt(1 - toes**2), -50.0 * toes]
        image[:, JOINT["knee"][side], :2] = [-100.0 + 50.0 * np.sqrt(1 - shank**2), -50.0 * shank]
    image[:, Landmark.NOSE, :2] = [20.0 * np.sqrt(1 - nose**2), -20.0 * nose]
    return float(_belly_down(image, np.array([[100.0, 0.0]]))[0])


@pytest.mark.parametrize(
    ("bones", "down"),
    [
        ({"nose": 0.31}, -1.0),
        ({"nose": 0.29}, 0.0),
        ({"nose": -0.31}, 1.0),
        ({"toes": 0.31}, -1.0),
        ({"shank": 0.31}, -1.0),
        ({"nose": -0.9, "toes": 0.9, "shank": 0.9}, -1.0),
        ({"nose": -0.9, "toes": -0.9, "shank": 0.9}, 1.0),
        ({"nose": -0.9, "toes": 0.9}, 0.0),
    ],
    ids=["nose up", "nose ahead", "nose down", "toes up", "knees up", "two up", "two down", "one each"],
)
def test_noses_toes_and_knees_tell_where_the_belly_faces_the_most_of_them(bones, down):
    assert facing(**bones) == pytest.approx(down)
