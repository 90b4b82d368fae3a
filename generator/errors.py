"""Every error a user can meet: one sentence (what, where, what to do) and an exit code."""

from __future__ import annotations

import errno

import click


class ExplainedError(Exception):
    """What the input itself explains, and what would therefore happen again."""


class AtlasError(click.ClickException):
    """A build, check or verification failed. Exit code 1."""

    exit_code = 1


class InputError(AtlasError):
    """The command, a corpus, a model or an array cannot be used as given. Exit code 2."""

    exit_code = 2


class ArgumentError(InputError, TypeError):
    """What a function of the Python door was given is not what it takes. Exit code 2."""


class ResourceError(AtlasError):
    """Not enough disk or memory. Exit code 3."""

    exit_code = 3


class BusyError(AtlasError):
    """Another build holds the output folder. Exit code 4."""

    exit_code = 4


def explain(error: Exception) -> click.ClickException:
    """Return what to tell a user about an error: one sentence and an exit code."""
    if isinstance(error, click.ClickException):
        return error
    if out_of_memory(error):
        return ResourceError("Not enough memory; try a smaller --batch-size or --max-tokens.")
    if isinstance(error, OSError) and error.strerror:
        return explain_os_error(error)
    if isinstance(error, ValueError) and "embedded null" in str(error):
        return InputError("A path holds a NUL character, which no file name has; give another.")
    what = str(error).strip().partition("\n")[0] or "no message"
    return AtlasError(
        f"Something unexpected happened ({type(error).__name__}: {what}); "
        "set ATTNATLAS_DEBUG=1 and run again to see where."
    )


def explain_os_error(error: OSError) -> AtlasError:
    """Return what to tell a user when the system refused something."""
    where = f" {error.filename}" if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return ResourceError(f"The disk is full, so{where or ' a file'} could not be written.")
    if isinstance(
        error, PermissionError | FileNotFoundError | FileExistsError | NotADirectoryError
    ):
        what = f"{error.strerror}; mend that, or name another"
        return InputError(f"Cannot use{where or ' a file'}: {what}.")
    return AtlasError(f"The system refused{where or ' something'}: {error.strerror}.")


def out_of_memory(error: Exception) -> bool:
    """Return whether Python, numpy or torch found no memory."""
    named = type(error).__name__ == "OutOfMemoryError"
    return isinstance(error, MemoryError) or named or "can't allocate memory" in str(error)
