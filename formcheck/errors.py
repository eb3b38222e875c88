"""Errors a user can do something about. Each carries the exit code of the command line and reads as one line."""

from __future__ import annotations

from .addresses import without_secrets


class FormcheckError(Exception):
    """Base of all errors that end a command with one clear line. No address in it keeps its password or token.

    Parameters
    ----------
    message : str
        What went wrong and where.
    hint : str, optional
        What the user can do about it.
    """

    exit_code = 1

    def __init__(self, message: str, hint: str = "") -> None:
        self.message = without_secrets(message)
        self.hint = hint
        super().__init__(self.message)

    def __str__(self) -> str:
        return f"{self.message}: {self.hint}" if self.hint else self.message


class UsageError(FormcheckError):
    """A command, option, exercise or setting that does not exist or does not fit."""

    exit_code = 2


class PluginError(UsageError):
    """An exercise of another package that cannot be used; only who asks for it meets it."""


class OutputError(UsageError):
    """A place where an output cannot be written."""


class InputError(FormcheckError):
    """An input that is missing, cannot be read or is not a video."""

    exit_code = 3


class NoPersonError(FormcheckError):
    """A readable video in which nobody was found."""

    exit_code = 4


class ModelError(FormcheckError):
    """A pose model that is missing, damaged or cannot be built."""

    exit_code = 5


class Interrupted(FormcheckError):
    """The user stopped the work; what was finished is kept."""

    exit_code = 130
