"""What a build says: how far it is, and at the end what every part of the site weighs."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

import click

Advance = Callable[[int], None]

LINE_EVERY = 10.0
"""Seconds between two lines of progress where there is no terminal to draw a bar on."""


class Progress(Protocol):
    """Whoever wants to know how far a build is."""

    def stage(self, label: str, length: int) -> AbstractContextManager[Advance]:
        """Open a stage of `length` steps; the function it gives is called with the steps made."""
        ...

    def note(self, sentence: str) -> None:
        """Say something once, such as a record that was left out."""
        ...


class Silence:
    """Progress that nobody hears."""

    @contextmanager
    def stage(self, label: str, length: int) -> Iterator[Advance]:
        """Say nothing about a stage."""
        yield lambda steps: None

    def note(self, sentence: str) -> None:
        """Say nothing."""


class Lines:
    """Progress as plain lines on stderr, for logs: one when a stage ends, some in a long one."""

    @contextmanager
    def stage(self, label: str, length: int) -> Iterator[Advance]:
        """Print a line every ten seconds, and one at the end."""
        began = spoke = time.monotonic()
        done = 0

        def advance(steps: int) -> None:
            nonlocal done, spoke
            done += steps
            now = time.monotonic()
            if 0 < done < length and now - spoke >= LINE_EVERY:
                spoke = now
                left = duration((now - began) / done * (length - done))
                self.note(f"{label}: {done:,} of {length:,}, about {left} left")

        yield advance
        self.note(f"{label}: {done:,} in {duration(time.monotonic() - began)}")

    def note(self, sentence: str) -> None:
        """Print a line on stderr."""
        click.echo(printable(sentence), err=True)


class Bars(Lines):
    """Progress as bars with the time left, on a terminal."""

    @contextmanager
    def stage(self, label: str, length: int) -> Iterator[Advance]:
        """Draw a bar on stderr."""
        with click.progressbar(
            length=length, label=f"{label:<20}", file=sys.stderr, show_pos=True
        ) as bar:
            yield bar.update


def progress_for(quiet: bool) -> Progress:
    """Return bars on a terminal, lines elsewhere, nothing when asked to be quiet."""
    if quiet:
        return Silence()
    return Bars() if sys.stderr.isatty() else Lines()


def duration(seconds: float) -> str:
    """Return a duration as a reader says it: 0.4 s, 12 s, 3 min 20 s, 2 h 5 min."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def weight_table(weights: Iterable[tuple[str, int, int]]) -> str:
    """Return the page-weight table of (group, files, bytes), with a total."""
    parts = list(weights)
    total = ("total", sum(part[1] for part in parts), sum(part[2] for part in parts))
    rows = [(name, f"{files:,}", f"{size / 1000:,.1f}") for name, files, size in [*parts, total]]
    return table(("group", "files", "kB"), rows, numbers=(1, 2), total=True)


def printable(text: str) -> str:
    """Return a text without what a terminal would act on, such as escape sequences."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


def listed(names: Sequence[str], shown: int = 5) -> str:
    """Return the first names, and how many more there are."""
    more = f" and {len(names) - shown:,} more" if len(names) > shown else ""
    return ", ".join(map(printable, names[:shown])) + more


def table(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    numbers: Sequence[int] = (),
    total: bool = False,
) -> str:
    """Return rows under a header, columns aligned; those in `numbers` to the right.

    With `total`, a rule goes above the last row.
    """
    rows = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]

    def line(cells: Sequence[str]) -> str:
        padded = (
            cell.rjust(width) if column in numbers else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        return "  ".join(padded).rstrip()

    rule = "  ".join("-" * width for width in widths)
    lines = [line(header), rule, *map(line, rows)]
    if total:
        lines.insert(-1, rule)
    return "\n".join(lines)
