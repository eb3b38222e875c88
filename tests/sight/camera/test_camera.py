"""Cameras: a network camera of the tests' own, files in real time, and a stand-in for devices."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from formcheck.errors import InputError, UsageError
from formcheck.sight.camera import device as camera_device
from formcheck.sight.camera.camera import Camera, CameraFrame, CameraInfo, Patience, list_cameras, open_camera
from formcheck.sight.camera.feed import Shot
from formcheck.sight.camera.mjpeg import Multipart
from formcheck.sight.camera.played import FileFeed
from formcheck.sight.camera.stream import open_stream

from ..video.clips import colour_at, corner_picture, write_clip
from .mjpeg_server import MjpegServer, encode_jpeg

#: How long a test waits for what must come before it fails (s).
LONG = 30.0
#: Cameras of these tests are tried again at once.
EAGER = Patience(stall=LONG, retry=(0.01,), close=LONG)


def grey(level: int) -> bytes:
    return encode_jpeg(np.full((48, 64, 3), level, np.uint8))


def level(frame: CameraFrame | None) -> int:
    assert frame is not None
    return round(float(frame.image.mean()) / 10) * 10


def wait_for(camera: Camera, state: str) -> None:
    with camera._news:
        assert camera._news.wait_for(lambda: camera._state == state, LONG), f"{camera._state}, not {state}"


# ---- a network camera ---------------------------------------------------------------------------


def test_a_network_camera_gives_upright_rgb_and_says_what_it_is() -> None:
    with MjpegServer(encode_jpeg(corner_picture())) as server, open_camera(server.url, patience=EAGER) as camera:
        frame = camera.newest(timeout=LONG)
        assert frame is not None
        assert (frame.t, frame.index) == (0.0, 0)
        assert [colour_at(frame.image, c) for c in ("top left", "top right", "bottom left")] == ["red", "green", "blue"]
        assert camera.state == "live" and camera.message == "" and camera.retry_in is None
        assert camera.info == CameraInfo(server.url, "stream", 64, 48, (64, 48), "MJPG")
    assert camera.state == "ended"


def test_pictures_are_shrunk_to_the_longest_side_asked_for() -> None:
    with MjpegServer(grey(100)) as server, open_camera(server.url, max_side=32, patience=EAGER) as camera:
        frame = camera.newest(timeout=LONG)
        assert frame is not None and frame.image.shape == (24, 32, 3)
        assert (camera.info.width, camera.info.height, camera.info.frame_size) == (64, 48, (32, 24))


@pytest.mark.parametrize("with_length", [True, False])
def test_each_picture_is_there_as_soon_as_it_is_sent(with_length: bool) -> None:
    # Without a length a part ends where the next one begins: waiting for that would show each picture late.
    with (
        MjpegServer(grey(0), with_length=with_length) as server,
        open_camera(server.url, patience=EAGER) as camera,
    ):
        frame = camera.newest(timeout=LONG)
        for i in range(1, 6):
            assert frame is not None
            server.send(grey(40 * i))
            before, frame = frame, camera.newest(frame.index, LONG)
            assert level(frame) == 40 * i
            assert frame is not None and frame.t > before.t
            assert frame.captured - before.captured == pytest.approx(frame.t - before.t)
        assert camera.dropped == 0


def test_a_busy_consumer_gets_the_newest_and_the_rest_is_dropped() -> None:
    with MjpegServer(grey(0)) as server, open_camera(server.url, patience=EAGER) as camera:
        first = camera.newest(timeout=LONG)
        assert first is not None
        for i in range(1, 6):  # nobody asks meanwhile
            server.send(grey(40 * i))
            with camera._news:
                assert camera._news.wait_for(lambda i=i: camera._index == i, LONG)
        frame = camera.newest(first.index, LONG)
        assert level(frame) == 200
        assert frame is not None and frame.index == 5
        assert camera.dropped == 4
        assert camera.newest(frame.index, timeout=0) is None
        assert camera.newest(timeout=0) is frame  # any will do: not converted again


def test_it_comes_back_after_a_dropped_connection_and_time_goes_on() -> None:
    with MjpegServer(grey(0)) as server, open_camera(server.url, patience=EAGER) as camera:
        frame = camera.newest(timeout=LONG)
        for i in range(1, 4):
            assert frame is not None
            before = frame
            server.drop()
            # Whoever watches anew sees the newest picture at once: it is lost and back.
            frame = camera.newest(frame.index, LONG)
            assert frame is not None and frame.t > before.t and frame.index == i
        assert camera.state == "live"


def test_while_it_is_away_it_says_so_and_is_tried_again() -> None:
    with MjpegServer(grey(0)) as server, open_camera(server.url, patience=EAGER) as camera:
        before = camera.newest(timeout=LONG)
        assert before is not None
        server.refuse()
        wait_for(camera, "lost")
        with camera._news:
            assert camera._news.wait_for(lambda: "cannot reach" in camera._message, LONG)
        assert camera.state == "lost"
        assert server.url in camera.message and "check" in camera.message and "\n" not in camera.message
        assert camera.retry_in is None or 0 <= camera.retry_in <= 0.01
        assert camera.newest(before.index, timeout=0) is None
        server.accept()
        after = camera.newest(before.index, LONG)
        assert after is not None and after.t > before.t
        assert camera.state == "live" and camera.message == ""


def test_a_stalled_camera_is_hung_up_on_and_opened_again() -> None:
    patience = Patience(stall=0.2, retry=(0.01,), close=LONG)
    with MjpegServer(grey(0)) as server, open_camera(server.url, patience=patience) as camera:
        first = camera.newest(timeout=LONG)
        assert first is not None
        # It sends nothing more on this connection; on a new one it begins with its newest picture.
        again = camera.newest(first.index, LONG)
        assert again is not None
        assert again.t >= 0.2


def test_a_camera_that_stops_counts_as_lost_even_while_the_read_waits() -> None:
    now = [0.0]
    shots = iter([Shot(0.0, lambda: np.zeros((2, 2, 3), np.uint8))])
    with Camera(lambda: Scripted(shots), Patience(stall=3.0), clock=lambda: now[0]) as camera:
        assert camera.newest(timeout=LONG) is not None
        now[0] = 2.9
        assert camera.state == "live"
        now[0] = 3.1
        assert camera.state == "lost"
        assert "no picture" in camera.message


def test_pauses_between_tries_grow_and_begin_anew_after_a_picture() -> None:
    waits: list[float] = []
    picture = Shot(0.0, lambda: np.zeros((2, 2, 3), np.uint8))
    opened = iter(["picture", "no", "no", "no", "no", "no", "no", "picture", "no"])
    done = threading.Event()

    def opener() -> Scripted:
        match next(opened, None):
            case "picture":
                return Scripted(iter([picture]), ends=True)
            case None:
                done.set()
        raise InputError("no camera")

    camera = Camera(opener, Patience())

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        return done.is_set() and camera._stop.set() is None

    camera._stop.wait = wait  # type: ignore[method-assign]
    camera.start()
    camera._thread.join(LONG)
    assert waits[:9] == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0, 0.5, 1.0]


def test_a_camera_that_refuses_is_named_in_one_line() -> None:
    with MjpegServer(grey(0)) as server:
        url = server.url
    with pytest.raises(InputError, match="cannot reach the camera") as e:
        open_camera(url, patience=EAGER)
    assert url in str(e.value) and "check" in e.value.hint and "\n" not in str(e.value)


def test_a_password_is_used_and_never_shown() -> None:
    with MjpegServer(grey(80), password="me:secret") as server:
        with pytest.raises(InputError, match="asks for a password"):
            open_camera(server.url, patience=EAGER)
        with pytest.raises(InputError, match="asks for a password") as e:
            open_camera(server.url.replace("//", "//me:wrong@"), patience=EAGER)
        assert "wrong" not in str(e.value)
        with open_camera(server.url.replace("//", "//me:secret@"), patience=EAGER) as camera:
            assert level(camera.newest(timeout=LONG)) == 80
            assert camera.info.path == server.url


def test_a_damaged_picture_is_passed_over() -> None:
    good = grey(40)
    with MjpegServer(good) as server, open_camera(server.url, patience=EAGER) as camera:
        first = camera.newest(timeout=LONG)
        assert first is not None
        server.send(b"\xff\xd8 no picture \xff\xd9")
        assert camera.newest(first.index, timeout=1.0) is None
        assert camera.damaged == 1
        server.send(grey(120))
        assert level(camera.newest(first.index, LONG)) == 120
        assert camera.state == "live"


def test_closing_ends_a_read_that_waits() -> None:
    with MjpegServer(grey(0)) as server:
        camera = open_camera(server.url, patience=EAGER)
        camera.start()
        assert camera.newest(timeout=LONG) is not None
        camera.close()  # nothing more is sent: without being woken the read would wait for its time limit
        assert not camera._thread.is_alive()
        assert camera.state == "ended"
        assert camera.newest(0, timeout=LONG) is None
        camera.close()


def test_ffmpeg_reads_what_is_no_row_of_jpegs(tmp_path: Path) -> None:
    # The same camera read by FFmpeg, as RTSP and other streams are.
    with MjpegServer(grey(0)) as server:
        stop = threading.Event()
        pictures = itertools.cycle([grey(40), grey(80), grey(120)])
        player = threading.Thread(target=server.play, args=(pictures, 50, stop))
        player.start()
        try:
            patience = Patience(open=LONG, stall=LONG, retry=(0.01,), close=LONG)
            with Camera(lambda: open_stream(server.url, 32, patience), patience) as camera:
                last, times = -1, []
                for _ in range(5):
                    frame = camera.newest(last, LONG)
                    assert frame is not None and frame.image.shape == (24, 32, 3)
                    assert level(frame) in {0, 40, 80, 120}
                    last = frame.index
                    times.append(frame.t)
                assert times == sorted(set(times))
                assert camera.info.mode == "mjpeg"
        finally:
            stop.set()
            player.join()


# ---- parts ------------------------------------------------------------------------------------------


def body(parts: list[bytes], boundary: bytes, *, lengths: bool) -> bytes:
    def one(part: bytes) -> bytes:
        length = b"Content-Length: %d\r\n" % len(part) if lengths else b""
        return boundary + b"\r\nContent-Type: image/jpeg\r\n" + length + b"\r\n" + part + b"\r\n"

    return b"".join(map(one, parts))


@pytest.mark.parametrize("lengths", [True, False])
@pytest.mark.parametrize(
    ("header", "written"),
    [
        ("next", b"--next"),
        ("--next", b"--next"),  # the dashes in the header, too
        ("next", b"next"),  # none at all
        ('"a.b+c"', b"--a.b+c"),
    ],
)
@pytest.mark.parametrize("step", [1, 7, 4096])
def test_parts_are_cut_however_they_arrive(header: str, written: bytes, lengths: bool, step: int) -> None:
    parts = [b"\xff\xd8" + bytes([i]) * 50 + b"\r\n--nex" + b"\xff\xd9" for i in range(4)]
    data = body(parts, written, lengths=lengths)
    cut = Multipart(header)
    got = [p for i in range(0, len(data), step) for p in cut.feed(data[i : i + step])]
    assert got == parts


def test_a_part_without_end_is_refused() -> None:
    cut = Multipart("x")
    with pytest.raises(ValueError, match="without end"):
        cut.feed(b"--x\r\nContent-Length: 99999999999\r\n\r\n")
    with pytest.raises(ValueError, match="without end"):
        Multipart("x").feed(b"0" * (33 << 20))


# ---- files ------------------------------------------------------------------------------------------


def test_a_file_is_played_when_its_times_are_due(tmp_path: Path) -> None:
    ticks = [0, 40, 100, 110, 900]
    clip = write_clip(tmp_path / "a.mkv", ticks=ticks)
    now, waits = [50.0], []

    def wait(stop: threading.Event, seconds: float) -> None:
        waits.append(seconds)
        now[0] += seconds

    feed = FileFeed(str(clip), 960, clock=lambda: now[0], wait=wait)
    shots = list(feed.shots(threading.Event()))
    assert [s.t for s in shots] == [t / 1000 for t in ticks]
    assert [s.captured for s in shots] == pytest.approx([50 + t / 1000 for t in ticks])
    assert waits == pytest.approx([0.04, 0.06, 0.01, 0.79])
    feed.close()


def test_a_file_that_decodes_too_slowly_is_late_but_whole(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "a.mkv")
    clock = itertools.count(0.0, 0.5).__next__  # each look at the clock finds it half a second on
    feed = FileFeed(str(clip), 960, clock=clock, wait=lambda _stop, _s: pytest.fail("there is nothing to wait for"))
    assert [s.t for s in feed.shots(threading.Event())] == [0.0, 0.04, 0.08, 0.12, 0.16]
    feed.close()


def test_a_file_ends_and_its_times_are_exact(tmp_path: Path) -> None:
    ticks = [0, 40, 100, 110, 200]
    clip = write_clip(tmp_path / "a.mkv", [corner_picture()] * 5, ticks=ticks)
    seen = []
    with open_camera(str(clip)) as camera:
        assert (camera.info.kind, camera.info.path) == ("file", str(clip))
        last = -1
        while (frame := camera.newest(last, LONG)) is not None:
            seen.append((frame.index, round(frame.t * 1000)))
            last = frame.index
        assert camera.state == "ended"
        assert camera.message == ""
        assert len(seen) + camera.dropped == 5
    assert seen[-1] == (4, 200)  # the last one is there even if nobody was quick enough for the others
    assert all(ticks[i] == t for i, t in seen)


def test_a_film_on_a_server_is_played_like_a_file(tmp_path: Path) -> None:
    from functools import partial
    from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

    write_clip(tmp_path / "a.mkv")

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        with open_camera(f"http://127.0.0.1:{server.server_port}/a.mkv", patience=EAGER) as camera:
            times, last = [], -1
            while (frame := camera.newest(last, LONG)) is not None:
                times.append(frame.t)
                last = frame.index
            assert camera.state == "ended"
        assert set(times) <= {0.0, 0.04, 0.08, 0.12, 0.16} and times[-1] == 0.16
        with pytest.raises(InputError, match="answers with error 404"):
            open_camera(f"http://127.0.0.1:{server.server_port}/none", patience=EAGER)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize("spec", ["no-such.mp4", "", "/dev/null/none"])
def test_a_file_that_is_not_there_is_named(spec: str) -> None:
    with pytest.raises(InputError):
        open_camera(spec)


def test_a_camera_that_was_never_started_is_closed(tmp_path: Path) -> None:
    camera = open_camera(str(write_clip(tmp_path / "a.mkv")))
    camera.close()
    assert camera.state == "ended"
    assert camera.newest(timeout=LONG) is None


# ---- devices ----------------------------------------------------------------------------------------


class Scripted:
    """A feed that gives the shots it is told to, then waits, or ends with an error."""

    finite = False

    def __init__(self, shots: Iterator[Shot], *, ends: bool = False) -> None:
        self.info = CameraInfo("0", "device", 2, 2, (2, 2))
        self._shots, self._ends, self._aborted = shots, ends, threading.Event()

    def shots(self, stop: threading.Event) -> Iterator[Shot]:
        yield from self._shots
        if self._ends:
            raise InputError("it is gone", "plug it in")
        self._aborted.wait(LONG)

    def abort(self) -> None:
        self._aborted.set()

    def close(self) -> None:
        self._aborted.set()


class Capture:
    """Stands in for ``cv2.VideoCapture``: gives a number of pictures of its own size, then none."""

    def __init__(self, pictures: int, *, opens: bool = True) -> None:
        self.left, self.opens, self.asked, self.released = pictures, opens, {}, False

    def isOpened(self) -> bool:  # noqa: N802  OpenCV's name
        return self.opens

    def set(self, name: int, value: float) -> bool:
        self.asked[name] = value
        return False  # as drivers do, whatever they make of it

    def get(self, name: int) -> float:
        import cv2

        return cv2.VideoWriter.fourcc(*"YUYV") if name == cv2.CAP_PROP_FOURCC else 1e9

    def read(self) -> tuple[bool, np.ndarray | None]:
        if self.left <= 0:
            return False, None
        self.left -= 1
        return True, np.ascontiguousarray(corner_picture(1280, 960)[:, :, ::-1])  # blue first

    def release(self) -> None:
        self.released = True


@pytest.fixture
def devices(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Lets cameras stand where the given captures are, one after the other."""

    def put(*captures: Capture) -> None:
        queue = iter(captures)
        monkeypatch.setattr(camera_device, "_check_node", lambda index: None)
        monkeypatch.setattr(camera_device, "_capture", lambda index: next(queue))

    return put


def test_a_device_is_asked_for_a_mode_and_taken_as_it_is(devices: Callable[..., None]) -> None:
    import cv2

    capture = Capture(3)
    devices(capture, Capture(1000))
    with open_camera(0, size=(1280, 720), fps=30, patience=EAGER) as camera:
        frame = camera.newest(timeout=LONG)
        assert frame is not None and frame.image.shape == (720, 960, 3)
        assert colour_at(frame.image, "top left") == "red" and colour_at(frame.image, "bottom left") == "blue"
        assert (camera.info.path, camera.info.kind) == ("0", "device")
        assert (camera.info.width, camera.info.height, camera.info.mode) == (1280, 960, "YUYV")
    asked = capture.asked
    assert asked[cv2.CAP_PROP_FOURCC] == cv2.VideoWriter.fourcc(*"MJPG")
    assert (asked[cv2.CAP_PROP_FRAME_WIDTH], asked[cv2.CAP_PROP_FRAME_HEIGHT]) == (1280, 720)
    assert asked[cv2.CAP_PROP_FPS] == 30
    assert next(iter(asked)) == cv2.CAP_PROP_FOURCC  # sizes depend on it


def test_a_device_pulled_out_and_put_back_goes_on(devices: Callable[..., None]) -> None:
    first, gone, back = Capture(3), Capture(0, opens=False), Capture(10**9)
    devices(first, gone, back)
    with open_camera("0", patience=EAGER) as camera:
        last, times = -1, []
        while not (camera._feed is not None and getattr(camera._feed, "_capture", None) is back and len(times) > 3):
            frame = camera.newest(last, LONG)
            assert frame is not None
            last = frame.index
            times.append(frame.t)
        assert first.released and gone.released
        assert times == sorted(set(times))
    assert back.released


def test_a_busy_device_is_named_and_given_back(devices: Callable[..., None]) -> None:
    silent = Capture(0)
    devices(silent)
    with pytest.raises(InputError, match="camera 3 is busy or gives no picture") as e:
        open_camera(3)
    assert "close other programs" in e.value.hint
    assert silent.released


@pytest.mark.parametrize("spec", [4711, "4711", "/dev/video4711"])
def test_a_missing_device_is_named_and_the_terminal_stays_silent(spec, capfd, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="camera 4711"):
        open_camera(spec)
    monkeypatch.setattr(camera_device, "_check_node", lambda index: None)  # OpenCV itself fails, as on other systems
    with pytest.raises(InputError, match="camera 4711"):
        open_camera(spec)
    assert capfd.readouterr() == ("", "")


def test_cameras_are_found_by_name_without_opening_them(tmp_path: Path) -> None:
    for node, (name, index) in {
        "video2": ("Good Camera", "0"),
        "video3": ("Good Camera", "1"),  # data about the pictures
        "video10": ("Other", "0"),
        "v4l-subdev0": ("Sensor", "0"),
    }.items():
        (tmp_path / node).mkdir()
        (tmp_path / node / "name").write_text(f"{name}\n")
        (tmp_path / node / "index").write_text(f"{index}\n")
    assert [str(c) for c in list_cameras(tmp_path)] == ["2 (Good Camera)", "10 (Other)"]
    assert list_cameras(tmp_path / "none") == []


@pytest.mark.parametrize("options", [{"size": (0, 720)}, {"fps": 0.0}, {"fps": float("nan")}, {"max_side": 4}])
def test_options_that_cannot_be_are_refused(options) -> None:
    with pytest.raises(UsageError):
        open_camera(0, **options)


def test_a_camera_before_0_is_refused() -> None:
    with pytest.raises(UsageError, match="from 0 on"):
        open_camera(-1)


def test_an_error_nobody_thought_of_reaches_whoever_waits() -> None:
    def broken() -> Iterator[Shot]:
        raise ZeroDivisionError("a mistake")
        yield

    with Camera(lambda: Scripted(broken())) as camera:
        with pytest.raises(ZeroDivisionError):
            camera.newest(timeout=LONG)
        assert camera.state == "failed"


def test_two_pictures_of_one_instant_get_different_times() -> None:
    picture = np.zeros((2, 2, 3), np.uint8)
    with Camera(lambda: Scripted(iter([Shot(5.0, lambda: picture)] * 3)), EAGER, clock=lambda: 5.0) as camera:
        frame = camera.newest(1, LONG)
        assert frame is not None and frame.index == 2 and 0 < frame.t < 1e-3
