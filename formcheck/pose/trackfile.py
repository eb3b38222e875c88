"""Track files (``*.track.npz``): poses saved once, so that everything after the pose model can be run again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InputError
from ..files import atomic_path
from .types import Track

SCHEMA = "formcheck.track/1"
SUFFIX = ".track.npz"


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

    Raises
    ------
    InputError
        If the file is missing, damaged or of another schema.
    """
    p = Path(path)
    if not p.exists():
        raise InputError(f"track not found: {p}", "check the path")
    try:
        with p.open("rb") as file, np.load(file, allow_pickle=False) as z:
            meta = json.loads(str(z["meta"]))
            schema = meta.get("schema") if isinstance(meta, dict) else None
            if schema != SCHEMA:
                raise InputError(
                    f"{p} has schema {schema!r}, expected {SCHEMA!r}", "make it again with 'formcheck track'"
                )
            w, h = (int(v) for v in z["size"])
            persons = z.get("persons")
            return Track(z["t"], z["image"], z["world"], z["ball"], (w, h), meta, persons)
    except InputError:
        raise
    except Exception as e:
        # Damage shows as anything the zip, deflate, NumPy and JSON readers can raise.
        raise InputError(
            f"cannot read the track {p} ({type(e).__name__})", "make it again with 'formcheck track VIDEO'"
        ) from e
