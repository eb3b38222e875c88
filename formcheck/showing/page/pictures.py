"""The pictures of a report: cropped around the body, what was measured drawn on them, small enough for the page.

Repetitions come with the drawing of the annotated video; a fault's worst moment with that fault's measure alone, its
value and its limit beside it. Of a track there are no pictures: the body is drawn as a figure on a plain ground.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from formcheck.coaching.coach.shown_now import gravity
from formcheck.judging.rules.checks import Check
from formcheck.judging.rules.exercise import Exercise

from ..draw.joints import Array, DrawnBody
from ..draw.layout import body_box
from ..draw.sprites import Picture as Pixels
from ..draw.strokes import disc
from ..draw.style import NEUTRAL, Labels
from .drawing import Pen
from .keyframes import KeyPicture, Shots
from .language import Words

#: Width (px) and WebP quality, from the best to the smallest, of the faults' and the repetitions' pictures.
FAULT_SIZES = ((720, 80), (600, 78), (480, 72), (360, 62))
REP_SIZES = ((480, 76), (400, 76), (340, 74), (300, 70), (260, 64), (220, 56), (180, 48))
#: Share of the room that the faults' pictures may take.
FAULT_SHARE = 0.4
#: Least and greatest width of a picture for its height.
RATIO = (0.8, 1.9)
#: Ground of a drawn figure.
GROUND = (170, 184, 179)


@dataclass(frozen=True)
class Picture:
    """A picture for the page.

    Attributes
    ----------
    src : str
        Data URI.
    alt : str
    w, h : int
        Pixels.
    """

    src: str
    alt: str
    w: int
    h: int


@dataclass(frozen=True)
class Pictures:
    """The pictures of a page: of repetitions by index in the report's list, of faults by id."""

    reps: dict[int, Picture] = field(default_factory=dict)
    faults: dict[str, Picture] = field(default_factory=dict)


Draw = Callable[[Pixels, DrawnBody], None]


@dataclass(frozen=True)
class _Wanted:
    key: Any
    shot: KeyPicture
    figure: DrawnBody
    alt: str
    draw: Draw


def build_pictures(
    report: Mapping[str, Any], exercise: Exercise | None, shots: Shots, room: int, words: Words
) -> Pictures:
    """Return the pictures of a report.

    Parameters
    ----------
    report : mapping
    exercise : Exercise or None
    shots : Shots
    room : int
        Characters they may take in all, as data URIs.
    words : Words
        Of the page's language.
    """
    if exercise is None:
        return Pictures()
    reps = [_rep_job(exercise, r, i, shots.reps.get(r["index"]), words) for i, r in enumerate(report["reps"])]
    faults = [_fault_job(exercise, f, shots.of_fault(f, report["reps"]), words) for f in report["faults"]]
    rep_jobs, fault_jobs = ([j for j in jobs if j is not None] for jobs in (reps, faults))
    if not rep_jobs and not fault_jobs:
        return Pictures()
    crop = _crop_size([j.figure for j in (*rep_jobs, *fault_jobs)], (rep_jobs or fault_jobs)[0].shot.size)
    of_faults = _fitting(fault_jobs, crop, FAULT_SIZES, int(room * FAULT_SHARE))
    left = room - sum(len(p.src) for p in of_faults.values())
    return Pictures(_fitting(rep_jobs, crop, REP_SIZES, left), of_faults)


def _fitting(
    jobs: Sequence[_Wanted], crop: tuple[float, float], sizes: Sequence[tuple[int, int]], room: int
) -> dict[Any, Picture]:
    """Return the pictures in the largest size in which all fit, told by some of them; in the last, as many as fit."""
    if not jobs:
        return {}
    probe = jobs[:: max(len(jobs) // 6, 1)]
    for size in sizes:
        done = {j.key: _picture(j, crop, size) for j in probe}
        if 1.15 * sum(len(p.src) for p in done.values()) * len(jobs) / len(probe) <= room:
            break
    out: dict[Any, Picture] = {}
    for job in jobs:
        picture = done.get(job.key) or _picture(job, crop, size)
        room -= len(picture.src)
        if room < 0:
            break
        out[job.key] = picture
    return out


def _rep_job(
    exercise: Exercise, rep: Mapping[str, Any], i: int, shot: KeyPicture | None, words: Words
) -> _Wanted | None:
    figure = _figure(shot)
    if shot is None or figure is None:
        return None
    known = {name: rep["measures"].get(name) for name, *_ in exercise.drawing.angles}
    values = {name: words.with_unit(value, "deg") for name, value in known.items() if value is not None}
    texts = [f"{words.curve(name)[0]} {text}" for name, text in values.items()]
    labels = Labels(**words.phrases.labels(exercise))
    drawing, checks = exercise.drawing, exercise.checks
    said = {name: labels.angle(drawing.names_of(name, checks), text) for name, text in values.items()}
    decided = _decided(exercise, rep, labels)
    faults = [f"{words.fault(f['id'])}{_beyond(f, words)}" for f in rep["faults"]]
    side = f", {words.word(rep['side'])}" if rep["side"] else ""
    at = words.clock(rep["peak_s"])
    where = words("picture-rep", noun=words.noun_title, n=rep["index"], side=side, time=at)

    def draw(picture: Pixels, on: DrawnBody) -> None:
        Pen(picture, on, exercise, shot.moment, font=words.font).rep(said, decided)

    return _Wanted(i, shot, figure, ". ".join([where, *texts, *faults]), draw)


def _decided(exercise: Exercise, rep: Mapping[str, Any], labels: Labels) -> tuple[Check, str] | None:
    """Return what decided on a repetition, its gravest fault, and the words for it; none where it is no angle."""
    known = {c.id for c in exercise.checks}
    graver = gravity(exercise)
    fault = min((f for f in rep["faults"] if f["id"] in known), key=lambda f: graver[f["id"]], default=None)
    check = _check_of(exercise, fault) if fault is not None else None
    if fault is None or check is None:
        return None
    if fault["unit"] == "deg" and None not in (fault["worst"], fault["limit"]):
        return check, labels.measured(check.signal or check.id, fault["worst"], fault["limit"])
    return check, ""


def _fault_job(exercise: Exercise, fault: Mapping[str, Any], shot: KeyPicture | None, words: Words) -> _Wanted | None:
    figure = _figure(shot)
    check = _check_of(exercise, fault)
    if shot is None or figure is None or check is None:
        return None
    said = []
    if fault["worst"] is not None:
        # Some checks look at how far an angle is off, or has changed; the angle itself is drawn.
        value = words.with_unit(fault["worst"], fault["unit"])
        off = "picture-change" if check.relative else "picture-off" if check.signal.endswith("_off") else ""
        said.append(words(off, value=value) if off else value)
        if fault["limit"] is not None:
            said.append(words("picture-limit", value=words.with_unit(fault["limit"], fault["unit"])))
    at = fault.get("worst_s")
    when = words("picture-at", time=words.clock(at)) if at is not None else ""
    alt = words("picture-fault", fault=words.fault(fault["id"]), when=when) + (": " if said else "") + ", ".join(said)

    def draw(picture: Pixels, on: DrawnBody) -> None:
        pen = Pen(picture, on, exercise, shot.moment, faint=shot.jpeg is not None, font=words.font)
        pen.fault(check, said)

    return _Wanted(fault["id"], shot, figure, alt, draw)


def _beyond(fault: Mapping[str, Any], words: Words) -> str:
    if fault["worst"] is None:
        return ""
    worst = f" {words.with_unit(fault['worst'], fault['unit'])}"
    if fault["limit"] is None:
        return worst
    return f"{worst}, {words('picture-limit', value=words.with_unit(fault['limit'], fault['unit']))}"


def _check_of(exercise: Exercise, fault: Mapping[str, Any]) -> Check | None:
    """Return the check that found a fault: of those that share its id, by when it decided and its limit."""
    mine = [c for c in exercise.checks if c.id == fault["id"]]
    at_end = fault.get("worst_s") is None
    mine = [c for c in mine if (not c.signal) == at_end] or mine
    sense = (fault["worst"] or 0.0) > (fault["limit"] or 0.0)
    return min(mine, key=lambda c: (c.sense == "above") != sense, default=None)


# ---- cropping -----------------------------------------------------------------------
def _figure(shot: KeyPicture | None) -> DrawnBody | None:
    return DrawnBody.of(shot.moment, shot.size, (1.0, 1.0), False) if shot is not None else None


def _crop_size(figures: Sequence[DrawnBody], size: tuple[int, int]) -> tuple[float, float]:
    """Return the width and height of all crops (px of the measured picture): the same scale, so that they compare."""
    boxes = np.array([b for f in figures if (b := body_box(f)) is not None])
    w, h = (boxes[:, 2] - boxes[:, 0]), (boxes[:, 3] - boxes[:, 1])
    # A body misplaced in one picture must not make all others small.
    w, h = (1.06 * float(min(x.max(), 1.4 * np.median(x))) for x in (w, h))
    w, h = max(w, RATIO[0] * h), max(h, w / RATIO[1])
    return min(w, float(size[0])), min(h, float(size[1]))


def _picture(job: _Wanted, crop: tuple[float, float], size: tuple[int, int]) -> Picture:
    import cv2

    # Upright pictures get the area of the others, not their width.
    width = round(size[0] * min(1.0, math.sqrt(crop[0] / crop[1] / 1.4)))
    k = width / crop[0]
    height = max(round(crop[1] * k), 1)
    box = body_box(job.figure) or (0.0, 0.0, *crop)
    whole = np.asarray(job.shot.size, np.float64)
    middle = np.array([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2])
    corner: Array = np.clip(middle - np.asarray(crop) / 2, 0, np.maximum(whole - crop, 0))
    figure = replace(job.figure, xy=(job.figure.source - corner) * k)
    ground = _ground(job.shot, corner, k, (width, height))
    picture = ground if ground is not None else _drawn(figure, (width, height))
    job.draw(picture, figure)
    ok, data = cv2.imencode(".webp", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_WEBP_QUALITY, size[1]])
    assert ok
    return Picture(f"data:image/webp;base64,{base64.b64encode(data.tobytes()).decode()}", job.alt, width, height)


def _ground(shot: KeyPicture, corner: Array, k: float, size: tuple[int, int]) -> Pixels | None:
    """Return the cut-out of a shot's picture; None where it has none."""
    import cv2

    if shot.jpeg is None:
        return None
    whole = cv2.imdecode(np.frombuffer(shot.jpeg, np.uint8), cv2.IMREAD_COLOR)
    if whole is None:
        return None
    stored = whole.shape[1] / shot.size[0]
    s = k / stored
    if s < 0.7:
        # Averaged down first: a mapping alone would leave out pixels.
        whole = cv2.resize(whole, None, fx=s, fy=s, interpolation=cv2.INTER_AREA)
        s = 1.0
    move = np.array([[s, 0.0, -corner[0] * k], [0.0, s, -corner[1] * k]])
    out = cv2.warpAffine(whole, move, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.cvtColor(out, cv2.COLOR_BGR2RGB), np.uint8)


def _drawn(figure: DrawnBody, size: tuple[int, int]) -> Pixels:
    """Return a plain ground with a head for the figure to be drawn on."""
    picture = np.full((size[1], size[0], 3), GROUND, np.uint8)
    head = figure.at(("ear", "mid")) if figure.front else figure.at(("ear", figure.near))
    if head is not None and math.isfinite(figure.torso):
        disc(picture, head, 0.19 * figure.torso, NEUTRAL)
    return picture
