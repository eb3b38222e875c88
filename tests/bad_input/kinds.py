"""What people give to formcheck, by kind: a property for each that draws an input and returns what went wrong."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
from hypothesis import strategies as st

from formcheck.analysis.clip import analyze_clip
from formcheck.analysis.options import Options
from formcheck.batch import run as batch_run
from formcheck.batch.find import find_jobs
from formcheck.errors import FormcheckError
from formcheck.judging.exercises import get_exercise
from formcheck.sight.pose.trackfile import SCHEMA as TRACK_SCHEMA
from formcheck.sight.pose.trackfile import write_track
from formcheck.sight.pose.types import Track

from ..batch.clips import InThisProcess, side_plank
from ..coaching.history.seed import fault, rep
from ..coaching.history.seed import put as practise
from .commands import all_faults, say
from .values import as_json, changed, damaged, deep, numbers, plain, texts, toml

Draw = Callable[..., Any]
Property = Callable[[Draw], list[str]]


@contextmanager
def place() -> Iterator[Path]:
    """A folder of one's own with a short track in it."""
    with tempfile.TemporaryDirectory(prefix="bad-input-") as name:
        folder = Path(name)
        shutil.copyfile(_made() / "short.track.npz", folder / "a.track.npz")
        yield folder


@cache
def _made() -> Path:
    """A folder with what all examples begin with, made once."""
    folder = Path(tempfile.mkdtemp(prefix="bad-input-made-"))
    import atexit

    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    whole = side_plank(1)
    keep = np.arange(0, len(whole), 2)
    short = Track(
        whole.t[keep], whole.image[keep], whole.world[keep], whole.ball[keep], whole.size, {"source": {"fps": 5.0}}
    )
    write_track(short, folder / "short.track.npz")
    return folder


# ---- limits and plans --------------------------------------------------------------------------------------
@cache
def _limits() -> dict[str, Any]:
    known = get_exercise("side-plank").limits
    return {"side-plank": {n: v.value for n, v in known.items()}, "plane": {"hold_s": 8.0}}


def _tables(tables: Any) -> bytes:
    if not isinstance(tables, dict):
        return toml(tables).encode(errors="surrogatepass")
    lines = []
    for name, table in tables.items():
        if isinstance(table, dict):
            lines += [f"[{json.dumps(name)}]", *(f"{json.dumps(k)} = {toml(v)}" for k, v in table.items())]
        else:
            lines.insert(0, f"{json.dumps(name)} = {toml(table)}")
    return "\n".join(lines).encode(errors="surrogatepass")


@st.composite
def limit_values(draw: st.DrawFn) -> dict[str, Any]:
    """Limits as somebody might set them: sound names, any numbers."""
    known = sorted(_limits()["side-plank"])
    some = draw(st.lists(st.sampled_from(known), min_size=1, max_size=4, unique=True))
    return {"side-plank": {n: draw(numbers() | st.floats(-400, 400)) for n in some}}


def _toml_file(draw: Draw, sound: Any, made: Callable[[Any], bytes], others: st.SearchStrategy[Any]) -> bytes:
    whole = made(sound)
    kinds = changed(sound).map(made) | damaged(whole) | st.binary(max_size=80) | others.map(made)
    ends = st.sampled_from([deep(b"["), deep(b"a={"), b"a=" + b"9" * 5000, b"[p]\na=0x" + b"f" * 5000, b"\xff\xfea"])
    return draw(kinds | ends)


def limits(draw: Draw) -> list[str]:
    """A file of limits."""
    with place() as folder:
        data = _toml_file(draw, _limits(), _tables, limit_values())
        (folder / "limits.toml").write_bytes(data)
        words = ("analyze", "a.track.npz", "-e", "side-plank", "--json", "-", "--limits", "limits.toml")
        return all_faults(folder, [words])


def _plan_file(plan: Any) -> bytes:
    if not isinstance(plan, dict):
        return toml(plan).encode(errors="surrogatepass")
    lines = [f"{json.dumps(k)} = {toml(v)}" for k, v in plan.items() if k != "step"]
    steps = plan.get("step", [])
    if not isinstance(steps, list) or not all(isinstance(s, dict) for s in steps):
        return "\n".join([*lines, f"step = {toml(steps)}"]).encode(errors="surrogatepass")
    for s in steps:
        lines += ["[[step]]", *(f"{json.dumps(k)} = {toml(v)}" for k, v in s.items())]
    return "\n".join(lines).encode(errors="surrogatepass")


PLAN = {"name": "mornings", "rest_s": 20.0, "step": [{"exercise": "plane", "reps": 6}, {"exercise": "swan"}]}


def plans(draw: Draw) -> list[str]:
    """A plan of a workout; the camera that goes with it is not there."""
    with place() as folder:
        (folder / "plan.toml").write_bytes(_toml_file(draw, PLAN, _plan_file, plain()))
        words = ("live", "--plan", "plan.toml", "--camera", "none.mp4", "--no-window", "--no-voice", "--no-history")
        return all_faults(folder, [words])


# ---- history -----------------------------------------------------------------------------------------------
@cache
def _history() -> Path:
    from formcheck.coaching.history import History

    file = _made() / "history.sqlite"
    with History.open(file) as h:
        for day in (1, 3):
            reps = [rep(1, faults=(fault(),)), rep(2)]
            at = datetime(2026, 3, day, 8, tzinfo=UTC)
            practise(h, at, [("plane", reps), ("swan", [rep(1)])], routine="ball", source="0")
        h.remember("plan", "twice")
    return file


CELLS = {
    "sessions": (
        *("started_at", "ended_at", "kind", "source", "formcheck", "utc_offset_s", "routine", "note", "summary"),
        "recording",
    ),
    "sets": ("exercise", "started_at", "ended_at", "target", "score", "side_order", "session"),
    "reps": (
        *("number", "side", "start_s", "peak_s", "end_s", "hold_s", "counted", "why", "score", "measures", "block"),
        *("recorded_at", '"set"'),
    ),
    "faults": ("fault", "severity", "worst", '"limit"', "unit", "from_s", "to_s", "rep"),
    "settings": ("value",),
}
ODD_SQL = [
    *("PRAGMA user_version = -1", "PRAGMA user_version = 99", "PRAGMA user_version = 1", "PRAGMA user_version = 0"),
    *("PRAGMA application_id = 7", "DROP TABLE faults", "ALTER TABLE reps DROP COLUMN why", "DELETE FROM sets"),
    *("ALTER TABLE sessions DROP COLUMN note", "CREATE VIEW extra AS SELECT 1", "DROP TABLE sessions"),
]
DATES = [
    "xx",
    "0001-01-01",
    "9999-12-31T23:59:59.999Z",
    "2026-13-01T00:00:00Z",
    "now",
    "2460000.5",
    "1969-12-31T23:00Z",
]


def _change_history(draw: Draw, file: Path) -> None:
    import sqlite3

    db = sqlite3.connect(file, isolation_level=None)
    db.execute("PRAGMA synchronous = OFF")
    try:
        for _ in range(draw(st.integers(1, 3))):
            if draw(st.integers(0, 5)) == 0:
                sql, values = draw(st.sampled_from(ODD_SQL)), ()
            else:
                table = draw(st.sampled_from(sorted(CELLS)))
                column = draw(st.sampled_from(CELLS[table]))
                odd = st.sampled_from(DATES) | texts() | numbers() | st.none() | st.binary(max_size=8)
                odd |= plain().map(json.dumps)
                value = draw(odd)
                cast = "CAST(? AS TEXT)" if isinstance(value, bytes) and draw(st.booleans()) else "?"
                sql = f"UPDATE {table} SET {column} = {cast} WHERE rowid = (SELECT max(rowid) FROM {table})"
                sql = sql if table != "settings" else f"UPDATE settings SET value = {cast}"
                values = (value,)
            with suppress(sqlite3.Error, OverflowError, ValueError):  # SQLite itself does not take it
                db.execute(sql, values)
    finally:
        db.close()


HISTORY_COMMANDS = [
    *(
        ("history",),
        ("history", "show"),
        ("history", "show", "--reps"),
        ("history", "show", "1"),
        ("history", "progress"),
    ),
    *(("history", "progress", "plane"), ("history", "export", "-", "--format", "json"), ("history", "export", "-")),
    *(("history", "--html", "p.html", "--force"), ("history", "--plan", "twice"), ("history", "delete", "2", "--yes")),
]


def histories(draw: Draw) -> list[str]:
    """A history that something has been done to."""
    with place() as folder:
        file = folder / "data" / "history.sqlite"
        file.parent.mkdir()
        if draw(st.integers(0, 3)):
            shutil.copyfile(_history(), file)
            _change_history(draw, file)
        else:
            file.write_bytes(draw(damaged(_history().read_bytes()) | st.binary(max_size=200)))
        some = draw(st.lists(st.sampled_from(HISTORY_COMMANDS), min_size=1, max_size=3, unique=True))
        return all_faults(folder, some)


# ---- journals and manifests --------------------------------------------------------------------------------
@contextmanager
def in_this_process() -> Iterator[None]:
    with mock.patch.object(batch_run, "_workers", InThisProcess):
        yield


BATCH = ("batch", "a.track.npz", "-e", "side-plank", "-o", "out", "--resume")


@cache
def _journal() -> list[Any]:
    with place() as folder, in_this_process():
        assert say(folder, *BATCH).code == 0
        return [json.loads(line) for line in (folder / "out" / "journal.jsonl").read_text().splitlines()]


def journals(draw: Draw) -> list[str]:
    """A journal of a batch that is gone on with."""
    with place() as folder, in_this_process():
        first, second = _journal()
        lines = [
            draw(st.just(first) | changed(first)),
            draw(changed(second) | st.just(second)),
            *draw(st.lists(changed(second) | plain() | st.just({"kind": "clip"}), max_size=2)),
        ]
        data = b"\n".join(map(as_json, lines)) + draw(st.sampled_from([b"", b"\n", b'{"kind": "cl', deep(b"[")]))
        (folder / "out").mkdir()
        (folder / "out" / "journal.jsonl").write_bytes(draw(st.just(data) | damaged(data)))
        wrong = all_faults(folder, [BATCH])
        outside = [p for p in folder.rglob("*") if p.is_file() and "out" not in p.parts and p.name != "a.track.npz"]
        return wrong + [f"written outside: {p}" for p in outside]


MANIFEST = [{"path": "a.track.npz", "exercise": "side-plank", "id": "anna", "truth": "a.json"}, {"path": "b.mp4"}]


def manifests(draw: Draw) -> list[str]:
    """A list of clips; what is in it is not judged."""
    with place() as folder:
        name = draw(st.sampled_from(["list.csv", "list.jsonl"]))
        if name == "list.csv":
            rows = [["path", "exercise", "truth", "id"], *draw(st.lists(st.lists(texts(), max_size=5), max_size=3))]
            data = "\n".join(",".join(json.dumps(c) for c in row) for row in rows).encode(errors="surrogatepass")
        else:
            data = b"\n".join(map(as_json, draw(changed(MANIFEST))))
        (folder / name).write_bytes(draw(st.just(data) | damaged(data) | st.just(deep(b"["))))
        try:
            find_jobs([str(folder / name)], None)
        except FormcheckError as e:
            return [] if e.exit_code in {2, 3} else [f"exit code {e.exit_code}: {e}"]
        except Exception as e:  # noqa: BLE001 -- that is what is looked for
            return [f"{type(e).__name__}: {e}"]
        return []


# ---- the record of a model ---------------------------------------------------------------------------------
RECORD = {
    "schema": "formcheck.model/1", "name": "full", "file": "pose_landmarker_full.task", "licence": "Apache-2.0",
    "sha256": "0" * 64, "size": 250, "source": "wheel", "pinned": True, "origin": None,
    "versions": {"formcheck": "0.1.0"}, "created": "2026-03-01T08:00:00+00:00",
}  # fmt: skip


def models(draw: Draw) -> list[str]:
    """A model in the cache and its record."""
    with place() as folder:
        cache_folder = folder / "cache" / "models"
        cache_folder.mkdir(parents=True)
        bundle = cache_folder / RECORD["file"]
        with zipfile.ZipFile(bundle, "w") as z:
            for name in ("pose_detector.tflite", "pose_landmarks_detector.tflite"):
                z.writestr(name, b"x")
        if draw(st.booleans()):
            bundle.write_bytes(draw(damaged(bundle.read_bytes())))
        record = {**RECORD, "size": bundle.stat().st_size}
        data = as_json(draw(changed(record)))
        (cache_folder / f"{bundle.name}.json").write_bytes(draw(st.just(data) | damaged(data) | st.just(deep(b"["))))
        return all_faults(folder, [("models", "list"), ("models", "verify"), ("models", "verify", str(bundle))])


# ---- tracks ------------------------------------------------------------------------------------------------
META = {"schema": TRACK_SCHEMA, "source": {"fps": 5.0, "width": 960, "height": 540, "rotation": 0, "path": "a.mp4"}}


@cache
def _parts() -> dict[str, Any]:
    with np.load(_made() / "short.track.npz") as z:
        return {name: z[name] for name in z.files if name != "meta"}


@st.composite
def odd_parts(draw: st.DrawFn) -> dict[str, Any]:
    """The arrays of a track with some of them changed, and what it says of its source."""
    parts = {name: value.copy() for name, value in _parts().items()}
    for _ in range(draw(st.integers(0, 3))):
        name = draw(st.sampled_from(sorted(parts)))
        a = parts[name]
        how = draw(st.sampled_from(["cell", "cell", "cells", "type", "shape", "cut", "remove", "time"]))
        if how in ("cell", "cells") and a.size and a.dtype.kind in "fi":
            flat = a.reshape(-1).astype(float)
            at = draw(st.integers(0, flat.size - 1))
            flat[at : at + (1 if how == "cell" else draw(st.integers(1, flat.size)))] = draw(
                st.sampled_from([np.nan, np.inf, -np.inf, 0.0, -1.0, 1e9, 1e30, -1e300, 3e38])
            )
            parts[name] = flat.reshape(a.shape)
        elif how == "type":
            kind = draw(st.sampled_from(["S3", "U3", "?", "c16", "i8", "f2", "M8[s]"]))
            with np.errstate(all="ignore"):
                parts[name] = np.zeros(a.shape, kind)
        elif how == "shape":
            parts[name] = a.reshape(-1)
        elif how == "cut":
            parts[name] = a[: draw(st.integers(0, len(a)))]
        elif how == "remove":
            del parts[name]
            return {**parts, "meta": json.dumps(META)}
        elif "t" in parts and parts["t"].ndim == 1 and parts["t"].dtype.kind == "f":
            t = parts["t"]
            with np.errstate(all="ignore"):
                t = t * draw(st.sampled_from([1.0, -1.0, 0.0, 1e-9, 1e3, 1e9]))
                t[len(t) // 2 :] += draw(st.sampled_from([0.0, 1e3, 1e9, 1e300, -1.0]))
            parts["t"] = t
    meta = draw(st.just(META) | changed(META) | plain())
    return {**parts, "meta": draw(st.just(json.dumps(meta)) | st.sampled_from(["[" * 50_000, "", "{", "\x00"]))}


def tracks(draw: Draw) -> list[str]:
    """A track file."""
    with place() as folder:
        file = folder / "odd.track.npz"
        if draw(st.integers(0, 4)):
            parts = draw(odd_parts())
            np.savez_compressed(file, **{n: np.array(v) for n, v in parts.items()})
        else:
            file.write_bytes(draw(damaged((_made() / "short.track.npz").read_bytes()) | st.binary(max_size=100)))
        exercise = draw(st.sampled_from(["side-plank", "ball-kneel", "ball-warmup", "auto"]))
        export = draw(st.sampled_from(["trc", "mot", "c3d", "netcdf"]))
        rate = draw(st.sampled_from([(), ("--rate", "1000"), ("--rate", "nan")]))
        some = [
            ("analyze", file.name, "-e", exercise, "--json", "-"),
            ("analyze", file.name, "-e", "side-plank", "-o", "out", "--quiet"),
            ("export", file.name, "-f", export, "-o", "made", "--quiet", *rate),
        ]
        return all_faults(folder, draw(st.lists(st.sampled_from(some), min_size=1, max_size=2, unique=True)))


# ---- reports -----------------------------------------------------------------------------------------------
@cache
def _report() -> dict[str, Any]:
    from formcheck.judging.exercises.side_plank import SidePlank

    strict = {n: 0.001 for n in ("line_deg", "head_off_deg") if n in SidePlank.limits}
    report = analyze_clip(_made() / "short.track.npz", "side-plank", options=Options(overrides={"side-plank": strict}))
    return json.loads(json.dumps(report.report))


REPORT_COMMANDS = [
    ("export", "a.report.json", "-f", "csv", "-o", "made"),
    ("export", "a.report.json", "-f", "parquet", "-o", "made"),
    ("export", "a.report.json", "-f", "mot", "-o", "made"),
    ("export", "a.report.json", "-f", "trc", "-o", "made"),
]


def reports(draw: Draw) -> list[str]:
    """A report, and a table of measures beside it."""
    with place() as folder:
        data = as_json(draw(changed(_report())))
        (folder / "a.report.json").write_bytes(draw(st.just(data) | damaged(data) | st.just(deep(b"["))))
        if draw(st.booleans()):
            table = b"t_s,pose,knee_left\n0.1,1,90\n0.2,1,91\n"
            (folder / "a.measures.csv").write_bytes(draw(damaged(table) | st.binary(max_size=50)))
        return all_faults(folder, [draw(st.sampled_from(REPORT_COMMANDS))])


# ---- numbers on the command line ---------------------------------------------------------------------------
OPTIONS = ["--start", "--end", "--ball-cm", "--fps", "--speed", "--stream"]


def options(draw: Draw) -> list[str]:
    """Numbers given to options."""
    number = draw(numbers().map(str_of) | texts().filter(lambda s: "\0" not in s and "\ud800" not in s))
    with place() as folder:
        option = draw(st.sampled_from(OPTIONS))
        some = [
            ("analyze", "a.track.npz", "-e", "ball-kneel", "--json", "-", option, number),
            ("history", "show", number),
            ("history", "-n", number),
            ("history", "delete", number, "--yes"),
            ("batch", "a.track.npz", "-o", "out", "--timeout", number, "--ray", "nowhere"),
            ("export", "a.track.npz", "-f", "trc", "-o", "made", "--quiet", "--rate", number),
            ("live", "-e", "plane", "--reps", number, "--camera", "none.mp4", "--no-window", "--no-voice"),
        ]
        words = draw(st.sampled_from(some))
        if os.fsencode(number)[:1] == b"-" and not number.lstrip("-").replace(".", "").isdigit():
            return []  # another option, not a number
        return all_faults(folder, [words])


def str_of(number: float) -> str:
    return repr(number) if abs(number) < 10**1000 or number != number else "1" + "0" * 4000


KINDS: dict[str, Property] = {
    "limits": limits, "plans": plans, "histories": histories, "journals": journals, "manifests": manifests,
    "models": models, "tracks": tracks, "reports": reports, "options": options,
}  # fmt: skip
