"""Too little memory: told before the work where a limit says so, and known for what it is where it shows on the way.

Native libraries that are given no memory end the process, or leave an error behind that says something else. Where the
process may not map what they need (``ulimit -v``, as batch systems and shared hosts set it), it is not begun.
"""

from __future__ import annotations

import errno
import sys

from .errors import FormcheckError

#: MB of addresses (``ulimit -v``) that judging poses takes with all its libraries, and finding poses in pictures of
#: full HD; both measured on two cores, and rounded up: a track takes some 550, a video 1500 to 2000.
JUDGING_MB, POSES_MB = 768, 2048
HINT = "close other programs, or give a part of the clip with --start and --end"
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
