"""What is expected, as people write it: `accuracy >= 0.9`, `gap.gender@tuned <= 0.05 strictly`."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ..errors import InputError
from ..names import key_part

Comparison = Literal[">=", "<="]
STRICTLY = "strictly"
PARTS = ("tag", "label", "variant")
"""What narrows a key, in the order in which a key has them: `must_rise.good.drop-not`."""
KNOWN = ("that", "model", "undecided", *PARTS)
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
        return f"{self.comparison} {self.bound:.15g}"


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

    A table has `that`, and may have `model`, `undecided = "fails"`, and what narrows its key:
    the `tag` of texts, the `label` that moves, the `variant` that a text was changed into.
    """
    tables = [value] if isinstance(value, Mapping) else value
    if not isinstance(tables, list):
        return (tables,) if isinstance(tables, str) else tables
    return tuple(_line(one) if isinstance(one, Mapping) else one for one in tables)


def _line(table: Mapping[str, Any]) -> str:
    _check(table)
    that = str(table["that"])
    key, comparison, bound = that.partition(">=" if ">=" in that else "<=")
    parts = [key.strip(), *(key_part(str(table[name])) for name in PARTS if table.get(name))]
    model = f"@{table['model']}" if table.get("model") else ""
    end = f" {STRICTLY}" if table.get("undecided") == "fails" else ""
    return f"{'.'.join(parts)}{model} {comparison} {bound.strip()}{end}"


def _check(table: Mapping[str, Any]) -> None:
    unknown = sorted(table.keys() - KNOWN)
    that, undecided = table.get("that"), table.get("undecided", "passes")
    if not unknown and isinstance(that, str) and undecided in ("passes", "fails"):
        return
    what = "cannot be read"
    if unknown:
        near = difflib.get_close_matches(unknown[0], KNOWN, n=1)
        meant = f" (did you mean {near[0]!r}?)" if near else ""
        what = f"has an unknown setting {unknown[0]!r}{meant}"
    raise InputError(
        f'An [[expect]] {what}; it has that = "accuracy >= 0.9", and may have model = "NAME", '
        f'{", ".join(PARTS)}, and undecided = "fails".'
    )
