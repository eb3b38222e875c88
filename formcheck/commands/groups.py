"""Groups of commands, and what is said of a mistyped word: the same with every version of click."""

from __future__ import annotations

import click

from formcheck.shown import did_you_mean


class Group(click.Group):
    """A group of commands that answers an unknown one with the one that is nearest, and nothing with its help."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take the words of a command line; without any the help is printed, which is no error."""
        if not args and self.no_args_is_help and not ctx.resilient_parsing:
            click.echo(ctx.get_help(), color=ctx.color)
            ctx.exit()
        return super().parse_args(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands, what each of them says in full: click cuts it at the width of the terminal."""
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [(name, command.get_short_help_str(limit=500)) for name, command in found if command is not None]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

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
