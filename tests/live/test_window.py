"""The live window, on a real X server, seen by screenshots and moved by a hand (xdotool)."""

from __future__ import annotations

import os
import signal
import sys

import numpy as np
import pytest

from formcheck.errors import UsageError
from formcheck.live.window import Window, key_name

from .conftest import Screen, until

RED, GREEN = (255, 0, 0), (0, 255, 0)


def plain(colour, w=640, h=360):
    return np.full((h, w, 3), colour, np.uint8)


def test_a_picture_shown_is_on_the_screen(screen: Screen):
    image = plain(RED)
    image[:, 320:] = GREEN
    with Window("a window", (640, 360)) as window:
        window.show(image)
        image[:] = 0  # what is shown does not change with the array
        until(lambda: screen.colour(100, 100) == RED, "the picture")
        assert screen.colour(500, 100) == GREEN
        until(lambda: window.shown == 1, "it says so")
        assert window.delay is not None and window.delay > 0
    until(lambda: not screen.window("a window"), "the window is gone")


def test_of_pictures_that_come_too_fast_the_last_one_stays(screen: Screen):
    with Window("fast", (640, 360)) as window:
        for i in range(200):
            window.show(plain((i, i, i)))
        window.show(plain(GREEN))
        until(lambda: screen.colour(100, 100) == GREEN, "the picture")
        assert window.shown <= 201


def test_a_picture_keeps_its_proportions(screen: Screen):
    with Window("upright", (600, 300)) as window:
        window.show(plain(RED, 200, 400))  # 150 x 300 in the middle
        until(lambda: screen.colour(300, 150) == RED, "the picture")
        assert screen.colour(300 - 70, 150) == RED and screen.colour(300 + 70, 150) == RED
        assert screen.colour(300 - 80, 150) != RED and screen.colour(300 + 80, 150) != RED


def test_a_portrait_picture_fills_a_portrait_window(screen: Screen):
    with Window("portrait", (600, 300)) as window:
        window.fit(200, 400)
        window.show(plain(RED, 200, 400))  # 300 x 600: the same area
        until(lambda: screen.colour(150, 590) == RED, "the picture")
        assert [screen.colour(x, y) for x, y in ((5, 5), (294, 5), (5, 594), (294, 594))] == [RED] * 4
        assert screen.colour(310, 300) != RED


def test_a_window_made_larger_shows_the_picture_larger(screen: Screen):
    with Window("large", (320, 180)) as window:
        window.show(plain(RED))
        until(lambda: screen.colour(310, 170) == RED, "the picture")
        screen.xdotool("windowsize", screen.window("large"), "960", "540")
        until(lambda: screen.colour(950, 530) == RED, "the picture in the corner of the larger window")
        assert [screen.colour(x, y) for x, y in ((5, 5), (950, 5), (5, 530))] == [RED] * 3


def test_keys_arrive_in_order_and_none_is_lost(screen: Screen):
    pressed = ["space", "n", "r", "v", "m", "f", "Left", "Right", "Up", "Down", "Escape", "q", "N", "Shift_L", "F11"]
    heard: list[str] = []
    with Window("keys", (640, 360)) as window:
        window.show(plain(RED))
        until(lambda: window.shown, "the window is there")
        screen.type(*pressed)
        until(lambda: heard.extend(window.poll(10)) or heard[-1:] == ["f11"], f"all keys, so far {heard}")
    assert heard == [
        "space", "n", "r", "v", "m", "f", "left", "right", "up", "down", "esc", "q", "n", "f11",
    ]  # fmt: skip


def test_keys_pressed_while_nobody_asks_are_kept(screen: Screen):
    with Window("kept", (640, 360)) as window:
        window.show(plain(RED))
        until(lambda: window.shown, "the window is there")
        screen.type("a", "b", "c", "d")
        until(lambda: window._keys.qsize() == 4, "four keys have come")
        assert window.poll() == ["a", "b", "c", "d"]
        assert window.poll() == []


def test_closing_it_is_noticed(screen: Screen):
    with Window("cross", (640, 360)) as window:
        window.show(plain(RED))
        until(lambda: window.shown, "the window is there")
        assert not window.closed
        screen.close_window("cross")
        until(lambda: window.closed, "closed is noticed")
        window.show(plain(GREEN))  # harmless
        assert window.poll(1) == []


@pytest.mark.parametrize("how", ["its connection is cut", "its process is killed"])
def test_losing_the_display_closes_the_window_and_nothing_else(screen: Screen, how):
    with Window("lost", (640, 360)) as window:
        window.show(plain(RED))
        until(lambda: window.shown, "the window is there")
        if how == "its connection is cut":
            screen.xdotool("windowkill", screen.window("lost"))
        else:
            window._process.kill()
        until(lambda: window.closed, "closed is noticed")
        window.show(plain(GREEN))
        window.toggle_full_screen()
        assert window.poll(1) == []
        assert window.closed


def test_full_screen_is_asked_for_and_taken_back(screen: Screen):
    # Without a window manager nobody makes it larger; the window says what it asked for.
    with Window("full", (640, 360)) as window:
        assert not window.full_screen
        window.toggle_full_screen()
        until(lambda: window.full_screen, "full screen")
        window.toggle_full_screen()
        until(lambda: not window.full_screen, "a window again")
        window.show(plain(RED))
        until(lambda: screen.colour(100, 100) == RED, "the picture")


def test_without_a_display_there_is_one_clear_line(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("formcheck.live.window._SYSTEM", "linux")
    monkeypatch.delenv("DISPLAY", raising=False)
    with pytest.raises(UsageError, match="no display") as e:
        Window("nowhere")
    assert "--no-window" in e.value.hint


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there always is a display")
def test_a_display_that_does_not_answer_does_not_end_the_program(monkeypatch: pytest.MonkeyPatch, capfd):
    monkeypatch.setenv("DISPLAY", ":4711")
    with pytest.raises(UsageError, match="cannot open a window on the display :4711") as e:
        Window("nowhere")
    assert "--no-window" in e.value.hint
    assert capfd.readouterr() == ("", "")


def test_an_opencv_without_windows_is_named(screen: Screen, monkeypatch: pytest.MonkeyPatch, tmp_path):
    broken = tmp_path / "window_process.py"
    broken.write_text("print('error The function is not implemented')\n")
    monkeypatch.setattr("formcheck.live.window.child", lambda _: [sys.executable, str(broken)])
    with pytest.raises(UsageError, match="cannot open windows"):
        Window("none")


def test_the_terminal_stays_silent_and_ctrl_c_is_not_for_the_window(screen: Screen, capfd):
    with Window("silent", (640, 360)) as window:
        os.killpg(window._process.pid, signal.SIGINT)
        window.show(plain(RED))
        until(lambda: window.shown, "it still shows")
        assert os.getpgid(window._process.pid) != os.getpgid(0)
    assert capfd.readouterr() == ("", "")


def test_closing_twice_does_no_harm_and_leaves_no_thread_or_process(screen: Screen):
    window = Window("twice", (640, 360))
    window.close()
    window.close()
    assert window.closed
    assert window._process.returncode is not None
    assert not window._thread.is_alive()


@pytest.mark.parametrize("image", [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3)), np.zeros((0, 4, 3), np.uint8)])
def test_what_is_no_picture_is_refused(screen: Screen, image):
    with Window("refused", (64, 64)) as window, pytest.raises(ValueError, match="rgb"):
        window.show(image)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        (32, "space"),
        (ord("q"), "q"),
        (ord("Q"), "q"),
        (27, "esc"),
        (0xFF1B, "esc"),
        (65361, "left"),  # X11
        (0x250000, "left"),  # Windows
        (0xF702, "left"),  # macOS
        (0x10FF53, "right"),  # GTK with Num Lock
        (0xFFB5, "5"),  # number block
        (0xFFBE, "f1"),
        (0xFFE1, None),  # Shift by itself
        (-1, None),
    ],
)
def test_a_key_has_one_name_on_every_system(code, name):
    assert key_name(code) == name
