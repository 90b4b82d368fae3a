"""The `attnatlas` command: its subcommands, its configuration, and what a failure looks like."""

from __future__ import annotations

import gc
import io
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click

from .commands.build import build
from .commands.check import check
from .commands.clean import clean
from .commands.configuration import CONFIG_FILE, default_map
from .commands.diff import diff
from .commands.export import export
from .commands.history import history
from .commands.inspect import inspect
from .commands.list import list_names
from .commands.new import new
from .commands.open import open_site
from .commands.publish import publish
from .commands.serve import serve
from .commands.verify import verify
from .errors import AtlasError, explain
from .report import printable

INTERRUPTED, TERMINATED = 130, 143

EPILOG = f"""\b
Every option can also be set in {CONFIG_FILE} (title = "...") and in the
environment (ATTNATLAS_TITLE=...); the command line wins over the environment,
and the environment over the file.
"""


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, epilog=EPILOG)
@click.version_option(None, "-V", "--version", package_name="attnatlas")
@click.option(
    "--config",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    envvar="ATTNATLAS_CONFIG",
    help=f"Settings file.  [default: {CONFIG_FILE}, if it is there]",
)
@click.pass_context
def cli(context: click.Context, config: Path | None) -> None:
    """Turn texts and Hugging Face models into a static site that shows their attention."""
    context.default_map = default_map(config, [*cli.commands.values()])


for command in (
    new,
    build,
    serve,
    open_site,
    check,
    verify,
    inspect,
    list_names,
    diff,
    history,
    export,
    publish,
    clean,
):
    command.context_settings["auto_envvar_prefix"] = "ATTNATLAS"
    cli.add_command(command)


def main() -> NoReturn:
    """Run the command line and end the process with the promised exit code."""
    signal.signal(signal.SIGTERM, _terminate)
    # Products are many and small: threads of numpy that wait for work cost more than they save.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # of a console that knows few letters
            stream.reconfigure(errors="replace")
    code = run()
    gc.freeze()  # the system takes all of the memory at once: nothing is searched for what to free
    sys.exit(code)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit code, the failure already told on stderr."""
    try:
        code = cli.main(arguments, prog_name="attnatlas", standalone_mode=False)
        return code if isinstance(code, int) else 0
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except Exception as error:
        failure = explain(error)
        if os.environ.get("ATTNATLAS_DEBUG"):
            traceback.print_exc()
        if isinstance(failure, AtlasError):  # it may quote what others wrote
            click.echo(f"Error: {printable(failure.format_message())}", err=True)
        else:
            failure.show()
        return failure.exit_code


def _terminate(number: int, frame: FrameType | None) -> NoReturn:
    """End as a program does that was asked to, after every `finally` on the way."""
    sys.exit(TERMINATED)
