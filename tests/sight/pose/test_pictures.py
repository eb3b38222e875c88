"""Pictures made for the pose model: parts, painted ones, enlarged ones, and poses put back from them."""

import numpy as np
import pytest

from formcheck.sight.pose.continuity import body_px, centre
from formcheck.sight.pose.pictures import DIM, GAIN, LIT, around, blurred, enlarged, lit, middle, shifted, without

from .puppets import Puppet, draw

WHO = Puppet((220, 20, 20), 200, 60, 180)
OTHER = Puppet((20, 220, 20), 40, 60, 180)
PICTURE = draw([OTHER, WHO])


def amount(picture, colour):
    return int((np.abs(picture.astype(int) - colour) < 6).all(axis=2).sum())


def test_a_picture_in_light_is_left_as_it_is():
    light = np.full((64, 64, 3), int(DIM), np.uint8)
    assert lit(light) is light


def test_a_dim_picture_is_lit_up():
    dim = np.full((64, 64, 3), int(DIM) - 1, np.uint8)
    assert lit(dim).mean() == pytest.approx(LIT, abs=1)
    assert dim.mean() == DIM - 1


def test_what_is_next_to_black_is_lit_up_only_so_far():
    assert lit(np.full((64, 64, 3), 10, np.uint8)).mean() == 10 * GAIN


def test_the_noise_of_a_dim_picture_does_not_grow_with_its_light():
    rng = np.random.default_rng(1)
    noisy = np.clip(rng.normal(40, 8, (360, 640, 3)), 0, 255).astype(np.uint8)
    seen = lit(noisy)
    assert seen.mean() == pytest.approx(LIT, abs=2)
    assert seen.std() < noisy.std()


def test_around_a_body_only_it_is_left():
    before = PICTURE.copy()
    seen = around(PICTURE, 0.3 * body_px(WHO.pose), WHO.pose)
    assert amount(seen, WHO.colour) == amount(PICTURE, WHO.colour)
    assert amount(seen, OTHER.colour) == 0
    np.testing.assert_array_equal(PICTURE, before)


def test_around_two_bodies_both_are_left():
    seen = around(PICTURE, 0.3 * body_px(WHO.pose), WHO.pose, OTHER.pose)
    assert [amount(seen, p.colour) for p in (WHO, OTHER)] == [amount(PICTURE, p.colour) for p in (WHO, OTHER)]


def test_without_a_body_only_it_is_gone():
    before = PICTURE.copy()
    seen = without(PICTURE, WHO.pose, 0.3 * body_px(WHO.pose))
    assert amount(seen, WHO.colour) == 0
    assert amount(seen, OTHER.colour) == amount(PICTURE, OTHER.colour)
    np.testing.assert_array_equal(PICTURE, before)


def test_a_body_half_outside_or_not_known_can_be_painted():
    pose = Puppet(WHO.colour, -30, 60, 180).pose
    pose.image[15] = np.nan
    pose.image[16, :2] = 1e7
    assert around(PICTURE, 10.0, pose).shape == without(PICTURE, pose, 10.0).shape == PICTURE.shape


def test_what_stands_for_the_rest_has_its_brightness_and_none_of_its_shapes():
    blur = blurred(PICTURE)
    assert blur.shape == PICTURE.shape
    assert abs(float(blur.mean()) - float(PICTURE.mean())) < 2
    assert amount(blur, WHO.colour) == amount(blur, OTHER.colour) == 0


def test_a_part_is_put_back_where_it_was_cut_out():
    inside = Puppet(WHO.colour, 50, 10, 180).pose
    back = shifted(inside, 150, 50)
    np.testing.assert_allclose(back.image, WHO.pose.image)
    np.testing.assert_array_equal(back.world, inside.world)
    twice = Puppet(WHO.colour, 100, 20, 360).pose
    np.testing.assert_allclose(shifted(twice, 150, 50, 2.0).image[:, :2], WHO.pose.image[:, :2])


def test_the_middle_part_is_in_the_middle():
    assert middle((200, 400, 3), 0.5) == (100, 50, 200, 100)


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_enlarged_about_a_point_that_stays(scale):
    point = centre(WHO.pose)
    large = enlarged(PICTURE, point, scale)
    x, y = (round(float(v)) for v in point)
    assert amount(large[y - 3 : y + 4, x - 3 : x + 4], WHO.colour) > 0
    assert amount(large, WHO.colour) == pytest.approx(amount(PICTURE, WHO.colour) * scale**2, rel=0.5)
