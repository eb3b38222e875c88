"""The socket of a coaching session: what is lost is sent again, nothing counts twice, and nonsense ends nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed

from formcheck.coaching.history import History
from formcheck.coaching.history.queries import sessions
from formcheck.serve.items import HEADER, write_frame
from formcheck.sight.pose.trackfile import read_track
from formcheck.sight.pose.types import Observation, Pose

from ..coaching.coach.arms import STANDING, at, raised
from .client import Client, Page, Server, serving

WORK = {"exercise": "plane", "reps": 0}


def nobody(k: int) -> Observation:
    return Observation(k / 15, None, (640, 480))


def opened(client: Client, **hello: Any) -> Page:
    page = Page(client, WORK, hello)
    assert page.open()["type"] == "welcome"
    return page


def close_code(page: Page) -> int:
    """Return with what the connection was closed, all that came before heard."""
    with pytest.raises(ConnectionClosed) as e:
        while True:
            page.hear()
    assert e.value.rcvd is not None
    return e.value.rcvd.code


def said(page: Page) -> list[int]:
    return [u["id"] for m in page.messages if m["type"] == "moment" for u in m["say"]]


@pytest.mark.smoke
def test_a_session_from_hello_to_its_end(client: Client) -> None:
    page = opened(client)
    for k in range(5):
        page.frame(nobody(k))
    page.hear_to(4)
    moment = page.messages[-1]
    assert (moment["n"], moment["t"], moment["scene"]["kind"], moment["exercise"]) == (4, 0.2667, "setup", "plane")
    assert client.get("/api/coaching")["sessions"][0]["camera"] is True
    over = page.finish()
    assert (over["reports"], over["warnings"]) == ([], [])
    assert close_code(page) == 1000
    assert client.get("/api/coaching")["sessions"] == []


@pytest.mark.parametrize(
    ("change", "code", "kind"),
    [
        ({"protocol": 1}, 4406, "protocol"),
        ({"role": "spy"}, 4400, "bad-hello"),
        ({"work": {"exercise": "handstand"}}, 4400, "bad-work"),
        ({"work": {"plan": {"step": [{"exercise": "plane", "reps": -1}]}}}, 4400, "bad-work"),
        ({"work": {"saved": "../../etc/passwd"}}, 4400, "bad-work"),
        ({"work": None}, 4400, "bad-work"),
        ({"lang": "xx"}, 4400, "bad-work"),
        ({"type": "hi"}, 4400, "bad-hello"),
        ({"role": "screen"}, 4404, "no-session"),
    ],
)
def test_a_hello_that_makes_no_sense_is_answered(client: Client, change: dict[str, Any], code: int, kind: str) -> None:
    page = Page(client, WORK, change)
    said = page.open()
    assert (said["type"], said["code"]) == ("error", kind)
    assert close_code(page) == code


@pytest.mark.parametrize("first", [b"\x01" * 40, "{", "[]", "null", '"\\ud800"'])
def test_whatever_comes_first_is_answered(client: Client, first: bytes | str) -> None:
    page = Page(client, WORK)
    page.ws = client.socket()
    page.say(first)
    assert page.hear()["code"] == "bad-hello"
    assert close_code(page) == 4400


def test_a_lost_network_loses_nothing_and_counts_nothing_twice(
    client: Client, samples: Path, track_of: Callable[..., Path]
) -> None:
    track = read_track(track_of(samples / "plane-hip-sag.mp4"))
    page = opened(client)
    seen = list(track)
    for n, o in enumerate(seen):
        page.frame(o)
        if n in (60, 150):  # in the middle of the repetition, with frames under way
            assert page.ws is not None
            page.ws.socket.close()
            page.ws = client.socket()  # not yet said hello: frames are kept meanwhile
        elif n in (80, 170):
            welcome = page.open()
            assert welcome["resumed"] is True
            page.hear_to(n)
        elif page.ws is not None and not 60 <= n < 80 and not 150 <= n < 170:
            page.hear_to(n)
    over = page.finish()
    assert over["reports"][0]["counts"] == {"total": 1, "left": 1, "right": 0}
    assert [(r["side"], r["counted"], [f["id"] for f in r["faults"]]) for r in page.reps] == [
        ("left", True, ["hip-sag"])
    ]
    assert sorted(set(said(page))) == list(range(1, max(said(page)) + 1))
    with History.open() as history:
        (session,) = sessions(history)
    assert (session.reps, session.counted) == (1, 1)


def test_items_come_in_order_or_again(client: Client) -> None:
    page = opened(client)
    for k in range(3):
        page.frame(nobody(k))
    page.hear_to(2)
    page.say(write_frame(7, 1.0, (640, 480)))
    assert page.hear() == {"type": "resend", "next": 3}
    page.say(write_frame(1, 0.07, (640, 480)))  # known: passed over
    page.frame(nobody(3))
    assert page.hear_until("moment")["n"] == 3
    page.say(write_frame(4, 0.1, (640, 480)))  # a time that does not rise is passed over, and acknowledged
    assert (page.hear()["n"], page.messages[-1]["t"]) == (4, 0.2)


def test_another_page_goes_on_where_the_first_was(client: Client) -> None:
    first = opened(client)
    first.do("pause")
    first.frame(nobody(0))
    first.hear_to(1)
    second = Page(client, WORK, session=first.session)
    welcome = second.open()
    assert (welcome["session"], welcome["resumed"], welcome["next"]) == (first.session, True, 2)
    assert close_code(first) == 4409
    second.next = 2
    second.do("pause")
    assert second.hear_until("moment", 2)["paused"] is False
    # What the first was told and mattered was told again.
    assert set(said(first)) <= set(said(second))


def test_a_screen_watches_and_commands(client: Client, samples: Path, track_of: Callable[..., Path]) -> None:
    page = opened(client)
    screen = Page(client, {}, {"role": "screen"})
    assert screen.open()["session"] == page.session
    assert screen.hear_until("moment")["body"] is None
    assert screen.hear_until("camera")["here"] is True
    seen = list(read_track(track_of(samples / "plane-hip-sag.mp4")))[:30]
    for o in seen:
        page.frame(o)
    page.hear_to(29)
    body = screen.hear_until("moment", 29)["body"]
    nose = seen[29].pose.image[0, :2] / seen[29].size
    assert len(body) == 33
    assert np.allclose(body[0][:2], nose, atol=0.01)
    assert all(m["body"] is None for m in page.messages if m["type"] == "moment")
    screen.say({"type": "do", "what": "pause"})
    assert screen.hear_until("moment", 29)["paused"] is True
    assert page.hear_until("moment")["paused"] is True
    screen.say(write_frame(0, 0.0, (640, 480)))
    assert screen.hear_until("error")["code"] == "bad-item"
    assert page.ws is not None
    page.ws.close()
    assert screen.hear_until("camera")["here"] is False
    screen.say({"type": "do", "what": "finish"})
    screen.hear_until("over")


def test_a_session_without_its_camera_ends_in_time_and_is_kept(
    own_data: Path, samples: Path, track_of: Callable[..., Path]
) -> None:
    with serving(own_data, kept_s=0.2) as server:
        client = server.paired()
        page = opened(client)
        page.show(track_of(samples / "plane-hip-sag.mp4"))
        screen = Page(client, {}, {"role": "screen"})
        screen.open()
        assert page.ws is not None
        page.ws.close()
        over = screen.hear_until("over")
        assert over["reports"][0]["counts"]["total"] == 1
        # The page comes back, and is told how it ended.
        assert page.open()["resumed"] is True
        assert page.hear_until("over")["reports"] == over["reports"]
        assert close_code(page) == 1000


def test_a_server_that_ends_keeps_what_was_done(own_data: Path, samples: Path, track_of: Callable[..., Path]) -> None:
    track = track_of(samples / "plane-hip-sag.mp4")
    with serving(own_data) as server:
        client = server.paired()
        page = opened(client)
        page.show(track)
    assert [p.name for p in own_data.glob("sessions/*/*.report.json")] == ["1-plane.report.json"]
    with serving(own_data) as server:
        client.port = server.port  # the cookie is of a port; the device is known
        client.cookie = client.cookie.replace(client.cookie.partition("=")[0], f"formcheck-{server.port}")
        assert client.get("/api/history")["sessions"][0]["counted"] == 1
        again = page.open()
        assert (again["resumed"], again["next"]) == (False, 0)


def test_as_many_sessions_as_may_be(own_data: Path) -> None:
    with serving(own_data, most=2) as server:
        client = server.paired()
        first, second = opened(client), opened(server.paired())
        third = Page(client, WORK)
        assert third.open()["code"] == "full"
        assert close_code(third) == 4429
        # Two at once do not meet.
        first.do("pause")
        second.frame(nobody(0))
        assert (first.hear_until("moment")["paused"], second.hear_until("moment")["paused"]) == (True, False)
        # One whose page has gone makes room.
        assert first.ws is not None
        first.ws.close()
        while client.get("/api/coaching")["sessions"][0]["camera"]:
            pass
        assert third.open()["type"] == "welcome"


def test_a_message_that_is_too_large_ends_the_connection_not_the_session(client: Client) -> None:
    page = opened(client)
    page.frame(nobody(0))
    page.hear_to(0)
    with pytest.raises(ConnectionClosed):
        page.say(b"\x01" * (2 << 20))
        while True:
            page.hear()
    welcome = page.open()
    assert (welcome["resumed"], welcome["next"]) == (True, 1)


POSE = Pose(np.full((33, 4), 0.5), np.full((33, 4), 0.5))


def damaged(at: int, value: float) -> bytes:
    frame = bytearray(write_frame(0, 1.0, (640, 480), POSE))
    frame[at : at + 4] = np.float32(value).tobytes()
    return bytes(frame)


@pytest.mark.parametrize(
    "item",
    [
        b"",
        b"\x01" * 10,
        b"\x09" + write_frame(0, 1.0, (640, 480))[1:],
        write_frame(0, float("nan"), (640, 480)),
        write_frame(0, float("inf"), (640, 480)),
        write_frame(0, 1.0, (0, 480)),
        write_frame(0, 1.0, (640, 480)) + b"x",
        write_frame(0, 1.0, (640, 480), POSE)[:-4],
        damaged(HEADER.size, float("nan")),
        damaged(HEADER.size, 1e9),
        damaged(HEADER.size + 12, 7.0),
        write_frame(0, 1.0, (640, 480), POSE, ball=b"not a jpeg"),
        write_frame(0, 1.0, (640, 480), picture=b"\xff\xd8 and no more"),
        '{"type": "do", "n": 0, "what": "explode"}',
        '{"type": "tick", "n": 0, "t": "now"}',
        '{"type": "tick", "n": 0, "t": 1e999}',
        '{"type": "tick", "n": -1, "t": 1}',
        '{"type": "tick", "n": true, "t": 1}',
        "[" * 100_000,
        '{"type": 7}',
    ],
)
def test_an_item_that_makes_no_sense_is_said_and_the_session_goes_on(client: Client, item: bytes | str) -> None:
    page = opened(client)
    page.say(item)
    error = page.hear()
    assert (error["type"], error["code"]) == ("error", "bad-item")
    page.next = 1 if error["n"] == 0 else 0
    n = page.frame(nobody(100))
    assert page.hear_until("moment")["n"] == n


KEYS = st.sampled_from(["type", "n", "t", "what", "id"])
WORDS = st.sampled_from(["do", "tick", "ping", "hello", "pause"])
VALUES = st.none() | st.integers() | st.floats() | WORDS


# The threads of server and client draw random numbers, too.
@pytest.mark.filterwarnings("ignore:Do not use the `random` module")
def test_fuzzed_items_end_nothing(server: Server) -> None:
    client = server.paired()
    page = opened(client)
    header = write_frame(0, 1.0, (640, 480), POSE)

    @settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.binary(max_size=200)
        | st.tuples(st.integers(0, len(header) - 1), st.binary(min_size=1, max_size=9)).map(
            lambda x: header[: x[0]] + x[1] + header[x[0] + len(x[1]) :]
        )
        | st.text(max_size=60)
        | st.dictionaries(KEYS, VALUES, max_size=5).map(json.dumps)
    )
    def sent(item: bytes | str) -> None:
        try:
            page.say(item)
            page.say({"type": "ping", "id": 5})
            while page.hear()["type"] != "pong":
                pass
        except ConnectionClosed:
            # After so much nonsense it is closed; the session waits.
            assert page.open()["resumed"] is True

    sent()
    welcome = page.open()
    page.next = welcome["next"]
    page.hear_until("moment", page.do("pause"))
    assert client.get("/api/coaching")["sessions"][0]["id"] == page.session


def test_a_raised_arm_is_told_while_it_counts_and_pauses(client: Client) -> None:
    page = opened(client)
    for k in range(60):
        page.frame(at(raised("left") if k >= 15 else STANDING, k / 15))
    page.hear_to(59)
    moments = [m for m in page.messages if m["type"] == "moment"]
    shown = [m for m in moments if m["raised"]]
    assert all(m["n"] >= 15 for m in shown)
    assert {m["raised"]["kind"] for m in shown} == {"one"}
    shares = [m["raised"]["progress"] for m in shown]
    assert shares == sorted(shares) and shares[0] < 0.3 and shares[-1] > 0.95
    wrist = raised("left").pose.image[15, :2]
    assert shown[0]["raised"]["hand"] == pytest.approx(wrist, abs=0.1)
    assert [m["paused"] for m in moments][-1] is True
