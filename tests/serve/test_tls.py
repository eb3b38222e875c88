"""Others of the home network come in by TLS, with an authority that can speak for the home and for nothing else."""

from __future__ import annotations

import hashlib
import http.client
import json
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from websockets.sync.client import connect

from formcheck.errors import UsageError
from formcheck.serve import certificates as made
from formcheck.serve import run
from formcheck.serve.certificates import RENEW_DAYS, SERVER_DAYS, certificates

from .client import PATIENCE_S, Server, serving

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
ADDRESS = "192.168.1.20"
NAMES = ("mat", "mat.local")


@pytest.fixture
def lan(own_data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server for the home network, whose address in it is another one of this machine."""
    monkeypatch.setattr(run, "own_addresses", lambda: ("127.0.0.2",))
    with serving(own_data, lan=True) as it:
        yield it


def trusting(server: Server) -> ssl.SSLContext:
    """Return a client's context that trusts the server's authority only, as strictly as any."""
    authority = server.serving.parts.authority
    assert authority is not None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    context.load_verify_locations(cadata=authority.der)
    return context


def ask(
    server: Server, method: str, path: str, body: Any = None, address: str = "127.0.0.2", **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    """Ask by TLS."""
    connection = http.client.HTTPSConnection(address, server.port, timeout=PATIENCE_S, context=trusting(server))
    own = {"Origin": f"https://{address}:{server.port}", **headers}
    connection.request(method, path, None if body is None else json.dumps(body), own)
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    return answer, data


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.2"])
def test_who_trusts_the_authority_is_let_in_by_tls(lan: Server, address: str) -> None:
    answer, data = ask(lan, "GET", "/api/state", address=address)
    state = json.loads(data)
    assert (answer.status, state["lan"], state["tls"]) == (200, True, True)
    _, authority = ask(lan, "GET", "/trust/ca.crt", address=address)
    assert state["fingerprint"] == hashlib.sha256(authority).digest().hex(":").upper()
    code = lan.serving.parts.pairing.code
    paired, _ = ask(lan, "POST", "/api/pair", {"code": code, "device": "phone"}, address)
    words = {w.strip().lower() for w in str(paired.headers["set-cookie"]).split(";")}
    assert {"secure", "httponly", "samesite=strict"} <= words


def test_the_coach_speaks_by_tls(lan: Server) -> None:
    paired, _ = ask(lan, "POST", "/api/pair", {"code": lan.serving.parts.pairing.code, "device": "phone"})
    with connect(
        f"wss://127.0.0.2:{lan.port}/ws/coach",
        ssl=trusting(lan),
        origin=f"https://127.0.0.2:{lan.port}",  # type: ignore[arg-type]
        subprotocols=["formcheck.coach.2"],  # type: ignore[list-item]
        additional_headers={"Cookie": str(paired.headers["set-cookie"]).partition(";")[0]},
        proxy=None,
        open_timeout=PATIENCE_S,
    ) as ws:
        ws.send(json.dumps({"type": "hello", "protocol": 2, "role": "camera", "work": {"exercise": "plane"}}))
        assert json.loads(ws.recv(timeout=PATIENCE_S))["type"] == "welcome"


def test_who_does_not_trust_it_is_warned_and_nothing_is_told_without_tls(lan: Server) -> None:
    connection = http.client.HTTPSConnection("127.0.0.2", lan.port, timeout=PATIENCE_S)
    with pytest.raises(ssl.SSLCertVerificationError):
        connection.request("GET", "/api/state")
    plain = http.client.HTTPConnection("127.0.0.2", lan.port, timeout=PATIENCE_S)
    with pytest.raises((http.client.HTTPException, ConnectionError)):
        plain.request("GET", "/api/state")
        plain.getresponse()


def test_another_host_or_origin_is_refused_by_tls_too(lan: Server) -> None:
    assert ask(lan, "GET", "/api/state", Host="evil.example")[0].status == 421
    assert ask(lan, "POST", "/api/pair", {"code": "1"}, Origin=f"http://127.0.0.2:{lan.port}")[0].status == 403


def test_without_a_home_network_it_says_so(own_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "own_addresses", tuple)
    with pytest.raises(UsageError, match="no address in a home network"), serving(own_data, lan=True):
        raise AssertionError


# ---- the files ---------------------------------------------------------------------------------


def server_certificate(folder: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate((folder / "server.pem").read_bytes())


def test_certificates_are_kept_as_long_as_they_fit(tmp_path: Path) -> None:
    first = certificates(tmp_path, [ADDRESS], NAMES, NOW)
    before = {f.name: f.read_bytes() for f in tmp_path.iterdir()}
    assert set(before) == {"ca.key", "ca.pem", "server.key", "server.pem"}
    assert {f.stat().st_mode & 0o777 for f in tmp_path.glob("*.key")} == {0o600}
    again = certificates(tmp_path, [ADDRESS], NAMES, NOW + timedelta(days=SERVER_DAYS - RENEW_DAYS - 2))
    assert {f.name: f.read_bytes() for f in tmp_path.iterdir()} == before
    assert again == first
    names = server_certificate(tmp_path).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert {str(a) for a in names.get_values_for_type(x509.IPAddress)} == {"127.0.0.1", ADDRESS}
    assert set(names.get_values_for_type(x509.DNSName)) == {"localhost", *NAMES}


@pytest.mark.parametrize(
    ("addresses", "days"),
    [([ADDRESS, "10.0.0.7"], 0), ([ADDRESS], SERVER_DAYS - RENEW_DAYS + 1)],
    ids=["another address", "near its end"],
)
def test_the_server_gets_a_new_certificate_of_the_same_authority(
    tmp_path: Path, addresses: list[str], days: int
) -> None:
    first = certificates(tmp_path, [ADDRESS], NAMES, NOW)
    before = server_certificate(tmp_path)
    now = certificates(tmp_path, addresses, NAMES, NOW + timedelta(days=days))
    assert now.authority == first.authority
    assert server_certificate(tmp_path).serial_number != before.serial_number


def test_telephones_take_the_certificate(tmp_path: Path) -> None:
    certificates(tmp_path, [ADDRESS], NAMES, NOW)
    it = server_certificate(tmp_path)
    assert it.not_valid_after_utc - it.not_valid_before_utc <= timedelta(days=398)


@pytest.mark.parametrize("damaged", ["ca.key", "ca.pem", "server.key", "server.pem"])
def test_damaged_files_are_made_again(tmp_path: Path, damaged: str) -> None:
    first = certificates(tmp_path, [ADDRESS], NAMES, NOW)
    (tmp_path / damaged).write_bytes(b"-----BEGIN")
    again = certificates(tmp_path, [ADDRESS], NAMES, NOW)
    assert (again.authority == first.authority) is damaged.startswith("server")
    server_certificate(tmp_path).verify_directly_issued_by(x509.load_pem_x509_certificate(again.authority.pem))


def handshake(authority: bytes, chain: Path, key: Path, name: str) -> None:
    """Let a client that trusts an authority meet a server that is called by a name."""
    client_context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client_context.load_verify_locations(cadata=authority)
    server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_context.load_cert_chain(chain, key)
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = client_context.wrap_bio(down, up, server_hostname=name)
    server = server_context.wrap_bio(up, down, server_side=True)
    for _ in range(4):
        for side in (client, server):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
    assert client.cipher() is not None


def test_the_authority_cannot_speak_for_anybody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime.now(UTC)
    it = certificates(tmp_path, [ADDRESS], NAMES, now)
    handshake(it.authority.der, it.chain, it.key, "mat.local")
    handshake(it.authority.der, it.chain, it.key, ADDRESS)
    # Somebody who has stolen its key signs what it was not made for.
    monkeypatch.setattr(made, "_may_speak_for", lambda _ca, _name: True)
    stolen = certificates(tmp_path, [ADDRESS], (*NAMES, "bank.example"), now)
    assert stolen.authority == it.authority
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        handshake(it.authority.der, stolen.chain, stolen.key, "bank.example")
    certificates(tmp_path, ["8.8.8.8"], NAMES, now)
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        handshake(it.authority.der, it.chain, it.key, "8.8.8.8")
