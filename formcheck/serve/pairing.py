"""Who may come in: a short code to type, a long one in the link, and the devices that were let in."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from formcheck.errors import UsageError
from formcheck.files import atomic_path, json_text
from formcheck.shown import printable

#: Digits of the code that is typed, and wrong ones after which there is a new one.
DIGITS, TRIES = 6, 5
#: Seconds for which no typed code is taken after that, and the most that this doubles to.
WAIT_S, MOST_WAIT_S = 30.0, 3600.0
#: Seconds for which a device stays paired, and the most devices.
LASTS_S, MOST_DEVICES = 30 * 24 * 3600.0, 50
#: Longest name of a device.
MAX_NAME = 60
#: A device is noted as seen no more often than this (s).
NOTED_S = 3600.0


@dataclass
class Device:
    """A browser that was let in; its cookie is known by its hash alone."""

    id: str
    name: str
    hash: str
    paired_at: float
    seen_at: float


class RefusedError(Exception):
    """A wrong code.

    Attributes
    ----------
    left : int
        Tries left before there is a new code.
    wait_s : float
        Seconds to wait before the next try.
    """

    def __init__(self, left: int, wait_s: float = 0.0) -> None:
        super().__init__(left, wait_s)
        self.left, self.wait_s = left, wait_s


class Pairing:
    """Lets devices in by a code, and knows them again by their cookies.

    Parameters
    ----------
    file : Path
        Where the devices are kept.
    renewed : callable, optional
        Called when there is a new code, to show it.
    clock : callable
        Seconds since 1970.
    """

    def __init__(
        self, file: Path, renewed: Callable[[], None] = lambda: None, clock: Callable[[], float] = time.time
    ) -> None:
        self._file, self._renewed, self._clock = file, renewed, clock
        self._lock = threading.Lock()
        self._wait_s, self._wait_until = WAIT_S, float("-inf")
        self._devices: dict[str, Device] = _read(file)
        self._renew()

    # ---- letting in ----------------------------------------------------------------------------
    @property
    def shown(self) -> str:
        """The code as it is shown, ``493 028``."""
        return f"{self.code[:3]} {self.code[3:]}"

    def pair(self, given: str, name: str) -> str:
        """Let a device in; return the value of its cookie.

        Raises
        ------
        RefusedError
            If the code is wrong, or too many were.
        """
        plain = "".join(c for c in given if c not in " -\N{NO-BREAK SPACE}")
        with self._lock:
            # Both are compared whatever came, in the same time.
            linked, typed = _same(given, self.token), _same(plain, self.code)
            now = self._clock()
            waits = self._wait_until - now
            if linked or (typed and waits <= 0):
                self._wait_s = WAIT_S
                self._left = TRIES
                return self._let_in(name, now)
            if waits > 0:
                raise RefusedError(0, waits)
            self._left -= 1
            if self._left > 0:
                raise RefusedError(self._left)
            self._renew()
            self._wait_until, self._wait_s = now + self._wait_s, min(2 * self._wait_s, MOST_WAIT_S)
        self._renewed()
        raise RefusedError(0, self._wait_until - now)

    def _renew(self) -> None:
        self.code = "".join(str(secrets.randbelow(10)) for _ in range(DIGITS))
        self.token = secrets.token_urlsafe(24)
        self._left = TRIES

    def _let_in(self, name: str, now: float) -> str:
        secret = secrets.token_urlsafe(32)
        device = Device(secrets.token_hex(6), printable(name)[:MAX_NAME] or "?", _hash(secret), now, now)
        self._devices[device.hash] = device
        while len(self._devices) > MOST_DEVICES:
            del self._devices[min(self._devices.values(), key=lambda d: d.seen_at).hash]
        self._write()
        return secret

    # ---- known devices -------------------------------------------------------------------------
    def known(self, cookie: str | None) -> Device | None:
        """Return the device that a cookie is of; None for one that is not, or no longer, known."""
        if not cookie:
            return None
        with self._lock:
            # Looked up by its hash: how long that takes tells nothing of the cookies there are.
            device = self._devices.get(_hash(cookie))
            now = self._clock()
            if device is None or now - device.paired_at > LASTS_S:
                return None
            if now - device.seen_at > NOTED_S:
                device.seen_at = now
                self._write()
            return device

    def devices(self) -> list[Device]:
        """Return the devices that are let in, the newest first."""
        with self._lock:
            now = self._clock()
            here = [d for d in self._devices.values() if now - d.paired_at <= LASTS_S]
        return sorted(here, key=lambda d: -d.paired_at)

    def forget(self, device_id: str) -> bool:
        """Let a device in no more; return whether there was one."""
        with self._lock:
            gone = [h for h, d in self._devices.items() if d.id == device_id]
            for h in gone:
                del self._devices[h]
            if gone:
                self._write()
        return bool(gone)

    def _write(self) -> None:
        # Without a place to keep them, devices are let in until the server ends.
        with suppress(UsageError, OSError), atomic_path(self._file) as temp:
            temp.chmod(0o600)
            temp.write_text(json_text([asdict(d) for d in self._devices.values()]), encoding="utf-8")


def _read(file: Path) -> dict[str, Device]:
    """Return the devices that are kept; none where the file cannot be understood: they pair again."""
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
        devices = [
            Device(str(r["id"]), str(r["name"]), str(r["hash"]), float(r["paired_at"]), float(r["seen_at"]))
            for r in rows
        ]
    except (OSError, ValueError, TypeError, KeyError):
        return {}
    return {d.hash: d for d in devices}


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _same(given: str, right: str) -> bool:
    return hmac.compare_digest(_hash(given), _hash(right))
