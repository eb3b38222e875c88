"""Nothing leaves the machine: commands under strace, which sees every call of a process to the network."""

from __future__ import annotations

import ipaddress
import os
import re
import shutil
import subprocess
import sys
from itertools import takewhile
from pathlib import Path

import pytest

from formcheck.sight.video.source import open_source
from formcheck.sight.video.writer import VideoWriter

from ..commandline import ROOT

#: Local sockets behind which names of other machines are looked up.
RESOLVERS = re.compile(r"nscd|/resolve|avahi|sssd|dnsmasq")
DNS = 53


def abroad(trace: str) -> list[str]:
    """Return the calls of a trace that meant another machine: any address but loopback, and looking up names."""
    return [line for line in trace.splitlines() if "sa_family=" in line and not _is_local(line)]


def _is_local(line: str) -> bool:
    for family, rest in re.findall(r"sa_family=(\w+)([^}]*)", line):
        if family == "AF_UNIX":
            if RESOLVERS.search(rest):
                return False
        elif family in {"AF_INET", "AF_INET6"}:
            port = re.search(r"port=htons\((\d+)\)", rest)
            address = re.search(r'inet_(?:addr\(|pton\(AF_INET6, )"([^"]+)"', rest)
            if port is None or address is None or int(port[1]) == DNS:
                return False
            if not ipaddress.ip_address(address[1]).is_loopback:
                return False
        elif family not in {"AF_NETLINK", "AF_UNSPEC"}:  # the kernel itself, and nobody
            return False
    return True


@pytest.mark.parametrize(
    ("call", "is_abroad"),
    [
        ('7 connect(3, {sa_family=AF_UNIX, sun_path="/tmp/.X11-unix/X1"}, 20) = 0', False),
        ('7 connect(3, {sa_family=AF_UNIX, sun_path=@"/tmp/.X11-unix/X1"}, 20) = 0', False),
        ('7 connect(3, {sa_family=AF_UNIX, sun_path="/var/run/nscd/socket"}, 110) = -1 ENOENT (No such file)', True),
        ('7 connect(3, {sa_family=AF_UNIX, sun_path="/run/systemd/resolve/io.systemd.Resolve"}, 42) = 0', True),
        ('connect(3, {sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr("127.0.0.1")}, 16) = 0', False),
        ('connect(3, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("127.0.0.53")}, 16) = 0', True),
        ('connect(3, {sa_family=AF_INET, sin_port=htons(443), sin_addr=inet_addr("192.0.2.7")}, 16) = 0', True),
        ('sendto(3, "x", 1, 0, {sa_family=AF_INET, sin_port=htons(1), sin_addr=inet_addr("10.0.0.1")}, 16) = 1', True),
        (
            'connect(3, {sa_family=AF_INET6, sin6_port=htons(80), inet_pton(AF_INET6, "::1", &sin6_addr)}, 28) = 0',
            False,
        ),
        ('connect(3, {sa_family=AF_INET6, sin6_port=htons(80), inet_pton(AF_INET6, "2001:db8::1", &x)}, 28) = 0', True),
        ("bind(3, {sa_family=AF_NETLINK, nl_pid=0, nl_groups=00000000}, 12) = 0", False),
        ("connect(3, {sa_family=AF_VSOCK, svm_cid=0x2, svm_port=0x1, svm_flags=0}, 16) = 0", True),
        ("socket(AF_INET, SOCK_DGRAM, IPPROTO_IP) = 3", False),  # a socket that goes nowhere
    ],
)
def test_what_counts_as_another_machine(call: str, is_abroad: bool) -> None:
    assert bool(abroad(f"1 socket(AF_UNIX, SOCK_STREAM, 0) = 4\n{call}\n")) is is_abroad


def traced(words: list[str], folder: Path, **environment: str) -> str:
    """Run a program with all its children and return its calls to the network; it must end well and say nothing."""
    strace = shutil.which("strace")
    if strace is None:
        pytest.skip("needs strace")
    trace = folder / "trace.txt"
    done = subprocess.run(
        [strace, "--follow-forks", "--seccomp-bpf", "--trace=network", f"--output={trace}", *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]), **environment},
    )
    if "PTRACE" in done.stderr and "not permitted" in done.stderr:
        pytest.skip("needs strace, which may not look into processes here")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return trace.read_text(encoding="utf-8", errors="replace")


def test_the_watch_sees_a_child_that_means_another_machine(tmp_path: Path) -> None:
    # Connecting a datagram socket sends nothing.
    child = "import socket; s = socket.socket(type=socket.SOCK_DGRAM); s.connect(('192.0.2.7', 4)); s.close()"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    (call,) = abroad(traced([sys.executable, "-c", parent], tmp_path))
    assert "192.0.2.7" in call


@pytest.fixture
def clip(here: Path, samples: Path) -> Path:
    """Three seconds of a person."""
    with (
        open_source(samples / "side-plank-correct-right.mp4") as source,
        VideoWriter(here / "me.mp4", (640, 360)) as out,
    ):
        for frame in takewhile(lambda f: f.t < 3.0, source):
            out.write(frame.t, frame.image)
    return here / "me.mp4"


LIVE = "live --camera me.mp4 -e side-plank --no-intro --no-voice --no-window --record mine.mp4 -o out -q"


@pytest.mark.smoke
@pytest.mark.parametrize(
    ("words", "makes"),
    [("analyze me.mp4 -e side-plank -o out -q", "out/me.report.json"), (LIVE, "mine.mp4")],
    ids=["analyze", "live"],
)
def test_nothing_leaves_the_machine_and_nothing_is_said(
    words: str, makes: str, clip: Path, pose_model: Path, tmp_path: Path
) -> None:
    home = {"FORMCHECK_DATA": str(tmp_path / "data"), "FORMCHECK_MODEL": str(pose_model)}
    trace = traced([sys.executable, "-m", "formcheck", *words.split()], clip.parent, **home)
    assert not abroad(trace)
    assert (clip.parent / makes).is_file(), "it did its work"
