"""Every error a user can meet: one sentence (what, where, what to do) and an exit code."""

from __future__ import annotations

import click


class ExplainedError(Exception):
    """What the input itself explains, and what would therefore happen again."""


class AtlasError(click.ClickException):
    """A build, check or verification failed. Exit code 1."""

    exit_code = 1


class InputError(AtlasError):
    """The command, a corpus, a model or an array cannot be used as given. Exit code 2."""

    exit_code = 2


class ResourceError(AtlasError):
    """Not enough disk or memory. Exit code 3."""

    exit_code = 3


class BusyError(AtlasError):
    """Another build holds the output folder. Exit code 4."""

    exit_code = 4
