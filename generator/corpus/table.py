"""A corpus file as it is written: its rows, each with its place, before they are records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .fields import Row
from .spans import quoted


class FileProblem(ValueError):
    """What makes a whole file useless, in words that fit after the file's name."""


@dataclass(frozen=True, slots=True)
class Placed:
    """One row of a file: its fields, or the problem that kept them from being read."""

    place: str
    row: Row
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class RawTable:
    """A file as it is written: what it says of itself, and its rows.

    `columns` names the columns of rows that are still called as their author called them, and
    `cells` says that their values are the texts of cells. `form` is how the file was read, and
    `notes` are sentences that a reader of the corpus should know of it. `class_names` are the
    labels of the data set, by column, where it numbers them. `more` says that there are further
    rows, which a limit kept from being read, and `fitted` that columns have become fields.
    """

    rows: list[Placed]
    about: Mapping[str, str] = field(default_factory=dict)
    shared: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[str, ...] | None = None
    cells: bool = False
    form: str = ""
    notes: tuple[str, ...] = ()
    class_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    more: bool = False
    fitted: bool = False


def listed(names: Iterable[object], most: int = 8) -> str:
    """Return names in quotes, those beyond the first few as their count; "none" without any."""
    every = [quoted(name) for name in names]
    more = f" and {len(every) - most} more" if len(every) > most else ""
    return ", ".join(every[:most]) + more or "none"
