"""A screen of the tests' own: a real X server without a monitor, with somebody at its keyboard."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from PIL import Image, ImageGrab, features

#: How long anything may take before a test gives up on it (s); nothing waits that long where all is well.
PATIENCE_S = 30.0


def until(fact: Callable[[], object], what: str) -> None:
    """Wait for a fact; fail with ``what`` where it does not come about."""
    end = time.monotonic() + PATIENCE_S
    while not fact():
        assert time.monotonic() < end, f"did not come about: {what}"
        time.sleep(0.01)


@dataclass(frozen=True)
class Screen:
    """An X server."""

    display: str

    def picture(self) -> Image.Image:
        """Return what is on the screen."""
        return ImageGrab.grab(xdisplay=self.display)

    def colour(self, x: int, y: int) -> tuple[int, ...]:
        """Return the red, green and blue of a point on the screen."""
        pixel = self.picture().convert("RGB").getpixel((x, y))
        assert isinstance(pixel, tuple)
        return tuple(int(v) for v in pixel)

    def xdotool(self, *words: str) -> str:
        """Do what a hand would do; skips the test where there is no xdotool."""
        if shutil.which("xdotool") is None:
            pytest.skip("needs xdotool")
        run = subprocess.run(
            ["xdotool", *words], env=self.environment, capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )
        return run.stdout.strip()

    def type(self, *keys: str) -> None:
        """Press keys one after the other, by their X names, as fast as fingers do."""
        # Without a window manager they go to the window under the pointer.
        self.xdotool("mousemove", "60", "60")
        self.xdotool("key", "--delay", "60", *keys)

    def window(self, title: str) -> str:
        """Return the id of the window of that title; empty where there is none."""
        lines = self.xdotool("search", "--name", f"^{title}$").split()
        return lines[-1] if lines else ""

    def close_window(self, title: str) -> None:
        """Close a window as the cross of its frame does: ask it to delete itself."""
        _ask_to_delete(self.display, int(self.window(title)))

    @property
    def environment(self) -> dict[str, str]:
        """The environment of programs that are to use this screen."""
        return {**os.environ, "DISPLAY": self.display}


@pytest.fixture(scope="session")
def x_server() -> Iterator[Screen]:
    """An X server of this test process, at a display number of its own."""
    if shutil.which("Xvfb") is None:
        pytest.skip("needs Xvfb")
    if not features.check("xcb"):
        pytest.skip("needs a Pillow that can take screenshots (XCB)")
    readable, writable = os.pipe()
    command = ["Xvfb", "-displayfd", str(writable), "-screen", "0", "1400x900x24", "-nolisten", "tcp", "-noreset"]
    with subprocess.Popen(command, pass_fds=[writable], stderr=subprocess.DEVNULL) as server:
        os.close(writable)
        with os.fdopen(readable) as pipe:
            number = pipe.readline().strip()
        assert number, "Xvfb did not start"
        yield Screen(f":{number}")
        server.terminate()


@pytest.fixture
def screen(x_server: Screen, monkeypatch: pytest.MonkeyPatch) -> Screen:
    """The X server, as the display of this test."""
    monkeypatch.setenv("DISPLAY", x_server.display)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    return x_server


class _ClientMessage(ctypes.Structure):
    """``XClientMessageEvent`` of Xlib, padded to an ``XEvent``."""

    _fields_ = [
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("data", ctypes.c_long * 5),
        ("padding", ctypes.c_long * 24),
    ]


def _ask_to_delete(display: str, window: int) -> None:
    try:
        x = ctypes.CDLL("libX11.so.6")
    except OSError:
        pytest.skip("needs libX11")
    x.XOpenDisplay.restype = ctypes.c_void_p
    x.XInternAtom.restype = ctypes.c_ulong
    x.XInternAtom.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
    x.XSendEvent.argtypes = [ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int, ctypes.c_long, ctypes.c_void_p]
    x.XCloseDisplay.argtypes = [ctypes.c_void_p]
    connection = x.XOpenDisplay(display.encode())
    message = _ClientMessage(type=33, window=window, format=32)
    message.message_type = x.XInternAtom(connection, b"WM_PROTOCOLS", 0)
    message.data[0] = x.XInternAtom(connection, b"WM_DELETE_WINDOW", 0)
    x.XSendEvent(connection, window, 0, 0, ctypes.byref(message))
    x.XCloseDisplay(connection)
