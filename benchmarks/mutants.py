"""How many small changes to the code the tests notice.

    python benchmarks/mutants.py [PART ...] [--sample 200] [--seed 1] [--jobs 1] [--json FILE]

Takes a random sample of the mutants cosmic-ray can make of the modules in ``mutants.toml`` (a number moved by one, a
comparison turned round, a sum made a difference ...), applies one at a time to a copy of the sources and runs the tests
named there for its module. Printed are the mutants that no test noticed, and the share noticed of each part. The same
seed takes the same sample as long as the modules are the same. PART is one of the parts of ``mutants.toml``; none: all
of them. Needs the extra ``mutants``.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CONFIG = Path(__file__).with_suffix(".toml")
NOTICED, UNNOTICED, EQUIVALENT = "noticed", "unnoticed", "equivalent"


@dataclass(frozen=True)
class Mutant:
    """One change, and the tests that are to notice it.

    Attributes
    ----------
    part, module : str
        The module's path in the project.
    operator, occurrence : str, int
        Of cosmic-ray: what is done, and to the how manieth place where it can be.
    line : int
    text : str
        The line as it stands.
    tests : tuple of str
    """

    part: str
    module: str
    operator: str
    occurrence: int
    line: int
    text: str
    tests: tuple[str, ...]


def mutants(config: dict[str, Any], parts: Sequence[str]) -> list[Mutant]:
    """Return all mutants of some parts, in a fixed order."""
    from cosmic_ray.ast import ast_nodes, get_ast_from_path
    from cosmic_ray.plugins import get_operator, operator_names

    wanted = re.compile("|".join(config["operators"]))
    names = sorted(n for n in operator_names() if wanted.fullmatch(n))
    out = []
    for part in parts:
        of = config["parts"][part]
        for path in sorted(
            {p for glob in of["modules"] for p in ROOT.glob(glob)} - {ROOT / p for p in of.get("but", ())}
        ):
            tests = [t.format(name=path.stem, id=path.stem.replace("_", "-")) for t in of["tests"]]
            lines, tree = path.read_text(encoding="utf-8").splitlines(), get_ast_from_path(path)
            for name in names:
                operator = get_operator(name)()
                places = [start for node in ast_nodes(tree) for start, _ in operator.mutation_positions(node)]
                for k, (line, _) in enumerate(places):
                    text = lines[line - 1].strip()
                    if "Mul_Div" in name and (text == "*," or text.startswith("def ")):
                        continue  # a star among arguments is no product
                    out.append(Mutant(part, str(path.relative_to(ROOT)), name, k, line, text, tuple(tests)))
    return out


def copy_of_the_sources(within: str) -> Path:
    """Return a new folder, within another, with what the tests need, without anything that git does not know."""
    folder = Path(tempfile.mkdtemp(dir=within))
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    for name in names:
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    return folder


def own_first(m: Mutant) -> list[str]:
    """Return the tests of a mutant, those that bear its module's name first: they are the likeliest to notice."""
    name = f"test_{Path(m.module).stem}.py"
    own = [f"{t}/{name}" for t in m.tests if (ROOT / t / name).is_file()]
    return [*own, *m.tests]


def _command(tests: Sequence[str]) -> str:
    return shlex.join([sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests])


def _begin(within: str) -> None:
    """Give a process a copy of its own to change."""
    folder = copy_of_the_sources(within)
    os.chdir(folder)
    os.environ["PYTHONPATH"] = str(folder)
    os.environ["OMP_NUM_THREADS"] = "1"


def _passes(job: tuple[tuple[str, ...], float]) -> bool:
    from cosmic_ray.testing import TestOutcome, run_tests

    tests, timeout_s = job
    return bool(run_tests(_command(tests), timeout_s)[0] is TestOutcome.SURVIVED)


def _try(job: tuple[Mutant, float]) -> tuple[Mutant, str, str]:
    """Return a mutant, what became of it, and its difference."""
    from cosmic_ray.mutating import mutate_and_test
    from cosmic_ray.work_item import MutationSpec, TestOutcome

    m, timeout_s = job
    spec = MutationSpec(Path(m.module), m.operator, m.occurrence, (m.line, 0), (m.line, 1))
    result = mutate_and_test([spec], _command(own_first(m)), timeout_s)
    return m, UNNOTICED if result.test_outcome is TestOutcome.SURVIVED else NOTICED, result.diff or result.output or ""


def _is_equivalent(m: Mutant, diff: str, config: dict[str, Any]) -> bool:
    """Whether a mutant is listed as one that changes nothing: by its module and what the line became."""
    became = {"".join(d[1:].split()) for d in diff.splitlines() if d[:1] == "+" and d[:3] != "+++"}
    listed = config.get("equivalent", [])
    return any(e["module"] == m.module and "".join(e["becomes"].split()) in became for e in listed)


def main(words: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    config = tomllib.loads(CONFIG.read_text(encoding="utf-8"))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(config["parts"]))
    parser.add_argument("--sample", type=int, default=200, help="how many mutants (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="which ones (default: %(default)s)")
    parser.add_argument("--jobs", type=int, default=1, help="how many at a time (default: %(default)s)")
    parser.add_argument("--json", type=Path, help="write what became of each")
    a = parser.parse_args(words)
    if unknown := set(a.parts) - set(config["parts"]):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    every = mutants(config, a.parts or list(config["parts"]))
    # The sample is one for a benchmark: which mutants are in it is no secret.
    chosen = random.Random(a.seed).sample(every, min(a.sample, len(every)))  # noqa: S311
    jobs = [(m, float(config["timeout_s"])) for m in chosen]
    print(f"{len(every)} mutants, {len(chosen)} tried", flush=True)
    became: list[tuple[Mutant, str, str]] = []
    with tempfile.TemporaryDirectory() as copies, get_context("spawn").Pool(a.jobs, _begin, (copies,)) as pool:
        plain = sorted({m.tests for m, _ in jobs})
        for tests, passes in zip(plain, pool.imap(_passes, [(t, jobs[0][1]) for t in plain]), strict=True):
            if not passes:
                print(f"these tests fail without any change: {' '.join(tests)}", file=sys.stderr)
                return 1
        for m, found, diff in pool.imap_unordered(_try, jobs):
            fate = EQUIVALENT if found == UNNOTICED and _is_equivalent(m, diff, config) else found
            became.append((m, fate, diff))
            if fate == UNNOTICED:
                changed = [d for d in diff.splitlines() if d[:1] in "+-" and d[:3] not in {"+++", "---"}]
                print(f"{m.module}:{m.line} {m.operator}", *changed, sep="\n    ", flush=True)
    for part in config["parts"]:
        count = Counter(fate for m, fate, _ in became if m.part == part)
        tried = count[NOTICED] + count[UNNOTICED]
        if tried:
            print(f"{part}: {count[NOTICED]} of {tried} noticed ({count[NOTICED] / tried:.0%})")
    total = Counter(fate for _, fate, _ in became)
    tried = total[NOTICED] + total[UNNOTICED]
    share = f" ({total[NOTICED] / tried:.0%})" if tried else ""
    print(f"all: {total[NOTICED]} of {tried} noticed{share}; equivalent, not counted: {total[EQUIVALENT]}")
    if a.json is not None:
        rows = [{**asdict(m), "fate": fate, "diff": diff} for m, fate, diff in became]
        a.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
