"""Who is let in, and who is not: hosts, origins, cookies, codes, rates and connections."""

from __future__ import annotations

import contextlib
import socket
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.exceptions import InvalidStatus

from formcheck.serve.guard import Rates
from formcheck.serve.pairing import LASTS_S, TRIES, WAIT_S, Pairing, RefusedError

from .client import PATIENCE_S, Client, Page, Server


def refused(client: Client, **headers: str) -> int:
    """Return the status with which a socket is refused."""
    with pytest.raises(InvalidStatus) as e:
        client.socket(**headers)
    return e.value.response.status_code


def test_a_stranger_sees_the_page_and_nothing_else(server: Server) -> None:
    stranger = server.stranger()
    state = stranger.get("/api/state")
    assert (state["paired"], state["protocol"], state["lan"]) == (False, 2, False)
    for path in (
        "/api/exercises",
        "/api/reports",
        "/reports/a/b.report.html",
        "/progress",
        "/models/x",
        "/voice/x",
        "/api",
    ):
        answer = stranger.ask("GET", path)
        assert (answer.status, answer.data["code"]) == (401, "not-paired"), path
    assert stranger.ask("PUT", "/api/settings", {"lang": "pl"}).status == 401
    assert stranger.ask("POST", "/api/uploads?name=a.mp4", b"x").status == 401
    assert refused(stranger) == 401
    assert server.paired().get("/api/state")["paired"] is True


def test_answers_carry_what_keeps_pages_apart(server: Server) -> None:
    headers = server.stranger().ask("GET", "/api/state").headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "connect-src 'self'" in policy
    assert "unsafe-inline" not in policy and "'unsafe-eval'" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert "server" not in headers


def test_the_cookie_is_strict(server: Server) -> None:
    answer = server.stranger().ask("POST", "/api/pair", {"code": server.serving.parts.pairing.shown})
    words = {w.strip().lower() for w in answer.headers["set-cookie"].split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/"} <= words
    assert "secure" not in words  # that is for TLS


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:80", ""])
def test_another_host_is_refused(server: Server, client: Client, host: str) -> None:
    wrong = host or "[::1"
    assert client.ask("GET", "/api/state", Host=wrong).status in (400, 421)
    assert client.ask("GET", "/", Host=wrong).status in (400, 421)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1:{port}", "http://127.0.0.1:1"])
def test_another_origin_is_refused_even_with_the_cookie(server: Server, client: Client, origin: str) -> None:
    other = origin.format(port=server.port)
    assert client.ask("GET", "/api/reports", Origin=other).status == 403
    assert client.ask("PUT", "/api/settings", {"lang": "pl"}, Origin=other).status == 403
    assert refused(client, Origin=other) == 403
    assert client.get("/api/settings")["lang"] == "en"


def test_what_changes_something_needs_an_origin(client: Client) -> None:
    assert client.ask("GET", "/api/reports", Origin="").status == 200
    assert client.ask("PUT", "/api/settings", {"lang": "pl"}, Origin="").status == 403
    assert refused(client, Origin="") == 403


def test_a_cookie_is_worth_nothing_once_its_device_is_forgotten(server: Server, client: Client) -> None:
    assert client.get("/api/devices")["devices"][0]["this"] is True
    assert client.ask("DELETE", "/api/pair").status == 204
    # The browser has dropped it; somebody who wrote it down has not.
    assert client.ask("GET", "/api/reports").status == 401
    assert refused(client) == 401
    other = server.paired()
    name, _, value = str(other.cookie).partition("=")
    twice = f"{name}={value}; {name}={value}"
    for wrong in (f"{name}={value[:-1]}", f"{name}={value}x", f"{name}=", f"other={value}", twice):
        other.cookie = wrong
        assert other.ask("GET", "/api/reports").status == 401, wrong


def test_codes_are_few_then_there_is_a_new_one(server: Server) -> None:
    stranger, pairing = server.stranger(), server.serving.parts.pairing
    code, token = pairing.code, pairing.token
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for left in range(TRIES - 1, 0, -1):
        answer = stranger.ask("POST", "/api/pair", {"code": wrong})
        assert (answer.status, answer.data["left"]) == (403, left)
    answer = stranger.ask("POST", "/api/pair", {"code": wrong})
    assert (answer.status, answer.data["code"]) == (429, "too-many")
    assert pairing.token != token
    assert server.said[-1].endswith(pairing.shown)
    for late in (code, token, pairing.code):  # the old ones, and the new one too soon
        assert stranger.ask("POST", "/api/pair", {"code": late}).status in (403, 429)
    assert stranger.ask("GET", "/api/reports").status == 401
    # The link is far too long to be guessed: it goes on working.
    assert stranger.ask("POST", "/api/pair", {"code": pairing.token}).status == 204


def test_a_paired_device_outlives_a_restart_and_ends_in_time(tmp_path: Path) -> None:
    now = [1e9]
    file = tmp_path / "devices.json"
    first = Pairing(file, clock=lambda: now[0])
    cookie = first.pair(f" {first.code[:3]}-{first.code[3:]} ", "Phone\n")
    assert file.stat().st_mode & 0o777 == 0o600
    assert cookie not in file.read_text(encoding="utf-8")
    again = Pairing(file, clock=lambda: now[0])
    device = again.known(cookie)
    assert device is not None and device.name == "Phone\\n"
    assert again.code != first.code or again.token != first.token
    now[0] += LASTS_S + 1
    assert again.known(cookie) is None
    file.write_text("{]", encoding="utf-8")
    assert Pairing(file).devices() == []


def test_waiting_for_the_next_code_grows(tmp_path: Path) -> None:
    now = [0.0]
    pairing = Pairing(tmp_path / "devices.json", clock=lambda: now[0])
    waits = []
    for _ in range(3):
        for _ in range(TRIES):
            with pytest.raises(RefusedError) as e:
                pairing.pair("no code", "x")
        waits.append(e.value.wait_s)
        with pytest.raises(RefusedError):
            pairing.pair(pairing.code, "x")
        now[0] += waits[-1]
    assert waits == [WAIT_S, 2 * WAIT_S, 4 * WAIT_S]
    assert pairing.known(pairing.pair(pairing.code, "x")) is not None


def test_a_rate_is_kept_for_each_address() -> None:
    now = [0.0]
    rates = Rates(2.0, 3.0, lambda: now[0])
    assert [rates.allow("a") for _ in range(5)] == [True, True, True, False, False]
    assert rates.allow("b")
    now[0] = 1.0
    assert [rates.allow("a") for _ in range(3)] == [True, True, False]


def test_a_thousand_connections_do_not_end_a_session(server: Server, client: Client) -> None:
    page = Page(client, {"exercise": "plane", "reps": 0})
    page.open()
    for _ in range(5):
        with contextlib.ExitStack() as opened:
            for _ in range(200):
                opened.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_S))
            n = page.do("pause")
            assert page.hear_until("moment", n)["paused"] is (n % 2 == 0)
    page.finish()
    assert client.get("/api/coaching")["sessions"] == []


API = ("state", "pair", "exercises", "words", "plans", "reports", "history", "settings", "coaching", "jobs", "devices")
ODD = ("/", "/progress", "/api/uploads", "/api/pair/offer", "/reports/a/b", "/reports/..%2f..%2fetc/passwd", "/trust/x")
PATHS = [*(f"/api/{name}" for name in API), *ODD]
TEXT = st.text(max_size=40)
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | TEXT
JSONS = st.recursive(PLAIN, lambda x: st.lists(x, max_size=3) | st.dictionaries(TEXT, x, max_size=3), max_leaves=8)
KEYS = st.sampled_from(
    ["lang", "last", "name", "exercise", "code", "device", "limits", "strictness", "plan", "ball_cm"]
)


# The threads of server and client draw random numbers, too.
@pytest.mark.filterwarnings("ignore:Do not use the `random` module")
def test_no_question_is_answered_with_an_internal_error(server: Server) -> None:
    client = server.paired()

    @settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH"]),
        st.sampled_from(PATHS) | st.text("/ab.%2e\u00e9 ", max_size=30).map(lambda p: f"/api/{p}"),
        st.dictionaries(KEYS, TEXT, max_size=2),
        st.none() | st.binary(max_size=60) | st.dictionaries(KEYS, JSONS, max_size=3) | JSONS,
    )
    def asked(method: str, path: str, query: dict[str, str], body: object) -> None:
        from urllib.parse import quote, urlencode

        address = quote(path, safe="/%.") + ("?" + urlencode(query) if query else "")
        if (method, path) == ("DELETE", "/api/pair"):
            return
        answer = client.ask(method, address, body)
        assert answer.status < 500, (answer.status, answer.body)

    asked()
    assert client.get("/api/state")["paired"] is True
    assert threading.active_count() < 100
