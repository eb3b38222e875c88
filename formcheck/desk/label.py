"""A film labelled by hand: its pictures one by one, and the truth file that ``formcheck evaluate`` takes."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from formcheck.errors import FormcheckError, InputError, UsageError
from formcheck.evaluation.truth import parse_truth
from formcheck.files import write_json
from formcheck.judging.exercises import exercises, get_exercise
from formcheck.showing.page.language import Words
from formcheck.showing.review.record import LONGEST_NAME, tidy
from formcheck.sight.video.source import open_source

from .serving import act_route, asset, data_route, page

#: Longer side of the pictures (px), and the most that are kept: ten minutes of 30 a second.
SIDE, MOST = 720, 18_000


class FilmPictures:
    """The pictures of a film as files, decoded in the background in the order of time.

    Parameters
    ----------
    film : path
    folder : Path
        Where they are kept; goes with its owner.
    """

    def __init__(self, film: str | Path, folder: Path) -> None:
        self._folder = folder
        self.times: list[float] = []
        self.done = False
        self.error = ""
        self._stop = False
        self._news = threading.Condition()
        # The first picture tells whether it is a film at all: before anything is served.
        self._source = open_source(film, max_side=SIDE)
        self._source.__enter__()
        self._thread = threading.Thread(target=self._decode, daemon=True)
        self._thread.start()

    def _decode(self) -> None:
        from PIL import Image

        try:
            for frame in self._source:
                if self._stop or len(self.times) >= MOST:
                    break
                Image.fromarray(frame.image).save(self.file(len(self.times)), quality=82)
                with self._news:
                    self.times.append(round(frame.t, 4))
                    self._news.notify_all()
        except FormcheckError as e:
            self.error = str(e)
        finally:
            with self._news:
                self.done = True
                self._news.notify_all()
            self._source.close()

    def file(self, k: int) -> Path:
        """Return where the k-th picture lies."""
        return self._folder / f"{k:06}.jpg"

    def wait(self, more_than: int, seconds: float) -> None:
        """Wait until there are more pictures than so many, all are there, or the time is over."""
        with self._news:
            self._news.wait_for(lambda: self.done or len(self.times) > more_than, seconds)

    def close(self) -> None:
        """End the decoding."""
        self._stop = True
        self._thread.join()


class LabelDesk:
    """A film and its truth file.

    Parameters
    ----------
    film : Path
    file : Path
        The truth file.
    pictures : FilmPictures
    exercise : str or None
        None: as the truth file says, or chosen on the page.
    by : str
    force : bool
        Change a truth file that was not made here.

    Raises
    ------
    UsageError
        If the truth file was made otherwise, or there is no such exercise.
    InputError
        If it is damaged.
    """

    def __init__(
        self, film: Path, file: Path, pictures: FilmPictures, exercise: str | None, by: str, *, force: bool = False
    ) -> None:
        self.film, self.file, self.pictures = film, file, pictures
        self.by = tidy(by, LONGEST_NAME) or ""
        if not self.by:
            raise UsageError("who labels has no name", "give it with --by")
        self.truth: dict[str, Any] = {"exercise": None, "reps": []}
        if file.exists():
            self.truth = _read(file, force=force)
        if exercise is not None:
            self.truth["exercise"] = get_exercise(exercise).id

    def data(self) -> dict[str, Any]:
        """Return all that the page shows."""
        self.pictures.wait(0, 20.0)
        known = exercises()
        return {
            "film": self.film.name,
            "by": self.by,
            "file": self.file.name,
            "exercise": self.truth["exercise"],
            "exercises": [
                {
                    "id": e.id,
                    "title": e.title,
                    "faults": [
                        {"id": i, "label": Words("en", e.id).fault(i)} for i in dict.fromkeys(c.id for c in e.checks)
                    ],
                    "blocks": list(e.prescription.blocks),
                }
                for e in known.values()
            ],
            "reps": [_row(r) for r in self.truth.get("reps") or []] + list(self.truth.get("unfinished") or []),
            "note": self.truth.get("notes"),
            **self.frames(),
        }

    def frames(self, after: int = 0) -> dict[str, Any]:
        """Return the times of the pictures from one on, and whether these are all."""
        done = self.pictures.done
        return {"times": self.pictures.times[after:], "done": done, "error": self.pictures.error}

    def save(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Write the truth file, whole or not at all; attempts without an end wait in it under ``unfinished``.

        Raises
        ------
        KeyError, TypeError, ValueError
            If it is not understood.
        InputError, UsageError
            If it is no truth, or cannot be written.
        """
        exercise = asked["exercise"]
        if exercise is not None:
            get_exercise(exercise)
        reps = [_truth_rep(r) for r in asked["reps"]]
        whole = sorted((r for r in reps if r["end_s"] is not None), key=lambda r: r["start_s"])
        open_ones = [_row(r) for r in reps if r["end_s"] is None]
        kept = {k: v for k, v in self.truth.items() if k not in ("count", "unfinished")}
        truth = {
            **kept, "exercise": exercise, "reps": whole, "notes": tidy(asked.get("note")),
            "labelled": {"by": self.by, "at": datetime.now(UTC).isoformat(timespec="seconds")},
        }  # fmt: skip
        if exercise is not None and (whole or not open_ones):
            parse_truth(truth, self.file.name)
        if open_ones:
            truth["unfinished"] = open_ones
        write_json(self.file, truth)
        self.truth = truth
        return {"saved": len(whole), "unfinished": len(open_ones)}

    def routes(self) -> list[BaseRoute]:
        """Return what the page asks for."""
        return [
            page("label.html"),
            asset("label.js"),
            data_route(self.data),
            act_route("/save", self.save),
            Route("/frames/{after:int}", self._frames),
            Route("/picture/{k:int}", self._picture),
        ]

    async def _frames(self, request: Request) -> Response:
        from starlette.responses import JSONResponse

        after = request.path_params["after"]
        await run_in_threadpool(self.pictures.wait, after, 2.0)
        return JSONResponse(self.frames(after))

    async def _picture(self, request: Request) -> Response:
        k = request.path_params["k"]
        if k >= len(self.pictures.times):
            return PlainTextResponse("there is no such picture", 404)
        return FileResponse(self.pictures.file(k), media_type="image/jpeg")


def _read(file: Path, *, force: bool) -> dict[str, Any]:
    try:
        data = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as e:
        raise InputError(
            f"cannot read {file} ({type(e).__name__})", "move it away, or give another file with -o"
        ) from e
    if not isinstance(data, dict) or (not force and not isinstance(data.get("labelled"), dict)):
        raise UsageError(
            f"{file} was not made by 'formcheck label'", "give another file with -o, or --force to change this one"
        )
    if data.get("exercise") is not None and data.get("reps"):
        parse_truth({k: v for k, v in data.items() if k != "count"}, str(file))
    return data


def _row(r: Mapping[str, Any]) -> dict[str, Any]:
    """Return an attempt as the page has it."""
    ids = [f["id"] if isinstance(f, dict) else f for f in r.get("faults") or []]
    return {
        **{k: r.get(k) for k in ("start_s", "peak_s", "end_s", "side", "block", "cut")},
        "counted": r.get("counted", True),
        "faults": ids,
        "maybe": list(r.get("maybe") or []),
    }


def _truth_rep(r: Mapping[str, Any]) -> dict[str, Any]:
    """Return an attempt as a truth file has it.

    Raises
    ------
    KeyError, TypeError, ValueError
        If it is not understood.
    """
    start, peak, end = (None if r[k] is None else round(float(r[k]), 3) for k in ("start_s", "peak_s", "end_s"))
    if start is None:
        raise ValueError("an attempt has a start")
    if any(t is not None and t < start for t in (peak, end)):
        raise ValueError("an attempt starts before its peak and its end")
    out: dict[str, Any] = {"start_s": start, "peak_s": peak, "end_s": end, "counted": r["counted"]}
    out["faults"] = [str(i) for i in r["faults"]]
    if r.get("maybe"):
        out["maybe"] = [str(i) for i in r["maybe"]]
    for k in ("side", "block", "cut"):
        if r.get(k) is not None:
            out[k] = r[k]
    return out
