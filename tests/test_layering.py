"""The shape of the package: imports go one way, vendors stay at the border, modules stay small."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "formcheck"
MODULES = sorted(PACKAGE.rglob("*.py"))

#: The wings from the ground up, each with its rooms in order. A module may import its own room, rooms before it in its
#: wing, and lower wings; modules of one line of the ground, and programs of one line, do not know each other.
GROUND = [
    {"addresses", "children", "closing", "cores", "printing", "rounding", "version", "leftovers", "turns"},
    {"errors", "shown"},
    {"memory", "clips", "resources", "statistics"},
    {"files"},
]
WINGS = {
    "sight": ("models", "video", "camera", "pose", "ball"),
    "judging": ("measure", "rules", "exercises", "session"),
    "coaching": ("voice", "coach", "history", "people"),
    "showing": ("report", "review", "draw", "page", "formats", "console"),
}
PROGRAMS = [
    {"plugin", "analysis"},
    {"evaluation"},
    {"batch", "export", "live", "doctor", "agreement", "compare", "desk", "share"},
    {"serve"},
    {"commands"},
    {"cli"},
    {"__main__"},
]
#: Each part (a ground module, a wing, a program) with its level.
PARTS = [*GROUND, *({wing} for wing in WINGS), *PROGRAMS]
LEVEL = {part: k for k, parts in enumerate(PARTS) for part in parts}
#: What may be imported where: library -> folders or files it is allowed in.
BORDERS = {
    "mediapipe": {"sight/pose/landmarker.py", "sight/models/bundle.py"},
    "av": {"sight/video/", "sight/camera/", "coaching/voice/bank.py"},
    "cv2": {
        "sight/pose/",
        "sight/video/",
        "sight/camera/",
        "sight/ball/",
        "showing/draw/",
        "showing/page/",
        "live/",
        "doctor.py",
    },
    "rich": {"showing/console/", "evaluation/table.py", "sight/models/fetch.py", "commands/"},
    "click": {"cli.py", "commands/"},
    "starlette": {"serve/", "desk/"},
    "uvicorn": {"serve/", "desk/"},
    "cryptography": {"serve/certificates.py"},
    "segno": {"serve/qr.py"},
}
#: What judging may import from elsewhere beside the standard library, and what must not come in by any way.
NUMBERS = {"numpy", "formcheck"}
HEAVY = ("cv2", "mediapipe", "av", "scipy", "PIL", "rich", "click", "jinja2", "pandas", "pyarrow")
MAX_LINES = 400


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def dotted(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


BY_NAME = {dotted(p): p for p in MODULES}


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Give the absolute dotted names a module imports anywhere in it, with their lines."""
    package = ["formcheck", *path.relative_to(PACKAGE).parts[:-1]]
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            stem = ".".join([*base, *([node.module] if node.module else [])])
            # `from . import x` may name modules: x decides where it points.
            for alias in node.names:
                whole = f"{stem}.{alias.name}"
                yield (whole if whole in BY_NAME else stem), node.lineno


def imports_at_once(path: Path) -> Iterator[tuple[str, int]]:
    """Give the imports that run when a module is loaded: not those in functions or for type checkers only."""
    tree = tree_of(path)
    late: list[ast.stmt] = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    late += [n for n in tree.body if isinstance(n, ast.If) and ast.unparse(n.test) == "TYPE_CHECKING"]
    lines = {k for n in late for k in range(n.lineno, (n.end_lineno or n.lineno) + 1)}
    return ((name, line) for name, line in imports(path) if line not in lines)


def place(name: str) -> tuple[int, int] | None:
    """Return where a module of the package stands: the level of its part, and of its room there; None for others."""
    words = name.split(".")
    if words[0] != "formcheck" or len(words) < 2:
        return None
    rooms = WINGS.get(words[1], ())
    return LEVEL[words[1]], rooms.index(words[2]) if len(words) > 2 and rooms else -1


def part(name: str) -> str:
    return ".".join(name.split(".")[:3] if name.split(".")[1] in WINGS else name.split(".")[:2])


def circle(graph: Mapping[str, set[str]]) -> list[str]:
    """Return the nodes of a circle, the first again at the end; nothing where there is none."""
    done: set[str] = set()

    def walk(node: str, path: list[str]) -> list[str]:
        if node in path:
            return [*path[path.index(node) :], node]
        if node in done:
            return []
        for other in sorted(graph.get(node, ())):
            if found := walk(other, [*path, node]):
                return found
        done.add(node)
        return []

    return next((found for node in sorted(graph) if (found := walk(node, []))), [])


def code_lines(path: Path) -> int:
    """Count lines that hold code: no blank lines, comments or docstrings."""
    lines: set[int] = set()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            continue
        if isinstance(node, ast.stmt):
            inner = [c.lineno for c in ast.iter_child_nodes(node) if isinstance(c, ast.stmt)]
            end = min(inner) if inner else (node.end_lineno or node.lineno) + 1
            lines.update(range(node.lineno, max(end, node.lineno + 1)))
    return len(lines)


def test_the_scan_sees_imports() -> None:
    seen = {name for name, _ in imports(PACKAGE / "commands" / "evaluate.py")}
    assert "click" in seen
    assert seen >= {"formcheck.errors", "formcheck.files", "formcheck.judging.exercises", "formcheck.evaluation.run"}
    assert any(name == "mediapipe" for name, _ in imports(PACKAGE / "sight" / "pose" / "landmarker.py"))
    assert "formcheck.judging.rules.recall" in {n for n, _ in imports(PACKAGE / "judging" / "rules" / "judge.py")}


def test_the_search_finds_a_circle_and_where_there_is_none() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]
    assert circle({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


def test_the_order_is_that_of_wings_and_rooms() -> None:
    rising = ("errors", "sight.models.store", "sight.pose.types", "sight.ball", "judging.measure", "judging.session")
    higher = ("coaching.voice", "coaching.history", "showing.report", "showing.console", "analysis", "batch.run", "cli")
    places = [place(f"formcheck.{name}") for name in (*rising, *higher)]
    assert places == sorted(places) and len(set(places)) == len(places)
    assert place("formcheck") is place("numpy.linalg") is None


def test_every_folder_and_module_has_its_place() -> None:
    top = {p.name.removesuffix(".py") for p in PACKAGE.iterdir() if p.suffix == ".py" or (p / "__init__.py").is_file()}
    assert top - {"__init__"} == set(LEVEL)
    for wing, rooms in WINGS.items():
        assert {p.name for p in (PACKAGE / wing).iterdir() if p.is_dir() and p.name != "__pycache__"} == set(rooms)
        assert [p.name for p in (PACKAGE / wing).glob("*.py")] == ["__init__.py"]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_go_one_way(path: Path) -> None:
    own = dotted(path)
    if own == "formcheck":
        loaded = {n for n, _ in imports_at_once(path) if place(n)}
        assert loaded == {"formcheck.version"}, "the package itself loads nothing of its own until it is asked to"
        return
    assert "formcheck" not in {n for n, _ in imports(path)}, "the package's face is for those outside"
    here = place(own)
    wrong = [
        f"line {line}: {name}"
        for name, line in imports(path)
        if (there := place(name)) is not None and part(name) != part(own) and not there < here
    ]
    # Parts of one level do not know each other.
    wrong += [
        f"line {line}: {name}"
        for name, line in imports(path)
        if (there := place(name)) is not None and there[0] == here[0] and name.split(".")[1] != own.split(".")[1]
    ]
    assert not wrong


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {name: {n for n, _ in imports_at_once(path) if n in BY_NAME} - {name} for name, path in BY_NAME.items()}
    # Loading a module loads the packages it lies in, too; one that only gathers its own modules is no circle.
    graph = {name: {n for n in names if not name.startswith(f"{n}.")} for name, names in graph.items()}
    assert circle(graph) == []


def test_nor_do_they_where_they_import_late() -> None:
    graph = {name: {n for n, _ in imports(path) if n in BY_NAME} - {name} for name, path in BY_NAME.items()}
    graph = {name: {n for n in names if not name.startswith(f"{n}.")} for name, names in graph.items()}
    assert circle(graph) == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_are_relative_inside_a_wing_and_absolute_between(path: Path) -> None:
    package = ["formcheck", *path.relative_to(PACKAGE).parts[:-1]]
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ImportFrom) and len(package) > 1:
            if node.level:
                assert len(package) - node.level + 1 >= 2, f"line {node.lineno} leaves the wing by dots"
            else:
                assert not f"{node.module}.".startswith(f"formcheck.{package[1]}."), f"line {node.lineno} stays inside"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_libraries_stay_where_they_belong(path: Path) -> None:
    wrong = [
        f"line {line}: {name}"
        for name, line in imports(path)
        for library, places in BORDERS.items()
        if name.split(".")[0] == library and not any(name_of(path).startswith(p) for p in places)
    ]
    assert not wrong


@pytest.mark.parametrize("path", [p for p in MODULES if name_of(p).startswith("judging/")], ids=name_of)
def test_judging_knows_numbers_only(path: Path) -> None:
    roots = {name.split(".")[0] for name, _ in imports(path)}
    assert roots - sys.stdlib_module_names <= NUMBERS


def test_judging_loads_nothing_heavier_than_numpy() -> None:
    judging = [name for name in BY_NAME if name.startswith("formcheck.judging")]
    program = f"import sys, {', '.join(judging)}, formcheck.plugin; print([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("path", sorted((PACKAGE / "judging" / "exercises").glob("[a-z]*.py")), ids=name_of)
def test_exercises_do_not_lean_on_each_other(path: Path) -> None:
    # Words that stand for an exercise are none.
    siblings = {f"formcheck.judging.exercises.{p.stem}" for p in path.parent.glob("[a-z]*.py") if p.stem != "chosen"}
    siblings -= {dotted(path)}
    assert not [n for n, _ in imports(path) if n in siblings]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_modules_stay_small(path: Path) -> None:
    assert code_lines(path) <= MAX_LINES


def test_every_package_folder_is_a_package() -> None:
    folders = {p.parent for p in MODULES}
    assert not [f for f in folders if not (f / "__init__.py").is_file()]
    tests = {p.parent for p in (ROOT / "tests").rglob("test_*.py")}
    assert not [f for f in tests if not (f / "__init__.py").is_file()]


@pytest.mark.parametrize("wing", WINGS)
def test_the_tests_stand_like_what_they_test(wing: str) -> None:
    rooms = {p.name for p in (ROOT / "tests" / wing).iterdir() if p.is_dir() and p.name != "__pycache__"}
    assert rooms <= set(WINGS[wing])
    assert [p.name for p in (ROOT / "tests" / wing).glob("test_*.py")] == []
