"""What MediaPipe's native code does past Python: it prints, and from 0.10.35 on it reports usage to its maker.

Lines are kept off standard error while native code runs (:func:`quiet`); reports are kept from leaving the machine by a
proxy that nobody answers (:func:`hold_reports`), which only native code of this process sees.
"""

from __future__ import annotations

import ctypes
import os
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from typing import Any

#: From which version to before which MediaPipe is known to report nothing: binaries searched, sockets watched.
SILENT = ((0, 10, 30), (0, 10, 34))
#: Where the others send what they report, and a proxy that takes nothing: the port is reserved for discarding.
REPORTS_TO = "play.googleapis.com"
NOBODY = "http://127.0.0.1:9"

_lock = threading.RLock()


# ---- what it prints --------------------------------------------------------------------------------------------------


def part_from_native() -> None:
    """Give Python's standard error a file descriptor of its own, where it shares number 2 with native code.

    For a process that is formcheck's own (a command, a worker): what Python says is seen, and in time, even while
    :func:`quiet` sends what native code writes to number 2 nowhere.
    """
    if _is_parted():
        return
    old = sys.stderr
    old.flush()
    # The descriptor lasts as long as the process, so that nothing is lost at the end of Python.
    sys.stderr = open(  # noqa: SIM115
        os.dup(2), "w", buffering=1, encoding=old.encoding, errors=old.errors, closefd=False
    )


def _is_parted() -> bool:
    try:
        return sys.stderr.fileno() != 2
    except (AttributeError, OSError, ValueError):  # there is none, it is closed, or it is a notebook's
        return True


class _Hush:
    """File descriptor 2, sent nowhere while at least one thread wants it."""

    def __init__(self) -> None:
        self._wanted, self._saved = 0, -1

    def begin(self) -> None:
        with _lock:
            self._wanted += 1
            if self._wanted > 1:
                return
            with suppress(OSError):  # no standard error at all: nothing to keep quiet
                self._saved = os.dup(2)
                null = os.open(os.devnull, os.O_WRONLY)
                os.dup2(null, 2)
                os.close(null)

    def end(self) -> None:
        with _lock:
            self._wanted -= 1
            if self._wanted == 0 and self._saved >= 0:
                os.dup2(self._saved, 2)
                os.close(self._saved)
                self._saved = -1


_hush = _Hush()


@contextmanager
def quiet(*, brief: bool = True) -> Iterator[None]:
    """Keep what native code prints off standard error while the block runs; threads may overlap.

    Parameters
    ----------
    brief : bool
        False for blocks that take most of the time: they stay as they are where Python's own words would be lost with
        the others, which is where :func:`part_from_native` was not called.

    Notes
    -----
    With ``FORMCHECK_DEBUG`` set, everything is shown.
    """
    if os.environ.get("FORMCHECK_DEBUG") or not (brief or _is_parted()):
        yield
        return
    if sys.stderr is not None:
        with suppress(OSError, ValueError):
            sys.stderr.flush()
    _hush.begin()
    try:
        yield
    finally:
        _hush.end()


# ---- what it sends ---------------------------------------------------------------------------------------------------


def is_silent(version: str) -> bool:
    """Return whether a version of MediaPipe is known to report nothing.

    >>> is_silent("0.10.33"), is_silent("0.10.35"), is_silent("1.2.3")
    (True, False, False)
    """
    numbers = tuple(int(n) for n in re.findall(r"\d+", version)[:3])
    return SILENT[0] <= numbers < SILENT[1]


def can_hold_reports() -> bool:
    """Return whether reports can be kept from leaving this machine: where there is an environment as in POSIX."""
    return os.name == "posix"


class _Reports:
    """The proxy in the native environment, there while at least one landmarker is."""

    def __init__(self) -> None:
        self._wanted = 0
        self._before: dict[str, bytes | None] = {}

    def hold(self) -> None:
        with _lock:
            self._wanted += 1
            if self._wanted > 1 or not can_hold_reports():
                return
            wanted = {"https_proxy": NOBODY.encode()}
            for name in ("no_proxy", "NO_PROXY"):
                exempt = get_native(name)
                if exempt is not None:
                    wanted[name] = _without_exemption(exempt)
            self._before = {name: get_native(name) for name in wanted}
            for name, value in wanted.items():
                set_native(name, value)

    def release(self) -> None:
        with _lock:
            self._wanted -= 1
            if self._wanted == 0:
                for name, value in self._before.items():
                    set_native(name, value)
                self._before = {}


_reports = _Reports()


def hold_reports() -> None:
    """Keep what landmarkers report from leaving the machine, until :func:`release_reports`; calls are counted.

    The reporter reads ``https_proxy`` and ``no_proxy`` as it sends, which is at the latest before a landmarker's
    ``close`` returns. Both are set in the C library's environment alone: ``os.environ``, so our own downloads and the
    children that are given it, and FFmpeg, which asks for ``http_proxy``, see none of it. Nothing is done where the
    installed MediaPipe is known to be silent.
    """
    if not _installed_is_silent():
        _reports.hold()


def release_reports() -> None:
    """End what :func:`hold_reports` began."""
    if not _installed_is_silent():
        _reports.release()


@cache
def _installed_is_silent() -> bool:
    from importlib import metadata

    try:
        return is_silent(metadata.version("mediapipe"))
    except metadata.PackageNotFoundError:  # not installed with pip: anything may be
        return False


def _without_exemption(no_proxy: bytes) -> bytes:
    """Return a ``no_proxy`` list without what exempts the address of the reports."""
    kept = []
    for part in no_proxy.decode("utf-8", "surrogateescape").replace(",", " ").split():
        domain = part.lower().lstrip("*").strip(".")
        if domain and not f".{REPORTS_TO}".endswith(f".{domain}"):
            kept.append(part)
    return ",".join(kept).encode("utf-8", "surrogateescape")


@cache
def _c_library() -> Any:
    c = ctypes.CDLL(None)
    c.getenv.restype = ctypes.c_char_p
    c.getenv.argtypes = c.unsetenv.argtypes = [ctypes.c_char_p]
    c.setenv.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_int]
    return c


def get_native(name: str) -> bytes | None:
    """Return a variable of the C library's environment, which ``os.environ`` is a copy of."""
    value: bytes | None = _c_library().getenv(name.encode())
    return value


def set_native(name: str, value: bytes | None) -> None:
    """Set a variable of the C library's environment past ``os.environ``; None takes it out."""
    if value is None:
        _c_library().unsetenv(name.encode())
    else:
        _c_library().setenv(name.encode(), value, 1)
