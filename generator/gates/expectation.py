"""What is expected, as people write it: `accuracy >= 0.9`, `gap.gender@tuned <= 0.05 strictly`."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ..errors import InputError

Comparison = Literal[">=", "<="]
STRICTLY = "strictly"
WRITTEN = re.compile(
    r"\s*(?P<key>[^\s@<>=]+)(?:@(?P<model>.+?))?\s*(?P<comparison>>=|<=)\s*(?P<bound>\S+)"
    rf"(?:\s+(?P<strictly>{STRICTLY}))?\s*"
)
HOW = "write KEY >= NUMBER or KEY <= NUMBER, such as accuracy >= 0.9"


@dataclass(frozen=True, slots=True)
class Expectation:
    """A measure by its key, of one model or of every one that has it, and what it must reach.

    With `strictly`, what the interval leaves undecided does not pass.
    """

    key: str
    comparison: Comparison
    bound: float
    model: str = ""
    strictly: bool = False

    @property
    def says(self) -> str:
        """Return what is expected of the number: `>= 0.9`."""
        return f"{self.comparison} {self.bound:g}"


def expectations(written: Sequence[str]) -> tuple[Expectation, ...]:
    """Return what is expected; InputError says which line cannot be read, and how to write it."""
    return tuple(map(_read, written))


def _read(written: str) -> Expectation:
    found = WRITTEN.fullmatch(written)
    if found is None:
        raise InputError(f"The expectation {written!r} cannot be read; {HOW}.")
    try:
        bound = float(found["bound"])
    except ValueError:
        bound = math.nan
    if not math.isfinite(bound):
        raise InputError(f"The expectation {written!r} names no number; {HOW}.")
    comparison: Comparison = ">=" if found["comparison"] == ">=" else "<="
    strictly = found["strictly"] is not None
    return Expectation(found["key"], comparison, bound, found["model"] or "", strictly)


def written(value: object) -> object:
    """Return `[[expect]]` tables as lines; what is no table is left as it is.

    A table has `that`, and may have `model` and `undecided = "fails"`.
    """
    tables = [value] if isinstance(value, Mapping) else value
    if not isinstance(tables, list):
        return (tables,) if isinstance(tables, str) else tables
    return tuple(_line(one) if isinstance(one, Mapping) else one for one in tables)


def _line(table: Mapping[str, Any]) -> str:
    unknown = sorted(table.keys() - {"that", "model", "undecided"})
    that, undecided = table.get("that"), table.get("undecided", "passes")
    if unknown or not isinstance(that, str) or undecided not in ("passes", "fails"):
        what = f"has an unknown setting {unknown[0]!r}" if unknown else "cannot be read"
        raise InputError(
            f'An [[expect]] {what}; it has that = "accuracy >= 0.9", and may have '
            'model = "NAME" and undecided = "fails".'
        )
    key, comparison, bound = that.partition(">=" if ">=" in that else "<=")
    model = f"@{table['model']}" if table.get("model") else ""
    end = f" {STRICTLY}" if undecided == "fails" else ""
    return f"{key.strip()}{model} {comparison} {bound.strip()}{end}"
