"""The live window: pictures in, keys out.

The window lives in a process of its own. OpenCV's window library ends the process it runs in where the display cannot
be had or goes away, forgets keys that come faster than it is asked for them, and writes to the terminal; none of it
may happen to a workout.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from queue import Empty, SimpleQueue
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from formcheck.children import child
from formcheck.closing import Closing
from formcheck.errors import UsageError

#: As a plain string, so that type checks cover every system.
_SYSTEM: str = sys.platform
_HINT = "run with --no-window, or where there is a screen"
_OPEN_S = 30.0
_CLOSE_S = 1.0
#: Bytes of the largest picture; memory that is not used costs nothing.
_MEMORY = 4096 * 4096 * 3

#: Names of the keys that are no letters: by X11 (Qt, GTK), Windows and macOS codes.
_NAMED = {
    8: "backspace", 9: "tab", 10: "enter", 13: "enter", 27: "esc", 32: "space", 127: "backspace",
    0xFF08: "backspace", 0xFF09: "tab", 0xFF0D: "enter", 0xFF1B: "esc", 0xFF8D: "enter", 0xFF80: "space",
    0xFF50: "home", 0xFF51: "left", 0xFF52: "up", 0xFF53: "right", 0xFF54: "down",
    0xFF55: "pageup", 0xFF56: "pagedown", 0xFF57: "end", 0xFFFF: "delete",
    0x250000: "left", 0x260000: "up", 0x270000: "right", 0x280000: "down",
    0xF700: "up", 0xF701: "down", 0xF702: "left", 0xF703: "right",
}  # fmt: skip


def key_name(code: int) -> str | None:
    """Return the name of a key by the code OpenCV gives it; None for keys that mean nothing by themselves.

    Letters are in lower case, whether or not Shift or Caps Lock are on.

    >>> key_name(32), key_name(ord("N")), key_name(65361), key_name(65505)
    ('space', 'n', 'left', None)
    """
    if code in _NAMED:
        return _NAMED[code]
    if code < 0:
        return None
    low = code & 0xFFFF  # GTK puts the state of Num Lock and others above
    if low in _NAMED:
        return _NAMED[low]
    if 0xFFBE <= low <= 0xFFC9:
        return f"f{low - 0xFFBD}"
    if 0xFFB0 <= low <= 0xFFB9:
        return str(low - 0xFFB0)
    if low >= 0xFF00:
        return None
    name = chr(low)
    return name.lower() if name.isprintable() else None


class Window(Closing):
    """A window that shows RGB pictures and gives the keys pressed in it; a context manager.

    Pictures are fitted into it with their own proportions, however the user sizes it. Neither showing nor closing ever
    waits for the screen: where pictures come faster than it takes them, it gets the newest.

    Parameters
    ----------
    title : str
    size : (int, int)
        Width and height of the picture area at first.

    Attributes
    ----------
    shown : int
        Pictures that have been on the screen.
    delay : float or None
        Seconds from the call of :meth:`show` until the picture was on the screen, for the last one that was.

    Raises
    ------
    UsageError
        If there is no display, or this OpenCV has no windows.
    """

    def __init__(self, title: str = "formcheck", size: tuple[int, int] = (1280, 720)) -> None:
        self.shown = 0
        self.delay: float | None = None
        self._full = False
        if _SYSTEM == "linux" and not os.environ.get("DISPLAY"):
            raise UsageError("no display to open a window on", _HINT)
        self._noise = tempfile.TemporaryFile()  # noqa: SIM115  closed in close()
        self._memory, handle, inherited = _shared()
        try:
            self._process = self._started(title, size, handle, inherited)
        finally:
            for number in inherited:
                os.close(number)
        self._keys: SimpleQueue[str] = SimpleQueue()
        self._gone = threading.Event()
        self._opened = threading.Event()
        self._error = ""
        self._lock = threading.Lock()
        self._next: tuple[float, NDArray[np.uint8]] | None = None
        self._painting: float | None = None
        self._thread = threading.Thread(target=self._listen, name="window", daemon=True)
        self._thread.start()
        try:
            self._await_opening()
        except BaseException:
            self.close()
            raise

    @property
    def closed(self) -> bool:
        """Whether the user has closed it, or the display is gone."""
        return self._gone.is_set()

    @property
    def full_screen(self) -> bool:
        """Whether it fills the screen, as it last said itself."""
        return self._full

    def show(self, rgb: NDArray[np.uint8]) -> None:
        """Show a picture; returns at once.

        Parameters
        ----------
        rgb : (h, w, 3) uint8 array
            Red first. It may be changed afterwards.

        Raises
        ------
        ValueError
            If it is none, or larger than 4096 x 4096.
        """
        if rgb.ndim != 3 or rgb.shape[2] != 3 or rgb.dtype != np.uint8 or not rgb.size:
            raise ValueError(f"rgb: expected an (h, w, 3) uint8 array, got {rgb.shape} {rgb.dtype}")
        if rgb.size > _MEMORY:
            raise ValueError(f"rgb: expected at most 4096 x 4096 pixels, got {rgb.shape[1]} x {rgb.shape[0]}")
        now = perf_counter()
        with self._lock:
            if self._painting is None:
                self._paint(now, rgb)
            else:
                self._next = (now, rgb.copy(order="C"))

    def poll(self, ms: float = 0) -> list[str]:
        """Return the names of the keys pressed since the last call, in order.

        Parameters
        ----------
        ms : float
            Milliseconds to wait for one at most. The window lives on without being asked.
        """
        keys = []
        with suppress(Empty):
            keys.append(self._keys.get(timeout=ms / 1000) if ms > 0 and not self.closed else self._keys.get_nowait())
            while True:
                keys.append(self._keys.get_nowait())
        return [k for k in keys if k]

    def toggle_full_screen(self) -> None:
        """Fill the screen, or be a window again."""
        with self._lock:
            self._tell("toggle")

    def fit(self, width: int, height: int) -> None:
        """Take the proportions of a picture; a window that fills the screen does so when it no longer does."""
        with self._lock:
            self._tell(f"fit {width} {height}")

    def close(self) -> None:
        """Close the window; calling it twice does no harm."""
        self._gone.set()
        assert self._process.stdin is not None
        with self._lock, suppress(OSError):
            self._process.stdin.close()  # the end of its input is its end
        try:
            self._process.wait(_CLOSE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._thread.join(_CLOSE_S)
        self._noise.close()

    # ---- the process -----------------------------------------------------------------------
    def _started(
        self, title: str, size: tuple[int, int], handle: str, inherited: tuple[int, ...]
    ) -> subprocess.Popen[bytes]:
        environment = dict(os.environ)
        if _SYSTEM == "linux":
            # OpenCV's wheels bring no Wayland plugin: under Wayland they speak X11 to XWayland.
            environment["QT_QPA_PLATFORM"] = "xcb"
            # A key would open connections to input methods, which takes a while in which other keys are lost.
            environment["QT_IM_MODULE"] = "none"
        return subprocess.Popen(
            [*child("formcheck.live.window_process"), title, str(size[0]), str(size[1]), handle, str(_MEMORY)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._noise,
            env=environment,
            bufsize=0,
            pass_fds=inherited,
            start_new_session=True,  # Ctrl-C at the terminal is not for it
        )

    def _await_opening(self) -> None:
        if not self._opened.wait(_OPEN_S):
            raise UsageError("the display does not answer", _HINT)
        if self._gone.is_set():
            self._noise.seek(0)
            noise = self._noise.read().decode("utf-8", "replace")
            if self._error:
                raise UsageError("this OpenCV cannot open windows", "pip install opencv-contrib-python, or --no-window")
            if "display" in noise or "xcb" in noise:
                raise UsageError(f"cannot open a window on the display {os.environ.get('DISPLAY', '')}".rstrip(), _HINT)
            last = (noise.strip().splitlines() or ["its process ended"])[-1]
            raise UsageError(f"cannot open a window ({last})", _HINT)

    # ---- the threads that talk to it ---------------------------------------------------------
    def _listen(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as pipe:
            for line in iter(pipe.readline, b""):
                word, _, rest = line.decode("ascii", "replace").strip().partition(" ")
                if word == "key":
                    name = key_name(int(rest))
                    if name is not None:
                        self._keys.put(name)
                elif word == "shown":
                    self._on_screen()
                elif word == "full":
                    self._full = rest == "1"
                elif word == "open":
                    self._opened.set()
                elif word == "error":
                    self._error = rest
        self._gone.set()
        self._opened.set()
        self._keys.put("")  # wakes poll()

    def _on_screen(self) -> None:
        with self._lock:
            self.shown += 1
            if self._painting is not None:
                self.delay = perf_counter() - self._painting
            self._painting = None
            if self._next is not None:
                self._paint(*self._next)
                self._next = None

    def _paint(self, since: float, rgb: NDArray[np.uint8]) -> None:
        h, w = rgb.shape[:2]
        self._memory[: rgb.size].reshape(h, w, 3)[:] = rgb
        self._painting = since
        self._tell(f"show {w} {h}")

    def _tell(self, line: str) -> None:
        assert self._process.stdin is not None
        with suppress(OSError, ValueError):  # it has ended: there is nobody to tell
            self._process.stdin.write(f"{line}\n".encode())


def _shared() -> tuple[NDArray[np.uint8], str, tuple[int, ...]]:
    """Return memory to share, what the other process knows it by, and the files it must inherit for that."""
    from .window_process import shared_memory

    if _SYSTEM == "win32":
        name = f"formcheck-{secrets.token_hex(8)}"
        return shared_memory(name, _MEMORY), name, ()
    # Without a name: nothing is left behind, whatever happens, and no picture ever reaches a disk on Linux.
    if hasattr(os, "memfd_create"):
        number = os.memfd_create("formcheck")
    else:
        with tempfile.TemporaryFile() as file:
            number = os.dup(file.fileno())
    os.ftruncate(number, _MEMORY)
    return shared_memory(str(number), _MEMORY), str(number), (number,)
