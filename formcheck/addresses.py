"""Addresses of clips and cameras, and how one is shown and stored: without what lets somebody else in."""

from __future__ import annotations

import hashlib
import re

#: Values of a query that tell clips, or channels of a camera, apart and open nothing; all others are masked.
HARMLESS = frozenset(
    {
        *("channel", "cam", "camera", "codec", "end", "format", "fps", "frame", "height", "id", "index", "name", "no"),
        *("number", "page", "part", "profile", "quality", "resolution", "size", "speed", "start", "stream", "subtype"),
        *("t", "time", "type", "v", "version", "video", "width"),
    }
)
#: What stands for something left out.
MASK = "***"
#: In these an ``@`` is a letter of a name like any other: they know no user in the address.
_STORES = frozenset({"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "adl", "oci", "file", "local", "memory"})
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):/{1,3}", re.IGNORECASE)
_BEGINS = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_LAYER = re.compile(r"::(?=[a-z][a-z0-9+.-]*(?::/|::))", re.IGNORECASE)
_PORT = re.compile(r"[^:]*:\d{1,5}|\[[0-9a-f:.%]*\](?::\d{1,5})?", re.IGNORECASE)
_PLAIN = re.compile(r"[\w.~+-]{0,24}")
_ADDRESS = re.compile(r"(?:[a-z][a-z0-9+.-]*::)*[a-z][a-z0-9+.-]*:/{1,3}[^\s/]\S*", re.IGNORECASE)
#: An address whose scheme was forgotten.
_NO_SCHEME = re.compile(r"(?<![\w/:.])[\w.+-]{2,}:(?!/)[^\s\\@]+@(?=[\w\[])")
#: What is called like this and is given a value is secret wherever it stands; some cameras take it in the path.
_NAMED = re.compile(
    r"([\w.%-]*(?:pass|pwd|token|secret|signature|credential|session|auth|jwt|sas|user|login"
    r"|(?<![a-z])(?:api|access)?_?-?key|(?<![a-z])sig|(?<![a-z])code)[\w.%-]*)=[^&;,/?#\s'\"]+",
    re.IGNORECASE,
)
_BEARER = re.compile(r"\b(bearer|basic)\s+[\w.~+/=-]{6,}", re.IGNORECASE)


def is_address(text: str) -> bool:
    """Return whether a text is the address of something elsewhere, not a path on this machine.

    >>> is_address("s3://bucket/clip.mp4"), is_address("clip.mp4")
    (True, False)
    """
    return "://" in text


def scheme_of(address: str) -> str:
    """Return the schemes of an address in lower case, outermost first; empty for a path.

    >>> scheme_of("HTTPS://host/a.mp4"), scheme_of("zip://a.mp4::file:///x.zip"), scheme_of("a.mp4")
    ('https', 'zip::file', '')
    """
    layers = [layer.partition("://") for layer in address.split("::")]
    return "::".join(name.lower() for name, mark, _ in layers if mark or len(layers) > 1)


def plain_scheme(address: str) -> str:
    """Return an address with its schemes in lower case, the only way in which libraries know them; a path as it is.

    >>> plain_scheme("HTTPS://Host/A.mp4"), plain_scheme("C:/A.mp4")
    ('https://Host/A.mp4', 'C:/A.mp4')
    """
    return "::".join(_BEGINS.sub(lambda m: m[0].lower(), layer) for layer in _LAYER.split(address))


def shown_address(address: str) -> str:
    """Return an address fit to be shown and stored: no user, no password, no fragment, no value that opens a door.

    A password may hold any character, ``/`` and ``@`` too. Of a query the names stay, and the values that are known to
    tell one clip or channel from another.

    >>> shown_address("rtsp://me:sec/ret@camera/1?channel=2&token=abc")
    'rtsp://camera/1?channel=2&token=***'
    """
    return "::".join(_shown_layer(layer) for layer in _LAYER.split(address))


def without_secrets(text: str) -> str:
    """Return a text, such as the error of a library, with all addresses in it as :func:`shown_address` gives them.

    >>> without_secrets("403 at https://me:pw@host/a.mp4?X-Amz-Signature=1f")
    '403 at https://host/a.mp4?X-Amz-Signature=***'
    """
    text = _ADDRESS.sub(lambda m: shown_address(m[0]), text)
    text = _BEARER.sub(rf"\1 {MASK}", _NO_SCHEME.sub(f"{MASK}@", text))
    return _without_named(text)


def address_key(address: str) -> str:
    """Return a hash by which an address is known again without being stored."""
    return hashlib.sha256(address.encode(errors="surrogateescape")).hexdigest()[:32]


def _shown_layer(address: str) -> str:
    begin = _SCHEME.match(address)
    if begin is None:
        return _without_named(address)
    rest = address[begin.end() :]
    if begin[1].lower() not in _STORES or ":" in rest.partition("/")[0]:
        rest = _without_user(rest)
    path, mark, query = rest.partition("#")[0].partition("?")
    return begin[0] + _without_named(path) + mark + re.sub(r"[^&;]+", lambda m: _masked(m[0]), query)


def _without_user(rest: str) -> str:
    """Return what follows user and password in an address whose scheme is cut off."""
    host = re.split(r"[/?#]", rest, maxsplit=1)[0]
    path = re.split(r"[?#]", rest, maxsplit=1)[0]
    if host.startswith(f"{MASK}@"):
        return rest
    if "@" in host and "@" not in rest[len(host) :]:
        return rest.rpartition("@")[2]
    if ":" in host and "@" not in host and not _PORT.fullmatch(host):
        # No port: a user, and a password with a `/`, `?` or `#` in it.
        return rest.rpartition("@")[2] if "@" in rest else rest
    if "@" in host or ("@" in path and (":" in host or re.search("[^/]@", path))):
        # Where the password ends cannot be told: nothing before an `@` may be shown, and what follows may be no host.
        whole = rest if "@" in host else path
        return f"{MASK}@{whole.rpartition('@')[2]}{rest[len(whole) :]}"
    return rest


def _masked(part: str) -> str:
    """Return one part of a query, its value masked unless it is known to be harmless."""
    name, mark, value = part.partition("=")
    if not mark:
        return part if part.lower() in HARMLESS or re.fullmatch(r"\d{1,6}", part) else MASK
    fine = not value or (name.lower() in HARMLESS and _PLAIN.fullmatch(value))
    return part if fine else f"{name}={MASK}"


def _without_named(text: str) -> str:
    return _NAMED.sub(rf"\1={MASK}", text)
