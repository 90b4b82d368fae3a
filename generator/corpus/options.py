"""How corpora are read where their files leave it open: the choices of one build."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..config import Settings
from ..errors import InputError
from .fields import near_match
from .record import FIELDS
from .spans import quoted
from .vary import check_rules

NAMED_DELIMITERS = {
    "comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|", "space": " ", "\\t": "\t"
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """Columns as (field, column), and what is None is told by the file itself."""

    columns: tuple[tuple[str, str], ...] = ()
    delimiter: str | None = None
    encoding: str | None = None
    format: str | None = None
    limit: int | None = None
    sample: int | None = None
    seed: int = 0
    vary: tuple[str, ...] = ()

    @property
    def part_only(self) -> ReadOptions:
        """Return what holds for a bundled corpus, too: which part of it is taken."""
        return ReadOptions(limit=self.limit, sample=self.sample, seed=self.seed, vary=self.vary)


PLAIN = ReadOptions()


def read_options(settings: Settings) -> ReadOptions:
    """Return the choices that settings make, or raise InputError with what is wrong in them."""
    if settings.limit is not None and settings.sample is not None:
        raise InputError("--limit takes the first records and --sample some at random; give one.")
    check_rules(settings.vary)
    return ReadOptions(
        columns=tuple(map(_column, settings.column)),
        delimiter=_delimiter(settings.delimiter),
        encoding=settings.encoding,
        format=settings.format,
        limit=settings.limit,
        sample=settings.sample,
        seed=settings.seed,
        vary=settings.vary,
    )


def _column(choice: str) -> tuple[str, str]:
    field, found, column = str(choice).partition("=")
    field, column = field.strip(), column.strip()
    if not found or not column:
        raise InputError(f"--column {quoted(choice)} has no '='; write it as text=COLUMN.")
    if field not in FIELDS:
        near = near_match(field, FIELDS)
        meant = f"did you mean {near!r}?" if near else f"there are {', '.join(FIELDS)}."
        raise InputError(f"--column {quoted(choice)} names no field of a record; {meant}")
    return field, column


def _delimiter(given: str | None) -> str | None:
    if given is None:
        return None
    found = NAMED_DELIMITERS.get(given.lower(), given)
    if len(found) != 1 or re.match(r'[\w"\r\n]', found):
        names = ", ".join(name for name in NAMED_DELIMITERS if name.isalpha())
        raise InputError(
            f"--delimiter {quoted(given)} is no single mark; give one such as ';', or {names}."
        )
    return found
