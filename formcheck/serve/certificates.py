"""The certificate authority of this machine, made on first use, and the certificate of its server.

The authority may speak for private addresses and local names only: whoever trusts it on a phone trusts it for the home
network and for nothing else.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from formcheck.errors import UsageError

from .place import NETWORKS

if TYPE_CHECKING:
    from cryptography import x509

#: Days for which the authority and the server's certificate hold (telephones take no more than 398 of the latter), and
#: days before its end at which a new one is made.
AUTHORITY_DAYS, SERVER_DAYS, RENEW_DAYS = 3650, 390, 30
NAME = "formcheck on {host}"


@dataclass(frozen=True)
class Authority:
    """The certificate authority, as browsers get it.

    Attributes
    ----------
    pem, der : bytes
    fingerprint : str
        SHA-256, ``AB:CD:..``.
    """

    pem: bytes
    der: bytes
    fingerprint: str


@dataclass(frozen=True)
class Certificates:
    """Files for the server, and its authority."""

    authority: Authority
    chain: Path
    key: Path


def certificates(
    folder: Path, addresses: Sequence[str], names: Sequence[str], now: datetime | None = None
) -> Certificates:
    """Return certificates for a server at some addresses and names; what is there is used as long as it fits.

    Parameters
    ----------
    folder : Path
        Where they are kept; keys can be read by their owner only.
    addresses, names : sequence of str
    now : datetime, optional

    Raises
    ------
    UsageError
        If the folder cannot be written to.
    """
    at = now or datetime.now(UTC)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        ca_key, ca = _authority(folder, names, at)
        _server(folder, ca_key, ca, addresses, names, at)
    except OSError as e:
        why = (e.strerror or str(e)).lower()
        raise UsageError(f"cannot keep certificates in {folder} ({why})", "make it writable") from e
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.serialization import Encoding

    digest = ca.fingerprint(hashes.SHA256()).hex(":").upper()
    authority = Authority(ca.public_bytes(Encoding.PEM), ca.public_bytes(Encoding.DER), digest)
    return Certificates(authority, folder / "server.pem", folder / "server.key")


def _authority(folder: Path, names: Sequence[str], now: datetime) -> tuple[Any, x509.Certificate]:
    """Return the authority's key and certificate, made where there are none or they end soon."""
    key_file, file = folder / "ca.key", folder / "ca.pem"
    found = _read(key_file, file)
    if found is not None and found[1].not_valid_after_utc - now > timedelta(days=SERVER_DAYS):
        return found
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    host = names[0] if names else "this computer"
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME.format(host=host)[:64])])
    own: list[x509.GeneralName] = [x509.IPAddress(ipaddress.ip_network(n)) for n in (*NETWORKS, "127.0.0.0/8")]
    own += [x509.DNSName(n) for n in dict.fromkeys(("local", "localhost", *names))]
    certificate = _signed(
        subject,
        subject,
        key.public_key(),
        key,
        now,
        AUTHORITY_DAYS,
        [
            (x509.BasicConstraints(ca=True, path_length=0), True),
            (_usage(sign=True), True),
            (x509.NameConstraints(permitted_subtrees=own, excluded_subtrees=None), True),
            (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False),
        ],
    )
    _write(folder, "ca", key, certificate)
    return key, certificate


def _server(
    folder: Path, ca_key: Any, ca: x509.Certificate, addresses: Sequence[str], names: Sequence[str], now: datetime
) -> None:
    """Make the server's certificate unless there is one that fits."""
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    own: list[x509.GeneralName] = [x509.IPAddress(ipaddress.ip_address(a)) for a in ("127.0.0.1", *addresses)]
    own += [x509.DNSName(n) for n in dict.fromkeys(("localhost", *names)) if _may_speak_for(ca, n)]
    wanted = x509.SubjectAlternativeName(own)
    found = _read(folder / "server.key", folder / "server.pem")
    if found is not None and _still_fits(found[1], ca, wanted, now):
        return
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _signed(
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "formcheck")]),
        ca.subject,
        key.public_key(),
        ca_key,
        now,
        SERVER_DAYS,
        [
            (x509.BasicConstraints(ca=False, path_length=None), True),
            (_usage(sign=False), True),
            (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
            (wanted, False),
            (x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), False),
        ],
    )
    _write(folder, "server", key, certificate)


def _may_speak_for(ca: x509.Certificate, name: str) -> bool:
    """Return whether the authority was made for a name: the machine may have been called otherwise then."""
    from cryptography import x509

    permitted = ca.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or ()
    known = [n.value for n in permitted if isinstance(n, x509.DNSName)]
    return any(name == k or name.endswith(f".{k}") for k in known)


def _still_fits(certificate: x509.Certificate, ca: x509.Certificate, wanted: Any, now: datetime) -> bool:
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature

    try:
        certificate.verify_directly_issued_by(ca)
        there = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False
    ends = certificate.not_valid_after_utc - now
    return set(there) == set(wanted) and ends > timedelta(days=RENEW_DAYS) and certificate.not_valid_before_utc <= now


def _signed(
    subject: x509.Name,
    issuer: x509.Name,
    public: Any,
    key: Any,
    now: datetime,
    days: int,
    extensions: Sequence[tuple[Any, bool]],
) -> x509.Certificate:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        # Clocks of phones may be behind.
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=days))
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(key, hashes.SHA256())


def _usage(*, sign: bool) -> Any:
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=not sign,
        key_cert_sign=sign,
        crl_sign=sign,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _read(key_file: Path, file: Path) -> tuple[Any, x509.Certificate] | None:
    """Return a key and its certificate; None where they are missing, damaged or do not belong together."""
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(key_file.read_bytes(), None)
        certificate = x509.load_pem_x509_certificate(file.read_bytes())
    except (FileNotFoundError, ValueError, TypeError):
        return None
    return (key, certificate) if key.public_key() == certificate.public_key() else None


def _write(folder: Path, name: str, key: Any, certificate: x509.Certificate) -> None:
    """Write a key and its certificate; a key whose certificate is not its own is made again the next time."""
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for file, data, mode in (
        (folder / f"{name}.key", secret, 0o600),
        (folder / f"{name}.pem", certificate.public_bytes(Encoding.PEM), 0o644),
    ):
        temp = file.with_suffix(file.suffix + ".new")
        temp.unlink(missing_ok=True)
        with os.fdopen(os.open(temp, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode), "wb") as sink:
            sink.write(data)
        temp.replace(file)
