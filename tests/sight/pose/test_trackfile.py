"""Track files: what is written is read again; what is damaged is refused in one line."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from formcheck.errors import InputError
from formcheck.sight.pose.trackfile import SCHEMA, is_track, read_track, write_track
from formcheck.sight.pose.types import Track

from ...judging.exercises.stick import ALL_FOURS, Motion, all_fours, shoot, without


def track():
    made = without(shoot(all_fours, Motion(ALL_FOURS).wait(2), jitter=0.5, noise_px=1.0), 0.5, 0.8)
    ball = made.ball.copy()
    ball[3] = 100.0, 200.0, 40.0, 0.75
    return Track(made.t, made.image, made.world, ball, made.size, {"source": {"fps": 15.0}, "formcheck": "0"})


def test_a_track_comes_back_as_it_was(tmp_path):
    before = track()
    file = tmp_path / "walk.track.npz"
    write_track(before, file)
    after = read_track(file)
    np.testing.assert_array_equal(after.t, before.t)
    np.testing.assert_array_equal(after.found, before.found)
    np.testing.assert_allclose(after.image, before.image, rtol=1e-6)
    np.testing.assert_allclose(after.world, before.world, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(after.ball, before.ball, rtol=1e-6)
    assert after.size == before.size
    assert after.meta == {"schema": SCHEMA, **before.meta}


def test_the_file_holds_what_the_schema_says(tmp_path):
    file = tmp_path / "a.track.npz"
    write_track(track(), file)
    n = len(track())
    with np.load(file, allow_pickle=False) as z:
        shapes = {k: z[k].shape for k in z.files}
        meta = json.loads(str(z["meta"]))
    assert shapes == {"t": (n,), "image": (n, 33, 4), "world": (n, 33, 4), "ball": (n, 4), "size": (2,), "meta": ()}
    assert meta["schema"] == "formcheck.track/1"


def test_how_many_people_there_were_comes_back_and_old_tracks_do_not_say(tmp_path):
    made = track()
    counted = np.where(np.arange(len(made)) < 3, -1, 2)
    file = tmp_path / "two.track.npz"
    write_track(replace(made, persons=counted), file)
    again = read_track(file)
    np.testing.assert_array_equal(again.persons, counted)
    assert [o.persons for o in again][:5] == [None, None, None, 2, 2]
    assert Track.from_observations(list(again)).persons.tolist() == counted.tolist()
    write_track(made, file)
    assert read_track(file).persons is None
    assert {o.persons for o in read_track(file)} == {None}


def test_names_of_tracks():
    assert is_track("x/y.track.npz") and not is_track("y.npz") and not is_track("y.mp4")


def test_a_missing_track_is_an_input_error(tmp_path):
    with pytest.raises(InputError, match="not found"):
        read_track(tmp_path / "none.track.npz")


@pytest.mark.parametrize("content", [b"", b"not a zip at all", b"PK\x03\x04 cut short", b"\x93NUMPY\x01\x00"])
def test_a_file_that_is_no_track_is_an_input_error_in_one_line(tmp_path, content):
    file = tmp_path / "bad.track.npz"
    file.write_bytes(content)
    with pytest.raises(InputError) as error:
        read_track(file)
    assert str(file) in str(error.value) and "\n" not in str(error.value)
    assert "formcheck track" in error.value.hint


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    file = tmp_path_factory.mktemp("tracks") / "whole.track.npz"
    write_track(track(), file)
    return file.read_bytes()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_track_is_an_input_error_or_reads_as_it_was(tmp_path, whole, data):
    damaged = bytearray(whole)
    if data.draw(st.booleans(), label="cut"):
        damaged = damaged[: data.draw(st.integers(0, len(damaged) - 1))]
    else:
        at = data.draw(st.integers(0, len(damaged) - 1))
        damaged[at] ^= data.draw(st.integers(1, 255))
    file = tmp_path / "damaged.track.npz"
    file.write_bytes(bytes(damaged))
    try:
        got, error = read_track(file), None
    except InputError as e:
        got, error = None, e
    if got is not None:
        np.testing.assert_array_equal(got.t, track().t)
    else:
        assert "\n" not in str(error)


def rewritten(whole, tmp_path, **changed):
    import io

    with np.load(io.BytesIO(whole)) as z:
        parts = {k: z[k] for k in z.files}
    parts |= changed
    file = tmp_path / "other.track.npz"
    np.savez(file, **{k: v for k, v in parts.items() if v is not None})
    return file


@pytest.mark.parametrize(
    "changed",
    [
        {"image": None},
        {"t": np.arange(3.0)},
        {"t": np.zeros(31)},
        {"size": np.array([640])},
        {"meta": np.array("no json")},
        {"meta": np.array("[1, 2]")},
        {"meta": np.array('{"schema": "formcheck.track/99"}')},
        {"t": np.array(["a"] * 31)},
        {"image": np.array([{"a": 1}])},
    ],
    ids=lambda c: f"{next(iter(c))}",
)
def test_a_track_with_wrong_contents_is_an_input_error(tmp_path, whole, changed):
    with pytest.raises(InputError):
        read_track(rewritten(whole, tmp_path, **changed))


def test_another_schema_is_named(tmp_path, whole):
    file = rewritten(whole, tmp_path, meta=np.array('{"schema": "formcheck.track/99"}'))
    with pytest.raises(InputError, match="formcheck.track/99"):
        read_track(file)


def big(**changed):
    """The parts of the track of `whole`, some of them changed in place."""
    parts = {"t": track().t.copy(), "image": track().image.copy(), "world": track().world.copy()}
    parts |= {"ball": track().ball.copy()}
    for name, (where, value) in changed.items():
        parts[name][where] = value
    return {name: parts[name] for name in changed}


META = {"schema": SCHEMA}


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (big(ball=((3, 1), np.nan)), "ball: expected x, y, radius and confidence, or none"),
        (big(ball=((3, 2), 0.0)), "ball: expected"),
        (big(ball=((3, 0), np.inf)), "ball: expected values up to"),
        (big(image=((0, 0, 0), np.inf)), "image: expected values up to"),
        (big(image=((0, 5, 1), 1e30)), "image: expected values up to"),
        (big(world=((0, 5, 1), -1e30)), "world: expected values up to"),
        (big(t=(-1, 1e9)), "seconds? apart|s apart"),
        ({"size": np.array([0, 360])}, "size: expected 1 to"),
        ({"size": np.array([640, 10**9])}, "size: expected 1 to"),
        ({"size": np.array([np.inf, 360.0])}, "infinity"),
        ({"size": np.array([640])}, "size: expected numbers of shape"),
        ({"size": np.zeros(10**7)}, "size: expected numbers of shape"),
        ({"meta": np.array(json.dumps({**META, "source": [1]}))}, "source: expected an object"),
        ({"meta": np.array(json.dumps({**META, "source": {"fps": "fast"}}))}, "source.fps: expected a number"),
        ({"meta": np.array(json.dumps({**META, "source": {"fps": float("nan")}}))}, "source.fps"),
        ({"meta": np.array(json.dumps({**META, "source": {"fps": True}}))}, "source.fps"),
        ({"meta": np.array(json.dumps({**META, "source": {"width": -1}}))}, "source.width"),
        ({"meta": np.array(json.dumps({**META, "source": {"height": 10**400}}))}, "source.height"),
        ({"meta": np.array(json.dumps({**META, "source": {"rotation": {}}}))}, "source.rotation"),
        ({"meta": np.array(json.dumps({**META, "source": {"path": 5}}))}, "source.path"),
        ({"meta": np.array("[" * 100_000)}, "RecursionError|meta"),
    ],
)
def test_what_no_source_can_have_given_is_refused_and_named(tmp_path, whole, changed, says):
    with pytest.raises(InputError, match=says) as error:
        read_track(rewritten(whole, tmp_path, **changed))
    assert len(str(error.value)) < 600


def test_a_ball_that_was_not_seen_and_a_body_seen_in_part_are_sound(tmp_path, whole):
    parts = big(ball=((3, slice(None)), np.nan), image=((0, 5), np.nan))
    assert len(read_track(rewritten(whole, tmp_path, **parts))) == len(track())


def claiming(tmp_path, n, real=0):
    """A track of a few bytes that claims to hold n frames, or whose pictures really unpack to so many."""
    import zipfile

    file = tmp_path / "bomb.track.npz"
    shapes = {"t": (n,), "image": (n, 33, 4), "world": (n, 33, 4), "ball": (n, 4)}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as z:
        for name, value in (("meta", np.array(json.dumps(META))), ("size", np.array([640, 360]))):
            with z.open(f"{name}.npy", "w") as out:
                np.lib.format.write_array(out, value)
        for name, shape in shapes.items():
            with z.open(f"{name}.npy", "w") as out:
                header = {"descr": "<f4", "fortran_order": False, "shape": shape}
                np.lib.format.write_array_header_1_0(out, header)
                out.write(bytes(real))
    return file


@pytest.mark.parametrize(("n", "real"), [(10**12, 0), (1000, 0), (1_500_000, 6_000_000)])
def test_nothing_is_unpacked_of_a_file_that_claims_too_much(tmp_path, monkeypatch, n, real):
    file = claiming(tmp_path, n, real)
    read = np.lib.format.read_array
    unpacked = []
    monkeypatch.setattr(np.lib.format, "read_array", lambda f, **k: unpacked.append(f.name) or read(f, **k))
    with pytest.raises(InputError, match="size is not the one it claims|at most 1000000 frames"):
        read_track(file)
    assert unpacked == ["meta.npy"]
