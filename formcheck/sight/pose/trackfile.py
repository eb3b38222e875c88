"""Track files (``*.track.npz``): poses saved once, so that everything after the pose model can be run again."""

from __future__ import annotations

import json
import math
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from formcheck.clips import TRACK_ENDING
from formcheck.errors import InputError
from formcheck.files import atomic_path
from formcheck.shown import brief

from .landmarks import N_LANDMARKS
from .types import Track

SCHEMA = "formcheck.track/1"
SUFFIX = TRACK_ENDING
#: Most frames of a track, eight hours of them; they take 2 GB of memory.
MAX_FRAMES = 1_000_000
#: Longest time from the first frame to the last, and farthest from 0 (s): a week, and the time of day in seconds since
#: 1970 for who takes that.
MAX_SPAN_S, MAX_TIME_S = 7 * 24 * 3600.0, 1e10
#: Largest picture, farthest landmark in pixels and in metres: beyond, a number is damaged.
MAX_SIDE, MAX_PX, MAX_M = 100_000, 1e6, 1e4
#: Most people in a picture.
MAX_PERSONS = 1000
#: Bytes of the part that says where a track comes from.
MAX_META = 1 << 20
AGAIN = f"make it again with 'formcheck track VIDEO -o NAME{SUFFIX}'"
#: Numbers that a track may tell of its source: types, least, most.
_SOURCE: dict[str, tuple[tuple[type, ...], float, float]] = {
    "fps": ((int, float), 1e-3, 1e6),
    "duration_s": ((int, float), 0.0, 1e10),
    "width": ((int,), 1, MAX_SIDE),
    "height": ((int,), 1, MAX_SIDE),
    "rotation": ((int,), -360, 360),
}


def is_track(path: str | Path) -> bool:
    """Return whether a path is named like a track file."""
    return str(path).endswith(SUFFIX)


def write_track(track: Track, path: str | Path) -> None:
    """Write a track, whole or not at all."""
    meta = json.dumps({"schema": SCHEMA, **track.meta})
    # Readers that do not know of it leave it alone.
    counted: dict[str, Any] = {} if track.persons is None else {"persons": track.persons.astype(np.int16)}
    with atomic_path(path) as p:
        np.savez_compressed(
            p,
            t=track.t,
            image=track.image.astype(np.float32),
            world=track.world.astype(np.float32),
            ball=track.ball.astype(np.float32),
            size=np.array(track.size, dtype=np.int64),
            meta=np.array(meta),
            **counted,
        )


def read_track(path: str | Path) -> Track:
    """Read a track.

    Nothing is unpacked before the sizes of all parts are known to fit together: a small file may claim to be huge.

    Raises
    ------
    InputError
        If the file is missing, damaged or of another schema, or holds what no source can have given.
    """
    p = Path(path)
    if not p.exists():
        raise InputError(f"track not found: {p}", "check the path")
    try:
        with zipfile.ZipFile(p) as z:
            meta = _meta(z)
            schema = meta.get("schema")
            if schema != SCHEMA:
                raise InputError(f"{p} has schema {brief(schema)}, expected {SCHEMA!r}", AGAIN)
            frames = _header(z, "t")[0]
            n = int(frames[0]) if len(frames) == 1 else -1
            if not 0 <= n <= MAX_FRAMES:
                raise ValueError(f"t: expected seconds of at most {MAX_FRAMES} frames, got an array of {brief(frames)}")
            shapes = {
                "size": (2,),
                "t": (n,),
                "image": (n, N_LANDMARKS, 4),
                "world": (n, N_LANDMARKS, 4),
                "ball": (n, 4),
            }
            if "persons.npy" in z.namelist():  # tracks of before do not count them
                shapes["persons"] = (n,)
            for name, shape in shapes.items():
                got, kind = _header(z, name)
                if got != shape or kind.kind not in ("iu" if name == "persons" else "fiu"):
                    what = f"numbers of shape {shape}, got {kind} of {brief(got)}"
                    raise ValueError(f"{name}: expected {what}")
            parts = {name: _array(z, name) for name in shapes}
            size = parts.pop("size")
    except InputError:
        raise
    except (TypeError, ValueError) as e:
        raise InputError(f"cannot read the track {p} ({e})", AGAIN) from e
    except Exception as e:
        # Damage shows as anything the zip, deflate, NumPy and JSON readers can raise.
        raise InputError(f"cannot read the track {p} ({type(e).__name__})", AGAIN) from e
    try:
        w, h = (int(v) for v in size)
        track = Track(**parts, size=(w, h), meta=meta)
        _check(track)
    except (TypeError, ValueError, OverflowError) as e:
        raise InputError(f"the track {p} is not sound ({e})", AGAIN) from e
    return track


def _header(z: zipfile.ZipFile, name: str) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """Return shape and type of an array in the archive, without reading it; its size must be what they make."""
    info = z.getinfo(f"{name}.npy")
    with z.open(info) as file:
        version = np.lib.format.read_magic(file)
        read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, _, dtype = read(file)
        if dtype.hasobject or file.tell() + math.prod(shape) * dtype.itemsize != info.file_size:
            raise ValueError(f"{name}: its size is not the one it claims")
    return shape, dtype


def _array(z: zipfile.ZipFile, name: str) -> Any:
    with z.open(f"{name}.npy") as file:
        return np.lib.format.read_array(file, allow_pickle=False)


def _meta(z: zipfile.ZipFile) -> dict[str, Any]:
    if z.getinfo("meta.npy").file_size > MAX_META:
        raise ValueError(f"meta: expected at most {MAX_META} bytes")
    _header(z, "meta")
    meta = json.loads(str(_array(z, "meta")))
    if not isinstance(meta, dict):
        raise TypeError(f"meta: expected an object, got {brief(meta)}")
    return meta


def _check(track: Track) -> None:
    """Raise TypeError or ValueError if there is something in a track that no source can have given."""
    if not all(1 <= v <= MAX_SIDE for v in track.size):
        raise ValueError(f"size: expected 1 to {MAX_SIDE} pixels a side, got {brief(track.size)}")
    if len(track) and track.t[-1] - track.t[0] > MAX_SPAN_S:
        raise ValueError(f"t: expected times at most {MAX_SPAN_S:.0f} s apart, got {track.t[-1] - track.t[0]:.3g} s")
    if len(track) and np.abs(track.t).max() > MAX_TIME_S:
        raise ValueError(f"t: expected seconds since the start, got {np.abs(track.t).max():.3g}")
    for name, values, most in (
        ("image", track.image, MAX_PX),
        ("world", track.world, MAX_M),
        ("ball", track.ball, MAX_PX),
    ):
        if np.any(np.abs(values) > most):  # infinite ones too; NaN is what was not seen
            raise ValueError(f"{name}: expected values up to {most:g}, got {np.nanmax(np.abs(values)):g}")
    seen = np.isfinite(track.ball)
    odd = np.flatnonzero(seen.any(axis=1) & ~(seen.all(axis=1) & (track.ball[:, 2] > 0)))
    if len(odd):
        raise ValueError(f"ball: expected x, y, radius and confidence, or none of them, at {track.t[odd[0]]:.2f} s")
    if track.persons is not None and np.any(np.abs(track.persons) > MAX_PERSONS):
        raise ValueError(f"persons: expected up to {MAX_PERSONS}")
    _check_source(track.meta.get("source", {}))


def _check_source(source: Any) -> None:
    """Raise TypeError or ValueError if what a track says of its source has not the types that a report needs."""
    if not isinstance(source, dict):
        raise TypeError(f"source: expected an object, got {brief(source)}")
    for name, (kinds, least, most) in _SOURCE.items():
        value = source.get(name)
        if value is None:
            continue
        known = isinstance(value, int | float) and isinstance(value, kinds) and not isinstance(value, bool)
        if not known or not least <= value <= most:
            raise ValueError(f"source.{name}: expected a number from {least:g} to {most:g}, got {brief(value)}")
    for name in ("path", "kind", "recorded", "note"):
        if not isinstance(source.get(name) or "", str):
            raise TypeError(f"source.{name}: expected a text, got {brief(source[name])}")
