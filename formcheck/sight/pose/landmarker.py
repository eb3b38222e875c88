"""MediaPipe's pose landmarker, one body a picture: its types stop here."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from formcheck import memory
from formcheck.errors import ModelError

from . import native
from .landmarks import N_LANDMARKS
from .pictures import Image
from .postponed import postponed
from .types import Array, Pose


class Landmarker:
    """One MediaPipe landmarker; its results leave as :class:`Pose`, nothing else leaves it.

    Parameters
    ----------
    model : path
        A ``.task`` bundle.
    video : bool
        True: pictures of one stream, in which a body once found is followed. False: each picture is looked at afresh.

    Raises
    ------
    ModelError
        If the bundle cannot be loaded.
    """

    def __init__(self, model: Path, *, video: bool) -> None:
        self._landmarker: Any = None
        memory.check(memory.POSES_MB)
        mp, vision, base = mediapipe_parts()
        self._mp = mp
        self._warm = False
        mode = vision.RunningMode.VIDEO if video else vision.RunningMode.IMAGE
        options = vision.PoseLandmarkerOptions(
            base_options=base(model_asset_path=str(model)),
            running_mode=mode,
            num_poses=1,
            output_segmentation_masks=False,
        )
        native.hold_reports()
        try:
            with native.quiet():
                self._landmarker = vision.PoseLandmarker.create_from_options(options)
        except BaseException as e:
            native.release_reports()
            if not isinstance(e, (RuntimeError, ValueError, OSError)):
                raise
            if memory.ran_out(e):
                raise memory.MemoryShortError("not enough memory for the pose model", memory.HINT) from e
            raise ModelError(
                f"cannot load the pose model {model} ({_first_line(e)})", "run 'formcheck models verify'"
            ) from e

    def find(self, image: Image, ms: int | None) -> Pose | None:
        """Return the body in an (h, w, 3) RGB picture, or None; *ms* is the rising time of a stream, else None."""
        picture = self._mp.Image(image_format=self._mp.ImageFormat.SRGB, data=np.ascontiguousarray(image))
        with native.quiet(brief=not self._warm):
            result = self._landmarker.detect(picture) if ms is None else self._landmarker.detect_for_video(picture, ms)
        self._warm = True
        if not result.pose_landmarks:
            return None
        h, w = image.shape[:2]
        return Pose(
            _array(result.pose_landmarks[0], (w, h, w)), _array(result.pose_world_landmarks[0], (1.0, 1.0, 1.0))
        )

    def close(self) -> None:
        """Free the model. Safe to call twice."""
        if self._landmarker is not None:
            landmarker, self._landmarker = self._landmarker, None
            try:
                with native.quiet():
                    landmarker.close()
            finally:
                native.release_reports()
                del landmarker
                memory.give_back()


def _array(landmarks: Any, scale: tuple[float, float, float]) -> Array:
    out = np.empty((N_LANDMARKS, 4))
    for i, p in enumerate(landmarks):
        out[i] = p.x * scale[0], p.y * scale[1], p.z * scale[2], p.visibility or 0.0
    return out


@cache
def mediapipe_parts() -> tuple[Any, Any, Callable[..., Any]]:
    """Return MediaPipe's package, its module of vision tasks, and what makes their base options."""
    os.environ.setdefault("GLOG_minloglevel", "2")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    # MediaPipe's package loads a drawing and a sound library, which takes longer than all else, for what is not used.
    with native.quiet(), postponed("matplotlib.pyplot", "sounddevice"):
        import mediapipe as mp
        from mediapipe.tasks.python import BaseOptions, vision
    return mp, vision, BaseOptions


def _first_line(e: BaseException) -> str:
    return str(e).strip().splitlines()[0][:160] if str(e).strip() else type(e).__name__
