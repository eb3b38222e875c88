"""What a person has chosen on the settings page, kept in one file."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from formcheck.analysis.options import Options, Overrides, check_overrides, laid_over
from formcheck.coaching.coach.phrases import languages
from formcheck.errors import FormcheckError, UsageError
from formcheck.files import atomic_path, json_text
from formcheck.judging.rules.limits import STRICTNESS
from formcheck.shown import brief

#: Smallest and largest ball (cm).
BALL_CM = (20.0, 120.0)
_UNDER = "under"


@dataclass(frozen=True)
class Settings:
    """The settings of the page.

    Attributes
    ----------
    lang : str
    voice, introduce : bool
    ball : bool
        Send small pictures for the ball.
    pictures : bool
        Send small pictures in place of landmarks: the computer finds the body.
    strictness : str
    ball_cm : float or None
    limits : dict
        Limits of one's own by exercise and name, as chosen on the page.
    under : mapping
        Those of the person's file, which hold where the page says nothing; no setting of the page.
    """

    lang: str = "en"
    voice: bool = True
    introduce: bool = True
    ball: bool = True
    pictures: bool = False
    strictness: str = "normal"
    ball_cm: float | None = None
    limits: dict[str, dict[str, float]] = field(default_factory=dict)
    under: Overrides = field(default_factory=dict)

    @property
    def options(self) -> Options:
        """How to judge by them."""
        return Options(
            overrides=laid_over(self.under, self.limits),
            strictness=self.strictness,
            ball=self.ball,
            ball_cm=self.ball_cm,
        )

    def changed(self, data: Mapping[str, Any]) -> Settings:
        """Return the settings with some of them changed.

        Raises
        ------
        UsageError
            If one does not exist or does not fit.
        """
        known = {f.name for f in fields(self)} - {_UNDER}
        for name in data:
            if name not in known:
                raise UsageError(f"there is no setting {brief(name)}", f"there are {', '.join(sorted(known))}")
        out = replace(self, **{**data, "limits": _limits(data.get("limits", self.limits))})
        for name in ("voice", "introduce", "ball", "pictures"):
            if not isinstance(getattr(out, name), bool):
                raise UsageError(f"{name}: expected true or false, got {brief(getattr(out, name))}")
        _one_of("lang", out.lang, languages())
        _one_of("strictness", out.strictness, list(STRICTNESS))
        if out.ball_cm is not None and not (_number(out.ball_cm) and BALL_CM[0] <= out.ball_cm <= BALL_CM[1]):
            raise UsageError(f"ball_cm: expected {BALL_CM[0]:g} to {BALL_CM[1]:g}, got {brief(out.ball_cm)}")
        check_overrides(out.options)
        return out

    def kept(self) -> dict[str, Any]:
        """Return what is the page's, as plain data."""
        return {k: v for k, v in asdict(self).items() if k != _UNDER}


class SettingsFile:
    """The settings in their file; a file that cannot be understood counts as none.

    Parameters
    ----------
    path : Path
    under : mapping, optional
        Limits of the person's own file.
    """

    def __init__(self, path: Path, under: Overrides | None = None) -> None:
        self._path = path
        self._lock = threading.Lock()
        self.now = Settings(under=under or {})
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            self.now = self.now.changed(data)
        except (OSError, ValueError, TypeError, AttributeError, FormcheckError):
            pass

    def change(self, data: Mapping[str, Any]) -> Settings:
        """Change some settings and keep them; return all. Raises as :meth:`Settings.changed`."""
        with self._lock:
            changed = self.now.changed(data)
            with atomic_path(self._path) as temp:
                temp.chmod(0o600)
                temp.write_text(json_text(changed.kept()), encoding="utf-8")
            self.now = changed
        return changed


def _limits(value: Any) -> dict[str, dict[str, float]]:
    if not isinstance(value, Mapping) or not all(isinstance(v, Mapping) for v in value.values()):
        raise UsageError("limits: expected an object by exercise and name", 'as in {"plane": {"arch_deg": 20}}')
    for exercise, limits in value.items():
        for name, x in limits.items():
            if not _number(x):
                raise UsageError(f"limits: expected a number for {brief(exercise)} {brief(name)}, got {brief(x)}")
    return {e: {n: float(x) for n, x in limits.items()} for e, limits in value.items() if limits}


def _number(x: Any) -> bool:
    return isinstance(x, int | float) and not isinstance(x, bool) and abs(x) <= 1e6


def _one_of(name: str, value: Any, known: list[str]) -> None:
    if value not in known:
        raise UsageError(f"{name}: expected one of {', '.join(known)}, got {brief(value)}")
