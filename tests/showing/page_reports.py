"""Made-up reports and measures tables for the tests of the report page."""

from __future__ import annotations

import csv
import math
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np

from formcheck.judging.exercises import get_exercise
from formcheck.judging.measure.view import View
from formcheck.judging.session.moment import Moment
from formcheck.showing.page.keyframes import KeyPicture, Shots
from formcheck.showing.report.measures import COMMON


def fault(
    name: str,
    start: float,
    end: float,
    worst: float | None,
    limit: float | None,
    unit: str,
    worst_s: float | None = None,
) -> dict[str, Any]:
    return {
        "id": name,
        "from_s": start,
        "to_s": end,
        "worst": worst,
        "worst_s": worst_s,
        "limit": limit,
        "unit": unit,
    }


def rep(index: int, start: float, **changed: Any) -> dict[str, Any]:
    return {
        "index": index,
        "side": "left" if index % 2 else "right",
        "start_s": start,
        "peak_s": round(start + 1.37, 2),
        "end_s": round(start + 2.91, 2),
        "hold_s": 1.23,
        "counted": True,
        "verdict": "good",
        "why": None,
        "faults": [],
        "measures": {"arm_level": 6.07, "leg_level": 12.6, "head_pitch": None},
        "score": 98.7,
        **changed,
    }


def plane_report(**changed: Any) -> dict[str, Any]:
    """Three repetitions of ``plane``: a good one, one with a fault, one not counted."""
    sag = fault("hip-sag", 6.07, 7.5, 34.5, 22.0, "deg", 7.13)
    short = fault("short-hold", 10.31, 13.22, 1.11, 10.0, "s")
    return {
        "schema": "formcheck.report/1",
        "formcheck": "0.1.0",
        "created": "2024-05-06T07:08:09+00:00",
        "source": {
            "path": "/somewhere/clip.mp4",
            "kind": "video",
            "duration_s": 16.0,
            "fps": 29.97,
            "width": 160,
            "height": 90,
            "frames": 480,
            "frames_used": 479,
            "rotation": 0,
        },
        "exercise": "plane",
        "recognised": None,
        "view": {"kind": "side", "near_side": "right", "ok": True, "advice": []},
        "coverage": {"pose": 0.987, "in_position": 0.954, "judged": 0.912},
        "counts": {"total": 2, "left": 1, "right": 1},
        "reps": [
            rep(1, 1.05),
            rep(2, 5.21, verdict="fault", faults=[sag], score=69.3),
            rep(3, 10.31, counted=False, verdict="not-counted", why="held 1.1 s of 10 s", faults=[short], score=24.8),
        ],
        "faults": [
            {**sag, "severity": "major", "reps": [2], "seconds": 1.43, "cue": "Flatten your back."},
            {**short, "severity": "major", "reps": [3], "seconds": 2.91, "cue": "Hold it for the full ten seconds."},
        ],
        "score": 64.3,
        "notes": ["Could not judge head-down: the joints it needs were hidden or out of the picture."],
        "limits": {name: limit.value for name, limit in get_exercise("plane").limits.items()},
        **changed,
    }


def empty_report(**changed: Any) -> dict[str, Any]:
    """A report in which nothing was judged and hardly anything is known."""
    r = plane_report()
    source = {**r["source"], "duration_s": None, "fps": None, "width": None, "height": None}
    return {
        **r,
        "source": source,
        "view": {"kind": "unknown", "near_side": None, "ok": False, "advice": ["Turn your side to the camera."]},
        "coverage": {"pose": 0.0, "in_position": 0.0, "judged": None},
        "counts": {"total": 0, "left": 0, "right": 0},
        "reps": [],
        "faults": [],
        "score": None,
        "notes": ["Never saw the position of plane."],
        **changed,
    }


def long_report(reps: int = 100, seconds: float = 600.0) -> dict[str, Any]:
    """Ten minutes of repetitions, every second one with faults."""
    step = seconds / (reps + 1)
    listed = []
    for k in range(reps):
        start = round(2 + k * step, 2)
        sag = fault("hip-sag", start, round(start + 2, 2), 34.5, 22.0, "deg", round(start + 1, 2))
        low = fault("arm-low", start, round(start + 2, 2), -31.0, -15.0, "deg")
        listed.append(rep(k + 1, start, **({"verdict": "fault", "faults": [sag, low]} if k % 2 else {})))
    r = plane_report(reps=listed, counts={"total": reps, "left": reps // 2, "right": reps - reps // 2})
    r["faults"] = [
        {**r["faults"][0], "reps": [x["index"] for x in listed if x["faults"]], "from_s": 1.0, "to_s": 590.0}
    ]
    r["source"]["duration_s"] = seconds
    return r


#: Joints of somebody on all fours, the left arm and right leg raised, as shares of the picture's width and height.
BODY = {
    0: (0.86, 0.35), 7: (0.82, 0.33), 8: (0.82, 0.34), 11: (0.7, 0.42), 12: (0.69, 0.43),
    13: (0.82, 0.42), 14: (0.69, 0.6),
    15: (0.95, 0.4), 16: (0.69, 0.78), 23: (0.42, 0.45), 24: (0.42, 0.46), 25: (0.42, 0.77), 26: (0.24, 0.38),
    27: (0.24, 0.79), 28: (0.06, 0.3), 29: (0.22, 0.77), 30: (0.04, 0.28), 31: (0.18, 0.82), 32: (0.03, 0.34),
}  # fmt: skip


def moment(t: float, size: tuple[int, int] = (640, 360), **changed: Any) -> Moment:
    """A judged frame of somebody in the end position of ``plane``."""
    image = np.full((33, 4), np.nan)
    for k, (x, y) in BODY.items():
        image[k] = x * size[0], y * size[1], 0.0, 1.0
    values: dict[str, Any] = {
        "t": t,
        "image": image,
        "sample": {"leg_level": 30.0, "support_thigh": 91.0},
        "confidence": 1.0,
        "view": View("side", "right", 90.0),
        "phase": "hold",
        "rep": 1,
        "hold_s": 1.0,
        "faults": (),
        "problem": None,
        "events": (),
        "counts": {"total": 0, "left": 0, "right": 0},
        **changed,
    }
    return Moment(**values)


def noisy_jpeg(seed: int = 0, size: tuple[int, int] = (640, 360)) -> bytes:
    """A picture as full of detail as a camera's."""
    import cv2

    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 255, (size[1] // 6, size[0] // 6, 3), np.uint8)
    picture = cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC)
    return bytes(cv2.imencode(".jpg", picture)[1])


def shots_of(report: dict[str, Any], jpeg: bytes | None = None) -> Shots:
    """Pictures of every repetition and of every fault with a worst moment."""
    size = (640, 360)
    reps = {r["index"]: KeyPicture(moment(r["peak_s"]), jpeg, size) for r in report["reps"]}
    faults = {
        f["id"]: [KeyPicture(moment(f["worst_s"]), jpeg, size)]
        for f in report["faults"]
        if f.get("worst_s") is not None
    }
    return Shots(reps, faults)


def write_measures(path: Path, seconds: float = 16.0, fps: float = 30.0, start: float = 0.0) -> Path:
    """Write a measures table in which the leg goes up and down, and nobody is seen between 8 and 9 s."""
    own = ["leg_level", "arm_level", "raised_knee", "pelvis_roll", "support_thigh"]
    with path.open("w", newline="", encoding="utf-8") as f:
        rows = csv.writer(f, lineterminator="\n")
        rows.writerow([*COMMON, *own])
        for k in range(round(seconds * fps)):
            t = start + k / fps
            seen = not 8 <= t < 9
            phase = "away" if t < start + 0.5 else "hold" if math.sin(t) > 0 else "start"
            head = [f"{t:.3f}", int(seen), "0.95", "side", phase if seen else "away", ""]
            x = 30 * math.sin(t)
            values = [f"{v:.4g}" if seen else "" for v in (x, x / 2, 160 + x / 3, 20 + x, 90 + x)]
            rows.writerow([*head, *[""] * (len(COMMON) - len(head)), *values])
    return path


class Page(HTMLParser):
    """What a browser would see of a page.

    Attributes
    ----------
    tags : list of (name, attributes)
    numbers : list of (path, value, text)
        The marked numbers.
    text : str
        All text outside of scripts and styles.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.numbers: list[tuple[str, float, str]] = []
        self.scripts: list[str] = []
        self.text = ""
        self._open: dict[str, str | None] | None = None
        self._inside = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag
        if tag == "data":
            self._open = {**dict(attrs), "text": ""}
        if tag == "script":
            self.scripts.append("")

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.scripts[-1] += data
            return
        if self._inside == "style":
            return
        self.text += data
        if self._open is not None:
            self._open["text"] = (self._open["text"] or "") + data

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""
        if tag == "data" and self._open is not None:
            o, self._open = self._open, None
            self.numbers.append((str(o["data-p"]), float(o["value"] or "nan"), o["text"] or ""))

    def all(self, tag: str, **attrs: str) -> list[dict[str, str | None]]:
        """Return the attributes of the elements of a name that have these."""
        wanted = {k.replace("_", "-"): v for k, v in attrs.items()}
        return [a for t, a in self.tags if t == tag and all(a.get(k) == v for k, v in wanted.items())]
