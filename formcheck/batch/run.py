"""A batch from its paths to its results: what is done is kept whatever happens."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

from formcheck import memory
from formcheck.addresses import is_address
from formcheck.analysis.options import check_overrides
from formcheck.cores import usable_cores
from formcheck.errors import OutputError, UsageError
from formcheck.judging.exercises import exercises, plugins
from formcheck.judging.exercises.chosen import FROM_NAME, FROM_TRUTH
from formcheck.sight.pose.trackfile import is_track
from formcheck.version import __version__

from .find import find_jobs
from .job import Job
from .journal import NAME, SCHEMA, Journal
from .pool import LocalWorkers, Workers
from .records import read_earlier
from .settings import ClipSettings, content_hash, local_signature
from .work import Known, Task, remove_temporary, resolved, still_good, truth_mark

#: So many clips for each worker are left to be put in order by size at the end of a batch.
LAST = 8
#: Called with the number of clips done, the number in all, and the record of the last.
Said = Callable[[int, int, dict[str, Any]], None]


@dataclass
class Batch:
    """How a batch ended.

    Attributes
    ----------
    out : path
    clips : int
        In all.
    done, failed, same : int
        Judged now; failed, now or before; done before and kept as they were.
    interrupted : bool
    files : list of path
        Tables and index page.
    notes : list of str
    """

    out: Path
    clips: int
    done: int = 0
    failed: int = 0
    same: int = 0
    interrupted: bool = False
    files: list[Path] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def keep(self, status: str) -> None:
        """Count a clip whose earlier result holds."""
        self.same += status == "done"
        self.failed += status == "failed"

    @property
    def left(self) -> int:
        """Clips not reached."""
        return self.clips - self.done - self.failed - self.same


@dataclass(frozen=True)
class _How:
    """The options of a run that change no result."""

    workers: int | None
    ray: str | None
    timeout: float | None
    fail_fast: bool


def run_batch(
    paths: Sequence[str],
    exercise: str | None,
    settings: ClipSettings,
    *,
    workers: int | None = None,
    ray: str | None = None,
    timeout: float | None = None,
    resume: bool = False,
    force: bool = False,
    fail_fast: bool = False,
    said: Said | None = None,
) -> Batch:
    """Judge many clips.

    Parameters
    ----------
    paths : sequence of str
        See :func:`formcheck.batch.find.find_jobs`.
    exercise : str or None
        Id, ``auto``, ``from-name``, ``from-truth``; None: as the manifests say, else ``auto``.
    settings : ClipSettings
        ``out`` is the batch's folder.
    workers : int, optional
        Processes; default: one a core.
    ray : str, optional
        Address of a Ray cluster (``auto``, ``local``, ``ray://host:10001``) to use in place of processes of this
        machine. All its nodes must see ``out``, and the inputs, under the same path.
    timeout : float, optional
        Seconds a clip may take.
    resume : bool
        Go on in a folder that holds a batch: clips whose content, settings and version are those of before are kept.
    force : bool
        Begin anew in such a folder (the kept poses stay).
    fail_fast : bool
        Stop at the first clip that fails.
    said : callable, optional
        Told of each clip as it ends.

    Returns
    -------
    Batch
        After an interruption from the keyboard it holds what was finished, and says so.

    Raises
    ------
    InputError
        If there is no clip.
    UsageError
        If an option does not fit, or the folder is in use.
    ModelError
        If there is no pose model and a clip needs one.
    """
    from filelock import FileLock, Timeout

    out = settings.out
    exercises()  # those of other packages that cannot be used are said here, once
    check_overrides(settings.options)  # every clip would fail of them
    if (out / NAME).exists() and not (resume or force):
        raise UsageError(
            f"{out} holds a batch already",
            "go on with it by --resume, begin anew by --force, or choose another with -o",
        )
    jobs_given = list(paths)
    if not resume:
        find_jobs(jobs_given, exercise, out=out)  # say what is wrong with the paths before anything is made
    _make(out)
    lock = FileLock(out / ".lock")
    try:
        with lock.acquire(timeout=0):
            remove_temporary(out)
            with Journal(out, fresh=not resume) as journal:
                how = _How(workers, ray, timeout, fail_fast)
                return _run(jobs_given, exercise, settings, journal, how, said)
    except Timeout:
        raise UsageError(
            f"another batch is writing to {out}", "wait for it, or choose another folder with -o"
        ) from None


def _make(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as e:
        why = (e.strerror or str(e)).lower()
        raise OutputError(f"cannot write to {out} ({why})", "give another folder with -o") from e


def _run(
    paths: list[str],
    exercise: str | None,
    settings: ClipSettings,
    journal: Journal,
    how: _How,
    said: Said | None,
) -> Batch:
    earlier = read_earlier(journal)
    jobs = find_jobs(paths, exercise, out=settings.out, names=earlier.names)
    model: Path | None = None
    if not all(is_track(j.source) for j in jobs):
        from formcheck.sight.models.store import resolve_model

        memory.check(memory.POSES_MB)
        model = resolve_model(path=settings.options.model, quiet=settings.options.quiet)
        settings = replace(settings, model=content_hash(model))
    batch = Batch(settings.out, len(jobs))
    if earlier.odd:
        lines = "A line" if earlier.odd == 1 else f"{earlier.odd} lines"
        batch.notes.append(f"{lines} of {journal.path} cannot be used: what they were of is judged anew.")
    places: list[int | None] = [None] * len(jobs)
    todo: list[Task] = []
    for i, job in enumerate(jobs):
        before = earlier.clips.get(job.key)
        if before is not None and _unchanged(job, before, settings):
            places[i] = earlier.places[job.key]
            batch.keep(before.status)
        else:
            todo.append(Task(job, before, i))
    started = {"kind": "run", "schema": SCHEMA, "formcheck": __version__, "started": _now()}
    journal.append({**started, "clips": len(jobs), "todo": len(todo)})
    at_once = min(how.workers or usable_cores(), max(len(todo), 1))
    ended = _workers(settings, model, how, at_once).run(todo if how.fail_fast else ordered(todo, at_once))
    try:
        for task, record in ended:
            plugins.left_out_elsewhere(record.pop("left_out", ()))
            with _undisturbed():
                if record["status"] == "same":
                    assert task.known is not None
                    places[task.index] = _renewed(journal, earlier.places[task.job.key], record)
                    batch.keep(task.known.status)
                else:
                    places[task.index] = journal.append({**record, "key": task.job.key, "at": _now()})
                    batch.done += record["status"] == "done"
                    batch.failed += record["status"] == "failed"
            if said is not None:
                said(len(jobs) - batch.left, len(jobs), record)
            if how.fail_fast and record["status"] == "failed":
                break
        ended.close()
    except KeyboardInterrupt:
        batch.interrupted = True
    finally:
        _write_results(batch, journal, places)
        remove_temporary(settings.out)
    return batch


def ordered(tasks: Sequence[Task], workers: int) -> list[Task]:
    """Return tasks as they came, the last few of several workers largest first: then all end at about one time."""
    few = max(len(tasks) - LAST * workers, 0) if workers > 1 else len(tasks)
    return [*tasks[:few], *sorted(tasks[few:], key=lambda t: t.job.size, reverse=True)]


def _workers(settings: ClipSettings, model: Path | None, how: _How, at_once: int) -> Workers:
    if how.ray is None:
        return LocalWorkers(settings, model, at_once, how.timeout)
    from .cluster import RayWorkers

    return RayWorkers(settings, model, how.workers, how.timeout, how.ray)


def _unchanged(job: Job, known: Known, settings: ClipSettings) -> bool:
    """Return whether an earlier result holds, without reading the clip: same place on disk, size, times and settings.

    Where this cannot tell, the worker compares the content itself.
    """
    track = is_track(job.source)
    signature = job.signature if is_address(job.source) else local_signature(Path(job.source))
    if signature is None or signature != known.signature:
        return False
    if job.exercise in (FROM_TRUTH, FROM_NAME) or job.truth is not None:
        if is_address(job.source) or is_address(job.truth or ""):
            return False
        try:
            exercise = resolved(job)
        except Exception:  # noqa: BLE001 -- the worker says what is wrong
            return False
    else:
        exercise = job.exercise
    if known.config != settings.config(exercise, track=track, truth=truth_mark(job)):
        return False
    return still_good(known, settings.out)


def _renewed(journal: Journal, place: int, record: dict[str, Any]) -> int:
    """Journal that a clip was moved or touched but is the same; return the place of its record."""
    before = journal.read(place)
    return journal.append({**before, "signature": record["signature"], "at": _now()})


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Hold Ctrl-C and SIGTERM back until the block is done: what is in the journal is in the tables."""
    came: list[tuple[int, FrameType | None]] = []
    before = {}
    if threading.current_thread() is threading.main_thread():
        kinds = (signal.SIGINT, signal.SIGTERM)
        before = {k: h for k in kinds if callable(h := signal.getsignal(k))}
    for kind in before:
        signal.signal(kind, lambda number, frame: came.append((number, frame)))
    try:
        yield
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)
        for number, frame in came[:1]:
            before[signal.Signals(number)](number, frame)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _write_results(batch: Batch, journal: Journal, places: list[int | None]) -> None:
    from .page import write_index
    from .results import write_results

    def records() -> Iterator[dict[str, Any]]:
        return (journal.read(p) for p in places if p is not None)

    written = write_results(batch.out, records)
    batch.files += [*written.files, write_index(batch, records)]
    if written.without_parquet:
        batch.notes.append(f"No Parquet: {written.without_parquet}")
