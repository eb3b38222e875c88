"""The ball in single pictures: colours, stripes, hidden parts; and pictures without one."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.sight.ball import find_ball
from formcheck.sight.pose.types import Pose

from .pictures import Colour, bridging_pose, draw_ball, draw_body, on_a_ball, room, seated_pose

pytestmark = pytest.mark.smoke

COLOURS: dict[str, Colour] = {
    "red": (190, 40, 45),
    "blue": (40, 80, 180),
    "green": (40, 130, 60),
    "yellow": (225, 190, 50),
    "purple": (120, 60, 150),
    "orange": (225, 110, 40),
    "pink": (225, 120, 160),
    "grey": (120, 122, 125),
    "black": (35, 35, 38),
    "teal": (30, 130, 135),
}


def off(found: object, truth: tuple[float, float, float]) -> tuple[float, float]:
    """Distance of the centres and difference of the radii, in radii."""
    assert found is not None, "no ball was found"
    x, y, r = truth
    return float(np.hypot(found.x - x, found.y - y) / r), abs(found.r / r - 1)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", COLOURS)
def test_a_ball_of_any_colour_is_found(name: str) -> None:
    image, pose, truth = on_a_ball(COLOURS[name])
    centre, radius = off(find_ball(image, pose), truth)
    assert centre < 0.15
    assert radius < 0.15


def test_a_white_ball_in_a_white_room_is_found() -> None:
    image, pose, truth = on_a_ball((228, 228, 226), wall=(235, 234, 232), floor=(222, 220, 216))
    centre, radius = off(find_ball(image, pose), truth)
    assert centre < 0.2
    assert radius < 0.2


def test_a_striped_ball_is_found() -> None:
    image, pose, truth = on_a_ball((190, 40, 45), stripe=(235, 235, 230))
    centre, radius = off(find_ball(image, pose), truth)
    assert centre < 0.15
    assert radius < 0.15


def test_a_ball_in_the_dark_is_found() -> None:
    image, pose, truth = on_a_ball((40, 80, 180))
    dark = (image * 0.22).astype(np.uint8)
    centre, radius = off(find_ball(dark, pose), truth)
    assert centre < 0.15
    assert radius < 0.15


@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_the_size_of_the_picture_does_not_matter(factor: float) -> None:
    import cv2

    image, pose, truth = on_a_ball((190, 40, 45))
    scaled = cv2.resize(image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    points = pose.image.copy()
    points[:, :3] *= factor
    x, y, r = (factor * v for v in truth)
    centre, radius = off(find_ball(scaled, Pose(points, pose.world)), (x, y, r))
    assert centre < 0.15
    assert radius < 0.15


def test_a_mirrored_picture_gives_the_mirrored_ball() -> None:
    image, pose, (x, y, r) = on_a_ball((40, 130, 60))
    w = image.shape[1]
    points = pose.image.copy()
    points[:, 0] = w - 1 - points[:, 0]
    mirrored = np.ascontiguousarray(image[:, ::-1])
    centre, radius = off(find_ball(mirrored, Pose(points, pose.world)), (w - 1 - x, y, r))
    assert centre < 0.15
    assert radius < 0.15


def test_half_a_ball_behind_the_legs_is_found() -> None:
    pose = seated_pose()
    x, y, r = 330.0, 235.0, 50.0
    image = draw_body(draw_ball(room(), x, y, r, (120, 60, 150)), pose)
    centre, radius = off(find_ball(image, pose), (x, y, r))
    assert centre < 0.25
    assert radius < 0.2


@pytest.mark.parametrize("seed", range(4))
def test_a_room_without_a_ball_has_none(seed: int) -> None:
    pose = seated_pose()
    assert find_ball(draw_body(room(seed), pose), pose) is None


@pytest.mark.parametrize("seed", range(4))
def test_noise_holds_no_ball(seed: int) -> None:
    noise = np.random.default_rng(seed).integers(0, 256, (360, 640, 3), dtype=np.uint8)
    assert find_ball(noise, seated_pose()) is None
    assert find_ball(noise) is None


def test_boxes_are_not_balls() -> None:
    import cv2

    pose = seated_pose()
    image = room()
    for x, colour in ((120, (190, 40, 45)), (255, (40, 80, 180)), (470, (120, 122, 125))):
        cv2.rectangle(image, (x, 190), (x + 90, 285), colour, -1)
    assert find_ball(draw_body(image, pose), pose) is None


def test_a_wall_clock_is_not_the_ball() -> None:
    import cv2

    pose = seated_pose()
    image = room()
    cv2.circle(image, (470, 70), 34, (30, 30, 30), -1, cv2.LINE_AA)
    cv2.circle(image, (470, 70), 30, (240, 240, 235), -1, cv2.LINE_AA)
    cv2.line(image, (470, 70), (470, 48), (20, 20, 20), 2)
    cv2.line(image, (470, 70), (486, 76), (20, 20, 20), 2)
    assert find_ball(draw_body(image, pose), pose) is None


def test_the_ball_in_use_is_taken_not_the_idle_one() -> None:
    pose = seated_pose()
    image = draw_ball(room(), 500.0, 235.0, 50.0, (40, 130, 60))
    image = draw_body(draw_ball(image, 296.0, 237.0, 48.0, (190, 40, 45)), pose)
    centre, _ = off(find_ball(image, pose), (296.0, 237.0, 48.0))
    assert centre < 0.2


def test_an_empty_picture_holds_no_ball() -> None:
    assert find_ball(np.zeros((360, 640, 3), np.uint8), seated_pose()) is None
    assert find_ball(np.zeros((8, 8, 3), np.uint8)) is None


def test_a_body_without_extent_gives_no_scale_and_no_error() -> None:
    image, _, _ = on_a_ball((190, 40, 45))
    flat = Pose(np.zeros((33, 4)), np.zeros((33, 4)))
    found = find_ball(image, flat)
    assert found is None or 0 <= found.confidence <= 1


def test_confidence_is_a_share() -> None:
    image, pose, _ = on_a_ball((190, 40, 45))
    found = find_ball(image, pose)
    assert found is not None
    assert 0.5 <= found.confidence <= 1.0


@pytest.mark.parametrize("clothes", [(60, 60, 110), (30, 30, 34), (190, 60, 70), (225, 225, 220)])
@pytest.mark.parametrize("seed", range(3))
def test_what_limbs_close_to_a_round_is_not_a_ball(clothes: Colour, seed: int) -> None:
    pose = bridging_pose()
    assert find_ball(draw_body(room(seed), pose, clothes), pose) is None


def test_a_ball_under_a_bridge_is_one() -> None:
    pose = bridging_pose()
    truth = (335.0, 252.0, 45.0)
    centre, radius = off(find_ball(draw_body(draw_ball(room(), *truth, (40, 130, 60)), pose), pose), truth)
    assert centre < 0.15
    assert radius < 0.15
