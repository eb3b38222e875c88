"""The same work on a Ray cluster: an actor a core, each with the model loaded, one clip under way in each."""

from __future__ import annotations

import logging
import os
import shutil
import socket
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from formcheck.errors import UsageError
from formcheck.files import atomic_path, write_text

from .job import describe
from .pool import Records
from .settings import TEMPORARY, ClipSettings
from .work import Task, Warm, do_clip, failure, has_kept_poses

#: How often a clip is tried whose actor died: machines of a cluster come and go.
TRIES = 4
#: Seconds to wait for the cluster's answer, and between looks at what is late.
CONNECT_S, LOOK_S = 10.0, 5.0
LOCAL = "local"


class RayWorkers:
    """Actors of a Ray cluster.

    Parameters
    ----------
    settings : ClipSettings
        ``out`` must be the same folder on every machine of the cluster.
    model : path or None
        Pose bundle; copied into the batch's folder, for the other machines.
    workers : int or None
        Actors; None: one for each CPU the cluster has now.
    timeout : float or None
        Seconds a clip may take.
    address : str
        ``auto``, ``local`` (a cluster on this machine for this run), ``host:port`` or ``ray://host:port``.
    """

    def __init__(
        self, settings: ClipSettings, model: Path | None, workers: int | None, timeout: float | None, address: str
    ) -> None:
        self._settings, self._model = settings, model
        self._count, self._timeout, self._address = workers, timeout, address

    def run(self, tasks: Iterable[Task]) -> Records:
        """Do all tasks. An actor has one clip under way, so that nothing piles up wherever the machines are slow.

        Raises
        ------
        UsageError
            If Ray is not installed, the cluster does not answer, or its machines do not see the batch's folder.
        """
        ray = _connected(self._address, self._count)
        try:
            yield from self._run(ray, tasks)
        finally:
            with suppress(Exception):
                ray.shutdown()

    def _run(self, ray: Any, tasks: Iterable[Task]) -> Records:
        count = self._count or max(1, int(ray.cluster_resources().get("CPU", 1)))
        model = self._shared_model()
        kind = ray.remote(num_cpus=1)(ClipWorker)
        free = deque(kind.remote(self._settings, model) for _ in range(count))
        self._check_folder(ray, free[0])
        waiting, again = iter(tasks), deque[tuple[Task, int]]()
        under_way: dict[Any, tuple[Any, Task, int, float]] = {}
        while True:
            while free:
                task, n = again.popleft() if again else (next(waiting, None), 1)
                if task is None:
                    break
                actor = free.popleft()
                under_way[actor.do.remote(task)] = (actor, task, n, time.monotonic())
            if not under_way:
                return
            ended, _ = ray.wait(list(under_way), num_returns=1, timeout=LOOK_S)
            for ref in ended:
                actor, task, n, _ = under_way.pop(ref)
                record = self._record_of(ray, ref, task, n)
                if record is not None:
                    free.append(actor)
                    yield task, record
                    continue
                # A new one: who sends work to one that is being restarted is told at once that it is not there.
                with suppress(Exception):
                    ray.kill(actor, no_restart=True)
                free.append(kind.remote(self._settings, model))
                again.append((task, n + 1))
            for ref in self._late(under_way):
                actor, task, _, _ = under_way.pop(ref)
                ray.kill(actor, no_restart=True)
                free.append(kind.remote(self._settings, model))
                reason = f"took longer than {self._timeout:g} s and was stopped: give more with --timeout"
                yield task, {**_blank(task), **failure("timeout", reason), "seconds": self._timeout}

    def _late(self, under_way: dict[Any, tuple[Any, Task, int, float]]) -> list[Any]:
        if self._timeout is None:
            return []
        now = time.monotonic()
        return [ref for ref, (_, _, _, began) in under_way.items() if now - began > self._timeout]

    def _record_of(self, ray: Any, ref: Any, task: Task, n: int) -> dict[str, Any] | None:
        """Return the record of a task that ended, None if it must be tried again."""
        try:
            record: dict[str, Any] = ray.get(ref)
            return record
        except ray.exceptions.RayError as e:
            if n < TRIES:
                return None
            what = str(e).strip().splitlines()
            reason = f"its worker died {n} times ({what[0] if what else type(e).__name__})"
            return {**_blank(task), **failure("died", reason)}

    def _shared_model(self) -> Path | None:
        if self._model is None:
            return None
        place = self._settings.out / "model" / f"{self._settings.model[:24]}.task"
        if not place.is_file():
            with atomic_path(place) as p:
                shutil.copyfile(self._model, p)
        return place

    def _check_folder(self, ray: Any, actor: Any) -> None:
        probe = self._settings.out / TEMPORARY / "probe"
        write_text(probe, self._settings.model)
        try:
            sees = ray.get(actor.sees.remote(str(probe)))
        except ray.exceptions.RayError as e:
            lines = str(e).strip().splitlines() or [type(e).__name__]
            what = f"the cluster at {self._address} cannot run formcheck ({lines[-1][:160]})"
            raise UsageError(what, "install the same formcheck on all its machines") from e
        if not sees:
            raise UsageError(
                f"the machines of {self._address} do not see {self._settings.out}",
                "choose a folder with -o that all of them share",
            )


class ClipWorker:
    """An actor: a process of the cluster that does clips."""

    def __init__(self, settings: ClipSettings, model: Path | None) -> None:
        self._settings = settings
        self._warm = Warm(model, settings.options.chosen)
        with suppress(Exception):
            self._warm.up(model=not has_kept_poses(settings.out))

    def do(self, task: Task) -> dict[str, Any]:
        """ClipWorker a clip."""
        return do_clip(task, self._settings, self._warm)

    def sees(self, path: str) -> bool:
        """Return whether this machine sees a file."""
        return Path(path).is_file()


def _blank(task: Task) -> dict[str, Any]:
    return {"kind": "clip", **describe(task.job), "exercise": task.job.exercise}


def _connected(address: str, workers: int | None) -> Any:
    # Ray says much on stderr that is of no use to who waits for clips.
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    os.environ.setdefault("RAY_DISABLE_IMPORT_WARNING", "1")
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
    except ImportError:
        raise UsageError("--ray needs Ray", "pip install 'formcheck[ray]'") from None
    if not os.environ.get("FORMCHECK_DEBUG"):
        logging.getLogger("ray").setLevel(logging.ERROR)
    how: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR, "configure_logging": False}
    if address == LOCAL:
        how |= {"address": LOCAL, "include_dashboard": False, "num_cpus": workers}
    else:
        _check_address(address)
        how |= {"address": address}
    try:
        with _quiet():
            ray.init(**how)
    except Exception as e:
        lines = str(e).strip().splitlines() or [type(e).__name__]
        raise _no_answer(address, lines[0][:160]) from e
    return ray


def _no_answer(address: str, why: str) -> UsageError:
    return UsageError(
        f"no Ray cluster answers at {address} ({why})", "start one with 'ray start --head', or give its address"
    )


def _check_address(address: str) -> None:
    """Raise UsageError if nobody listens: Ray itself would try for more than a minute."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not host or not port.isdigit():
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), CONNECT_S).close()
    except OSError as e:
        raise _no_answer(address, (e.strerror or str(e)).lower()) from e


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what Ray says as it starts off stderr (some of it goes to the file descriptor itself)."""
    if os.environ.get("FORMCHECK_DEBUG"):
        yield
        return
    sys.stderr.flush()
    saved, null = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(null, 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(null)
