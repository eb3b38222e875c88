"""Cameras that push JPEG pictures over HTTP (``multipart/x-mixed-replace``): most phone apps and small IP cameras.

Read without FFmpeg: a picture is complete the moment its last byte is there, stale ones need not even be decoded, and
a read that waits can be ended at once.
"""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from time import perf_counter
from typing import Any
from urllib.parse import unquote, urlsplit

import numpy as np
from numpy.typing import NDArray

from formcheck.addresses import shown_address
from formcheck.errors import InputError

from ..video.upright import Upright
from .feed import CameraFeed, CameraInfo, Patience, Shot
from .stream import open_stream

_LIMIT = 32 << 20  # bytes of one picture; more is no picture
_CHUNK = 1 << 18
_LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_LINE_END = re.compile(rb"(?:--)?[ \t]*\r?\n")
_IMAGE_END = re.compile(rb"\xff\xd9(?:\r?\n)?\Z")


class Multipart:
    r"""Cuts a ``multipart/x-mixed-replace`` body into its parts.

    Parts with a ``Content-Length`` are cut by it; others at the next boundary, or where a JPEG ends with what has
    arrived, so that a camera that sends its boundary with the next picture only is not one picture late.

    Parameters
    ----------
    boundary : str
        As in the header; many cameras write its leading dashes into the header, too, or leave them out.

    Examples
    --------
    >>> cut = Multipart("x")
    >>> cut.feed(b"--x\r\nContent-Length: 3\r\n\r\nab")
    []
    >>> cut.feed(b"c\r\n--x\r\nContent-Length: 1\r\n\r\nd")
    [b'abc', b'd']
    """

    def __init__(self, boundary: str) -> None:
        self._token = boundary.strip().strip('"').lstrip("-").encode("latin-1", "replace") or b"--"
        self._buffer = bytearray()
        self._begun = False

    def feed(self, data: bytes) -> list[bytes]:
        """Take what has arrived and return the parts that are now complete.

        Raises
        ------
        ValueError
            If a part is too long to be a picture.
        """
        self._buffer += data
        parts = []
        while (part := self._next()) is not None:
            parts.append(part)
        if len(self._buffer) > _LIMIT:
            raise ValueError("a part without end")
        return parts

    def _boundary(self, start: int) -> tuple[int, int] | None:
        """Return where the next boundary line begins, its line break before it included, and where it ends."""
        buffer = self._buffer
        while (at := buffer.find(self._token, start)) >= 0:
            begin = at
            while begin > start and buffer[begin - 1] == ord("-"):
                begin -= 1
            rest = _LINE_END.match(buffer, at + len(self._token))
            if rest is not None and (begin == start or buffer[begin - 1] == ord("\n")):
                for sign in b"\n\r":
                    begin -= begin > start and buffer[begin - 1] == sign
                return begin, rest.end()
            start = at + 1
        return None

    def _next(self) -> bytes | None:
        buffer = self._buffer
        if not self._begun:
            mark = self._boundary(0)
            if mark is None:
                return None
            del buffer[: mark[1]]
            self._begun = True
        head = _HEAD_END.search(buffer)
        if head is None:
            return None
        length = _LENGTH.search(buffer, 0, head.end())
        start = head.end()
        if length is not None:
            end = start + int(length[1])
            if end - start > _LIMIT:
                raise ValueError("a part without end")
            if len(buffer) < end:
                return None
        else:
            mark = self._boundary(start)
            if mark is not None:
                end = mark[0]
            elif (rest := _IMAGE_END.search(buffer, start)) is not None:
                end = rest.start() + 2
            else:
                return None
        part = bytes(buffer[start:end])
        del buffer[:end]
        self._begun = False
        return part


def open_http(url: str, max_side: int | None, patience: Patience) -> CameraFeed:
    """Open an HTTP camera; what turns out not to push JPEG pictures is left to FFmpeg.

    Raises
    ------
    InputError
        If it does not answer or holds no pictures.
    """
    shown = shown_address(url)
    name = f"the camera {shown}"
    try:
        response = _request(url, patience.stall)
    except urllib.error.HTTPError as e:
        e.close()
        raise _refused(name, e.code) from e
    except (ConnectionError, socket.gaierror, urllib.error.URLError) as e:
        reason = getattr(e, "reason", e)
        if isinstance(reason, (ConnectionError, socket.gaierror)):
            why = (reason.strerror or str(reason)).lower()
            raise InputError(f"cannot reach {name} ({why})", "check that it is on, its address and the network") from e
        return open_stream(url, max_side, patience)
    except (OSError, ValueError, http.client.HTTPException):
        return open_stream(url, max_side, patience)
    try:
        if response.headers.get_content_type() == "multipart/x-mixed-replace":
            return MjpegFeed(response, shown, max_side)
    except BaseException:
        response.close()
        raise
    response.close()
    return open_stream(url, max_side, patience)


def _refused(name: str, code: int) -> InputError:
    if code in {401, 403}:
        return InputError(f"{name} asks for a password", "put USER:PASSWORD@ before the host in its address")
    return InputError(f"{name} answers with error {code}", "check the address")


def _request(url: str, timeout: float) -> Any:
    """Send the request; a name and password in the URL are used for basic and digest authentication."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    plain = parts._replace(netloc=host).geturl()
    handlers: list[urllib.request.BaseHandler] = [_HangUp()]
    if _is_near(parts.hostname or ""):
        handlers.append(urllib.request.ProxyHandler({}))
    if parts.username is not None:
        secrets = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        secrets.add_password(None, plain, unquote(parts.username), unquote(parts.password or ""))
        handlers += [urllib.request.HTTPBasicAuthHandler(secrets), urllib.request.HTTPDigestAuthHandler(secrets)]
    return urllib.request.build_opener(*handlers).open(plain, timeout=timeout)


class _HangUp(urllib.request.BaseHandler):
    """Closes the answer that asks for a password, before those handlers that ask again with one forget it."""

    handler_order = 100

    def http_error_401(self, _request: Any, answer: Any, *_: object) -> None:
        """Take part in the handling of the answer 401."""
        answer.close()


def _is_near(host: str) -> bool:
    """Whether a host is in the local network, where no proxy leads to."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith(".local")


class MjpegFeed:
    """A :class:`~formcheck.sight.camera.feed.CameraFeed` of an HTTP response whose body is a row of JPEG pictures.

    Parameters
    ----------
    response : http.client.HTTPResponse
        Taken over, closed by :meth:`close`; its socket must have a time limit.
    url : str
        How messages call it.
    max_side : int or None
        Longest side of the pictures delivered.

    Raises
    ------
    InputError
        If no picture comes.
    """

    finite = False

    def __init__(self, response: Any, url: str, max_side: int | None) -> None:
        from av import CodecContext

        self._response, self._name = response, f"the camera {url}"
        # A second handle of the same connection: shutting it down wakes the thread that reads.
        try:
            self._socket = socket.fromfd(response.fileno(), socket.AF_INET, socket.SOCK_STREAM)
        except (AttributeError, OSError, ValueError):  # an answer without a body is closed already
            raise InputError(f"{self._name} sends no picture", "check the address") from None
        self._decoder = CodecContext.create("mjpeg", "r")
        self._upright = Upright(max_side)
        self._size = (0, 0)
        self._parts = self._arriving(response.headers.get_param("boundary") or "")
        try:
            self._first = next(part for part in self._parts if self._picture(part[1]) is not None)
        except BaseException:
            self._socket.close()
            raise
        assert self._upright.size is not None
        self.info = CameraInfo(url, "stream", *self._size, self._upright.size, "MJPG")

    def shots(self, stop: threading.Event) -> Iterator[Shot]:
        """Give the pictures as they arrive."""
        for captured, data in chain([self._first], self._parts):
            if stop.is_set():
                return
            yield Shot(captured, lambda data=data: self._picture(data))  # type: ignore[misc]

    def _arriving(self, boundary: str) -> Iterator[tuple[float, bytes]]:
        cut = Multipart(boundary)
        while True:
            try:
                data = self._response.read1(_CHUNK)
                parts = cut.feed(data)
            except TimeoutError:
                raise InputError(f"{self._name} sends no more pictures", "check its power and network") from None
            except (OSError, ValueError, http.client.HTTPException, AttributeError) as e:
                # AttributeError: the response was closed under the read.
                raise InputError(f"the connection to {self._name} broke", "check its power and network") from e
            now = perf_counter()
            yield from ((now, part) for part in parts)
            if not data:
                raise InputError(f"{self._name} has ended the connection", "check its power and network")

    def _picture(self, data: bytes) -> NDArray[np.uint8] | None:
        import av

        if not data:  # would end the decoder for good
            return None
        try:
            for frame in self._decoder.decode(av.Packet(data)):
                if not frame.is_corrupt:
                    self._size = self._upright.full_size(frame)
                    return self._upright(frame)
        except av.error.FFmpegError:
            pass
        return None

    def abort(self) -> None:
        """End a read that waits."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Hang up."""
        self.abort()
        with suppress(OSError):
            self._response.close()
        self._socket.close()
