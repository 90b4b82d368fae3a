"""What a model page shows of syntax, of the semantic score, and of words in two texts. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...analyses.syntax.all_records import ALL, DIRECTIONS
from ...analyses.syntax.sentences import offset_words, relation_words
from ...charts.roles import ORDER
from ...names import head_label
from ...results.shapes import Grid, Result
from ..head_rows import role_rows
from ..packing import JSON
from ..plan import RecordPage
from ..record.page_data import rounded

ARTICLES = ("a ", "an ", "the ")


@dataclass(frozen=True, slots=True)
class Relation:
    """One relation and its best head, as a row of the table."""

    name: str
    words: str
    kind: str
    layer: int
    head: int
    seen: str
    offset: str
    numbers: Mapping[str, Any]

    @property
    def label(self) -> str:
        """Return the name of the head."""
        return head_label(self.layer, self.head)

    @property
    def shown(self) -> str:
        """Return dependent and relation as an axis names them."""
        start = next((self.words[len(a) :] for a in ARTICLES if self.words.startswith(a)), "")
        return f"{start or self.words} · {self.name[:24]}" if self.name != ALL else "all words"


def relations(results: Mapping[str, Result]) -> list[Relation]:
    """Return the relations that were judged, all of them together first, then by their gain."""
    tables = results["syntax"].tables if "syntax" in results else {}
    if "relations" not in tables:
        return []
    found = [_relation(row) for row in tables["relations"].named]
    return sorted(found, key=_order)


def _order(one: Relation) -> tuple[bool, bool, float]:
    """Return the place of a relation; those of too few texts for an interval stand at the end."""
    known = one.numbers["gain_low"]
    return one.name != ALL, known is None, -(one.numbers["gain"] if known is None else known)


def _relation(row: JSON) -> Relation:
    dependent, above = relation_words(row["relation"])
    reverse = row["direction"] == DIRECTIONS[1]
    return Relation(
        name=row["relation"],
        words=dependent,
        kind=row["kind"],
        layer=row["layer"],
        head=row["head"],
        seen=f"from the {above}" if reverse else f"to its {above}",
        offset=offset_words(row["offset"]),
        numbers=row,
    )


def relations_island(results: Mapping[str, Result]) -> JSON | None:
    """Return what the charts of the syntax section draw, None where there are no trees."""
    rows = relations(results)
    if not rows:
        return None
    return {
        "rows": [_drawn(row) for row in rows],
        "scores": _scores(results),
    }


def _drawn(row: Relation) -> JSON:
    numbers = {name: row.numbers[name] for name in (
        "accuracy", "low", "high", "n", "fixed", "gain", "gain_low", "gain_high", "null_low",
        "null_high", "beyond_chance",
    )}  # fmt: skip
    short = {k: round(v, 4) if isinstance(v, float) else v for k, v in numbers.items()}
    return {"name": row.shown, "head": row.label, "seen": row.seen, "offset": row.offset, **short}


def _scores(results: Mapping[str, Result]) -> JSON | None:
    """Return syntactic and semantic score of every head of the first kind that has both."""
    if "semantic" not in results:
        return None
    semantic = {grid.kind: grid for grid in results["semantic"].grids}
    for syntactic in results["syntax"].grids:
        if syntactic.kind in semantic:
            return _both(syntactic, semantic[syntactic.kind], results)
    return None


def _both(syntactic: Grid, semantic: Grid, results: Mapping[str, Result]) -> JSON:
    roles = [
        row["role"]
        for row in role_rows(results.get("profile", Result("profile")))
        if row["kind"] == syntactic.kind
    ]
    place = syntactic.metrics.index("syntactic")
    chances = results["semantic"].tables["chance"].named
    chance = [(r["low"], r["high"]) for r in chances if r["kind"] == syntactic.kind]
    offsets = results["syntax"].tables["offsets"].named
    fixed = [row["share"] for row in offsets if row["kind"] == syntactic.kind]
    return {
        "kind": syntactic.kind,
        "syntactic": _numbers(syntactic, place),
        "semantic": _numbers(semantic, 0),
        "roles": [ORDER.index(role) for role in roles],
        "chance": [round(end, 4) for end in chance[0]],
        "fixed": round(fixed[0], 4),
        "words": int(np.max(syntactic.n, initial=0)) if syntactic.n is not None else 0,
        "records": int(np.max(semantic.n, initial=0)) if semantic.n is not None else 0,
    }


def _numbers(grid: Grid, place: int) -> JSON:
    parts = {"value": grid.values, "low": grid.low, "high": grid.high}
    return {name: rounded(part[place]) for name, part in parts.items() if part is not None}


@dataclass(frozen=True, slots=True)
class WordPair:
    """One word in two texts, as a row of the table."""

    word: str
    first: RecordPage | None
    second: RecordPage | None
    ids: tuple[str, str]
    numbers: Mapping[str, Any]


def word_pairs(results: Mapping[str, Result], pages: Mapping[str, RecordPage]) -> list[WordPair]:
    """Return the words that were compared, those that differ most first; `pages` by record id."""
    tables = results["context"].tables if "context" in results else {}
    if "pairs" not in tables:
        return []
    rows = sorted(tables["pairs"].named, key=lambda row: -row["divergence"])
    return [
        WordPair(
            row["word"], pages.get(row["first"]), pages.get(row["second"]),
            (row["first"], row["second"]), row,
        )
        for row in rows
    ]  # fmt: skip
