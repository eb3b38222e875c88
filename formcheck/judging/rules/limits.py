"""Limits as data: every number a verdict hangs on has a name, a unit and a reason, and can be overridden."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from formcheck.errors import UsageError
from formcheck.files import read_toml
from formcheck.shown import brief

#: How far each strictness moves the limits, in slacks (see :class:`Limit`).
STRICTNESS: dict[str, float] = {"lenient": 1.0, "normal": 0.0, "strict": -0.5}

#: Most that a limit given by somebody may be, either way: far beyond what decides anything, to switch it off.
MOST = 1e6


@dataclass(frozen=True)
class Limit:
    """One number of an exercise's rules.

    Parameters
    ----------
    value : float
    unit : str
        ``deg``, ``s``, ``torso``, ``fraction``, ``1`` ...
    why : str
        What it decides and where it comes from.
    slack : float
        What is added to the value for a lenient coach (signed: a lower bound has a negative slack; half of it is taken
        away for a strict one). 0 where strictness has no say, as for counts and seconds that the routine asks for.
    """

    value: float
    unit: str
    why: str
    slack: float = 0.0


class Limits(Mapping[str, float]):
    """The limits in force: defaults, moved by strictness, overridden by the user.

    Reading a name gives its number and marks it as used, so that a test can tell a limit that decides nothing.
    """

    def __init__(
        self,
        exercise: str,
        defaults: Mapping[str, Limit],
        overrides: Mapping[str, float] | None = None,
        strictness: str = "normal",
    ) -> None:
        if strictness not in STRICTNESS:
            raise UsageError(f"unknown strictness '{strictness}'", f"choose one of {', '.join(STRICTNESS)}")
        move = STRICTNESS[strictness]
        values = {name: limit.value + move * limit.slack for name, limit in defaults.items()}
        for name, value in (overrides or {}).items():
            if name not in values:
                known = ", ".join(sorted(values))
                raise UsageError(f"'{exercise}' has no limit {brief(name)}", f"its limits are {known}")
            values[name] = _number(value, defaults[name].unit, f"limit {exercise}.{name}")
        self.defaults = dict(defaults)
        self.strictness = strictness
        self.used: set[str] = set()
        self._values = values

    def __getitem__(self, name: str) -> float:
        self.used.add(name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def as_dict(self) -> dict[str, float]:
        """Return the values in force without marking them as used."""
        return dict(self._values)


def _number(value: Any, unit: str, what: str) -> float:
    """Return a limit given by somebody, if it is a number that a limit in this unit can be."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        raise UsageError(f"{what}: expected a number, got {brief(value)}", "write it as name = 12.5")
    least = 0.0 if unit == "s" else -MOST
    if not least <= value <= MOST:
        raise UsageError(f"{what}: expected {least:g} to {MOST:g} {unit}, got {brief(value)}", "change the limits file")
    return float(value)


def read_overrides(path: str | Path) -> dict[str, dict[str, float]]:
    """Read ``[exercise-id] limit = number`` tables from a TOML file.

    Raises
    ------
    UsageError
        If the file is missing or is not such a TOML file.
    """
    data = read_toml(path, "limits file", "it should be TOML such as [plane] hold_s = 8")
    for name, table in data.items():
        if not isinstance(table, dict):
            hint = "put limits under the exercise, as in [plane]"
            raise UsageError(f"{path}: {brief(name)} stands outside a table", hint)
    return data
