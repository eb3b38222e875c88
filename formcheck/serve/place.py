"""Where the server is: its addresses, by which names it may be called, and what of this machine's data it shows."""

from __future__ import annotations

import ipaddress
import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from formcheck.coaching.people import Person
from formcheck.coaching.people.store import ME, data_folder, find_person

LOOPBACK = "127.0.0.1"
#: Addresses that a home network hands out, and those of machines that got none.
NETWORKS = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10")
#: An address that no packet is sent to: asking for the way there names the address of this machine's side of it.
_ELSEWHERE = "192.0.2.1"


@dataclass(frozen=True)
class Place:
    """The address of the server.

    Attributes
    ----------
    port : int
    addresses : tuple of str
        Private addresses of this machine by which others reach it; none where only this machine may.
    names : tuple of str
        Host names by which others may call it.
    """

    port: int
    addresses: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def lan(self) -> bool:
        """Whether others may come, by TLS then."""
        return bool(self.addresses)

    @property
    def scheme(self) -> str:
        """``http`` or ``https``."""
        return "https" if self.lan else "http"

    @property
    def hosts(self) -> frozenset[str]:
        """What a ``Host`` header may say, in lower case."""
        plain = {LOOPBACK, "localhost", *self.addresses, *(n.lower() for n in self.names)}
        usual = 443 if self.lan else 80
        return frozenset({f"{h}:{self.port}" for h in plain} | (plain if self.port == usual else set()))

    @property
    def origins(self) -> frozenset[str]:
        """What an ``Origin`` header may say."""
        return frozenset(f"{self.scheme}://{h}" for h in self.hosts)

    @property
    def address(self) -> str:
        """The address to open, without a path."""
        return f"{self.scheme}://{self.addresses[0] if self.lan else LOOPBACK}:{self.port}"


def own_addresses() -> tuple[str, ...]:
    """Return the private IPv4 addresses of this machine, the one that leads out of it first."""
    found: list[str] = []
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.connect((_ELSEWHERE, 9))  # sends nothing
        found.append(s.getsockname()[0])
    with suppress(OSError):
        found += [str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)]
    return tuple(a for a in dict.fromkeys(found) if is_private(a))


def own_names() -> tuple[str, ...]:
    """Return the names by which others may call this machine."""
    name = socket.gethostname().lower().removesuffix(".local")
    fits = name and all(c.isalnum() or c in "-." for c in name) and name.isascii() and len(name) <= 60
    return (name, f"{name.split('.')[0]}.local") if fits and name != "localhost" else ()


def is_private(address: str) -> bool:
    """Return whether an address is one of a home network.

    >>> is_private("192.168.1.20"), is_private("8.8.8.8"), is_private("127.0.0.1")
    (True, False, False)
    """
    there = ipaddress.ip_address(address)
    return any(there in ipaddress.ip_network(network) for network in NETWORKS)


@dataclass(frozen=True)
class Data:
    """Where the data lie that the server reads and writes: a person's own, and what is the machine's.

    Attributes
    ----------
    root : Path
        Folder of the person's data.
    machine : Path or None
        Folder of all data; None: the person's.
    name : str or None
        Whose it is; None: who uses the machine without a name.
    """

    root: Path
    machine: Path | None = None
    name: str | None = None

    @classmethod
    def own(cls) -> Data:
        """Return those of who uses the machine without a name."""
        return cls.of(find_person(None))

    @classmethod
    def of(cls, person: Person) -> Data:
        """Return those of a person."""
        return cls(person.folder, data_folder(), None if person.is_me else person.name)

    @property
    def history(self) -> Path:
        """The history, which may not be there yet."""
        return self._person.history

    @property
    def limits(self) -> Path:
        """Limits of the person's own, which may not be there."""
        return self._person.limits

    @property
    def plan(self) -> Path:
        """The person's plan, which may not be there."""
        return self._person.plan

    @property
    def _person(self) -> Person:
        return Person(self.name or ME, self.root)

    @property
    def settings(self) -> Path:
        """What the person has chosen on the settings page."""
        return self._person.chosen

    @property
    def waiting(self) -> Path:
        """Films of the person that are still to be judged."""
        return self._person.waiting

    @property
    def sessions(self) -> Path:
        """Reports of coaching sessions, a folder each, as ``formcheck live`` writes them."""
        return self._person.sessions

    @property
    def uploads(self) -> Path:
        """Reports of uploaded films."""
        return self._person.uploads

    @property
    def plans(self) -> Path:
        """Plans of the user's own."""
        return self.root / "plans"

    @property
    def private(self) -> Path:
        """What is the server's alone: devices, certificates."""
        return (self.machine or self.root) / "serve"
