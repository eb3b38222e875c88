"""Clips behind URLs (``s3://``, ``gs://``, ``https://`` ...), through fsspec."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from formcheck.addresses import shown_address, without_secrets
from formcheck.clips import TRACK_ENDING
from formcheck.errors import FormcheckError, InputError, UsageError

from .job import is_clip

#: Fields of a listing that change with the file, the best first.
_ENDING = re.compile(r"(\.\w{1,10})+", re.ASCII)
_MARKS = ("ETag", "etag", "md5Hash", "sha256", "md5", "checksum", "LastModified", "mtime", "updated", "created")


class FetchError(InputError):
    """A remote file that could not be had; it may be there another time."""


def _open(url: str) -> tuple[Any, str]:
    """Return the file system of a URL and the path in it."""
    try:
        import fsspec
    except ImportError:
        raise UsageError(f"{shown_address(url)} needs fsspec", "pip install 'formcheck[cloud]'") from None
    try:
        fs, path = fsspec.core.url_to_fs(url)
    except ImportError as e:
        what = str(e).splitlines()[0]
        raise UsageError(
            f"{shown_address(url)} needs a package ({without_secrets(what)})", "pip install 'formcheck[cloud]'"
        ) from e
    except ValueError as e:
        raise UsageError(
            f"cannot read {shown_address(url)} ({without_secrets(str(e))})", "use s3://, gs://, https:// or a path"
        ) from e
    return fs, path


@contextmanager
def _said(url: str) -> Iterator[None]:
    """Turn whatever a file system raises into one line."""
    try:
        yield
    except FormcheckError:
        raise
    except FileNotFoundError as e:
        raise InputError(f"{shown_address(url)}: no such file", "check the URL") from e
    except PermissionError as e:
        raise FetchError(f"{shown_address(url)}: no permission", "check the credentials of this machine") from e
    except Exception as e:
        # Each file system has errors of its own.
        lines = str(e).strip().splitlines()
        why = without_secrets(lines[0])[:160] if lines else type(e).__name__
        raise FetchError(f"cannot read {shown_address(url)} ({why})", "check the URL and the network") from e


def list_remote(url: str) -> list[tuple[str, str | None]]:
    """Return the clips a URL stands for, each with a signature of its content (None if unknown).

    Raises
    ------
    InputError
        If there is nothing.
    UsageError
        If fsspec, or the package for this kind of URL, is not installed.
    """
    fs, path = _open(url)
    with _said(url):
        if any(c in path for c in "*?[") and not url.startswith("http"):
            found = fs.glob(path, detail=True)
        elif not url.startswith("http") and (url.endswith("/") or fs.isdir(path)):
            found = fs.find(path, detail=True)
        else:
            return [(url, None)]
    clips = sorted(p for p, info in found.items() if info.get("type") == "file" and is_clip(p.rsplit("/", 1)[-1]))
    if not clips:
        raise InputError(f"no clip in {shown_address(url)}", "check the URL")
    return [(fs.unstrip_protocol(p), signature_of(found[p])) for p in clips]


def signature_of(info: dict[str, Any]) -> str | None:
    """Return what a listing tells of a file's content as one text; None if it tells nothing but the size."""
    mark = next((f"{k}={info[k]}" for k in _MARKS if info.get(k) is not None), None)
    return None if mark is None else f"{info.get('size')} {mark}"


def read_remote(url: str) -> bytes:
    """Return the content of a small remote file. Raises as :func:`list_remote`."""
    fs, path = _open(url)
    with _said(url):
        data: bytes = fs.cat_file(path)
    return data


@contextmanager
def fetched(url: str, folder: Path) -> Iterator[Path]:
    """Give a local copy of a remote file, deleted when the block ends.

    Parameters
    ----------
    url : str
    folder : path
        Where to keep it meanwhile.

    Raises
    ------
    FetchError
        If it could not be had.
    InputError
        If there is no such file.
    UsageError
        If fsspec, or the package for this kind of URL, is not installed.
    """
    fs, path = _open(url)
    # By its ending it is known for what it is; its name is nobody's business.
    plain = path.partition("?")[0]
    ending = TRACK_ENDING if plain.endswith(TRACK_ENDING) else Path(plain).suffix
    name = f"clip{ending if _ENDING.fullmatch(ending) else ''}"
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="fetch-", dir=folder) as temp:
        local = Path(temp) / name
        with _said(url):
            fs.get_file(path, str(local))
        yield local
