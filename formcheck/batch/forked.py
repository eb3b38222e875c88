"""Where worker processes come from: forked, where that is safe, from one that has loaded what they all need.

On Linux one process, started fresh, loads the libraries once; a worker forked from it begins at once and shares their
memory. It has one thread and opens no model, so there is nothing that a fork could tear apart. Elsewhere each worker is
started by itself: on macOS a forked process may not use the system's libraries, and Windows does not fork.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Mapping
from multiprocessing.context import BaseContext

#: What is loaded once for all: to judge, and to find poses. Exercises of other packages are not among it: what they do
#: when they are loaded is their own affair.
_TO_JUDGE = ("formcheck.analysis.clip", "formcheck.judging.exercises", "formcheck.showing.page", "formcheck.batch.work")
_TO_SEE = ("av", "cv2", "formcheck.sight.ball", "formcheck.sight.video.source", "formcheck.batch.mediapipe_loaded")


def worker_context(*, poses: bool) -> BaseContext:
    """Return what makes worker processes.

    Parameters
    ----------
    poses : bool
        Whether they find poses in pictures; others have them from tracks.
    """
    if sys.platform != "linux":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    # One process serves all: what it was started with stays, and what it lacks a worker loads itself.
    context.set_forkserver_preload([*_TO_JUDGE, *(_TO_SEE if poses else ())])
    return context


def adopt(environment: Mapping[str, str]) -> None:
    """Take the environment of the process that wants the work: forked workers have that of another, from earlier."""
    os.environ.clear()
    os.environ.update(environment)
