"""Poses as an xarray dataset in the layout of the ``movement`` package, with the real times of the frames.

Layout: https://movement.neuroinformatics.dev/user_guide/movement_dataset.html
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from formcheck.errors import UsageError
from formcheck.files import atomic_path
from formcheck.sight.pose.landmarks import NAMES
from formcheck.sight.pose.types import Track
from formcheck.version import __version__

if TYPE_CHECKING:
    import xarray as xr

#: Axes and unit of each space.
SPACES = {"image": (("x", "y"), "px"), "world": (("x", "y", "z"), "m")}
#: Name of the one person in a track.
INDIVIDUAL = "id_0"


def to_dataset(track: Track, space: str = "image") -> xr.Dataset:
    """Return the landmarks of a track as a dataset of poses.

    Parameters
    ----------
    track : Track
    space : str
        ``image``: x right, y down, pixels of the upright picture. ``world``: x right, y down, z away from the camera,
        metres about the middle of the hips.

    Returns
    -------
    xarray.Dataset
        ``position`` (time, space, keypoints, individuals) and ``confidence`` (time, keypoints, individuals), NaN where
        nobody was found. ``time`` holds the seconds of the frames as they are; as their steps may differ there is no
        attribute ``fps``.

    Raises
    ------
    UsageError
        If xarray is not installed or the space is unknown.
    """
    xarray = _need_xarray()
    if space not in SPACES:
        raise UsageError(f"unknown space '{space}'", f"choose one of {', '.join(SPACES)}")
    axes, unit = SPACES[space]
    points = track.image if space == "image" else track.world
    attrs: dict[str, Any] = {
        "source_software": "formcheck",
        "source_software_version": __version__,
        "ds_type": "poses",
        "time_unit": "seconds",
        "space": space,
        "space_unit": unit,
        "image_width": track.size[0],
        "image_height": track.size[1],
    }
    source = track.meta.get("source", {})
    if isinstance(source, dict) and source.get("path"):
        attrs["source_file"] = str(source["path"])
    dataset: xr.Dataset = xarray.Dataset(
        {
            "position": (
                ("time", "space", "keypoints", "individuals"),
                points[:, :, : len(axes)].transpose(0, 2, 1)[..., None].copy(),
            ),
            "confidence": (("time", "keypoints", "individuals"), points[:, :, 3, None].copy()),
        },
        coords={"time": track.t, "space": list(axes), "keypoints": list(NAMES), "individuals": [INDIVIDUAL]},
        attrs=attrs,
    )
    return dataset


def write_dataset(track: Track, path: str | Path, space: str = "image") -> None:
    """Write the dataset as NetCDF (version 3), whole or not at all.

    Raises
    ------
    UsageError
        As :func:`to_dataset`.
    """
    dataset = to_dataset(track, space)
    # NetCDF 3 has no 64-bit integers.
    dataset.attrs = {k: np.int32(v) if isinstance(v, int) else v for k, v in dataset.attrs.items()}
    with atomic_path(path) as p:
        dataset.to_netcdf(p, engine="scipy", format="NETCDF3_64BIT")


def _need_xarray() -> Any:
    try:
        import xarray
    except ImportError:
        raise UsageError("datasets need xarray", "pip install 'formcheck[formats]'") from None
    return xarray
