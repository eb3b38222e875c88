"""Threads that share one interpreter, and how soon it goes to the next one."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

#: Seconds for which a thread keeps the interpreter while another waits for it (Python's own: 0.005). A thread that
#: finds poses asks for it many times a picture; beside one that draws it takes 2.3 times as long with 0.005 s, and no
#: longer than alone with this.
TURN_S = 0.0005

_lock = threading.Lock()
_users = 0
_before = 0.0


@contextmanager
def short_turns() -> Iterator[None]:
    """Let threads take short turns with the interpreter, until the last block of these ends.

    Examples
    --------
    >>> with short_turns():
    ...     sys.getswitchinterval() <= 2 * TURN_S
    True
    """
    global _users, _before  # noqa: PLW0603 -- the interval is the whole interpreter's
    with _lock:
        if not _users:
            _before = sys.getswitchinterval()
            sys.setswitchinterval(min(_before, TURN_S))
        _users += 1
    try:
        yield
    finally:
        with _lock:
            _users -= 1
            if not _users:
                sys.setswitchinterval(_before)
