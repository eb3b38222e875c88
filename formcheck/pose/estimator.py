"""From pictures to poses: MediaPipe's pose landmarker behind one small protocol. Vendor types stop here."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from ..errors import ModelError
from . import native
from .landmarks import MAIN_JOINTS, N_LANDMARKS
from .plausibility import plausibility
from .types import Array, Pose

Image = NDArray[np.uint8]

#: MediaPipe smooths landmarks by a One Euro filter on its timestamps, which shrinks small movements (a pelvic tilt by
#: up to 44 %). Timestamps this far apart (ms) leave it nothing to smooth, while tracking from frame to frame goes on
#: as ever: raw landmarks at the price of tracked ones. Smoothing is done afterwards, by real time (``pose.smooth``).
RAW_STEP_MS = 1_000_000
#: A body whose plausibility is below this is not believed.
MIN_PLAUSIBILITY = 0.5
#: Frames without a believable body before the search through turned and cropped pictures starts, and between searches.
SEARCH_AFTER, SEARCH_EVERY = 2, 8
#: A followed body is looked at afresh this long after it was found (s; at once only where it was not found by a fresh
#: look), and where it is less plausible than this ...
CONFIRM_AT_S = (0.0, 0.4, 1.0)
DOUBTFUL = 0.97
#: ... or its joints leap by this much (torso lengths, mean) from one frame to the next; but not more often than (s).
#: For an odd body the wait doubles, up to the longest one, with every fresh look that shows the same.
LEAP, DOUBT_EVERY_S, DOUBT_AT_LAST_S = 0.3, 0.5, 4.0
#: Two looks that differ by more than this (torso lengths, mean over the joints) saw different bodies.
SAME_BODY = 0.3


class PoseEstimator(Protocol):
    """Finds one body in each picture of a stream."""

    def estimate(self, t: float, image: Image) -> Pose | None:
        """Return the pose in an upright (h, w, 3) RGB picture at time *t* (s, strictly rising), or None."""
        ...

    def close(self) -> None:
        """Free the model."""
        ...


class MediaPipePose:
    """MediaPipe Tasks pose landmarker with re-acquisition.

    The detector looks for faces; a body lying with its face hidden or upside down is missed, or laid head to feet. Then
    the picture is tried turned by 90, 270 and 180 degrees and enlarged about its middle, and the most plausible body is
    followed from there.

    Parameters
    ----------
    model : path
        A ``.task`` bundle.
    raw : bool
        True: unsmoothed landmarks (see :data:`RAW_STEP_MS`). False: MediaPipe's own smoothing.
    reacquire : bool
        Search turned and cropped pictures when nobody plausible is found.

    Raises
    ------
    ModelError
        If the bundle cannot be loaded.
    """

    def __init__(self, model: str | Path, *, raw: bool = True, reacquire: bool = True) -> None:
        self._model = Path(model)
        self._raw = raw
        self._reacquire = reacquire
        self._track = _Landmarker(self._model, video=True)
        self._still: _Landmarker | None = None
        self._n = 0
        self._last_ms = -1
        self._turn = 0
        self._misses = 0
        self._found_at: float | None = None
        self._checked_at = -np.inf
        self._doubt_s = DOUBT_EVERY_S
        self._confirmed = 0
        self._tracked = False
        self._last: tuple[float, Pose] | None = None
        self._search_at = SEARCH_AFTER

    def estimate(self, t: float, image: Image) -> Pose | None:
        """Return the pose in an (h, w, 3) RGB picture at time *t* (s), or None."""
        self._n += 1
        ms = self._n * RAW_STEP_MS if self._raw else max(int(t * 1000), self._last_ms + 1)
        self._last_ms = ms
        fresh = not self._tracked
        pose = turned_back(self._track.find(turned(image, self._turn), ms), self._turn, image.shape)
        self._tracked = pose is not None
        p = 0.0 if pose is None else plausibility(pose)
        if pose is not None and p >= MIN_PLAUSIBILITY:
            self._misses = 0
            self._search_at = SEARCH_AFTER
            if self._reacquire and self._doubtful(t, pose, p, fresh=fresh):
                pose = self._second_look(t, image, pose)
            self._last = (t, pose)
            return pose
        self._found_at = None
        self._misses += 1
        if self._reacquire and self._misses >= self._search_at:
            self._search_at = self._misses + SEARCH_EVERY
            found = self._search(image)
            if found is not None:
                turn, pose = found
                if turn != self._turn:
                    # A fresh tracker: the old one would go on looking where the body was before the turn.
                    self._turn = turn
                    self._track.close()
                    self._track = _Landmarker(self._model, video=True)
                return pose
        return None

    def _doubtful(self, t: float, pose: Pose, p: float, *, fresh: bool) -> bool:
        """Return whether a followed body needs a fresh look: newly found, odd, or suddenly elsewhere."""
        if self._found_at is None:
            self._found_at, self._confirmed, self._doubt_s = t, int(fresh), DOUBT_EVERY_S
        due = self._confirmed < len(CONFIRM_AT_S) and t - self._found_at >= CONFIRM_AT_S[self._confirmed]
        if due:
            self._confirmed += 1
        leapt = self._last is not None and t - self._last[0] < DOUBT_EVERY_S and apart(pose, self._last[1]) > LEAP
        odd = p < DOUBTFUL and t - self._checked_at >= self._doubt_s
        if odd:
            self._doubt_s = min(2 * self._doubt_s, DOUBT_AT_LAST_S)
        return due or odd or (leapt and t - self._checked_at >= DOUBT_EVERY_S)

    def _second_look(self, t: float, image: Image, pose: Pose) -> Pose:
        """Look afresh; where that shows another body, let a third look, in a turned picture, decide."""
        self._checked_at = t
        fresh = self._look(image, self._turn, None)
        if fresh is None or plausibility(fresh) < MIN_PLAUSIBILITY or apart(pose, fresh) <= SAME_BODY:
            return pose
        third = self._look(image, (self._turn + 1) % 4, None)
        votes = {id(c): plausibility(c) + 0.1 * seen(c) for c in (pose, fresh)}
        if third is not None and plausibility(third) >= MIN_PLAUSIBILITY:
            for c in (pose, fresh):
                votes[id(c)] += float(apart(c, third) <= SAME_BODY)
        if votes[id(fresh)] <= votes[id(pose)]:
            return pose
        # A fresh tracker: the old one would go on following what it follows.
        self._track.close()
        self._track = _Landmarker(self._model, video=True)
        self._doubt_s = DOUBT_EVERY_S
        return fresh

    def _search(self, image: Image) -> tuple[int, Pose] | None:
        """Try the picture turned and enlarged; return the most plausible body and its turn."""
        best: tuple[float, int, Pose] | None = None
        for turn in (0, 1, 3, 2):
            for crop in (None, 2.0):
                pose = self._look(image, turn, crop)
                if pose is None:
                    continue
                p = plausibility(pose) - (0.02 if crop else 0.0) - (0.05 if turn == 2 else 0.0)
                if p >= MIN_PLAUSIBILITY and (best is None or p > best[0]):
                    best = (p, turn, pose)
            if best is not None and best[0] > 0.85:
                break
        return None if best is None else (best[1], best[2])

    def _look(self, image: Image, turn: int, crop: float | None) -> Pose | None:
        if self._still is None:
            self._still = _Landmarker(self._model, video=False)
        if crop is None:
            return turned_back(self._still.find(turned(image, turn), None), turn, image.shape)
        h, w = image.shape[:2]
        ch, cw = int(h / crop * 1.3), int(w / crop * 1.3)
        y, x = (h - ch) // 2, (w - cw) // 2
        pose = turned_back(self._still.find(turned(image[y : y + ch, x : x + cw], turn), None), turn, (ch, cw, 3))
        if pose is None:
            return None
        moved = pose.image.copy()
        moved[:, 0] += x
        moved[:, 1] += y
        return Pose(moved, pose.world)

    def close(self) -> None:
        """Free the model. Safe to call twice."""
        self._track.close()
        if self._still is not None:
            self._still.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def apart(a: Pose, b: Pose) -> float:
    """Return the mean distance of the twelve main joints of two poses, in torso lengths of the longer torso.

    Names count: a body with left and right exchanged is another one.
    """
    p, q = a.image[MAIN_JOINTS, :2], b.image[MAIN_JOINTS, :2]
    return float(np.linalg.norm(p - q, axis=1).mean()) / max(a.torso_px, b.torso_px, 1.0)


def seen(pose: Pose) -> float:
    """Return the mean visibility of the twelve main joints, 0-1."""
    return float(pose.image[MAIN_JOINTS, 3].mean())


def turned(image: Image, turn: int) -> Image:
    """Return the picture turned anticlockwise by *turn* quarter turns."""
    return np.ascontiguousarray(np.rot90(image, turn)) if turn % 4 else image


def turned_back(pose: Pose | None, turn: int, shape: tuple[int, ...]) -> Pose | None:
    """Return a pose found in ``turned(picture, turn)`` in the coordinates of the picture of *shape* (h, w, ...)."""
    if pose is None or turn % 4 == 0:
        return pose
    h, w = shape[:2]
    image, world = pose.image.copy(), pose.world.copy()
    x, y = pose.image[:, 0], pose.image[:, 1]
    wx, wy = pose.world[:, 0], pose.world[:, 1]
    if turn % 4 == 1:
        image[:, 0], image[:, 1] = w - y, x
        world[:, 0], world[:, 1] = -wy, wx
    elif turn % 4 == 2:
        image[:, 0], image[:, 1] = w - x, h - y
        world[:, 0], world[:, 1] = -wx, -wy
    else:
        image[:, 0], image[:, 1] = y, h - x
        world[:, 0], world[:, 1] = wy, -wx
    return Pose(image, world)


class _Landmarker:
    """One MediaPipe landmarker; its results leave as :class:`Pose`, nothing else leaves it."""

    def __init__(self, model: Path, *, video: bool) -> None:
        self._landmarker: Any = None
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
        native.hold_reports()
        try:
            with native.quiet():
                self._landmarker = vision.PoseLandmarker.create_from_options(options)
        except BaseException as e:
            native.release_reports()
            if not isinstance(e, (RuntimeError, ValueError, OSError)):
                raise
            raise ModelError(
                f"cannot load the pose model {model} ({_first_line(e)})", "run 'formcheck models verify'"
            ) from e

    def find(self, image: Image, ms: int | None) -> Pose | None:
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
        if self._landmarker is not None:
            landmarker, self._landmarker = self._landmarker, None
            try:
                with native.quiet():
                    landmarker.close()
            finally:
                native.release_reports()


def _array(landmarks: Any, scale: tuple[float, float, float]) -> Array:
    out = np.empty((N_LANDMARKS, 4))
    for i, p in enumerate(landmarks):
        out[i] = p.x * scale[0], p.y * scale[1], p.z * scale[2], p.visibility or 0.0
    return out


def _mediapipe() -> tuple[Any, Any, Callable[..., Any]]:
    os.environ.setdefault("GLOG_minloglevel", "2")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    # MediaPipe loads Matplotlib, which says so when it looks for fonts for the first time.
    fonts = logging.getLogger("matplotlib")
    level = fonts.level
    fonts.setLevel(logging.ERROR)
    try:
        with native.quiet():
            import mediapipe as mp
            from mediapipe.tasks.python import BaseOptions, vision
    finally:
        fonts.setLevel(level)
    return mp, vision, BaseOptions


def _first_line(e: BaseException) -> str:
    return str(e).strip().splitlines()[0][:160] if str(e).strip() else type(e).__name__
