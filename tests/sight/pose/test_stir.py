"""What moves besides the body is noticed; the body itself, the room, the camera and a ball are told from a walker."""

import cv2
import numpy as np
import pytest

from formcheck.sight.pose.continuity import body_px
from formcheck.sight.pose.stir import STEP_S, Stir

from .puppets import SIZE, Puppet, draw

BODY = Puppet((200, 20, 20), 230, 150, 100, "all fours")
TORSO = body_px(BODY.pose)
WALKER = Puppet((20, 200, 20), 0, 40, 220)


def watch(pictures, poses=None):
    """Return for each look: how many things move, whether one of them walks, and whether one is near the body."""
    stir, out = Stir(), []
    for k, picture in enumerate(pictures):
        pose = BODY.pose if poses is None else poses[k]
        if stir.update(k * 1.05 * STEP_S, picture, pose):
            out.append((len(stir.movers), any(m.walks(TORSO) for m in stir.movers), stir.near(BODY.pose, 0.3)))
    return stir, out


def across(puppet, x0, x1, n):
    return [Puppet(puppet.colour, float(x), puppet.y, puppet.height, puppet.figure) for x in np.linspace(x0, x1, n)]


def room(n, *puppets, seed=0):
    return [draw([*puppets], seed=seed + k) for k in range(n)]


def test_in_a_room_with_nobody_else_nothing_moves():
    assert all(look == (0, False, False) for look in watch(room(30, BODY))[1])


def test_the_bodys_own_limbs_do_not_count():
    moves = [Puppet(BODY.colour, 230 + 12 * np.sin(k / 3), 150, 100, "all fours") for k in range(30)]
    _, looks = watch([draw([m], seed=k) for k, m in enumerate(moves)], [m.pose for m in moves])
    assert not any(n for n, _, _ in looks)


@pytest.mark.parametrize(("x0", "x1"), [(-80, 200), (SIZE[0] + 20, 300)])
def test_somebody_who_walks_is_seen_to_walk_and_to_come_near(x0, x1):
    _, looks = watch(room(3, BODY) + [draw([w, BODY], seed=k) for k, w in enumerate(across(WALKER, x0, x1, 16))])
    assert any(walks for _, walks, _ in looks)
    assert any(near for _, _, near in looks) and not any(near for _, _, near in looks[:6])


def test_somebody_who_goes_to_and_fro_on_the_spot_does_not_walk_by():
    sway = [Puppet(WALKER.colour, 40 + 14 * (k % 2), 40, 220) for k in range(20)]
    _, looks = watch(room(3, BODY) + [draw([w, BODY], seed=k) for k, w in enumerate(sway)])
    assert not any(walks for _, walks, _ in looks)


def test_a_ball_that_rolls_by_is_no_walker():
    def rolled(k):
        return cv2.circle(draw([BODY], seed=k), (-20 + 14 * k, 215), 32, (30, 60, 220), -1)

    _, looks = watch(room(3, BODY) + [rolled(k) for k in range(16)])
    assert not any(walks for _, walks, _ in looks)


def test_who_stands_still_belongs_to_the_room():
    _, looks = watch(room(3, BODY) + room(40, WALKER, BODY))
    assert looks[-1] == (0, False, False)


def test_what_somebody_has_uncovered_does_not_move():
    walkers = across(WALKER, -80, 480, 26)
    _, looks = watch(room(3, BODY) + [draw([w, BODY], seed=k) for k, w in enumerate(walkers)] + room(8, BODY))
    assert all(n == 0 for n, _, _ in looks[-6:])


def test_while_the_camera_moves_nothing_is_known():
    rng = np.random.default_rng(4)
    wall = rng.integers(0, 255, (SIZE[1] // 9, SIZE[0] // 3, 3), dtype=np.uint8)
    wall = cv2.resize(wall, (2 * SIZE[0], SIZE[1]), interpolation=cv2.INTER_NEAREST)
    stir, looks = watch([np.ascontiguousarray(wall[:, 9 * k : 9 * k + SIZE[0]]) for k in range(12)])
    assert not stir.calm
    assert not any(n for n, _, _ in looks)


def test_most_pictures_are_not_looked_at():
    stir = Stir()
    looked = [stir.update(k / 60, draw([BODY]), BODY.pose) for k in range(60)]
    assert sum(looked) <= 1 / STEP_S + 1
