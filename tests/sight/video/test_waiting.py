"""Pictures put by take half the memory and come back as a film would show them."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.sight.video.waiting import Waiting


@pytest.mark.parametrize(
    "colour", [(0, 0, 0), (255, 255, 255), (128, 128, 128), (200, 40, 60), (20, 180, 90), (10, 30, 240)]
)
def test_colours_come_back(colour: tuple[int, int, int]) -> None:
    image = np.full((36, 64, 3), colour, np.uint8)
    back = Waiting(image).image
    assert back.shape == image.shape and back.dtype == np.uint8
    assert np.abs(back.astype(int) - image).max() <= 3


def test_brightness_of_each_pixel_comes_back() -> None:
    grey = np.random.default_rng(5).integers(0, 256, (48, 80, 1), np.uint8)
    image = np.repeat(grey, 3, axis=2)
    assert np.abs(Waiting(image).image.astype(int) - image).max() <= 2


def test_half_the_memory() -> None:
    image = np.zeros((360, 640, 3), np.uint8)
    assert Waiting(image).nbytes * 2 == image.nbytes


@pytest.mark.parametrize("shape", [(35, 64, 3), (36, 63, 3), (1, 1, 3)])
def test_odd_sizes_are_kept_as_they_are(shape: tuple[int, int, int]) -> None:
    image = np.random.default_rng(6).integers(0, 256, shape, np.uint8)
    assert (Waiting(image).image == image).all()
