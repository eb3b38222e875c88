"""MediaPipe's pose landmarker, one body a picture: its types stop here."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ModelError
from .landmarks import N_LANDMARKS
from .types import Array, Pose

Image = NDArray[np.uint8]


class Landmarker:
    """One MediaPipe landmarker; its results leave as :class:`Pose`.

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
        mp, vision, base = _mediapipe()
        self._mp = mp
        self._warm = False
        mode = vision.RunningMode.VIDEO if video else vision.RunningMode.IMAGE
        options = vision.PoseLandmarkerOptions(
            base_options=base(model_asset_path=str(model)),
            running_mode=mode,
            num_poses=1,
            output_segmentation_masks=False,
        )
        try:
            with _Quiet():
                self._landmarker: Any = vision.PoseLandmarker.create_from_options(options)
        except (RuntimeError, ValueError, OSError) as e:
            raise ModelError(
                f"cannot load the pose model {model} ({_first_line(e)})", "run 'formcheck models verify'"
            ) from e

    def find(self, image: Image, ms: int | None) -> Pose | None:
        """Return the body in an (h, w, 3) RGB picture, or None; *ms* is the rising time of a stream, else None."""
        picture = self._mp.Image(image_format=self._mp.ImageFormat.SRGB, data=np.ascontiguousarray(image))
        with nullcontext() if self._warm else _Quiet():
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
            with _Quiet():
                self._landmarker.close()
            self._landmarker = None


def _array(landmarks: Any, scale: tuple[float, float, float]) -> Array:
    out = np.empty((N_LANDMARKS, 4))
    for i, p in enumerate(landmarks):
        out[i] = p.x * scale[0], p.y * scale[1], p.z * scale[2], p.visibility or 0.0
    return out


def _mediapipe() -> tuple[Any, Any, Callable[..., Any]]:
    os.environ.setdefault("GLOG_minloglevel", "2")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    with _Quiet():
        import mediapipe as mp
        from mediapipe.tasks.python import BaseOptions, vision
    return mp, vision, BaseOptions


class _Quiet:
    """Keep the model runtime's start-up chatter off stderr (it writes to the file descriptor itself)."""

    def __enter__(self) -> None:
        self._saved: int | None = None
        if os.environ.get("FORMCHECK_DEBUG"):
            return
        try:
            self._saved = os.dup(2)
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, 2)
            os.close(null)
        except OSError:
            self._saved = None

    def __exit__(self, *_: object) -> None:
        if self._saved is not None:
            os.dup2(self._saved, 2)
            os.close(self._saved)


def _first_line(e: BaseException) -> str:
    return str(e).strip().splitlines()[0][:160] if str(e).strip() else type(e).__name__
