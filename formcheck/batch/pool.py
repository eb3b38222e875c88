"""A pool of processes on this machine: each does one clip at a time, and may be killed for it."""

from __future__ import annotations

import math
import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import connection
from pathlib import Path
from typing import Any, Protocol

from formcheck import memory
from formcheck.errors import FormcheckError
from formcheck.sight.pose.native import part_from_native

from .forked import adopt, worker_context
from .job import describe
from .settings import ClipSettings
from .work import Task, Warm, do_clip, failure, has_kept_poses

#: Tasks that ended, each with its record; closing it stops what is under way.
Records = Generator[tuple[Task, dict[str, Any]], None, None]
#: How often a clip is tried whose worker died. Twice is no accident of the machine's.
TRIES = 2
#: How often in a row, for each worker, one may die before it is ready.
STILLBORN = 3
#: Seconds from one word of how far a clip is to the next.
TOLD_S = 0.5
#: Each worker computes in one thread: the pool is what uses the cores.
_ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OPENCV_FOR_THREADS_NUM", "VECLIB_MAXIMUM_THREADS"),
    "1",
)


class Workers(Protocol):
    """Whatever does clips: processes of this machine, or of a cluster."""

    def run(self, tasks: Iterable[Task]) -> Records:
        """Do all tasks, each once; give each with its record as it ends, in no order."""
        ...


class LocalWorkers:
    """Processes of this machine.

    Each has a pipe of its own and shares no lock with another: whichever is killed, no other waits for it.

    Parameters
    ----------
    settings : ClipSettings
    model : path or None
        Pose bundle; None where all clips are tracks.
    workers : int
    timeout : float or None
        Seconds a clip may take; then its worker is killed and replaced.
    progress : callable, optional
        Told of each clip under way, now and then: the seconds done, and the seconds in all (None where unknown).
    """

    def __init__(
        self,
        settings: ClipSettings,
        model: Path | None,
        workers: int,
        timeout: float | None,
        progress: Callable[[Task, float, float | None], None] | None = None,
    ) -> None:
        self._start = settings, model, progress is not None
        self._progress = progress
        self._count, self._timeout = workers, timeout
        self._stopped = False
        self._workers: list[_Process] = []
        self._stillborn = 0

    def run(self, tasks: Iterable[Task]) -> Records:
        """Do all tasks; when the caller stops early, the clips under way are killed.

        Raises
        ------
        FormcheckError
            If workers die before they begin, again and again.
        """
        waiting, again = iter(tasks), deque[tuple[Task, int]]()
        try:
            with one_thread_each():
                self._workers = [_Process(*self._start) for _ in range(self._count)]
                while not self._stopped:
                    for w in self._workers:
                        if w.ready and w.task is None:
                            task, n = again.popleft() if again else (next(waiting, None), 1)
                            if task is not None:
                                w.give(task, n, self._timeout)
                    if not again and all(w.task is None for w in self._workers):
                        one = next(waiting, None)
                        if one is None:
                            return
                        again.append((one, 1))
                    for w in self._wait():
                        ended = self._look(w)
                        if ended is None:
                            continue
                        task, n, record = ended
                        if record is None:
                            again.append((task, n + 1))
                        else:
                            yield task, record
        finally:
            for w in self._workers:
                w.kill()

    def stop(self) -> None:
        """Kill what is under way and end :meth:`run`; may come from any thread."""
        self._stopped = True
        for w in list(self._workers):
            with suppress(ValueError):  # it is gone already
                w.process.kill()

    def _wait(self) -> list[_Process]:
        """Wait until there is something to hear of a worker, or its time is up; return those."""
        due = min((w.due for w in self._workers), default=None)
        seconds = None if due is None or due == math.inf else max(due - time.monotonic(), 0.0)
        heard = set(connection.wait([x for w in self._workers for x in (w.pipe, w.process.sentinel)], seconds))
        now = time.monotonic()
        return [w for w in self._workers if w.pipe in heard or w.process.sentinel in heard or w.due <= now]

    def _look(self, w: _Process) -> tuple[Task, int, dict[str, Any] | None] | None:
        """Return the task that a worker ended, how often it was tried, and its record (None: try again)."""
        task, n = w.task, w.tries
        try:
            if w.pipe.poll():
                record = w.take()
                if isinstance(record, Done):
                    if self._progress is not None and task is not None:
                        self._progress(task, record.seconds, record.in_all)
                    return None
                if record is None or task is None:
                    return None
                self._stillborn = 0
                return task, n, record
        except (EOFError, OSError):
            pass  # it died
        late = w.process.is_alive() and w.due <= time.monotonic()
        if not late and w.process.is_alive():
            w.process.join(1.0)  # the pipe broke first
        w.kill()
        if self._stopped:
            return None
        self._replace(w)
        if task is None:
            return None
        record = {"kind": "clip", **describe(task.job), "exercise": task.job.exercise}
        if late:
            reason = f"took longer than {self._timeout:g} s and was stopped: give more with --timeout"
            return task, n, {**record, **failure("timeout", reason), "seconds": self._timeout}
        if n < TRIES:
            return task, n, None
        code = w.process.exitcode
        how = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
        reason = f"the worker died twice ({how}), of too little memory perhaps: use fewer --workers"
        return task, n, {**record, **failure("died", reason)}

    def _replace(self, w: _Process) -> None:
        if not w.ready:
            self._stillborn += 1
            if self._stillborn > STILLBORN * self._count:
                raise FormcheckError("workers die before they begin", "use fewer --workers, or free some memory")
        self._workers[self._workers.index(w)] = _Process(*self._start)


@dataclass(frozen=True)
class Done:
    """How far a worker has come with its task: seconds done, and in all."""

    seconds: float
    in_all: float | None


class _Process:
    """A worker process: takes a task, gives a record."""

    def __init__(self, settings: ClipSettings, model: Path | None, tells: bool) -> None:
        context = worker_context(poses=model is not None)
        self.pipe, theirs = context.Pipe()
        given = dict(os.environ), theirs, settings, model, tells
        self.process = context.Process(target=_work, args=given, daemon=True)  # type: ignore[attr-defined]
        self.ready = False
        self.task: Task | None = None
        self.tries = 0
        #: When its time is up, by the monotonic clock.
        self.due = math.inf
        with _without_interrupts():
            self.process.start()
        theirs.close()

    def give(self, task: Task, n: int, timeout: float | None) -> None:
        """Let it do a task, for the n-th time."""
        self.task, self.tries = task, n
        self.due = math.inf if timeout is None else time.monotonic() + timeout
        with suppress(OSError):  # it died: its end is heard of
            self.pipe.send(task)

    def take(self) -> dict[str, Any] | Done | None:
        """Return what it says: how far it is, the record of its task, None when it is ready for the first."""
        record: dict[str, Any] | Done | None = self.pipe.recv()
        if record is None:
            self.ready = True
        elif not isinstance(record, Done):
            self.task, self.due = None, math.inf
        return record

    def kill(self) -> None:
        """End it, whatever it does."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


def _work(
    environment: Mapping[str, str], pipe: connection.Connection, settings: ClipSettings, model: Path | None, tells: bool
) -> None:
    """Do clips until there is nobody to give them."""
    adopt(environment)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    memory.be_thrifty()
    part_from_native()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    warm = Warm(model, settings.options.chosen)
    # A model that cannot be loaded is said with each clip, in one line.
    with suppress(Exception):
        warm.up(model=not has_kept_poses(settings.out))
    with suppress(EOFError, OSError):
        pipe.send(None)
        while True:
            progress = _Teller(pipe) if tells else None
            pipe.send(do_clip(pipe.recv(), settings, warm, progress))


class _Teller:
    """Tells the main process how far a clip is, no more often than it wants to know."""

    def __init__(self, pipe: connection.Connection) -> None:
        self._pipe, self._told = pipe, -math.inf

    def __call__(self, seconds: float, in_all: float | None) -> None:
        now = time.monotonic()
        if now - self._told >= TOLD_S:
            self._told = now
            self._pipe.send(Done(seconds, in_all))


def _end_with_parent() -> None:
    """End when the main process has been killed: nobody is left to take what this one makes."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


@contextmanager
def one_thread_each() -> Iterator[None]:
    """Let processes started in this block compute in one thread each."""
    before = {name: os.environ.get(name) for name in _ONE_THREAD}
    os.environ.update({name: os.environ.get(name, one) for name, one in _ONE_THREAD.items()})
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Let threads and processes started in this block ignore Ctrl-C: it is for the main process alone."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
