"""Thousands of bad inputs of each kind: how many end otherwise than in one line and the right exit code.

    python benchmarks/bad_input.py                    1,000 of each kind
    python benchmarks/bad_input.py tracks -n 5000     more of one

Needs the sources with their tests (``hypothesis`` draws the inputs) and ``pip install -e '.[dev]'``.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parents[1]


def failures(name: str, examples: int, shown: int) -> tuple[int, int]:
    """Try a kind; print the commonest failures and return how many there were, and of how many."""
    from tests.bad_input.kinds import KINDS

    tried, failed, kinds = 0, 0, Counter[str]()

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def look(data: st.DataObject) -> None:
        nonlocal tried, failed
        try:
            wrong = KINDS[name](data.draw)
        except Exception as e:
            if type(e).__module__.startswith("hypothesis"):
                raise
            wrong = [f"{type(e).__name__}: {e}"]
        tried += 1
        failed += bool(wrong)
        kinds.update(re.sub(r"\d+|/\S+", "_", w)[:160] for w in wrong)

    began = time.perf_counter()
    look()
    print(f"{name:10s} {failed:6d} of {tried:6d}   {time.perf_counter() - began:6.0f} s", flush=True)
    for what, times in kinds.most_common(shown):
        print(f"           {times:6d}  {what}")
    return failed, tried


def main(words: list[str] | None = None) -> int:
    """Run it."""
    sys.path.insert(0, str(ROOT))
    from tests.bad_input.kinds import KINDS

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"of {', '.join(KINDS)} (default: all)")
    parser.add_argument("-n", "--examples", type=int, default=1000, help="of each kind (default: 1000)")
    parser.add_argument("--shown", type=int, default=5, help="commonest failures shown of each kind (default: 5)")
    asked = parser.parse_args(words)
    if unknown := set(asked.kinds) - set(KINDS):
        parser.error(f"no such kind: {', '.join(sorted(unknown))}")
    results = [failures(name, asked.examples, asked.shown) for name in asked.kinds or KINDS]
    failed, tried = (sum(column) for column in zip(*results, strict=True))
    print(f"{'all':10s} {failed:6d} of {tried:6d}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
