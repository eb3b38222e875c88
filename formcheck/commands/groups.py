"""Groups of commands, and what is said of a mistyped word: the same with every version of click."""

from __future__ import annotations

import click

from formcheck.shown import did_you_mean


class Group(click.Group):
    """A group of commands that answers an unknown one with the one that is nearest."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the words ask for; a usage error names what may have been meant."""
        known = self.list_commands(ctx)
        if args and not args[0].startswith("-") and args[0] not in known:
            ctx.fail(f"No such command '{args[0]}'." + _asked(args[0], known))
        return super().resolve_command(ctx, args)


def complaint(error: click.ClickException) -> str:
    """Return what is wrong with the words of a command line, and the option that may have been meant."""
    if not isinstance(error, click.NoSuchOption):
        return error.format_message()
    params = error.ctx.command.params if error.ctx is not None else []
    known = [name for param in params for name in param.opts + param.secondary_opts]
    return f"No such option '{error.option_name}'." + _asked(error.option_name, known)


def _asked(word: str, known: list[str]) -> str:
    near = did_you_mean(word, known)
    return f" {near[:1].upper()}{near[1:]}" if near else ""
