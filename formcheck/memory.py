"""Too little memory: told before the work where a limit says so, and known for what it is where it shows on the way.

Native libraries that are given no memory end the process, or leave an error behind that says something else. Where the
process may not map what they need (``ulimit -v``, as batch systems and shared hosts set it), it is not begun.
"""

from __future__ import annotations

import ctypes
import errno
import sys
from functools import cache
from typing import Any

from .errors import FormcheckError

#: MB of addresses (``ulimit -v``) that judging poses takes with all its libraries, and finding poses in pictures of
#: full HD; both measured on two cores, and rounded up: a track takes some 550, a video 1500 to 2000.
JUDGING_MB, POSES_MB = 768, 2048
HINT = "close other programs, or give a part of the clip with --start and --end"
#: What glibc's ``mallopt`` is told (malloc.h): two arenas in place of eight a core; pieces from 4 MB on are mapped, and
#: go back when they are freed; up to 64 MB stay at hand at the top. Its own way is to raise the first bound to whatever
#: was freed last, and to leave what a closed model held in the arenas of threads that are gone.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8
_THRIFTY = {_M_ARENA_MAX: 2, _M_MMAP_THRESHOLD: 4 << 20, _M_TRIM_THRESHOLD: 64 << 20}
_SAYS_SO = (
    "failed to map segment",
    "cannot allocate memory",
    "cannot create shared object",
    "bad_alloc",
    "bad allocation",
)


class MemoryShortError(FormcheckError):
    """There is too little memory for what is asked for."""


def limit_mb() -> int | None:
    """Return how many MB of addresses this process may use; None where there is no limit or none is known."""
    if sys.platform != "linux":
        return None
    import resource

    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    return None if soft == resource.RLIM_INFINITY else soft >> 20


def check(least_mb: int) -> None:
    """Raise MemoryShortError if this process may not use so many MB of addresses."""
    limit = limit_mb()
    if limit is not None and limit < least_mb:
        raise MemoryShortError(
            f"not enough memory: this process may use {limit} MB of addresses, and needs some {least_mb}",
            f"raise the limit (ulimit -v {least_mb << 10}, or unlimited)",
        )


def be_thrifty() -> None:
    """Let this process, which is formcheck's own, keep little of what it has freed; call it before threads begin."""
    c = _glibc()
    if c is not None:
        for what, value in _THRIFTY.items():
            c.mallopt(what, value)


def give_back() -> None:
    """Give what was freed back to the machine: after something large has been closed."""
    c = _glibc()
    if c is not None:
        c.malloc_trim(0)


@cache
def _glibc() -> Any:
    if sys.platform != "linux":
        return None
    c = ctypes.CDLL(None)
    return c if hasattr(c, "malloc_trim") and hasattr(c, "mallopt") else None  # not so in musl


def ran_out(error: BaseException) -> bool:
    """Return whether an error comes of too little memory, whatever it calls itself."""
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        if isinstance(one, MemoryError) or (isinstance(one, OSError) and one.errno == errno.ENOMEM):
            return True
        if any(words in str(one).lower() for words in _SAYS_SO):
            return True
        # An interpreter that could not even make the error.
        if isinstance(one, SystemError) and "without" in str(one) and limit_mb() is not None:
            return True
        one = one.__cause__ or one.__context__
    return False
