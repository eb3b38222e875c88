"""Opening media with PyAV, versions 17 to 19: the one place where files and streams become containers."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from formcheck.addresses import plain_scheme

#: Seconds to connect and to wait for the next packet.
Timeout = tuple[float, float]


def open_media(address: str | Path, *, options: Mapping[str, str] | None = None, timeout: Timeout | None = None) -> Any:
    """Open a file or a stream for reading.

    Titles and other texts that are no UTF-8 must not keep anybody from the pictures. PyAV up to 18 raises on them
    unless told not to; from 19 on it never does, and has no such option.

    Parameters
    ----------
    address : path or str
        A path, best absolute, so that a colon in a name is not taken for a protocol; or a URL.
    options : mapping of str to str, optional
        FFmpeg's, for the format.
    timeout : (float, float), optional
        Seconds to connect and to wait for the next packet; None waits for ever.

    Returns
    -------
    av.container.InputContainer

    Raises
    ------
    OSError, ValueError, av.error.FFmpegError
        If it cannot be opened.
    """
    import av

    lenient = {"metadata_errors": "ignore"} if int(av.__version__.split(".")[0]) < 19 else {}
    as_any_version: Any = av.open
    return as_any_version(plain_scheme(str(address)), options=dict(options or {}), timeout=timeout, **lenient)


def create_media(path: str | Path, *, options: Mapping[str, str] | None = None) -> Any:
    """Open a file for writing; the suffix says the format.

    Returns
    -------
    av.container.OutputContainer

    Raises
    ------
    OSError, ValueError, av.error.FFmpegError
        If it cannot be written, or the suffix names no format.
    """
    import av

    return av.open(str(path), "w", options=dict(options or {}))
