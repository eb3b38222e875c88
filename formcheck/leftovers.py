"""Names of unfinished files, and how those are found that a killed program left behind."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import secrets
import sys
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

#: No file of anybody else's is called so: machine, process and a random part, then the suffix.
_TEMPORARY = re.compile(r"\.formcheck-([0-9a-f]{6})-(\d{1,9})-[0-9a-f]{8}(\.\w{1,16})?")
_SUFFIX = re.compile(r"\.\w{1,16}", re.ASCII)
#: What another machine writes is touched more often than this (s), a video with every picture.
FOREIGN_S = 24 * 3600.0
_swept: set[Path] = set()


def temporary_name(suffix: str) -> str:
    """Return a new hidden name for a file that is being written, with its suffix where that is a common one."""
    end = suffix if _SUFFIX.fullmatch(suffix) else ""
    return f".formcheck-{_machine()}-{os.getpid()}-{secrets.token_hex(4)}{end}"


def sweep(folder: Path, *, everything: bool = False) -> None:
    """Delete the unfinished files in a folder whose writers are gone; looks once a folder in the life of a program.

    Parameters
    ----------
    folder : path
    everything : bool
        Nobody else can be writing there (its lock is held): delete all there are, and look in any case.
    """
    if folder in _swept and not everything:
        return
    _swept.add(folder)
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            found = _TEMPORARY.fullmatch(entry.name)
            # On Windows what is in use cannot be deleted.
            with suppress(OSError):
                if found and (everything or _is_left(found[1], int(found[2]), entry.stat().st_mtime)):
                    Path(entry.path).unlink()


def _is_left(machine: str, pid: int, written: float) -> bool:
    if machine != _machine() or sys.platform == "win32":
        return time.time() - written > FOREIGN_S
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except OSError:  # it is somebody else's
        return False
    return False


@cache
def _machine() -> str:
    """Return what tells the processes of this machine from others that write to the same folder.

    Process numbers begin anew with each start of a system, and in each container.
    """
    known = [platform.node()]
    for place in ("/proc/sys/kernel/random/boot_id", "/proc/self/ns/pid"):
        with suppress(OSError):
            file = Path(place)
            known.append(os.readlink(file) if file.is_symlink() else file.read_text(encoding="ascii"))  # noqa: PTH115
    return hashlib.sha256("\n".join(known).encode(errors="surrogateescape")).hexdigest()[:6]
