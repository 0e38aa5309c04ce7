"""The program ``busim``: its commands, and what becomes of errors."""

from __future__ import annotations

import os
import sys
import traceback
import warnings
from typing import Any

import click

from busim._version import __version__
from busim.cli import bench, catalogue, compare, explain, maps, plan, profile, runs, size, sweep, verify
from busim.errors import EXIT_FAULT, EXIT_INPUT, EXIT_INTERRUPTED, BusimError, did_you_mean

DEBUG = "BUSIM_DEBUG"
MAX_LINES = 36  # of a message: one screen


class Program(click.Group):
    """The group of commands: knows near names, and turns every error into a message and an exit code."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Find a command, or tell which one may have been meant."""
        command = super().get_command(ctx, cmd_name)
        if command is None and not ctx.resilient_parsing:
            raise click.UsageError(f"There is no command '{cmd_name}': {did_you_mean(cmd_name, self.commands)}", ctx)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; see ``exit_code`` for what each kind of error comes to."""
        try:
            with warnings.catch_warnings():
                warnings.showwarning = _show_warning
                return super().invoke(ctx)
        except (click.exceptions.Exit, click.ClickException):
            raise
        except (Exception, KeyboardInterrupt) as error:
            if isinstance(error, BrokenPipeError):  # whoever read our output has closed it: click knows what to do
                raise
            if os.environ.get(DEBUG):
                traceback.print_exc()
            click.echo(message(error), err=True)
            ctx.exit(exit_code(error))


def _show_warning(message: Warning | str, *_: object, **__: object) -> None:
    """Tell a warning without the place in the code that it comes from."""
    click.echo(f"Warning: {message}", err=True)


def exit_code(error: BaseException) -> int:
    """Give 2 for bad input, 130 for an interrupt, 1 for a fault of ours."""
    if isinstance(error, KeyboardInterrupt):
        return EXIT_INTERRUPTED
    return error.exit_code if isinstance(error, BusimError) else EXIT_FAULT


def message(error: BaseException) -> str:
    """Tell an error in at most one screen."""
    if isinstance(error, KeyboardInterrupt):
        return "\n".join(["Interrupted; nothing half-written is left.", *getattr(error, "__notes__", ())])
    if isinstance(error, BusimError) and error.exit_code == EXIT_INPUT:
        lines = f"Error: {error}".splitlines()
        cut = [*lines[:MAX_LINES], "..."] if len(lines) > MAX_LINES else lines
        return "\n".join([*cut, *getattr(error, "__notes__", ())])
    if isinstance(error, MemoryError):
        return "Error: not enough memory; try a smaller map, fewer riders or a shorter day."
    return (
        f"This is a fault of busim, not of your input: {type(error).__name__}: {error}\n"
        f"Please report it with the command, the scenario and the traceback; {DEBUG}=1 before the command shows it."
    )


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="busim", message="%(prog)s %(version)s")
def program() -> None:
    """Simulate a day of connected autonomous electric minibuses."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # names are Chinese, terminals are not always


for _module in (runs, explain, compare, sweep, size, verify, maps, catalogue, profile, bench, plan):
    for _command in _module.COMMANDS:
        program.add_command(_command)
