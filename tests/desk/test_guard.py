"""Nobody but the browser that was given the address, from the desk's own page."""

from __future__ import annotations

import urllib.request

import pytest

from ..agreement.made import report, write


@pytest.fixture
def desk(open_desk, tmp_path):
    return open_desk("review", write(tmp_path / "plane.report.json", report("plane", [{}])), "--by", "Anna")


def test_the_token_is_needed_once_and_headers_are_strict(desk):
    nobody = urllib.request.build_opener()
    for path in ("", "data", "film", "review.js", "?token=wrong"):
        assert desk.ask(nobody, path)[0] == 403
    opener = desk.opener()
    status, headers, text = desk.ask(opener, "")
    assert status == 200 and "<title>Review</title>" in text
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self'" in policy and "unsafe-inline" not in policy
    assert headers["referrer-policy"] == "no-referrer" and headers["cache-control"] == "no-store"
    assert desk.ask(opener, "data")[0] == 200


def test_another_name_and_another_origin_are_refused(desk):
    opener = desk.opener()
    assert desk.ask(opener, "data", Host="evil.example")[0] == 421
    assert desk.ask(opener, "note", {"note": "x"}, Origin="http://evil.example")[0] == 403
    assert desk.ask(opener, "note", {"note": "x"}, Origin="null")[0] == 403
    assert desk.ask(opener, "note", {"note": "x"})[0] == 200


def test_it_listens_to_this_machine_alone_and_ends_with_ctrl_c(desk):
    assert desk.address.startswith("http://127.0.0.1:")
    _, err = desk.end()
    assert (desk.process.returncode, err) == (0, "")
