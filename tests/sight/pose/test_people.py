"""Several people in the picture: who is followed, who is counted, and that no two are ever mixed."""

from pathlib import Path

import numpy as np
import pytest

from formcheck.errors import UsageError
from formcheck.sight.pose import estimator as estimator_module
from formcheck.sight.pose.choice import Follow, exercising, low
from formcheck.sight.pose.estimator import CHANGE_S, MediaPipePose
from formcheck.sight.pose.people import (
    AT_ONCE_S,
    FIRST_S,
    INSTEAD_LOW_S,
    INSTEAD_S,
    LOOK_EVERY,
    People,
    apart,
    same_place,
    spots,
)

from .puppets import SIZE, Model, Puppet, draw

FPS = 15.0
RED, GREEN, BLUE = (220, 30, 30), (30, 220, 30), (30, 30, 220)


def exerciser(**how) -> Puppet:
    return Puppet(**{"colour": RED, "x": 150, "y": 150, "height": 100, "figure": "all fours", **how})


def bystander(**how) -> Puppet:
    return Puppet(**{"colour": GREEN, "x": 30, "y": 60, "height": 150, "face": 2.0, **how})


@pytest.fixture
def show(monkeypatch):
    """Let an estimator see a film of puppets; return at each moment whom it followed, and how many it counted."""

    def run(film, follow=None):
        monkeypatch.setattr(estimator_module, "Landmarker", Model)
        frames = list(film)
        known = {p.colour: p for puppets in frames for p in puppets}
        monkeypatch.setattr(Model, "known", list(known.values()))
        monkeypatch.setattr(Model, "looks", 0)
        whom, counts, poses = [], [], []
        with MediaPipePose(Path("model.task"), follow=Follow.parse(follow)) as estimator:
            for k, puppets in enumerate(frames):
                pose = estimator.estimate(k / FPS, draw(puppets, seed=k))
                there = [p for p in puppets if pose is not None and apart(p.pose, pose) < 0.4]
                poses.append(pose)
                whom.append(None if pose is None else there[-1].colour if there else "nobody")
                counts.append(estimator.persons)
        return whom, counts, poses

    return run


def still(*puppets, seconds=4.0):
    return [list(puppets)] * int(seconds * FPS)


def passing(puppet, x0, x1, seconds):
    """Yield somebody who walks from one place to another."""
    for x in np.linspace(x0, x1, int(seconds * FPS)):
        yield Puppet(puppet.colour, float(x), puppet.y, puppet.height, puppet.figure, puppet.face)


# ---- whom ------------------------------------------------------------------------------------------------
def test_one_person_alone_is_followed_and_counted_as_one(show):
    whom, counts, _ = show(still(exerciser()))
    assert set(whom) == {RED} and set(counts) == {1}


def test_looking_for_others_costs_a_lone_person_next_to_nothing(show):
    frames = still(exerciser(), seconds=40)
    show(frames)
    # The places looked at at first, two second looks at the body, and then one look each LOOK_EVERY frames.
    assert Model.looks <= len(spots((SIZE[1], SIZE[0]))) + 3 + len(frames) / LOOK_EVERY


def test_who_exercises_is_followed_from_the_first_picture_though_a_bystanders_face_is_found_sooner(show):
    whom, counts, _ = show(still(bystander(), exerciser()))
    assert set(whom) == {RED}
    assert set(counts) == {2}


@pytest.mark.parametrize(
    ("follow", "expected"),
    [("left", GREEN), ("right", BLUE), ("largest", BLUE), ("1", GREEN), ("2", RED), ("3", BLUE)],
)
def test_whom_to_follow_can_be_chosen(show, follow, expected):
    film = still(bystander(), exerciser(y=160, height=85), Puppet(BLUE, 380, 20, 240), seconds=2)
    whom, counts, _ = show(film, follow)
    assert set(whom) <= {expected, None}
    assert whom.count(None) <= 3, "chosen at once"
    assert max(counts) == 3


def test_a_number_that_nobody_has_changes_nothing(show):
    assert set(show(still(bystander(), exerciser()), "5")[0]) <= {RED, GREEN, None}


@pytest.mark.parametrize("word", ["middle", "0", "-1", "1.5", "", "Left"])
def test_what_cannot_be_followed_is_said(word):
    with pytest.raises(UsageError, match="left, right, largest"):
        Follow.parse(word)


def test_in_a_mirrored_film_left_is_the_left_before_it_was_mirrored():
    a, b = bystander().pose, exerciser().pose
    assert Follow("left").choose([a, b], SIZE) == 0
    assert Follow("left", mirrored=True).choose([a, b], SIZE) == 1
    assert Follow("number", 1, mirrored=True).choose([a, b], SIZE) == 1


def test_low_large_and_central_people_look_like_exercising():
    assert low(exerciser().pose) and not low(bystander().pose)

    def mark(puppet):
        return exercising(puppet.pose, 60.0, SIZE)

    assert mark(exerciser()) > mark(bystander())
    assert mark(bystander(x=200)) > mark(bystander(x=10))
    assert mark(bystander(height=170)) > mark(bystander(height=120))


# ---- comings and goings ----------------------------------------------------------------------------------
@pytest.mark.parametrize("front", [False, True])
def test_somebody_who_walks_by_is_counted_and_never_followed(show, front):
    walker = bystander(y=40, height=220)
    film = still(exerciser(), seconds=2)
    film += [[exerciser(), w] if front else [w, exerciser()] for w in passing(walker, -60, SIZE[0], 4)]
    film += still(exerciser(), seconds=2)
    whom, counts, poses = show(film)
    assert set(whom) <= {RED, None}
    assert whom[-1] == RED
    assert max(counts) == 2
    assert counts[: int(2 * FPS)] == [1] * int(2 * FPS) and counts[-1] == 1
    if not front:
        assert None not in whom
    seen = [p for p in poses if p is not None]
    assert max(apart(p, exerciser().pose) for p in seen) < 0.4


def test_somebody_who_comes_and_stays_is_counted_as_long_as_there(show):
    walker = bystander(y=60, height=150)
    film = still(exerciser(), seconds=1.5)
    film += [[exerciser(), w] for w in passing(walker, -50, 20, 1.5)]
    film += still(exerciser(), bystander(x=20), seconds=8)
    film += [[exerciser(), w] for w in passing(walker, 20, -80, 1.5)] + still(exerciser(), seconds=8)
    whom, counts, _ = show(film)
    assert set(whom) == {RED}
    assert set(counts[int(4 * FPS) : int(10 * FPS)]) == {2}
    assert counts[-1] == 1


@pytest.mark.parametrize(("after_s", "goes_over"), [(AT_ONCE_S - 0.2, True), (AT_ONCE_S + 0.2, False)])
def test_who_is_low_is_gone_over_to_at_once_only_where_it_was_there_at_first(after_s, goes_over):
    people = People()
    stands, lies = bystander(x=180).pose, exerciser(x=0).pose
    people.saw_followed(0.0, stands)
    for t in (after_s, after_s + 0.1):
        people.saw_followed(t, stands)
        assert people.saw(t, lies)
    assert (people.better(after_s + 0.1, SIZE) is not None) == goes_over


def test_who_walks_in_larger_and_nearer_the_middle_is_gone_over_to():
    people = People()
    for t in (0.0, AT_ONCE_S + 0.2, AT_ONCE_S + 0.3):
        people.saw_followed(t, bystander(x=10, height=90).pose)
        if t:
            people.saw(t, bystander(x=190, height=160).pose)
    assert people.better(t, SIZE) is not None


def test_who_came_late_and_stays_is_gone_over_to():
    people = People()
    stands, lies = bystander().pose, exerciser().pose
    for t in np.arange(0.0, AT_ONCE_S + 1.4, 0.1):
        people.saw_followed(t, stands)
        if t > AT_ONCE_S:
            people.saw(t, lies)
    assert people.better(float(t), SIZE) is not None


def test_when_the_one_followed_goes_the_bystander_is_not_taken_for_long(show):
    film = still(bystander(), exerciser(), seconds=3)
    film += still(bystander(), seconds=INSTEAD_S + 2)
    whom, _, _ = show(film)
    gone = int(3 * FPS)
    assert set(whom[:gone]) == {RED}
    assert set(whom[gone : gone + int((INSTEAD_S - 0.5) * FPS)]) == {None}
    assert whom[-1] == GREEN


def test_who_comes_back_is_followed_again(show):
    film = still(bystander(), exerciser(), seconds=3) + still(bystander(), seconds=3)
    film += still(bystander(), exerciser(x=170), seconds=3)
    whom, _, _ = show(film)
    assert GREEN not in whom
    assert whom[-1] == RED


def test_when_a_teacher_goes_the_one_on_the_mat_is_followed(show):
    teacher = Puppet(BLUE, 180, 20, 240)
    mat = exerciser(x=290, y=180, height=80, face=0.5)
    whom, _, _ = show(still(teacher, mat, seconds=3) + still(mat, seconds=INSTEAD_LOW_S + 3), "largest")
    assert BLUE in whom[: int(2 * FPS)] and RED not in whom[: int(3 * FPS)]
    assert whom[-1] == RED


def test_nobody_is_given_while_going_over_to_somebody_else(show):
    # Alone at first, so that she is followed; then the one on the mat is there, in the middle, to stay.
    lone = bystander(x=20, y=90, height=110)
    whom, _, poses = show(still(lone, seconds=3) + still(lone, exerciser(), seconds=8))
    assert whom[int(2 * FPS)] == GREEN and whom[-1] == RED
    change = max(k for k, w in enumerate(whom) if w == GREEN) + 1
    assert poses[change : change + int(CHANGE_S * FPS)] == [None] * int(CHANGE_S * FPS)
    assert "nobody" not in whom


# ---- who is the same -------------------------------------------------------------------------------------
def test_a_body_found_again_is_the_same_where_it_was_and_of_its_size():
    people = People()
    people.saw_followed(0.0, exerciser().pose)
    assert people.accepts(2.0, exerciser(x=170).pose)
    assert people.accepts(2.0, exerciser(x=400).pose), "nobody else is known"
    other = bystander(x=330, y=60).pose
    people.saw(0.0, other)
    assert not people.accepts(2.0, other)
    assert not people.accepts(INSTEAD_S - 0.1, other)
    assert people.accepts(INSTEAD_S + 0.1, other)


def test_one_sight_of_somebody_is_not_enough():
    people = People()
    people.saw_followed(0.0, exerciser().pose)
    people.saw(0.0, bystander().pose)
    assert people.count(0.0) == 1 and people.unsure
    people.saw(0.1, bystander(x=34).pose)
    assert people.count(0.1) == 2 and not people.unsure


def test_somebody_who_walks_is_one_person_not_many():
    people = People()
    people.saw_followed(0.0, exerciser().pose)
    for k, walker in enumerate(passing(bystander(), -20, 90, 2)):
        people.saw_followed(k / FPS, exerciser().pose)
        people.saw(k / FPS, walker.pose)
        assert people.count(k / FPS) == (2 if k else 1)


def test_a_doubtful_body_is_nobody():
    people = People()
    people.saw_followed(0.0, exerciser().pose)
    pose = bystander().pose
    for visibility in (0.69, 0.5):
        pose.image[:, 3] = visibility
        people.saw(0.0, pose)
        people.saw(0.1, pose)
    assert people.count(0.1) == 1
    pose.image[:, 3] = 0.71
    people.saw(0.2, pose)
    people.saw(0.3, pose)
    assert people.count(0.3) == 2


def test_places_are_compared_by_the_trunk():
    assert same_place(exerciser().pose, exerciser(x=160).pose)
    assert not same_place(exerciser().pose, exerciser(x=260).pose)


def test_the_first_seconds_decide_and_work_is_not_interrupted():
    people = People()
    worker = exerciser()
    for k in range(int((FIRST_S + 2) * FPS)):
        people.saw_followed(k / FPS, worker.pose)
    t = FIRST_S + 2
    better = Puppet(BLUE, 200, 20, 245).pose
    for late in (0.0, 0.1, 1.5):
        people.saw(t + late, better)
    assert people.at_work() and people.better(t + 1.5, SIZE) is None
