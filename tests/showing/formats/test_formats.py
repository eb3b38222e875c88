"""Files for biomechanics programs: right units, axes and times, as readers that know nothing of formcheck see them."""

import warnings
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from formcheck.analysis.clip import analyze_clip
from formcheck.errors import InputError, UsageError
from formcheck.judging.measure import Body
from formcheck.showing.formats.markers import MARKERS, mean_rate, resample, to_markers, uniform_times
from formcheck.showing.formats.mot import ANGLES, angles_of_measures, angles_of_track, write_mot
from formcheck.showing.formats.trc import write_trc
from formcheck.sight.pose.landmarks import Landmark
from formcheck.sight.pose.trackfile import write_track
from formcheck.sight.pose.types import Track

from ...judging.exercises.stick import STANDING, Motion, all_fours, plane_set, shoot, standing, without

NAN = float("nan")


@pytest.fixture(scope="module")
def track() -> Track:
    """Somebody standing, then nobody for a second, at 25 frames a second that begin at 3.2 s."""
    made = without(shoot(standing, Motion(STANDING).wait(4.0), fps=25.0, shift=3.2), 5.0, 6.0)
    # Landmarks at places that cannot be mistaken for each other.
    world = made.world.copy()
    world[..., :3] += np.random.default_rng(3).normal(0, 0.2, world[..., :3].shape)
    return replace(made, world=world)


def wobbly(track: Track, seed: int = 1) -> Track:
    """The same with uneven times."""
    steps = np.random.default_rng(seed).uniform(-0.012, 0.012, len(track))
    return replace(track, t=track.t + steps)


# ---- markers ------------------------------------------------------------------------


def test_markers_are_upright_and_right_handed(track):
    m = to_markers(track)
    head, foot = m.xyz[:10, Landmark.NOSE, 1], m.xyz[:10, Landmark.LEFT_FOOT_INDEX, 1]
    assert head.mean() > foot.mean() + 0.5, "y points up"
    turn = np.array([to_markers(replace(track, world=_unit(track, axis))).xyz[0, 0] for axis in range(3)])
    assert np.linalg.det(turn) == pytest.approx(1.0), "a turn, no mirror"
    # What is nearer to the camera has less depth in the track, and more z here.
    assert turn[2, 2] == -1.0 and turn[0, 0] == 1.0


def _unit(track, axis):
    world = np.zeros_like(track.world)
    world[..., axis], world[..., 3] = 1.0, 1.0
    return world


def test_at_the_tracks_own_times_markers_are_the_landmarks(track):
    m = to_markers(track, unit="mm")
    assert m.rate == 25.0
    np.testing.assert_allclose(m.t, track.t, atol=1e-9)
    np.testing.assert_allclose(m.xyz, track.world[..., :3] * [1000.0, -1000.0, -1000.0], rtol=1e-12)


def test_uneven_times_are_made_even_by_time(track):
    uneven = wobbly(track)
    # Every landmark moves at a constant speed: whatever the times, interpolation must find the place.
    speed = np.random.default_rng(2).normal(size=(33, 3))
    world = uneven.world.copy()
    world[..., :3] = np.where(np.isfinite(world[..., :3]), uneven.t[:, None, None] * speed, NAN)
    m = to_markers(replace(uneven, world=world), rate=60.0)
    assert np.allclose(np.diff(m.t), 1 / 60)
    seen = np.isfinite(m.xyz[:, 0, 0])
    np.testing.assert_allclose(m.xyz[seen], (m.t[:, None, None] * speed * [1, -1, -1])[seen], atol=1e-9)


def test_nothing_is_made_up_in_a_gap(track):
    m = to_markers(track, rate=120.0)
    inside, well_before = (m.t > 5.01) & (m.t < 5.99), m.t < 4.95
    assert np.isnan(m.xyz[inside]).all() and np.isfinite(m.xyz[well_before]).all()
    # The same where the frames are missing rather than the body.
    there = (track.t < 5.0) | (track.t > 6.0)
    cut = Track(track.t[there], track.image[there], track.world[there], track.ball[there], track.size)
    again = to_markers(cut, rate=120.0)
    assert np.isnan(again.xyz[inside]).all()


times = st.lists(st.floats(0.001, 0.4), min_size=1, max_size=30).map(lambda steps: np.cumsum([0.0, *steps]))


@given(times, st.integers(0, 2**31))
def test_resampling_meets_the_samples_and_stays_between_them(t, seed):
    x = np.random.default_rng(seed).normal(size=len(t))
    np.testing.assert_array_equal(resample(t, x, t), x)
    y = resample(t, x, np.linspace(t[0], t[-1], 50))
    assert np.nanmax(y) <= x.max() + 1e-12 and np.nanmin(y) >= x.min() - 1e-12


@pytest.mark.parametrize("fps", [15.0, 24000 / 1001, 29.97002997, 30.0, 50.0, 60.0])
def test_the_rate_is_found_though_times_are_rounded_and_frames_dropped(fps):
    t = np.arange(400) / fps
    kept = np.delete(t, [5, 17, 18, 60])
    assert mean_rate(np.round(kept, 3)) == pytest.approx(fps, rel=1e-6)
    assert len(uniform_times(kept, fps)) == 400


@pytest.mark.parametrize("bad", [{"rate": 0.0}, {"rate": -30.0}, {"rate": NAN}, {"unit": "furlong"}])
def test_senseless_rates_and_units_are_refused(track, bad):
    with pytest.raises(UsageError):
        to_markers(track, **bad)


def test_a_track_without_anybody_or_of_one_frame_is_refused(track):
    with pytest.raises(InputError, match="nobody"):
        to_markers(track.with_poses(np.full_like(track.image, NAN), np.full_like(track.world, NAN)))
    one = Track(track.t[:1], track.image[:1], track.world[:1], track.ball[:1], track.size)
    with pytest.raises(InputError, match="one frame"):
        to_markers(one)


# ---- TRC ----------------------------------------------------------------------------


def read_trc(path):
    """Read a TRC by its specification: header by name, a marker of three columns each, empty = missing."""
    lines = path.read_text(encoding="utf-8").split("\n")
    assert lines[0].startswith("PathFileType\t4\t(X/Y/Z)\t") and lines[0].count("\t") == 3
    header = dict(zip(lines[1].split("\t"), lines[2].split("\t"), strict=True))
    names = lines[3].split("\t")
    assert names[:2] == ["Frame#", "Time"]
    markers = [n for n in names[2:] if n]
    assert lines[4].split("\t") == ["", "", *(f"{a}{k}" for k in range(1, len(markers) + 1) for a in "XYZ")]
    assert lines[5] == "" and lines[-1] == ""
    table = np.array([[float(c) if c else NAN for c in line.split("\t")] for line in lines[6:-1]])
    return header, markers, table[:, 0], table[:, 1], table[:, 2:].reshape(len(table), -1, 3)


@pytest.mark.parametrize("unit", ["m", "mm"])
def test_trc_holds_the_markers(track, tmp_path, unit):
    m = to_markers(wobbly(track), rate=50.0, unit=unit)
    write_trc(m, tmp_path / "a b.trc")
    header, names, frames, t, xyz = read_trc(tmp_path / "a b.trc")
    assert names == list(MARKERS) and len(set(names)) == 33
    assert float(header["DataRate"]) == float(header["CameraRate"]) == 50.0
    assert header["Units"] == unit and int(header["NumMarkers"]) == 33
    assert int(header["NumFrames"]) == len(t) == len(m.t) and int(header["OrigNumFrames"]) == len(track)
    assert float(header["OrigDataRate"]) == pytest.approx(25.0, rel=0.05)
    assert frames.tolist() == list(range(1, len(t) + 1))
    np.testing.assert_allclose(t, m.t, atol=1e-6)
    np.testing.assert_allclose(xyz, m.xyz, rtol=1e-8, atol=1e-9)
    assert np.isnan(xyz).any()


# ---- C3D ----------------------------------------------------------------------------


@pytest.mark.parametrize("unit", ["m", "mm"])
def test_c3d_holds_the_markers(track, tmp_path, unit):
    pytest.importorskip("ezc3d", reason="ezc3d is not installed")
    c3d = pytest.importorskip("c3d", reason="c3d is not installed")
    from formcheck.showing.formats.c3d import write_c3d

    m = to_markers(track, unit=unit)
    write_c3d(m, tmp_path / "x.c3d")
    with (tmp_path / "x.c3d").open("rb") as f, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the other reader is chatty about files without analog data
        reader = c3d.Reader(f)
        assert [n.strip() for n in reader.point_labels] == list(MARKERS)
        assert reader.point_rate == 25.0
        assert reader.get("POINT:UNITS").string_value.strip() == unit
        assert reader.get("POINT:Y_SCREEN").string_value.strip() == "+Y"
        assert reader.get("FORMCHECK:START").float_value == pytest.approx(3.2)
        assert "resampled" in reader.get("FORMCHECK:NOTE").string_value
        points = np.array([p for _, p, _ in reader.read_frames()])
    assert len(points) == len(m.t)
    seen = np.isfinite(m.xyz[..., 0])
    np.testing.assert_allclose(points[..., :3][seen], m.xyz[seen], rtol=1e-6, atol=1e-6)
    assert (points[..., 3] >= 0).tolist() == seen.tolist()
    assert not seen.all()


def test_c3d_says_what_it_needs(track, tmp_path, monkeypatch):
    from formcheck.showing.formats.c3d import write_c3d

    monkeypatch.setitem(__import__("sys").modules, "ezc3d", None)
    with pytest.raises(UsageError, match=r"formcheck\[formats\]"):
        write_c3d(to_markers(track), tmp_path / "x.c3d")
    assert not list(tmp_path.iterdir())


# ---- MOT ----------------------------------------------------------------------------


def read_mot(path):
    """Read a MOT by its specification: keys up to ``endheader``, then a table."""
    head, _, body = path.read_text(encoding="utf-8").partition("endheader\n")
    keys = dict(line.split("=", 1) for line in head.splitlines() if "=" in line and " " not in line.split("=")[0])
    lines = body.splitlines()
    table = np.array([[float(c) for c in line.split("\t")] for line in lines[1:]])
    names = lines[0].split("\t")
    assert int(keys["nRows"]) == len(table) and int(keys["nColumns"]) == len(names) == table.shape[1]
    return keys, dict(zip(names, table.T, strict=True)), head


@pytest.fixture(scope="module")
def kneeling() -> Track:
    return shoot(all_fours, plane_set("right"), fps=30.0)


def test_mot_of_a_track_holds_its_angles(kneeling, tmp_path):
    write_mot(angles_of_track(kneeling), tmp_path / "x.mot")
    keys, table, head = read_mot(tmp_path / "x.mot")
    assert keys["inDegrees"] == "yes" and keys["version"] == "1"
    assert list(table) == ["time", *ANGLES] and "30 Hz" in head
    body = Body(kneeling.t, kneeling.image, kneeling.world, kneeling.size)
    np.testing.assert_allclose(table["time"], kneeling.t, atol=1e-6)
    for name in ANGLES:
        np.testing.assert_allclose(table[name], body.angles[name], rtol=1e-8, err_msg=name)
    assert np.nanmin(table["knee_left"]) > 60 and np.nanmax(table["knee_left"]) <= 180


def test_mot_of_an_analysis_holds_what_was_judged(kneeling, tmp_path):
    write_track(kneeling, tmp_path / "x.track.npz")
    analyze_clip(tmp_path / "x.track.npz", "plane", tmp_path, html=False)
    angles = angles_of_measures(tmp_path / "x.measures.csv")
    write_mot(angles, tmp_path / "x.mot")
    _, table, head = read_mot(tmp_path / "x.mot")
    assert angles.rate == 30.0 and "smoothed measures" in head
    rows = np.genfromtxt(tmp_path / "x.measures.csv", delimiter=",", names=True)
    # Times in the table are rounded to milliseconds.
    np.testing.assert_allclose(table["trunk"], np.interp(table["time"], rows["t_s"], rows["trunk"]), atol=1e-6)


def test_a_table_of_something_else_is_refused(tmp_path):
    (tmp_path / "x.measures.csv").write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match="no table of measures"):
        angles_of_measures(tmp_path / "x.measures.csv")


# ---- Rerun --------------------------------------------------------------------------


def test_a_recording_holds_skeleton_measures_limits_and_events(tmp_path):
    pytest.importorskip("rerun", reason="rerun-sdk is not installed")
    from rerun.chunk import RrdReader

    from formcheck.judging.exercises import get_exercise
    from formcheck.judging.session.session import Session
    from formcheck.showing.formats.rerun import RerunRecording

    session = Session(get_exercise("plane"))
    track = shoot(all_fours, plane_set("right", hold=4.0))
    with RerunRecording(tmp_path / "x.rrd", session.exercise) as recording:
        image = np.zeros((track.size[1], track.size[0], 3), dtype=np.uint8)
        for moment in (m for o in track for m in session.update(o)):
            recording.write(moment, image)
        for moment in session.finish():
            recording.write(moment)
    rows: dict[str, int] = {}
    texts: list[str] = []
    for chunk in RrdReader(tmp_path / "x.rrd").stream().to_chunks():
        if not chunk.is_static:
            rows[chunk.entity_path] = rows.get(chunk.entity_path, 0) + chunk.num_rows
        if chunk.entity_path == "/events":
            texts += str(chunk.to_record_batch().to_pydict()).split("'")
    for path in ("/picture/body/joints", "/picture/body/bones", "/state/phase", "/measures/arm_level/limit/arm-low"):
        assert rows[path] >= 0.95 * len(track), path
    assert 0 < rows["/picture"] <= len(track) and rows["/measures/arm_level/value"] > 30
    assert "a repetition begins" in texts
    assert any(t.startswith("repetition 1") and "short-hold" in t for t in texts)


def test_an_interrupted_recording_leaves_nothing(tmp_path):
    pytest.importorskip("rerun", reason="rerun-sdk is not installed")
    from formcheck.judging.exercises import get_exercise
    from formcheck.showing.formats.rerun import RerunRecording

    with pytest.raises(KeyboardInterrupt), RerunRecording(tmp_path / "x.rrd", get_exercise("plane")):
        raise KeyboardInterrupt
    assert not list(tmp_path.iterdir())
