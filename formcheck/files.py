"""Output files that appear under their name whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shutil
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from .errors import OutputError, UsageError
from .leftovers import sweep, temporary_name
from .shown import brief

_NO_SPACE = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
#: In a JSON text only as escapes: bytes of a file name that are no UTF-8, and what a terminal takes for a command.
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff]")
#: Bytes of the largest TOML file that is read.
MAX_TOML = 1 << 20
_MISSING_WAY = (FileExistsError, NotADirectoryError)


@contextmanager
def atomic_path(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Give a temporary path beside ``path`` and move it there when the block ends well.

    The temporary file keeps the suffix, for writers that choose a format by it. When the block raises anything,
    ``KeyboardInterrupt`` included, the temporary file is deleted and what stood under ``path`` before stays as it was.
    What a killed program left unfinished in the folder is deleted. Missing parent folders are made. A link is followed;
    a device or pipe (``/dev/stdout``) is written to at the end.

    Parameters
    ----------
    path : path-like
        The final name.

    Yields
    ------
    Path
        An existing, empty file to write to.

    Raises
    ------
    UsageError
        If the folder cannot be made or written to, ``path`` is a folder or too long a name, or the disk is full.
    """
    target = Path(os.path.realpath(path))
    check_name(target)
    if target.is_dir():
        raise OutputError(f"cannot write {path}", "it is a folder; give a file name")
    special = target.exists() and not target.is_file()
    folder = Path(tempfile.gettempdir()) if special else target.parent
    temp = folder / temporary_name(target.suffix)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        sweep(folder)
        os.close(os.open(temp, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    except OSError as e:
        raise _cannot_write(path, folder, e) from e
    try:
        yield temp
        if special:
            with temp.open("rb") as source, target.open("wb") as sink:
                shutil.copyfileobj(source, sink)
        else:
            if target.exists():
                shutil.copymode(target, temp)
            temp.replace(target)
    except OSError as e:
        if e.errno in _NO_SPACE:
            raise _cannot_write(path, folder, e) from e
        raise
    finally:
        with suppress(OSError):
            temp.unlink()


def check_name(path: Path) -> None:
    """Raise UsageError if no file can have this name."""
    try:
        path.lstat()
    except OSError as e:
        if e.errno == errno.ENAMETOOLONG:
            raise OutputError(f"cannot write {brief(path.name)}", "its name is too long; choose a shorter one") from e
    except ValueError as e:
        raise OutputError(f"cannot write {brief(str(path))}", "it is no name of a file; choose another") from e


def _cannot_write(path: str | os.PathLike[str], folder: Path, error: OSError) -> UsageError:
    if error.errno in _NO_SPACE:
        return OutputError(f"cannot write {path}", f"no space left in {folder}; free some or choose another folder")
    if isinstance(error, _MISSING_WAY):
        return OutputError(f"cannot write {path}", f"{folder} is not a folder; choose another output folder")
    why = (error.strerror or str(error)).lower()
    return OutputError(f"cannot write {path}", f"{folder} is not writable ({why}); choose another output folder")


def refuse_existing(files: Iterable[Path], *, force: bool = False) -> None:
    """Raise UsageError if one of the files cannot be called so, or exists and is not to be replaced."""
    planned = list(files)
    for file in planned:
        check_name(file)
    there = [f for f in planned if f.exists()]
    if there and not force:
        raise UsageError(f"{there[0]} exists already", "give --force to replace it, or another folder with -o")


@contextmanager
def claimed(path: str | os.PathLike[str]) -> Iterator[None]:
    """Keep other programs from the outputs that begin with ``path`` while the block runs.

    Raises
    ------
    UsageError
        If another program is writing them, or the folder cannot be made or written to.
    """
    from filelock import FileLock, Timeout

    target = Path(os.path.abspath(path))  # noqa: PTH100 -- the folder may be a link
    lock = FileLock(target.parent / f".formcheck-{hashlib.sha256(os.fsencode(target.name)).hexdigest()[:16]}.lock")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        raise UsageError(
            f"another run is writing {target.name} to {target.parent}", "wait for it, or choose another folder with -o"
        ) from None
    except NotImplementedError:  # a file system without locks
        yield
        return
    except OSError as e:
        raise _cannot_write(path, target.parent, e) from e
    try:
        yield
    finally:
        with suppress(OSError):
            Path(lock.lock_file).unlink()
        lock.release()


def expanded(path: str | os.PathLike[str]) -> Path:
    """Return a path with the home folder in place of ``~``, unless a file is really called so.

    >>> str(expanded("~nobody-of-this-name.mp4"))
    '~nobody-of-this-name.mp4'
    """
    text = os.fspath(path)
    return Path(text if os.path.lexists(text) else os.path.expanduser(text))  # noqa: PTH111 -- Path's own raises


def read_toml(path: str | os.PathLike[str], what: str, hint: str) -> dict[str, Any]:
    """Read a TOML file that a person wrote.

    Parameters
    ----------
    path : path-like
    what : str
        What it is, for messages: ``limits file``.
    hint : str
        What it should look like.

    Raises
    ------
    UsageError
        If it is missing, cannot be read, is larger than such a file can be, or is no TOML.
    """
    p = expanded(path)
    try:
        with p.open("rb") as file:
            data = file.read(MAX_TOML + 1)
    except FileNotFoundError:
        raise UsageError(f"{what} not found: {p}", "check the path") from None
    except (OSError, ValueError) as e:
        why = getattr(e, "strerror", None) or str(e)
        raise UsageError(f"cannot read the {what} {p} ({why.lower()})", hint) from None
    if len(data) > MAX_TOML:
        raise UsageError(f"cannot read the {what} {p} (it is larger than {MAX_TOML} bytes)", hint)
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except RecursionError:
        raise UsageError(f"cannot read the {what} {p} (it is nested too deeply)", hint) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as e:
        raise UsageError(f"cannot read the {what} {p} ({e})", hint) from None
    except ValueError:  # of int(), for more digits than Python takes
        raise UsageError(f"cannot read the {what} {p} (a number in it has thousands of digits)", hint) from None


def write_bytes(path: str | os.PathLike[str], data: bytes) -> None:
    """Write ``data`` to ``path``, whole or not at all. Raises as :func:`atomic_path`."""
    with atomic_path(path) as temp:
        temp.write_bytes(data)


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Write ``text`` to ``path`` as UTF-8, whole or not at all. Raises as :func:`atomic_path`.

    Bytes of an odd file name, which Python keeps as lone surrogates, become escapes.
    """
    write_bytes(path, text.encode("utf-8", "backslashreplace"))


def json_text(value: Any, *, indent: int | None = 2) -> str:
    r"""Return ``value`` as a JSON text that ends in a line break.

    NumPy scalars and arrays become plain numbers and lists. Bytes of a file name that are no UTF-8 (Python keeps them
    as lone surrogates) are written as escapes, ``\udcff``: reading the JSON gives the name back as it was.

    Raises
    ------
    ValueError
        If a number is NaN or infinite: JSON has no such number, an unknown value is ``None``.
    TypeError
        If a value has no JSON form.
    """
    text = json.dumps(value, indent=indent, ensure_ascii=False, allow_nan=False, default=_plain)
    return _ESCAPED.sub(lambda m: f"\\u{ord(m[0]):04x}", text) + "\n"


def write_json(path: str | os.PathLike[str], value: Any, *, indent: int | None = 2) -> None:
    """Write ``value`` to ``path`` as :func:`json_text`, whole or not at all. Raises as that and :func:`atomic_path`."""
    write_text(path, json_text(value, indent=indent))


def _plain(value: Any) -> Any:
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    raise TypeError(f"expected a value with a JSON form, got {value!r} that is a {type(value).__name__}")
