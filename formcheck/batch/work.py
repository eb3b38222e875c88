"""What is done with one clip, in whichever process or on whichever machine."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from formcheck import memory
from formcheck.addresses import is_address
from formcheck.clips import stem_of
from formcheck.errors import FormcheckError, InputError, ModelError, NoPersonError, OutputError, UsageError
from formcheck.judging.exercises.chosen import AUTO, FROM_NAME, FROM_TRUTH
from formcheck.leftovers import sweep
from formcheck.shown import one_line
from formcheck.sight.pose.choice import ANYBODY, Follow

from .job import Job, describe, exercise_in_name
from .settings import CLIPS, TEMPORARY, TRACKS, ClipSettings, content_hash, fingerprint, local_signature

if TYPE_CHECKING:
    from formcheck.analysis.options import Progress
    from formcheck.sight.pose.estimator import PoseEstimator

#: Kinds of failure that the same clip may not have another time.
PASSING = frozenset({"timeout", "died", "fetch", "output", "model", "internal"})


@dataclass(frozen=True)
class Known:
    """What an earlier run found of a clip."""

    sha256: str | None
    config: str
    signature: str | None
    exercise: str
    status: str
    failure: str | None
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class Task:
    """A job, what is known of it, and its place in the batch."""

    job: Job
    known: Known | None = None
    index: int = 0


class Warm:
    """What a worker keeps from clip to clip: the loaded libraries, and where the model is.

    The estimator itself follows a body from picture to picture and would carry one clip's into the next, so each clip
    gets a fresh one (some 0.1 s).
    """

    def __init__(self, model: Path | None, follow: Follow = ANYBODY) -> None:
        self._model, self._follow = model, follow

    def up(self, *, model: bool) -> None:
        """Load what the first clip would otherwise wait for; the model only if it is sure to be needed."""
        from formcheck.judging import exercises  # noqa: F401
        from formcheck.judging.session import session  # noqa: F401

        if model:
            with self.estimator():
                pass

    @contextmanager
    def estimator(self) -> Iterator[PoseEstimator | None]:
        """Give a fresh estimator; None if there is no model (tracks need none)."""
        if self._model is None:
            yield None
            return
        from formcheck.sight.pose.estimator import MediaPipePose

        with MediaPipePose(self._model, follow=self._follow) as estimator:
            yield estimator


def do_clip(task: Task, settings: ClipSettings, warm: Warm, progress: Progress | None = None) -> dict[str, Any]:
    """Judge one clip and write its outputs, the report last.

    Never raises for what a clip or its files can be: the reason is in the record.

    Parameters
    ----------
    task : Task
    settings : ClipSettings
    warm : Warm
    progress : callable, optional
        Called with the seconds done and the seconds in all (None where unknown).

    Returns
    -------
    dict
        The record of the clip for the journal: ``status`` is ``done``, ``failed``, or ``same`` where an earlier run's
        outputs still hold. ``left_out`` is not for the journal: what to say of exercises that cannot be used.
    """
    from formcheck.judging.exercises import plugins

    began = time.perf_counter()
    record: dict[str, Any] = {"kind": "clip", **describe(task.job), "status": "failed", "exercise": task.job.exercise}
    try:
        with _local_copy(task.job, settings) as path:
            record |= _judged(task, path, settings, warm, progress)
    except FormcheckError as e:
        record |= failure(_kind_of(e), str(e))
    except Exception as e:  # noqa: BLE001
        # Whatever a clip does to the program, it does to no other clip.
        if os.environ.get("FORMCHECK_DEBUG"):
            import traceback

            record["traceback"] = traceback.format_exc()
        lines = str(e).splitlines()
        what = f"internal error ({type(e).__name__}: {lines[0] if lines else 'no message'})"
        record |= failure("internal", "not enough memory: use fewer --workers" if memory.ran_out(e) else what)
    left_out = {"left_out": said} if (said := plugins.left_out()) else {}
    return {**record, **left_out, "seconds": round(time.perf_counter() - began, 4)}


def failure(kind: str, reason: str) -> dict[str, Any]:
    """Return the part of a record that says why a clip failed, in one line."""
    return {"status": "failed", "failure": kind, "error": one_line(" ".join(reason.split()))}


def _kind_of(error: FormcheckError) -> str:
    from .remote import FetchError

    if isinstance(error, FetchError):
        return "fetch"
    kinds = (
        (NoPersonError, "nobody"),
        (InputError, "input"),
        (ModelError, "model"),
        (OutputError, "output"),
        (UsageError, "usage"),
    )
    for kind, name in kinds:
        if isinstance(error, kind):
            return name
    return "internal"


@contextmanager
def _local_copy(job: Job, settings: ClipSettings) -> Iterator[Path]:
    if not is_address(job.source):
        yield Path(job.source)
        return
    from .remote import fetched

    with fetched(job.source, settings.out / TEMPORARY) as path:
        yield path


def _judged(task: Task, path: Path, settings: ClipSettings, warm: Warm, progress: Progress | None) -> dict[str, Any]:
    from formcheck.analysis.clip import analyze_clip
    from formcheck.files import write_json
    from formcheck.judging.exercises import get_exercise
    from formcheck.sight.pose.trackfile import SUFFIX, is_track

    from .cache import feed_through

    job, known = task.job, task.known
    signature = job.signature if is_address(job.source) else local_signature(path)
    seen: dict[str, Any] = {"signature": signature, "sha256": None, "config": ""}
    try:
        exercise = resolved(job)
        seen["exercise"] = exercise
        track = is_track(path)
        seen["config"] = settings.config(exercise, track=track, truth=truth_mark(job))
        if not path.is_dir() and not path.exists() and "%" not in path.name:
            raise InputError(f"no such file: {job.source}", "check the path")
        sha = seen["sha256"] = _hash(path)
    except FormcheckError as e:
        return {**seen, **failure(_kind_of(e), str(e))}
    outputs = settings.outputs(job.name, track=track)
    if known is not None and (known.sha256, known.config) == (sha, seen["config"]) and still_good(known, settings.out):
        return {**seen, "status": "same"}
    place = None
    if settings.cache and not track:
        ball = settings.options.ball and (exercise == AUTO or get_exercise(exercise).uses_ball)
        place = settings.out / TRACKS / f"{fingerprint([sha, settings.poses, ball])}{SUFFIX}"
    shown = describe(job)["source"]
    try:
        with warm.estimator() if place is None or not place.is_file() else _none() as estimator:
            files = [f for kind, f in outputs.items() if kind != "report"]
            feed_of = feed_through(place, estimator, pictures=settings.video or settings.html, shown=shown)
            if not files:
                done = analyze_clip(path, exercise, options=settings.options, feed_of=feed_of, progress=progress)
            else:
                done = _with_files(path, exercise, job.name, settings, feed_of, files, progress)
    except FormcheckError as e:
        text = str(e).replace(str(path), shown) if str(path) != shown else str(e)
        return {**seen, **failure(_kind_of(e), text)}
    done.report["source"]["path"] = shown
    write_json(outputs["report"], done.report)
    written = [f.name for f in outputs.values() if f.is_file()]
    return {
        **seen,
        "status": "done",
        "files": written,
        "cached": bool(place) and estimator is None,
        **summary(done.report, job),
    }


@contextmanager
def _none() -> Iterator[None]:
    yield None


def _with_files(
    path: Path,
    exercise: str,
    name: str,
    settings: ClipSettings,
    feed_of: Any,
    files: list[Path],
    progress: Progress | None,
) -> Any:
    """Judge a clip with its other outputs made aside and then moved to their places."""
    from formcheck.analysis.clip import analyze_clip

    aside = settings.out / TEMPORARY
    aside.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="clip-", dir=aside) as temp:
        done = analyze_clip(
            path,
            exercise,
            temp,
            options=settings.options,
            video=settings.video,
            html=settings.html,
            stem=name,
            feed_of=feed_of,
            progress=progress,
        )
        for file in files:
            made = Path(temp) / file.name
            if made.is_file():  # nothing but a report where no exercise was recognised
                file.parent.mkdir(parents=True, exist_ok=True)
                made.replace(file)
    return done


def _hash(path: Path) -> str:
    try:
        return content_hash(path)
    except OSError as e:
        raise InputError(f"cannot read {path} ({(e.strerror or str(e)).lower()})", "check its access rights") from e


def still_good(known: Known, out: Path) -> bool:
    """Return whether an earlier run's result needs no repetition, given that clip and settings are the same."""
    if known.status == "failed":
        return known.failure not in PASSING
    return known.status == "done" and all(_whole(out / CLIPS / name) for name in known.files)


def _whole(file: Path) -> bool:
    try:
        return file.stat().st_size > 0
    except OSError:
        return False


def resolved(job: Job) -> str:
    """Return the exercise of a clip: an id, or ``auto``.

    Raises
    ------
    InputError
        If neither name nor truth file tells it.
    """
    if job.exercise == FROM_NAME:
        from formcheck.judging.exercises import exercises

        known = exercises()
        exercise = exercise_in_name(stem_of(job.source), known)
        if exercise is None:
            hint = f"name it like {next(iter(known))}-anna.mp4, or give -e"
            raise InputError(f"no exercise in the name {stem_of(job.source)}", hint)
        return exercise
    if job.exercise == FROM_TRUTH:
        exercise = str(_truth(job).get("exercise") or "")
        from formcheck.judging.exercises import get_exercise

        try:
            return get_exercise(exercise).id
        except FormcheckError as e:
            raise InputError(f"{_truth_place(job)}: {e.message}", e.hint) from None
    return job.exercise


def _truth_place(job: Job) -> str:
    if job.truth:
        return job.truth
    if is_address(job.source):
        folder = job.source.partition("#")[0].partition("?")[0].rpartition("/")[0]
        return f"{folder}/{quote(stem_of(job.source))}.json"
    from formcheck.clips import stem

    return str(Path(job.source).with_name(f"{stem(Path(job.source))}.json"))


def _truth(job: Job) -> dict[str, Any]:
    """Return the truth of a clip as plain data."""
    import json

    place = _truth_place(job)
    try:
        if is_address(place):
            from .remote import read_remote

            data = json.loads(read_remote(place))
        else:
            data = json.loads(Path(place).read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as e:
        why = "no such file" if isinstance(e, FileNotFoundError) else "not a readable truth file"
        raise InputError(f"{place}: {why}", "put <clip>.json beside the clip, or give -e") from e
    if not isinstance(data, dict):
        raise InputError(f"{place}: not a truth file", "put <clip>.json beside the clip, or give -e")
    return data


def truth_mark(job: Job) -> str:
    """Return a fingerprint of the truth file's content; empty where none is used or it cannot be read."""
    if not _uses_truth(job):
        return ""
    try:
        return fingerprint(_truth(job))
    except FormcheckError:
        return ""


def _uses_truth(job: Job) -> bool:
    return job.truth is not None or job.exercise == FROM_TRUTH


def true_total(job: Job) -> int | None:
    """Return how many repetitions count by the truth file, where the job has one."""
    if not _uses_truth(job):
        return None
    truth = _truth(job)
    count, reps = truth.get("count"), truth.get("reps")
    if isinstance(count, int):
        return count
    return sum(r.get("counted", True) is True for r in reps if isinstance(r, dict)) if isinstance(reps, list) else None


def summary(report: dict[str, Any], job: Job) -> dict[str, Any]:
    """Return what the tables of a batch say of a judged clip."""
    counts, view, cover, source = report["counts"], report["view"], report["coverage"], report["source"]
    try:
        true = true_total(job)
    except FormcheckError:
        true = None
    return {
        "row": {
            "exercise": report["exercise"],
            "total": counts["total"],
            "left": counts["left"],
            "right": counts["right"],
            "not_counted": sum(not r["counted"] for r in report["reps"]),
            "true_total": true,
            "score": report["score"],
            "faults": [f["id"] for f in report["faults"]],
            "view": view["kind"],
            "near_side": view["near_side"],
            "coverage_pose": cover["pose"],
            "coverage_in_position": cover["in_position"],
            "coverage_judged": cover["judged"],
            "duration_s": source["duration_s"],
            "frames": source["frames"],
            "frames_used": source["frames_used"],
        },
        "measures": list(dict.fromkeys(n for r in report["reps"] for n in r["measures"])),
    }


def has_kept_poses(out: Path) -> bool:
    """Return whether a batch's folder holds poses of an earlier run."""
    folder = out / TRACKS
    return folder.is_dir() and any(folder.iterdir())


def remove_temporary(out: Path) -> None:
    """Delete what killed workers left behind."""
    shutil.rmtree(out / TEMPORARY, ignore_errors=True)
    for folder in (out, out / CLIPS, out / TRACKS):
        sweep(folder, everything=True)
