"""Films that were uploaded: each judged by a worker of the batch's pool, its report kept, the film itself not."""

from __future__ import annotations

import re
import secrets
import shutil
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from formcheck.batch.job import Job, check_exercise, is_clip, safe_name
from formcheck.batch.pool import LocalWorkers
from formcheck.batch.settings import CLIPS, ClipSettings
from formcheck.batch.work import Task
from formcheck.clips import REPORT_ENDING, stem_of
from formcheck.cores import usable_cores
from formcheck.errors import FormcheckError, UsageError
from formcheck.sight.pose.trackfile import is_track

from .place import Data
from .settings import SettingsFile

#: Largest film (bytes), seconds that one may take to judge, films that may wait, and jobs that are remembered.
MAX_BYTES, TIMEOUT_S, MAX_WAITING, REMEMBERED = 2 << 30, 3600.0, 20, 100
#: What is left free on the disk (bytes).
SPARE = 256 << 20
WAITING, RUNNING, DONE, FAILED, STOPPED = "waiting", "running", "done", "failed", "stopped"


class NoFilmError(UsageError):
    """A file that is no video and no track by its name."""


@dataclass
class Upload:
    """A film and what has become of it.

    Attributes
    ----------
    id, name, exercise : str
    file : Path
        Where the film lies until it was judged.
    state : str
    progress : float or None
        0-1; None where it is not known.
    error : str or None
    report : Path or None
    """

    id: str
    name: str
    exercise: str
    file: Path
    history: bool = False
    state: str = WAITING
    progress: float | None = None
    error: str | None = None
    report: Path | None = None
    pool: LocalWorkers | None = None


class Uploads:
    """Films under way.

    Parameters
    ----------
    data : Data
    settings : SettingsFile
    model : callable
        Gives the pose model; may raise ModelError.
    workers : int, optional
        Films judged at once; default: one a core.
    """

    def __init__(
        self, data: Data, settings: SettingsFile, model: Callable[[], Path], workers: int | None = None
    ) -> None:
        self._data, self._settings, self._model = data, settings, model
        self._folder = data.waiting
        # What a server that was killed left behind.
        shutil.rmtree(self._folder, ignore_errors=True)
        self._threads = ThreadPoolExecutor(workers or usable_cores(), thread_name_prefix="upload")
        self._lock = threading.Lock()
        self._all: OrderedDict[str, Upload] = OrderedDict()

    def expect(self, name: str, exercise: str, *, history: bool = False) -> Upload:
        """Return a place for a film that is about to come.

        Raises
        ------
        NoFilmError
            If it is no film by its name.
        UsageError
            If there is no such exercise, or too many wait.
        """
        plain = PurePosixPath(name.replace("\\", "/")).name
        if not is_clip(plain):
            raise NoFilmError("this is no video by its name", "choose a video or a track (.track.npz)")
        if exercise != "auto":
            check_exercise(exercise)
        upload_id = secrets.token_hex(6)
        ending = plain[len(stem_of(plain)) :].lower()
        own = f"{safe_name(stem_of(plain))}{ending}"
        upload = Upload(upload_id, plain, exercise, self._folder / upload_id / own, history)
        with self._lock:
            if sum(u.state in (WAITING, RUNNING) for u in self._all.values()) >= MAX_WAITING:
                raise UsageError(f"{MAX_WAITING} films wait already", "wait until some are done")
            self._all[upload_id] = upload
            for old in [u for u in self._all.values() if u.state not in (WAITING, RUNNING)][:-REMEMBERED]:
                del self._all[old.id]
        upload.file.parent.mkdir(parents=True, mode=0o700)
        return upload

    def begin(self, upload: Upload) -> None:
        """Let a film that has come be judged when it is its turn."""
        self._threads.submit(self._judge, upload)

    def forget(self, upload_id: str) -> bool:
        """Stop a film, or forget one that is over; return whether there was one."""
        with self._lock:
            upload = self._all.get(upload_id)
            if upload is None:
                return False
            if upload.state in (WAITING, RUNNING):
                upload.state = STOPPED
                if upload.pool is not None:
                    upload.pool.stop()
            else:
                del self._all[upload_id]
        shutil.rmtree(upload.file.parent, ignore_errors=True)
        return True

    def all(self) -> list[Upload]:
        """Return all that are remembered, the newest first."""
        with self._lock:
            return list(reversed(self._all.values()))

    def close(self) -> None:
        """Stop everything."""
        for upload in self.all():
            if upload.state in (WAITING, RUNNING):
                self.forget(upload.id)
        self._threads.shutdown(wait=True, cancel_futures=True)
        shutil.rmtree(self._folder, ignore_errors=True)

    # ---- in a thread ---------------------------------------------------------------------------
    def _judge(self, upload: Upload) -> None:
        try:
            record = self._judged(upload)
        except FormcheckError as e:
            record = {"status": "failed", "error": str(e)}
        except Exception as e:  # noqa: BLE001 - whatever happens to one film, the others go on
            record = {"status": "failed", "error": f"internal error ({type(e).__name__})"}
        finally:
            shutil.rmtree(upload.file.parent, ignore_errors=True)
        with self._lock:
            if upload.state == STOPPED:
                return
            upload.pool, upload.progress = None, None
            if record is not None and record["status"] == "done":
                upload.state, upload.progress = DONE, 1.0
            else:
                upload.state = FAILED
                upload.error = _plain(record["error"] if record is not None else "stopped", upload)

    def _judged(self, upload: Upload) -> dict[str, Any] | None:
        track = is_track(upload.file)
        model = None if track else self._model()
        name = f"{stem_of(upload.file)}-{upload.id}"
        settings = ClipSettings(
            self._data.uploads,
            self._settings.now.options,
            html=True,
            video=True,
            measures=True,
            cache=False,
        )
        pool = LocalWorkers(settings, model, 1, TIMEOUT_S, lambda _task, s, n: _tell(upload, s, n))
        with self._lock:
            if upload.state == STOPPED:
                return None
            upload.state, upload.pool = RUNNING, pool
        job = Job(str(upload.file), upload.exercise, name)
        record = next((r for _, r in pool.run([Task(job)])), None)
        if record is not None and record["status"] == "done":
            upload.report = self._data.uploads / CLIPS / f"{name}{REPORT_ENDING}"
            if upload.history:
                _keep(upload.report, self._data.history)
        return record


def _tell(upload: Upload, seconds: float, in_all: float | None) -> None:
    upload.progress = min(max(seconds / in_all, 0.0), 1.0) if in_all else None


def _keep(report: Path, file: Path) -> None:
    """Add a report to the history; the report itself is there whether or not that can be done."""
    import json

    from formcheck.coaching.history import History

    with suppress(FormcheckError, OSError, ValueError), History.open(file) as history:
        history.add_report(json.loads(report.read_text(encoding="utf-8")), file=report)


def _plain(error: str, upload: Upload) -> str:
    """Return what went wrong with the film called as its owner calls it."""
    return re.sub(re.escape(str(upload.file)), lambda _: upload.name, error)
