"""Where a head rests, and what it does when it does not.

A head with nothing to do puts its weight on a special token, or on the first token where a text
has none (Clark et al. 2019, section 3.2). Without those tokens, and with the rows renormalised,
what is left is what the head does when it works.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..array_types import Doubles, Mask
from ..capture import AttentionMap, masks

HABITS = ("previous", "next", "self", "punctuation", "induction", "duplicate")
WORKING = {name: f"working_{name}" for name in HABITS}
"""The metric of each habit without the tokens where heads rest."""
ROWS = "working_rows"
FLOOR = 0.05
"""How much of a row must be left without those tokens for the row to count."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows that look: `queries` and `keys` are the tokens where no head rests."""

    queries: Mask
    keys: Mask

    @classmethod
    def of(cls, attention: AttentionMap) -> Rows:
        """Return the rows and columns of a map that are left without resting places."""
        keys = ~masks.special(attention.keys)
        queries = ~masks.special(attention.rows)
        if keys.all() and attention.kind != "cross":
            keys[:1] = queries[:1] = False
        return cls(queries, keys)


def habits(attention: AttentionMap) -> dict[str, Mask]:
    """Return the keys that each habit is about, by name: [query, key].

    Those of position and of copies are missing between two sequences.
    """
    queries, keys = attention.weights.shape[2:]
    found: dict[str, Mask] = {
        "punctuation": np.tile(masks.punctuation(attention.keys), (queries, 1))
    }
    if attention.kind == "cross":
        return found
    behind = np.arange(queries)[:, None] - np.arange(keys)
    copies = masks.earlier_copies(attention.queries)
    return found | {
        "previous": behind == 1,
        "next": behind == -1,
        "self": behind == 0,
        "induction": masks.after_copies(copies),
        "duplicate": copies,
    }


def working(weights: Doubles, attention: AttentionMap) -> dict[str, Doubles]:
    """Return `rest`, `working_rows` and the share of each habit, by metric: [layer, head].

    `rest` is the mean share, over the rows that look, of the tokens where heads rest, from 0 to 1.
    A row counts among `working_rows` when at least 0.05 of it is left without them; a share is
    the mean over those rows that have such a key, renormalised, NaN where there are none.
    Punctuation is a mean over all rows that count, so texts without any give 0.
    """
    rows = Rows.of(attention)
    if not (rows.queries.any() and rows.keys.any()):
        return {ROWS: np.zeros(weights.shape[:2])}
    asked = {name: (pairs & rows.keys)[rows.queries] for name, pairs in habits(attention).items()}
    everything = np.ones((int(rows.queries.sum()), len(rows.keys)), dtype=bool)
    total, sums, *shares = _sums(
        weights[:, :, rows.queries], [everything, everything & rows.keys, *asked.values()]
    )
    counts = sums >= FLOOR
    found = {"rest": (total - sums).mean(axis=-1), ROWS: counts.sum(axis=-1).astype(np.float64)}
    for (name, pairs), there in zip(asked.items(), shares, strict=True):
        has = np.ones(len(pairs), dtype=bool) if name == "punctuation" else pairs.any(axis=-1)
        share = np.divide(there, sums, out=np.zeros_like(sums), where=counts)
        found[WORKING[name]] = _mean(share, counts & has)
    return found


def _sums(weights: Doubles, pairs: Sequence[Mask]) -> Doubles:
    """Return for each mask [query, key] what the weights there add up to, [mask, ..., query].

    One product for every query takes less time than a sum for every mask.
    """
    flat = weights.reshape(-1, *weights.shape[2:]).transpose(1, 0, 2)
    sums = flat @ np.stack(pairs, axis=-1).astype(np.float64)  # [query, head, mask]
    found: Doubles = sums.transpose(2, 1, 0).reshape(len(pairs), *weights.shape[:3])
    return found


def _mean(values: Doubles, where: Mask) -> Doubles:
    """Return the mean over the last axis of what counts, NaN where nothing does."""
    number = where.sum(axis=-1)
    result: Doubles = np.full(number.shape, np.nan)
    np.divide((values * where).sum(axis=-1), number, out=result, where=number > 0)
    return result
