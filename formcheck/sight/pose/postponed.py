"""Imports that a library makes and hardly ever uses, put off until it does."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import accumulate
from types import ModuleType
from typing import Any


class _Later(ModuleType):
    """Stands for a module until something of it is asked for."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # what the import system asks for
            raise AttributeError(name)
        for package in accumulate(self.__name__.split("."), "{}.{}".format):
            _remove(sys.modules.get(package))
        return getattr(importlib.import_module(self.__name__), name)


@contextmanager
def postponed(*names: str) -> Iterator[None]:
    """Put off importing some modules in this block; each is imported when something of it is used.

    Modules that are loaded already, or not there at all, are left as they are, and after the block an import is an
    import again.

    Parameters
    ----------
    *names : str
        Full names of modules; the packages that they are in are put off as well.

    Examples
    --------
    >>> with postponed("wave"):
    ...     import wave
    >>> callable(wave.open)
    True
    """
    stands: list[_Later] = []
    for name in names:
        parts = name.split(".")
        spec = None if parts[0] in sys.modules else importlib.util.find_spec(parts[0])
        if spec is None and parts[0] not in sys.modules:
            continue
        for k in range(1, len(parts) + 1):
            full = ".".join(parts[:k])
            if full in sys.modules:
                continue
            stand = sys.modules[full] = _Later(full)
            stands.append(stand)
            if k == 1:
                stand.__spec__ = spec  # whoever looks for the package meanwhile finds it
            elif isinstance(parent := sys.modules[".".join(parts[: k - 1])], _Later):
                setattr(parent, parts[k - 1], stand)
    try:
        yield
    finally:
        for stand in stands:
            _remove(stand)


def _remove(stand: ModuleType | None) -> None:
    if isinstance(stand, _Later) and sys.modules.get(stand.__name__) is stand:
        del sys.modules[stand.__name__]
