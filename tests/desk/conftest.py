"""A desk as a user gets it: a program of its own with an address, asked over HTTP or opened in Chromium."""

from __future__ import annotations

import json
import re
import signal
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.cookiejar import CookieJar

import pytest

from ..commandline import start


@dataclass
class Desk:
    """A running desk."""

    process: object
    address: str

    @property
    def origin(self):
        return self.address.partition("/?")[0]

    def opener(self):
        """What has been let in: it holds the cookie."""
        opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        opener.open(self.address, timeout=60).read()
        return opener

    def ask(self, opener, path, body=None, **headers):
        """Return status, headers and text of an answer."""
        data = json.dumps(body).encode() if body is not None else None
        asked = urllib.request.Request(f"{self.origin}/{path}", data, {"Origin": self.origin, **headers})
        try:
            with opener.open(asked, timeout=60) as answer:
                return answer.status, dict(answer.headers), answer.read().decode()
        except urllib.error.HTTPError as e:
            return e.code, dict(e.headers), e.read().decode()

    def end(self):
        self.process.send_signal(signal.SIGINT)
        return self.process.communicate(timeout=60)


@pytest.fixture
def open_desk(here):
    """Start a desk: ``open_desk("review", "a.report.json")``."""
    running = []

    def begin(*words, **environment):
        process = start(*words, "--no-browser", **environment)
        running.append(process)
        line = process.stdout.readline()
        assert line.startswith("Open http"), line + process.stderr.read()
        return Desk(process, re.search(r"http\S+", line)[0])

    yield begin
    for process in running:
        process.kill()
        process.communicate()
