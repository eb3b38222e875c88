"""An address that is shown lets nobody in, and still tells what it is of."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.addresses import address_key, is_address, scheme_of, shown_address, without_secrets
from formcheck.errors import InputError

from .secret_shapes import NOBODY, SHAPES

SECRET = st.text(string.ascii_letters + string.digits, min_size=8, max_size=40)
#: Signs that a password may have and that mean something in an address.
ODD = st.text(string.ascii_letters + "/@:?#&=%!$", min_size=6, max_size=20).map(lambda s: f"Q{s}Q")


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("rtsp://camera/1", "rtsp://camera/1"),
        ("rtsp://camera:554/cam?channel=1&subtype=0", "rtsp://camera:554/cam?channel=1&subtype=0"),
        ("https://host/@user/clip.mp4", "https://host/@user/clip.mp4"),
        ("http://[::1]:80/x.mp4?id=4", "http://[::1]:80/x.mp4?id=4"),
        ("s3://bucket/anna@2026.mp4", "s3://bucket/anna@2026.mp4"),
        ("rtsp://me:secret@camera/1", "rtsp://camera/1"),
        ("rtsp://me:se/cret@camera:554/1", "rtsp://camera:554/1"),
        ("rtsp://me:se?c#ret@camera/1", "rtsp://camera/1"),
        ("https://token@host/x", "https://host/x"),
        ("s3://key:sec/ret@bucket/x.mp4", "s3://bucket/x.mp4"),
        ("simplecache::https://me:pw@host/x", "simplecache::https://host/x"),
        ("https://host/a.mp4?token=1#access_token=2", "https://host/a.mp4?token=***"),
        ("rtsp://host/user=admin&password=pw&channel=1", "rtsp://host/user=***&password=***&channel=1"),
        # Where the password ends cannot be told: what follows is not shown as the host.
        ("rtsp://me:p@ss/w@rd@camera/1", "rtsp://***@camera/1"),
        ("https://host:8080/@user/clip.mp4", "https://***@user/clip.mp4"),
    ],
)
def test_what_is_shown(address: str, shown: str) -> None:
    assert shown_address(address) == shown
    assert shown_address(shown) == shown


@pytest.mark.parametrize("shape", SHAPES)
@given(secret=SECRET)
def test_no_shape_of_a_secret_gets_through(shape: str, secret: str) -> None:
    address = shape.format(secret=secret, host=NOBODY)
    assert secret not in shown_address(address)
    # In the words of a library, in quotes, with the slashes that a path loses, or in an error of ours.
    assert secret not in without_secrets(f"403 Forbidden (url='{address}'): check it")
    assert secret not in without_secrets(f"no such file: {address.replace('://', ':/')}")
    assert secret not in str(InputError(f"cannot open {address}", "check the address"))


@given(password=ODD)
def test_no_sign_of_a_password_ends_it(password: str) -> None:
    shown = shown_address(f"rtsp://me:{password}@camera/live")
    assert password not in shown
    parts = [p for p in password.replace("@", "/").replace("?", "/").replace("#", "/").split("/") if len(p) > 5]
    assert not [p for p in parts if p in shown]
    assert shown.endswith("camera/live")


@given(st.text())
def test_any_text_goes_through_and_no_more_is_taken_the_second_time(text: str) -> None:
    assert without_secrets(without_secrets(text)) == without_secrets(text)


def test_a_path_is_no_address() -> None:
    assert not is_address("C:/clips/a.mp4")
    assert without_secrets("/clips/anna@home.mp4") == "/clips/anna@home.mp4"


def test_schemes() -> None:
    assert scheme_of("HTTPS://host/x") == "https"
    assert scheme_of("simplecache::s3://bucket/x") == "simplecache::s3"
    assert scheme_of("x/y.mp4") == ""


def test_a_key_tells_addresses_apart_and_nothing_else() -> None:
    one, two = address_key("https://host/a?token=1"), address_key("https://host/a?token=2")
    assert one != two
    assert one == address_key("https://host/a?token=1")
    assert set(one) <= set(string.hexdigits)
