"""The process that owns the window; run by :mod:`formcheck.live.window`, needs nothing of the package.

It reads lines with commands from standard input and answers in lines on standard output:

- ``show <width> <height>``: show that many RGB pixels from the start of the memory shared with its parent; answers
  ``shown`` when they are on the screen. Until then the parent leaves the memory alone.
- ``fit <width> <height>``: take the proportions of a picture, at once or, filling the screen, as a window again.
- ``toggle``: fill the screen, or be a window again; answers ``full 1`` or ``full 0``.
- The end of the input: close.

``key <code>`` is sent for each key, ``open`` and ``closed`` as the window opens and the user closes it, ``error
<words>`` if there can be none.
"""

from __future__ import annotations

import mmap
import os
import signal
import sys
import threading
import time
from typing import Any

import cv2
import numpy as np
from PIL import ImageGrab

#: Longest wait for a key before the next picture is looked for (ms).
_KEYS_MS = 2
#: A window is brought up so many times at most until it can be seen, within so many seconds each.
_TRIES, _OPENING_S = 3, 1.0
#: By this it is recognised: a small square of this colour (blue, green, red).
_MARK, _MARK_PX = (17, 29, 23), 24
#: Qt paints up to 5 ms after it was asked to.
_PAINT_S = 0.006
#: A picture shown just before the window appears may be lost: whatever stands still is painted again now and then.
_REPAINT_S = 0.25
_BACKGROUND = 16
#: A window that takes the proportions of a picture keeps its area, but is no higher than this (px).
_HIGHEST = 800


class _Screen:
    """The window, by its OpenCV name."""

    def __init__(self, title: str, size: tuple[int, int]) -> None:
        self.title = title
        self.drawn = size  # for which the last picture was fitted
        self._area = size[0] * size[1]
        self._fit: tuple[int, int] | None = None
        self._canvas = self.last = np.full((size[1], size[0], 3), _BACKGROUND, np.uint8)
        for _ in range(_TRIES):
            self._bring_up(size)
            if _is_painted() is not False:
                break
            cv2.destroyWindow(title)
        else:
            self._bring_up(size)
        cv2.imshow(title, self._canvas)

    def _bring_up(self, size: tuple[int, int]) -> None:
        # Free: otherwise it reports the size of the last picture, not the room there is for one.
        cv2.namedWindow(self.title, cv2.WINDOW_NORMAL | cv2.WINDOW_FREERATIO | cv2.WINDOW_GUI_NORMAL)
        cv2.resizeWindow(self.title, *size)
        marked = self._canvas.copy()
        marked[:_MARK_PX, :_MARK_PX] = _MARK
        cv2.imshow(self.title, marked)

    @property
    def open(self) -> bool:
        try:
            return cv2.getWindowProperty(self.title, cv2.WND_PROP_VISIBLE) >= 1
        except cv2.error:
            return False

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the picture area, as the user has made it."""
        w, h = cv2.getWindowImageRect(self.title)[2:]
        return (w, h) if w > 0 and h > 0 else self.drawn

    @property
    def full(self) -> bool:
        return bool(cv2.getWindowProperty(self.title, cv2.WND_PROP_FULLSCREEN) == cv2.WINDOW_FULLSCREEN)

    def toggle(self) -> int:
        """Fill the screen or be a window again; return 1 or 0, as the window says."""
        wanted = cv2.WINDOW_NORMAL if self.full else cv2.WINDOW_FULLSCREEN
        cv2.setWindowProperty(self.title, cv2.WND_PROP_FULLSCREEN, wanted)
        self._take_proportions()
        return int(self.full)

    def fit(self, size: tuple[int, int]) -> None:
        """Take the proportions of a picture."""
        self._fit = size
        self._take_proportions()

    def _take_proportions(self) -> None:
        if self._fit is None or self.full:
            return
        w, h = self._fit
        self._fit = None
        high = min((self._area * h / w) ** 0.5, _HIGHEST)
        cv2.resizeWindow(self.title, round(high * w / h), round(high))

    def show(self, rgb: Any) -> None:
        """Show a picture as large as it fits, with its own proportions."""
        self.last = rgb
        w, h = self.size
        if self._canvas.shape[:2] != (h, w):
            self._canvas = np.full((h, w, 3), _BACKGROUND, np.uint8)
        height, width = rgb.shape[:2]
        scale = min(w / width, h / height)
        wide, high = min(w, max(1, round(width * scale))), min(h, max(1, round(height * scale)))
        if (wide, high) != (width, height):
            rgb = cv2.resize(rgb, (wide, high), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
        x, y = (w - wide) // 2, (h - high) // 2
        if (wide, high) != (w, h):
            self._canvas[:] = _BACKGROUND
        cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR, dst=self._canvas[y : y + high, x : x + wide])
        cv2.imshow(self.title, self._canvas)
        self.drawn = (w, h)


def _is_painted() -> bool | None:
    """Whether the mark is on the screen; None where the screen cannot be looked at.

    Now and then, on a busy machine, Qt overlooks that its window has come up, and paints nothing in it for good.
    """
    if not sys.platform.startswith("linux") or os.environ.get("WAYLAND_DISPLAY"):  # Wayland shows nobody its screen
        return None
    end = time.monotonic() + _OPENING_S
    while time.monotonic() < end:
        _pump(0.02)
        try:
            screen = np.asarray(ImageGrab.grab(xdisplay="").convert("RGB"))
        except OSError:
            return None
        if np.count_nonzero((screen == _MARK[::-1]).all(axis=-1)) > _MARK_PX:
            return True
    return False


class _Commands(threading.Thread):
    """Reads the commands, so that the window is never kept waiting by its pipe."""

    def __init__(self, memory: Any) -> None:
        super().__init__(daemon=True)
        self.picture: Any = None
        self.toggles = 0
        self.fit: tuple[int, int] | None = None
        self.over = False
        self._memory = memory

    def run(self) -> None:
        for line in sys.stdin:
            word, *numbers = line.split()
            if word == "show":
                width, height = map(int, numbers)
                self.picture = self._memory[: width * height * 3].reshape(height, width, 3)
            elif word == "fit":
                width, height = map(int, numbers)
                self.fit = width, height
            elif word == "toggle":
                self.toggles += 1
        self.over = True


def shared_memory(handle: str, size: int) -> Any:
    """Return the bytes shared with the other process as an array.

    Parameters
    ----------
    handle : str
        Number of an open file; on Windows, the name of the memory.
    size : int
        Bytes.
    """
    memory = mmap.mmap(int(handle), size) if handle.isdecimal() else mmap.mmap(-1, size, handle)  # type: ignore[arg-type]
    return np.frombuffer(memory, np.uint8)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(title: str, size: tuple[int, int], memory: Any) -> None:
    """Open the window and serve it until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the program; it closes the window when it is done
    try:
        screen = _Screen(title, size)
    except cv2.error as e:
        _say(f"error {e.err}")
        return
    _say("open")
    commands = _Commands(memory)
    commands.start()
    toggled, painted = 0, 0.0
    while not commands.over:
        if toggled != commands.toggles:
            toggled += 1
            _say(f"full {screen.toggle()}")
        if commands.fit is not None:
            fit, commands.fit = commands.fit, None
            screen.fit(fit)
        rgb = commands.picture
        if rgb is not None:
            commands.picture = None  # the next one comes when this one is shown
            screen.show(rgb)
            painted = time.monotonic()
            _pump(_PAINT_S)
            _say("shown")
        elif screen.size != screen.drawn or time.monotonic() - painted > _REPAINT_S:
            screen.show(screen.last)
            painted = time.monotonic()
        _pump(0.0)
        if not screen.open:
            _say("closed")
            return


def _pump(seconds: float) -> None:
    """Let the window paint and hear keys, for some time at least."""
    end = time.monotonic() + seconds
    while True:
        key = cv2.waitKeyEx(_KEYS_MS)
        if key != -1:
            _say(f"key {key}")
        elif time.monotonic() >= end:
            return


if __name__ == "__main__":
    try:
        main(sys.argv[1], (int(sys.argv[2]), int(sys.argv[3])), shared_memory(sys.argv[4], int(sys.argv[5])))
    except BrokenPipeError:
        sys.exit(0)
