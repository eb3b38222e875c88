"""The shape of the package: imports point downwards, vendors stay at the border, modules stay small."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "formcheck"
MODULES = sorted(PACKAGE.rglob("*.py"))

#: From the ground up. A part may import itself and parts of a lower level.
LEVELS = [
    {"addresses", "children", "printing"},
    {"errors", "shown"},
    {"leftovers", "memory"},
    {"clips", "files", "resources", "rounding"},
    {"pose", "video"},
    {"ball", "measure"},
    {"rules"},
    {"exercises"},
    {"coach"},
    {"outputs", "evaluation", "history", "planned"},
    {"feeds"},
    {"analysis", "evaluate"},
    {"api", "batch", "doctor", "export", "live", "web"},
    {"commands"},
    {"cli"},
    {"__main__"},
]
LEVEL = {part: k for k, parts in enumerate(LEVELS) for part in parts}
#: What may be imported where: library -> folders or files it is allowed in.
BORDERS = {
    "mediapipe": {"pose/landmarker.py", "pose/bundle.py"},
    "av": {"video/"},
    "cv2": {"pose/", "video/", "ball/", "outputs/", "live/", "web/", "doctor.py"},
    "rich": {"outputs/", "evaluation/table.py", "pose/fetch.py", "commands/"},
    "click": {"cli.py", "commands/"},
}
MAX_LINES = 400


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Give the absolute dotted names a module imports anywhere in it, with their lines."""
    package = ["formcheck", *path.relative_to(PACKAGE).parts[:-1]]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            stem = ".".join([*base, *([node.module] if node.module else [])])
            # `from . import x` may name modules: x decides where it points.
            yield from ((f"{stem}.{alias.name}" if stem in PARENTS else stem, node.lineno) for alias in node.names)


def imports_at_once(path: Path) -> Iterator[tuple[str, int]]:
    """Give the imports that run when a module is loaded: not those in functions or for type checkers only."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    late = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    late += [n for n in tree.body if isinstance(n, ast.If) and ast.unparse(n.test) == "TYPE_CHECKING"]
    lines = {k for n in late for k in range(n.lineno, (n.end_lineno or n.lineno) + 1)}
    return ((name, line) for name, line in imports(path) if line not in lines)


PARENTS = {
    "formcheck",
    *(".".join(["formcheck", *p.relative_to(PACKAGE).parts]) for p in PACKAGE.iterdir() if p.is_dir()),
}


def part(name: str) -> str | None:
    """Return the part of the package a dotted name lies in; None for others and for the package's own names."""
    words = name.split(".")
    if words[0] != "formcheck" or len(words) < 2 or words[1].startswith("__v"):
        return None
    return words[1]


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def code_lines(path: Path) -> int:
    """Count lines that hold code: no blank lines, comments or docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    lines: set[int] = set()
    for node in ast.walk(tree):
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
    assert {part(n) for n in seen} >= {"errors", "files", "exercises"}
    assert any(name == "mediapipe" for name, _ in imports(PACKAGE / "pose" / "landmarker.py"))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_downwards(path: Path) -> None:
    own = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if own == "__init__":
        loaded = {n for n, _ in imports_at_once(path)}
        assert not [n for n in loaded if part(n)], "the package itself imports nothing of its own until it is asked to"
        return
    assert own in LEVEL, f"give {own} a level"
    wrong = [
        f"line {line}: {name}"
        for name, line in imports(path)
        if (other := part(name)) is not None and other != own and not LEVEL[other] < LEVEL[own]
    ]
    assert not wrong


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_libraries_stay_where_they_belong(path: Path) -> None:
    wrong = [
        f"line {line}: {name}"
        for name, line in imports(path)
        for library, places in BORDERS.items()
        if name.split(".")[0] == library and not any(name_of(path).startswith(p) for p in places)
    ]
    assert not wrong


@pytest.mark.parametrize("path", sorted((PACKAGE / "exercises").glob("[a-z]*.py")), ids=name_of)
def test_exercises_do_not_lean_on_each_other(path: Path) -> None:
    siblings = {p.stem for p in path.parent.glob("[a-z]*.py")} - {path.stem}
    assert not [n for n, _ in imports(path) if n.startswith("formcheck.exercises") and set(n.split(".")) & siblings]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_modules_stay_small(path: Path) -> None:
    assert code_lines(path) <= MAX_LINES


def test_every_package_folder_is_a_package() -> None:
    folders = {p.parent for p in MODULES}
    assert not [f for f in folders if not (f / "__init__.py").is_file()]
    tests = {p.parent for p in (ROOT / "tests").rglob("test_*.py")}
    assert not [f for f in tests if not (f / "__init__.py").is_file()]
