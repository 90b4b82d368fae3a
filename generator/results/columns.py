"""What the tables of an analysis may hold, so that those that somebody else wrote are checked."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from .shapes import Cell, Result, Table


class Rule(Protocol):
    """What a cell may be; `says` is what it must be, as it stands after `must be`."""

    @property
    def says(self) -> str:
        """Return what a cell must be."""

    def allows(self, cell: Cell) -> bool:
        """Return whether a cell is that."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text, any or one of some."""

    among: Collection[str] = ()

    @property
    def says(self) -> str:
        """Return what a cell must be."""
        return f"one of {', '.join(self.among)}" if self.among else "a text"

    def allows(self, cell: Cell) -> bool:
        """Return whether a cell is that."""
        return isinstance(cell, str) and (not self.among or cell in self.among)


@dataclass(frozen=True, slots=True)
class Number:
    """A number between two ends, both included; a `whole` one has no fraction."""

    low: float = -math.inf
    high: float = math.inf
    whole: bool = False

    @property
    def says(self) -> str:
        """Return what a cell must be."""
        what = "a whole number" if self.whole else "a number"
        start = f" from {self.low:g}" if math.isfinite(self.low) else ""
        return what + start + (f" to {self.high:g}" if math.isfinite(self.high) else "")

    def allows(self, cell: Cell) -> bool:
        """Return whether a cell is that."""
        kinds = int if self.whole else int | float
        number = isinstance(cell, kinds) and not isinstance(cell, bool)
        return number and self.low - SLACK <= float(cell or 0) <= self.high + SLACK


@dataclass(frozen=True, slots=True)
class Maybe:
    """What a rule allows, or null."""

    rule: Rule

    @property
    def says(self) -> str:
        """Return what a cell must be."""
        return f"{self.rule.says}, or null"

    def allows(self, cell: Cell) -> bool:
        """Return whether a cell is that."""
        return cell is None or self.rule.allows(cell)


@dataclass(frozen=True, slots=True)
class Either:
    """What one of two rules allows."""

    one: Rule
    other: Rule

    @property
    def says(self) -> str:
        """Return what a cell must be."""
        return f"{self.one.says}, or {self.other.says}"

    def allows(self, cell: Cell) -> bool:
        """Return whether a cell is that."""
        return self.one.allows(cell) or self.other.allows(cell)


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table in their order, each with its rule.

    A table that is not `optional` is there wherever its analysis says anything. It has `rows` rows
    or, without that, any number, `least` or more; no two agree in what `unique` names. Those
    of `together` are null together.
    """

    rules: Mapping[str, Rule]
    rows: int | None = None
    least: int = 0
    optional: bool = False
    unique: tuple[str, ...] = ()
    together: tuple[str, ...] = ()


Tables = Mapping[str, Columns]
Row = tuple[Cell, ...]
MEASURES = ("probability", "value")
"""What an answer may be measured by."""
SLACK = 1e-5
"""How far a number of single precision may lie beyond where it ends."""
SHARE, FALL = Number(0, 1), Number(-1, 1)
"""A probability, and the difference of two."""


def narrowed(tables: Tables, rules: Mapping[str, Rule]) -> Tables:
    """Return what tables hold where columns of these names obey other rules, null as before."""
    return {name: replace(one, rules=_narrowed(one.rules, rules)) for name, one in tables.items()}


def _narrowed(old: Mapping[str, Rule], new: Mapping[str, Rule]) -> Mapping[str, Rule]:
    wrapped = {name: isinstance(rule, Maybe) for name, rule in old.items()}
    chosen = {name: new.get(name, rule) for name, rule in old.items()}
    return {n: Maybe(r) if wrapped[n] and n in new else r for n, r in chosen.items()}


def said_of(result: Result, name: str) -> Cell:
    """Return what the first table that has a column says in it first, None where none has it."""
    for table in result.tables.values():
        if name in table.columns and table.rows:
            return table.rows[0][table.columns.index(name)]
    return None


def falling(tables: Tables, full: Cell) -> Tables:
    """Return what tables hold where an answer falls from `full`, a probability, to another one."""
    if not SHARE.allows(full):
        return tables
    start = float(full or 0)
    fall = Number(start - 1, start)
    rules = {n: fall for one in tables.values() for n, r in one.rules.items() if _is_fall(r)}
    return narrowed(tables, rules)


def _is_fall(rule: Rule) -> bool:
    """Return whether a rule is that of falls, and not one that happens to have the same ends."""
    return (rule.rule if isinstance(rule, Maybe) else rule) is FALL


def words_in(tables: Tables) -> frozenset[str]:
    """Return the words that a cell is one of, wherever there is such a choice."""
    rules = [rule for one in tables.values() for rule in one.rules.values()]
    plain = [rule.rule if isinstance(rule, Maybe) else rule for rule in rules]
    plain += [part for rule in plain if isinstance(rule, Either) for part in (rule.one, rule.other)]
    return frozenset(word for rule in plain if isinstance(rule, Words) for word in rule.among)


def misfit(result: Result, tables: Tables) -> str | None:
    """Return which table, row or cell is not as an analysis writes it, and how, or None.

    That is the end of a sentence that begins with the name of the analysis.
    """
    if result.empty:
        return None
    if missing := [n for n, one in tables.items() if not one.optional and n not in result.tables]:
        return f".tables' lacks '{missing[0]}'"
    if odd := [name for name in result.tables if name not in tables]:
        return f".tables.{odd[0]}' is none of its tables"
    found = (_of_table(table, tables[name], name) for name, table in result.tables.items())
    return next((said for said in found if said), None)


def unlike(result: Result, name: str, columns: Sequence[str], wanted: Sequence[Row]) -> str | None:
    """Return how some columns of a table are not what they must be, in these words or None.

    That is the end of a sentence that begins with the name of the analysis.
    """
    table = result.tables.get(name)
    if table is None:
        return None
    if len(table.rows) != len(wanted):
        return f".tables.{name}.rows' must be {len(wanted)} for its text, and are {len(table.rows)}"
    places = [table.columns.index(column) for column in columns]
    for at, (row, cells) in enumerate(zip(table.rows, wanted, strict=True)):
        for column, place, cell in zip(columns, places, cells, strict=True):
            if not _same(row[place], cell):
                what = f"has a '{column}' that must be {cell!r} for its text"
                return f".tables.{name}.rows[{at}]' {what}"
    return None


def misshapen(result: Result, shapes: Mapping[str, tuple[int, ...]]) -> str | None:
    """Return which numbers that are handed on have another shape than their text, or None."""
    for one in result.partials:
        wanted = shapes.get(one.name, one.values.shape)
        if one.values.shape != wanted:
            shape, of_text = (" x ".join(map(str, s)) for s in (one.values.shape, wanted))
            return f"' has '{one.name}' of {shape} numbers, and its text needs {of_text}"
    return None


def _same(one: Cell, other: Cell) -> bool:
    if isinstance(one, float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=SLACK)
    return one == other


def _of_table(table: Table, columns: Columns, name: str) -> str | None:
    if table.columns != tuple(columns.rules):
        return f".tables.{name}.columns' must be {', '.join(columns.rules)}"
    if columns.rows is not None and len(table.rows) != columns.rows:
        return f".tables.{name}.rows' must be {columns.rows}, and are {len(table.rows)}"
    if len(table.rows) < columns.least:
        return f".tables.{name}.rows' must be {columns.least} or more"
    for at, row in enumerate(table.rows):
        for cell, (column, rule) in zip(row, columns.rules.items(), strict=True):
            if not rule.allows(cell):
                return f".tables.{name}.rows[{at}]' has a '{column}' that must be {rule.says}"
        cells = dict(zip(table.columns, row, strict=True))
        if len({cells[column] is None for column in columns.together}) > 1:
            return f".tables.{name}.rows[{at}]' has null for some of {', '.join(columns.together)}"
    places = [table.columns.index(column) for column in columns.unique]
    keys = [tuple(row[place] for place in places) for row in table.rows]
    if columns.unique and len(set(keys)) < len(keys):
        return f".tables.{name}.rows' name the same {' and '.join(columns.unique)} twice"
    return None
