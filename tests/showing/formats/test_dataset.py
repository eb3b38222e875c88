"""The dataset: the layout of the ``movement`` package, real times, the landmarks as they are."""

from dataclasses import replace

import numpy as np
import pytest

from formcheck.errors import UsageError
from formcheck.showing.formats.dataset import to_dataset, write_dataset
from formcheck.sight.pose.landmarks import NAMES

from ...judging.exercises.stick import STANDING, Motion, shoot, standing, without

pytestmark = pytest.mark.smoke

xr = pytest.importorskip("xarray", reason="xarray is not installed")


@pytest.fixture(scope="module")
def track():
    made = without(shoot(standing, Motion(STANDING).wait(2.0), jitter=0.3), 1.0, 1.3)
    return replace(made, meta={"source": {"path": "clip é.mp4"}})


def check_layout(dataset):
    """What ``movement`` asks of a dataset of poses (its ``ValidPosesInputs.validate``, and its documented layout)."""
    assert dataset["position"].dims == ("time", "space", "keypoints", "individuals")
    assert dataset["confidence"].dims == ("time", "keypoints", "individuals")
    assert dataset.attrs["ds_type"] == "poses" and dataset.attrs["time_unit"] == "seconds"
    assert dataset.attrs["source_software"] == "formcheck"
    assert "fps" not in dataset.attrs, "there is no constant rate"
    assert dataset["keypoints"].values.tolist() == list(NAMES)
    assert dataset.sizes["individuals"] == 1


@pytest.mark.parametrize(("space", "axes"), [("image", ["x", "y"]), ("world", ["x", "y", "z"])])
def test_the_dataset_is_the_track(track, space, axes):
    dataset = to_dataset(track, space)
    check_layout(dataset)
    points = track.image if space == "image" else track.world
    np.testing.assert_array_equal(dataset["time"], track.t)
    assert np.ptp(np.diff(dataset["time"])) > 0.01, "times as they are, not made even"
    assert dataset["space"].values.tolist() == axes
    for axis, name in enumerate(axes):
        np.testing.assert_array_equal(dataset["position"].sel(space=name).squeeze(), points[..., axis])
    np.testing.assert_array_equal(dataset["confidence"].squeeze(), points[..., 3])
    knee = dataset["position"].sel(keypoints="left_knee", individuals="id_0", space="y")
    np.testing.assert_array_equal(knee, points[:, NAMES.index("left_knee"), 1])
    lost = (track.t >= 1.0) & (track.t <= 1.3)
    assert lost.any() and np.isnan(dataset["position"].values[lost]).all()


@pytest.mark.parametrize("space", ["image", "world"])
def test_a_file_holds_the_same(track, space, tmp_path):
    write_dataset(track, tmp_path / "x.poses.nc", space)
    with xr.open_dataset(tmp_path / "x.poses.nc", engine="scipy") as read:
        check_layout(read)
        xr.testing.assert_equal(read.load(), to_dataset(track, space))
        assert read.attrs["source_file"] == "clip é.mp4"
        assert read.attrs["space_unit"] == ("px" if space == "image" else "m")


def test_the_dataset_has_its_own_memory(track):
    dataset = to_dataset(track)
    dataset["position"][:] = 0.0
    assert np.nanmax(track.image[..., 0]) > 1.0


def test_an_unknown_space_is_refused(track):
    with pytest.raises(UsageError, match="image, world"):
        to_dataset(track, "outer")
